//! What operators count and measure (Prometheus). The value of a label is a `&'static str` of this program or a route of the
//! router. Nothing that a client or the provider chose can become one.

use axum::extract::MatchedPath;
use http::{Method, StatusCode};
use prometheus_client::{
    encoding::prometheus_text,
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram},
    registry::{Metric, Registry},
};
use std::{array::from_fn, borrow::Cow, fmt, time::Duration};

/// Seconds: from a row in memory to the longest wait of a request.
const BUCKETS: [f64; 12] = [
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0,
];

/// Everything that is counted and measured. The registry shares each metric with the module that it is about.
pub(crate) struct Metrics {
    registry: Registry,
    pub(crate) store_seconds: Seconds,
    pub(crate) provider_seconds: Seconds,
    pub(crate) provider_faults: Counts<2>,
    pub(crate) lease_wait: Histogram,
    pub(crate) sign_ins: Counts<1>,
    pub(crate) refreshes: Counts<1>,
    pub(crate) back_channel_logouts: Counts<1>,
    pub(crate) webhooks: Counts<1>,
    pub(crate) requests: Counts<3>,
    pub(crate) sessions: Gauge,
    pub(crate) event_streams: Gauge,
}

impl Metrics {
    #[rustfmt::skip]
    pub(crate) fn new() -> Self {
        let mut registry = Registry::with_prefix("bff");
        let all = &mut registry;
        Self {
            store_seconds: seconds(all, "store_seconds", "How long the session store took for one operation", "operation"),
            provider_seconds: seconds(all, "provider_seconds", "How long the provider took for one answer, by the role of its endpoint", "endpoint"),
            provider_faults: counts(all, "provider_faults", "Requests to the provider without an answer that counts, by the role of its endpoint and by what went wrong", ["endpoint", "kind"]),
            lease_wait: add(all, "lease_wait_seconds", "From asking for the right to refresh a session to having it, or to somebody else's result", Histogram::new(BUCKETS)),
            sign_ins: counts(all, "sign_ins", "Callbacks: done, or the problem that the sign-in ended with", ["outcome"]),
            refreshes: counts(all, "refreshes", "Access tokens that had to be renewed: done, overtaken by another request or instance, refused by the provider, ended with the session, no_refresh_token, or fault", ["outcome"]),
            back_channel_logouts: counts(all, "back_channel_logouts", "Logout tokens: done, or the problem that they were answered with", ["outcome"]),
            webhooks: counts(all, "webhooks", "Calls of Logto's webhook: done, or the problem that they were answered with", ["outcome"]),
            requests: counts(all, "requests", "Requests on the public address, by method, route and class of the status", ["method", "route", "status"]),
            sessions: add(all, "sessions", "Sessions in the store, at the last sweep; instances that share a store all count the same ones", Gauge::default()),
            event_streams: add(all, "event_streams", "Open streams of server-sent events", Gauge::default()),
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

/// Adds a metric to the registry.
fn add<M: Metric + Clone>(registry: &mut Registry, name: &str, help: &str, metric: M) -> M {
    registry.register(name, help, metric.clone());
    metric
}

type Labels<const N: usize> = [(&'static str, Cow<'static, str>); N];

fn labels<const N: usize>(names: [&'static str; N], values: [&'static str; N]) -> Labels<N> {
    from_fn(|n| (names[n], values[n].into()))
}

/// A counter for each combination of labels.
#[derive(Clone)]
pub(crate) struct Counts<const N: usize> {
    labels: [&'static str; N],
    family: Family<Labels<N>, Counter>,
}

fn counts<const N: usize>(
    registry: &mut Registry,
    name: &str,
    help: &str,
    labels: [&'static str; N],
) -> Counts<N> {
    let family = add(registry, name, help, Family::default());
    Counts { labels, family }
}

impl Counts<1> {
    pub(crate) fn count(&self, outcome: &'static str) {
        let labels = labels(self.labels, [outcome]);
        self.family.get_or_create(&labels).inc();
    }
}

impl Counts<2> {
    pub(crate) fn count(&self, endpoint: &'static str, kind: &'static str) {
        let labels = labels(self.labels, [endpoint, kind]);
        self.family.get_or_create(&labels).inc();
    }
}

impl Counts<3> {
    /// Counts a request. Pages and files match no route.
    pub(crate) fn count(&self, method: &Method, route: Option<&MatchedPath>, status: StatusCode) {
        let method = known_method(method).unwrap_or("other");
        let class = match status.as_u16() / 100 {
            1 => "1xx",
            2 => "2xx",
            3 => "3xx",
            4 => "4xx",
            _ => "5xx",
        };
        let mut labels = labels(self.labels, [method, "page or file", class]);
        if let Some(route) = route {
            labels[1].1 = route.as_str().to_owned().into();
        }
        self.family.get_or_create(&labels).inc();
    }
}

/// A method of our routes. Every other one shares a label, so that labels and span names stay few.
pub(crate) fn known_method(method: &Method) -> Option<&'static str> {
    let known = ["GET", "HEAD", "POST", "DELETE"];
    known.into_iter().find(|known| *known == method.as_str())
}

/// Durations, for each value of one label.
#[derive(Clone)]
pub(crate) struct Seconds {
    label: &'static str,
    family: Family<Labels<1>, Histogram, fn() -> Histogram>,
}

fn seconds(registry: &mut Registry, name: &str, help: &str, label: &'static str) -> Seconds {
    let histogram: fn() -> Histogram = || Histogram::new(BUCKETS);
    let family = add(
        registry,
        name,
        help,
        Family::new_with_constructor(histogram),
    );
    Seconds { label, family }
}

impl Seconds {
    pub(crate) fn observe(&self, value: &'static str, took: Duration) {
        let labels = labels([self.label], [value]);
        self.family
            .get_or_create(&labels)
            .observe(took.as_secs_f64());
    }
}
