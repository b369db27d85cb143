//! What operators count and measure (Prometheus). The value of a label is a `&'static str` of this program or a route of the
//! router. Nothing that a client or the provider chose can become one.

use prometheus_client::{
    encoding::prometheus_text,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Metric, Registry},
};
use std::{borrow::Cow, fmt, time::Duration};

/// Seconds: from a row in memory to the longest wait of a request.
const BUCKETS: [f64; 12] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Everything that is counted and measured. The registry shares each metric with the module that it is about.
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) sign_ins: Counts,
    pub(crate) refreshes: Counts,
    pub(crate) back_channel_logouts: Counts,
    pub(crate) webhooks: Counts,
    pub(crate) requests: Requests,
    pub(crate) lease_wait: Seconds,
    pub(crate) sessions: Level,
    pub(crate) event_streams: Level,
}

impl Metrics {
    /// The store and the provider's client bring their own metrics.
    #[rustfmt::skip]
    pub(crate) fn new(store: &SecondsBy, provider: &ProviderMetrics) -> Self {
        let mut registry = Registry::with_prefix("bff");
        let all = &mut registry;
        all.register("store_seconds", "How long the session store took for one operation", store.family.clone());
        all.register("provider_seconds", "How long the provider took for one answer, by the role of its endpoint", provider.seconds.family.clone());
        all.register("provider_faults", "Requests to the provider without an answer that counts, by the role of its endpoint and by what went wrong", provider.errors.0.clone());
        let lease_wait = Seconds(Histogram::new(BUCKETS));
        all.register("lease_wait_seconds", "From asking for the right to refresh a session to having it, or to somebody else's result", lease_wait.0.clone());
        Self {
            sign_ins: Counts(registered(all, "sign_ins", "Callbacks: done, or the problem that the sign-in ended with")),
            refreshes: Counts(registered(all, "refreshes", "Access tokens that had to be renewed: done, overtaken by another request or instance, refused by the provider, ended with the session, no_refresh_token, or fault")),
            back_channel_logouts: Counts(registered(all, "back_channel_logouts", "Logout tokens: done, or the problem that they were answered with")),
            webhooks: Counts(registered(all, "webhooks", "Calls of Logto's webhook: done, or the problem that they were answered with")),
            requests: Requests(registered(all, "requests", "Requests on the public address, by method, route and class of the status")),
            lease_wait,
            sessions: Level(registered(all, "sessions", "Sessions in the store, at the last sweep; instances that share a store all count the same ones")),
            event_streams: Level(registered(all, "event_streams", "Open streams of server-sent events")),
            registry,
        }
    }

    /// The text of a scrape.
    pub(crate) fn text(&self) -> Result<String, fmt::Error> {
        let mut text = String::new();
        prometheus_text::encode(&mut text, &self.registry)?;
        Ok(text)
    }
}

/// The content type of [`Metrics::text`].
pub(crate) const CONTENT_TYPE: &str = prometheus_text::CONTENT_TYPE;

type Label = (&'static str, &'static str);

/// Adds a new metric to the registry.
fn registered<M: Metric + Clone + Default>(registry: &mut Registry, name: &str, help: &str) -> M {
    let metric = M::default();
    registry.register(name, help, metric.clone());
    metric
}

/// A counter for each outcome.
#[derive(Clone)]
pub(crate) struct Counts(Family<[Label; 1], Counter>);

impl Counts {
    pub(crate) fn count(&self, outcome: &'static str) {
        self.0.get_or_create(&[("outcome", outcome)]).inc();
    }
}

/// Requests by method, route and class of the status.
#[derive(Clone)]
pub(crate) struct Requests(Family<[(&'static str, Cow<'static, str>); 3], Counter>);

impl Requests {
    /// The route is one of the router's, never the path of the request.
    pub(crate) fn count(&self, method: &http::Method, route: Option<&str>, status: u16) {
        let method = known_method(method).unwrap_or("other");
        let class = match status / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        let route = route.map_or("page or file".into(), |route| route.to_owned().into());
        let labels = [
            ("method", method.into()),
            ("route", route),
            ("status", class.into()),
        ];
        self.0.get_or_create(&labels).inc();
    }
}

/// A method of our routes. Every other one shares a label, so that labels and span names stay few.
pub(crate) fn known_method(method: &http::Method) -> Option<&'static str> {
    let known = ["GET", "HEAD", "POST", "DELETE"];
    known.into_iter().find(|known| *known == method.as_str())
}

/// Requests to the provider: how long they take, and failures by endpoint and kind.
#[derive(Clone)]
pub(crate) struct ProviderMetrics {
    pub(crate) seconds: SecondsBy,
    pub(crate) errors: ProviderErrors,
}

impl Default for ProviderMetrics {
    fn default() -> Self {
        Self {
            seconds: SecondsBy::by("endpoint"),
            errors: ProviderErrors::default(),
        }
    }
}

/// Provider failures, by endpoint and kind.
#[derive(Clone, Default)]
pub(crate) struct ProviderErrors(Family<[Label; 2], Counter>);

impl ProviderErrors {
    pub(crate) fn count(&self, endpoint: &'static str, kind: &'static str) {
        let labels = [("endpoint", endpoint), ("kind", kind)];
        self.0.get_or_create(&labels).inc();
    }
}

/// Durations.
#[derive(Clone)]
pub(crate) struct Seconds(Histogram);

impl Seconds {
    pub(crate) fn observe(&self, took: Duration) {
        self.0.observe(took.as_secs_f64());
    }
}

/// Durations, for each value of one label.
#[derive(Clone)]
pub(crate) struct SecondsBy {
    label: &'static str,
    family: Family<[Label; 1], Histogram, fn() -> Histogram>,
}

impl SecondsBy {
    pub(crate) fn by(label: &'static str) -> Self {
        Self {
            label,
            family: Family::new_with_constructor(|| Histogram::new(BUCKETS)),
        }
    }

    pub(crate) fn observe(&self, value: &'static str, took: Duration) {
        let histogram = self.family.get_or_create(&[(self.label, value)]);
        histogram.observe(took.as_secs_f64());
    }
}

/// A number that rises and falls.
#[derive(Clone, Default)]
pub(crate) struct Level(Gauge);

impl Level {
    pub(crate) fn set(&self, number: u64) {
        self.0.set(i64::try_from(number).unwrap_or(i64::MAX));
    }

    /// Adds one until the guard is dropped.
    pub(crate) fn hold(&self) -> GaugeGuard {
        self.0.inc();
        GaugeGuard(self.0.clone())
    }
}

/// Takes one from its gauge when it is dropped.
pub(crate) struct GaugeGuard(Gauge);

impl Drop for GaugeGuard {
    fn drop(&mut self) {
        self.0.dec();
    }
}
