//! The bff with everything around it, on free ports, with a clock that the story moves.

use super::{
    Kind, TestBrowser,
    server::{PLACES, Server, free_port, listen, url},
    session_file,
};
use axum::{
    Router,
    extract::{Request, State},
    middleware::{self, Next},
    response::Response,
};
use bff::{AppState, Config};
use clock::Clock;
use connector_aliyun_sms::sandbox::{Account, Sandbox};
use embedded_provider::{Database, Provider};
use sqlx::SqlitePool;
use std::{
    collections::HashMap,
    fs,
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;
use tenant::Tenant;

/// Characters that `client_secret_basic` must encode.
pub(crate) use test_provider::CLIENT_SECRET as APP_SECRET;
pub(crate) const COOKIE_SECRET: &str = "n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g";
const ACCESS_KEY_ID: &str = "LTAI-test";
const ACCESS_KEY_SECRET: &str = "access-key-secret";

/// One running system.
pub(crate) struct TestApp {
    pub(crate) clock: Clock,
    bff: Server,
    admin: Server,
    provider: Server,
    _sms: Server,
    sandbox: Sandbox,
    provider_requests: Requests,
    pub(super) settings: HashMap<&'static str, String>,
    folder: TempDir,
}

/// Method and path of everything that reached the provider.
type Requests = Arc<Mutex<Vec<String>>>;

impl TestApp {
    pub(crate) async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts with settings that differ from a local run's. In a value `{inside}` is another address of the provider.
    pub(crate) async fn start_with(overrides: &[(&'static str, &str)]) -> Self {
        Self::start_on(Kind::Sqlite, overrides).await
    }

    /// The same on a store of this engine.
    pub(crate) async fn start_on(kind: Kind, overrides: &[(&'static str, &str)]) -> Self {
        let clock = Clock::stopped_at(Clock::system().now());
        let folder = tempfile::tempdir().unwrap();
        let session_store = kind.fresh(folder.path()).await;
        write_frontend(&folder.path().join("dist"));

        let phone_clock = clock.clone();
        let sandbox = Sandbox::with_clock(
            Account::bundled(ACCESS_KEY_ID, ACCESS_KEY_SECRET),
            connector_aliyun_sms::Clock::new(move || phone_clock.now()),
        );
        let sms = Server::start(free_port().await, sandbox.router());
        let (bff_port, provider_port) = (free_port().await, free_port().await);
        let base_url = overrides
            .iter()
            .find(|(name, _)| *name == "BASE_URL")
            .map_or_else(|| url(&bff_port), |(_, value)| (*value).to_owned());

        let provider_requests = Requests::default();
        let provider = Provider::open(
            embedded_provider::Config {
                endpoint: url(&provider_port).parse().unwrap(),
                tenant: Some(tenant(&base_url)),
                management: None,
                database: Database::Memory,
                sms_endpoint: Some(sms.url.parse().unwrap()),
            },
            clock.clone(),
        )
        .await
        .unwrap();
        let recorded = provider.router().layer(middleware::from_fn_with_state(
            provider_requests.clone(),
            record,
        ));
        let provider = Server::start(provider_port, recorded);

        let inside = format!("http://127.0.0.1:{}", provider.address.port());
        let mut settings = HashMap::from([
            ("LOGTO_ENDPOINT", provider.url.clone()),
            ("LOGTO_APP_ID", "bookstore".to_owned()),
            ("LOGTO_APP_SECRET", APP_SECRET.to_owned()),
            ("BASE_URL", base_url),
            ("COOKIE_SECRET", COOKIE_SECRET.to_owned()),
            // So that a story can read the authorization request where the browser is sent.
            ("PUSHED_AUTHORIZATION_REQUESTS", "false".to_owned()),
            ("SESSION_STORE", session_store),
            (
                "FRONTEND_DIST",
                folder.path().join("dist").display().to_string(),
            ),
        ]);
        settings.extend(
            overrides
                .iter()
                .map(|(name, value)| (*name, value.replace("{inside}", &inside))),
        );
        let (public, admin) = bff_routers(&settings, &clock).await;
        let bff = Server::start(bff_port, public);
        let admin = Server::start(free_port().await, admin);
        Self {
            clock,
            bff,
            admin,
            provider,
            _sms: sms,
            sandbox,
            provider_requests,
            settings,
            folder,
        }
    }

    /// A browser of its own. When `BASE_URL` is not the listener's, TLS ends between the two.
    pub(crate) fn browser(&self) -> TestBrowser {
        if self.base_url() == self.bff.url {
            TestBrowser::new(self.bff.url.clone())
        } else {
            TestBrowser::behind_tls(self.base_url(), &self.bff.url)
        }
    }

    /// Where the bff listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.bff.address
    }

    /// Looks at the admin address.
    pub(crate) fn operator(&self) -> TestBrowser {
        TestBrowser::new(self.admin.url.clone())
    }

    /// The app's address, without a slash at the end.
    pub(crate) fn base_url(&self) -> &str {
        &self.settings["BASE_URL"]
    }

    /// The name of the session cookie where `BASE_URL` is the listener's.
    pub(crate) fn session_cookie(&self) -> String {
        format!("bff-{}-session", self.address().port())
    }

    /// The provider's address, without a slash at the end.
    pub(crate) fn provider_url(&self) -> &str {
        &self.provider.url
    }

    /// How many sessions the store holds, alive or not.
    pub(crate) async fn stored_sessions(&self) -> i64 {
        sqlx::query_scalar("SELECT count(*) FROM session_store_2_session")
            .fetch_one(&self.store().await)
            .await
            .unwrap()
    }

    /// The newest code that the phone got.
    pub(crate) fn code_for(&self, phone: &str) -> String {
        self.sandbox
            .messages_to(phone)
            .first()
            .expect("a message")
            .param["code"]
            .clone()
    }

    /// How many requests of this kind reached the provider, e.g. `POST /oidc/token`.
    pub(crate) fn provider_requests(&self, kind: &str) -> usize {
        self.provider_requests
            .lock()
            .unwrap()
            .iter()
            .filter(|request| *request == kind)
            .count()
    }

    /// Changes a setting for the next start.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.settings.insert(name, value.to_owned());
    }

    /// Stops the bff and starts another one with the same settings and store.
    pub(crate) async fn restart(&mut self) {
        self.bff.stop().await;
        self.admin.stop().await;
        let (public, admin) = bff_routers(&self.settings, &self.clock).await;
        self.bff = Server::start(listen(self.bff.address).await, public);
        self.admin = Server::start(listen(self.admin.address).await, admin);
    }

    pub(crate) async fn stop_provider(&mut self) {
        self.provider.stop().await;
    }

    pub(crate) async fn start_provider_again(&mut self) {
        self.provider = Server::start(
            listen(self.provider.address).await,
            self.provider.router.clone(),
        );
    }

    /// The store's table is away until [`TestApp::mend_store`].
    pub(crate) async fn break_store(&self) {
        session_file::break_it(&self.store().await).await;
    }

    pub(crate) async fn mend_store(&self) {
        session_file::mend(&self.store().await).await;
    }

    /// From now on no session can be written.
    pub(crate) async fn refuse_new_sessions(&self) {
        self.alter_store(
            "CREATE TRIGGER full BEFORE INSERT ON session_store_2_session BEGIN SELECT raise(FAIL, 'full'); END",
        )
        .await;
    }

    pub(crate) async fn take_new_sessions_again(&self) {
        self.alter_store("DROP TRIGGER full").await;
    }

    /// Sessions can begin and be used, but not end.
    pub(crate) async fn end_no_sessions(&self) {
        self.alter_store(
            "ALTER TABLE session_store_2_ended RENAME TO ended_away; \
             CREATE TRIGGER kept BEFORE DELETE ON session_store_2_session BEGIN SELECT raise(FAIL, 'kept'); END",
        )
        .await;
    }

    async fn alter_store(&self, statement: &'static str) {
        sqlx::raw_sql(statement)
            .execute(&self.store().await)
            .await
            .unwrap();
    }

    pub(super) async fn store(&self) -> SqlitePool {
        session_file::open(&self.folder.path().join("new/sessions.sqlite")).await
    }
}

/// What browsers meet, and what operators meet.
pub(super) async fn bff_routers(
    settings: &HashMap<&'static str, String>,
    clock: &Clock,
) -> (Router, Router) {
    let config = Config::read(|name| settings.get(name).cloned()).unwrap();
    let app = AppState::new(config, clock.clone(), PLACES).await.unwrap();
    (bff::router::public(&app), bff::router::admin(&app))
}

async fn record(State(requests): State<Requests>, request: Request, next: Next) -> Response {
    requests
        .lock()
        .unwrap()
        .push(format!("{} {}", request.method(), request.uri().path()));
    next.run(request).await
}

/// The example tenant with the redirect URIs of this run.
fn tenant(base_url: &str) -> Tenant {
    let text = include_str!("../../../../tenant.toml").replace("http://localhost:3000", base_url);
    let variables = HashMap::from([
        ("LOGTO_APP_SECRET", APP_SECRET),
        ("ALIBABA_CLOUD_ACCESS_KEY_ID", ACCESS_KEY_ID),
        ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", ACCESS_KEY_SECRET),
    ]);
    Tenant::parse(&text, |name| {
        variables.get(name).map(|&value| value.to_owned())
    })
    .unwrap()
}

/// The project's own page, with a style as trunk puts it there, and one compressed file.
pub(super) fn write_frontend(dist: &Path) {
    fs::create_dir_all(dist.join("assets")).unwrap();
    let index = include_str!("../../../../index.html");
    let index = index.replace("</head>", "<style>a { color: #123 }</style></head>");
    fs::write(dist.join("index.html"), index).unwrap();
    fs::write(dist.join("assets/app-0123456789abcdef.js"), "export {}").unwrap();
    fs::write(dist.join("assets/app-0123456789abcdef.js.br"), "brotli").unwrap();
}
