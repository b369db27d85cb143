//! A provider and an SMS sandbox, each on its own port, with one stopped clock for both.

use crate::support::{
    self, Browser, ManagementApi, RelyingParty,
    management_api::{APP_ID, APP_SECRET},
    relying_party::decoded,
};
use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Request, State},
    http::{StatusCode, Uri},
    middleware::{self, Next},
    response::Response,
};
use clock::Clock;
use connector_aliyun_sms::sandbox::{Account, Fault, Sandbox};
use embedded_provider::{Config, Database, Management, Provider};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    io, mem,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};
use tempfile::TempDir;
use tenant::Tenant;
use time::{Duration, OffsetDateTime, macros::datetime};
use tokio::net::TcpListener;
use url::Url;

/// A number that is not registered at first.
pub(crate) const PHONE: &str = "8613944668173";
pub(crate) const SECRET: &str = "s:e+c r%é";
const NOW: OffsetDateTime = datetime!(2026-11-22 19:11:41 UTC);
const TENANT: &str = include_str!("../../../../../tenant.toml");

/// Everything that runs.
pub(crate) struct World {
    pub(crate) clock: Clock,
    pub(crate) issuer: String,
    /// Without a slash at its end.
    pub(crate) endpoint: String,
    /// Where tokens for the Management API are issued, without a slash at its end.
    pub(crate) admin_endpoint: String,
    sandbox: Sandbox,
    logout_tokens: LogoutTokens,
    breaks: Arc<AtomicBool>,
    folder: Option<TempDir>,
}

/// The path and the logout token of each request that reached an application.
type LogoutTokens = Arc<Mutex<Vec<(String, String)>>>;

impl World {
    /// The example tenant, in memory.
    pub(crate) async fn new() -> Self {
        Self::with_tenant(|text| text).await
    }

    /// The example tenant, changed.
    pub(crate) async fn with_tenant(change: impl FnOnce(String) -> String) -> Self {
        let clock = Clock::stopped_at(NOW);
        Self::open(Some(change(TENANT.to_owned())), Database::Memory, clock).await
    }

    /// An empty tenant, in memory.
    pub(crate) async fn empty() -> Self {
        Self::open(None, Database::Memory, Clock::stopped_at(NOW)).await
    }

    /// The tenant that the database of the caller has.
    pub(crate) async fn without_file(database: Database) -> Self {
        Self::open(None, database, Clock::stopped_at(NOW)).await
    }

    /// The example tenant in a file, with several connections.
    pub(crate) async fn in_file() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("provider.sqlite");
        let mut world = Self::on(Database::File(path), Clock::stopped_at(NOW)).await;
        world.folder = Some(folder);
        world
    }

    /// Another provider on the same file, with the same clock.
    pub(crate) async fn second(&self) -> Self {
        let path = self.folder.as_ref().unwrap().path().join("provider.sqlite");
        Self::on(Database::File(path), self.clock.clone()).await
    }

    /// The example tenant on a database of the caller, with a clock of the caller.
    pub(crate) async fn on(database: Database, clock: Clock) -> Self {
        Self::open(Some(TENANT.to_owned()), database, clock).await
    }

    async fn open(tenant: Option<String>, database: Database, clock: Clock) -> Self {
        let sandbox_clock = clock.clone();
        let sandbox = Sandbox::with_clock(
            Account::bundled("access key id", "access key secret"),
            connector_aliyun_sms::Clock::new(move || sandbox_clock.now()),
        );
        let breaks = Arc::new(AtomicBool::new(false));
        let sms_service = sandbox
            .router()
            .layer(middleware::from_fn_with_state(breaks.clone(), break_once));
        let sms_endpoint = format!("http://{}", serve(sms_service).await);

        let logout_tokens = LogoutTokens::default();
        let applications = Router::new()
            .fallback(take_logout_token)
            .with_state(logout_tokens.clone());
        let applications = format!("http://{}", serve(applications).await);
        let tenant = tenant.map(|tenant| {
            let receiver = format!("{applications}/bookstore");
            let tenant = tenant.replace("http://localhost:3000/backchannel-logout", &receiver);
            let tenant = tenant.replace("{applications}", &applications);
            Tenant::parse(&tenant, variable).unwrap()
        });

        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let admin_listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let admin_endpoint = format!("http://{}", admin_listener.local_addr().unwrap());
        let config = Config {
            endpoint: Url::parse(&endpoint).unwrap(),
            tenant,
            management: Some(Management {
                endpoint: Url::parse(&admin_endpoint).unwrap(),
                app_id: APP_ID.to_owned(),
                app_secret: APP_SECRET.into(),
            }),
            database,
            sms_endpoint: Some(Url::parse(&sms_endpoint).unwrap()),
        };
        let provider = Provider::open(config, clock.clone()).await.unwrap();
        let issuer = provider.issuer().to_owned();
        let router = provider.router();
        tokio::spawn(async move { axum::serve(listener, router).await });
        let router = provider.admin_router().unwrap();
        tokio::spawn(async move { axum::serve(admin_listener, router).await });
        Self {
            clock,
            issuer,
            endpoint,
            admin_endpoint,
            sandbox,
            logout_tokens,
            breaks,
            folder: None,
        }
    }

    pub(crate) fn browser(&self) -> Browser {
        Browser::new(&self.endpoint)
    }

    /// A browser that is on the sign-in page.
    pub(crate) async fn browser_on_the_page(&self) -> Browser {
        let mut browser = self.browser();
        browser.get(&support::Request::new().address()).await;
        browser
    }

    /// The code that a sign-in with [`PHONE`] ends with.
    pub(crate) async fn authorization_code(&self) -> String {
        let request = support::Request::new().address();
        let answer = self.browser().sign_in(self, &request, PHONE).await;
        answer.authorization_response()["code"].clone()
    }

    /// The Management API, with an access token.
    pub(crate) async fn management_api(&self) -> ManagementApi {
        ManagementApi::open(self).await
    }

    pub(crate) fn relying_party(&self) -> RelyingParty {
        RelyingParty::new(&self.issuer)
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(Duration::seconds(seconds));
    }

    /// The claims of the logout tokens since the last call, by the path that received them.
    pub(crate) fn take_logout_tokens(&self) -> BTreeMap<String, Value> {
        let received = mem::take(&mut *self.logout_tokens.lock().unwrap());
        let count = received.len();
        let tokens: BTreeMap<_, _> = received
            .into_iter()
            .map(|(path, token)| {
                assert_eq!(decoded(&token, 0)["typ"], "logout+jwt");
                (path, decoded(&token, 1))
            })
            .collect();
        assert_eq!(tokens.len(), count, "one request for each application");
        tokens
    }

    /// Makes the next request to the SMS service fail in this way.
    pub(crate) fn let_the_sms_service_have(&self, fault: Fault) {
        self.sandbox.add_fault(fault, 1).unwrap();
    }

    /// The next request to the SMS service sends its message, and the connection breaks before the response.
    pub(crate) fn let_the_sms_service_break(&self) {
        self.breaks.store(true, Ordering::Relaxed);
    }

    /// How many faults have not happened yet.
    pub(crate) fn waiting_faults(&self) -> usize {
        self.sandbox.waiting_faults().len()
    }

    /// How many messages a number has received.
    pub(crate) fn messages_to(&self, phone: &str) -> usize {
        self.sandbox.messages_to(phone).len()
    }

    /// How many messages all numbers have received.
    pub(crate) fn messages(&self) -> usize {
        self.sandbox.messages().len()
    }

    /// The code of the newest message to a number.
    pub(crate) fn newest_code(&self, phone: &str) -> String {
        self.sandbox.messages_to(phone)[0].param["code"].clone()
    }

    /// The template of the newest message to a number.
    pub(crate) fn newest_template(&self, phone: &str) -> String {
        self.sandbox.messages_to(phone)[0].template_code.clone()
    }
}

async fn break_once(
    State(breaks): State<Arc<AtomicBool>>,
    request: Request,
    next: Next,
) -> Response {
    let response = next.run(request).await;
    if breaks.swap(false, Ordering::Relaxed) {
        let broken = io::Error::other("the connection breaks");
        return Response::new(Body::from_stream(tokio_stream::once(Err::<Bytes, _>(
            broken,
        ))));
    }
    response
}

pub(crate) fn variable(name: &str) -> Option<String> {
    match name {
        "LOGTO_APP_SECRET" => Some(SECRET.to_owned()),
        "OTHER_APP_SECRET" => Some("other-secret".to_owned()),
        "ALIBABA_CLOUD_ACCESS_KEY_ID" => Some("access key id".to_owned()),
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET" => Some("access key secret".to_owned()),
        _ => None,
    }
}

/// An application's back-channel logout endpoint.
async fn take_logout_token(
    State(received): State<LogoutTokens>,
    uri: Uri,
    form: String,
) -> StatusCode {
    let (name, token) = form.split_once('=').unwrap();
    assert_eq!(name, "logout_token");
    let path = uri.path().to_owned();
    let status = if path == "/broken" { 500 } else { 200 };
    received.lock().unwrap().push((path, token.to_owned()));
    StatusCode::from_u16(status).unwrap()
}

async fn serve(router: axum::Router) -> std::net::SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    address
}
