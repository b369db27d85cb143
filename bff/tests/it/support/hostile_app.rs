//! The bff in front of a provider that lies, on free ports, with a clock that the story moves.

use super::{
    Answer, Kind, TestBrowser,
    app::{APP_SECRET, COOKIE_SECRET, bff_routers, write_frontend},
    server::{Server, free_port, url},
    session_file,
};
use clock::Clock;
use reqwest::Method;
use std::{collections::HashMap, net::SocketAddr, path::PathBuf, sync::Arc};
use tempfile::TempDir;
use test_provider::{CLIENT_ID, Endpoint, Mutation, SID, SUB, Settings, SignedToken, TestProvider};
use url::Url;

/// The bff and its provider. That the relying party kept to the rules is checked when this is dropped.
pub(crate) struct HostileApp {
    pub(crate) clock: Clock,
    bff: Server,
    admin: Server,
    /// Another instance with the same settings and store, if a story started one.
    second: Option<Server>,
    pub(crate) settings: HashMap<&'static str, String>,
    provider_server: Server,
    provider: Arc<TestProvider>,
    folder: TempDir,
    store_folder: Option<TempDir>,
}

impl HostileApp {
    pub(crate) async fn start(mutation: Mutation) -> Self {
        Self::start_with(&[], mutation).await
    }

    /// Starts with further settings. In a value `{provider}` is the provider's address, `{file}` one for sessions.
    pub(crate) async fn start_with(overrides: &[(&'static str, &str)], mutation: Mutation) -> Self {
        let clock = Clock::stopped_at(Clock::system().now());
        let folder = tempfile::tempdir().unwrap();
        let dist = folder.path().join("dist");
        write_frontend(&dist);
        let (bff_port, provider_port) = (free_port().await, free_port().await);
        let mut settings = HashMap::from([
            ("LOGTO_ENDPOINT", url(&provider_port)),
            ("LOGTO_APP_ID", CLIENT_ID.to_owned()),
            ("LOGTO_APP_SECRET", APP_SECRET.to_owned()),
            ("BASE_URL", url(&bff_port)),
            ("COOKIE_SECRET", COOKIE_SECRET.to_owned()),
            ("SESSION_STORE", "memory:".to_owned()),
            ("FRONTEND_DIST", dist.display().to_string()),
        ]);
        for (name, value) in overrides {
            let value = value
                .replace("{provider}", &url(&provider_port))
                .replace("{file}", &file(&folder).display().to_string());
            settings.insert(name, value);
        }
        let provider = provider(&settings, clock.clone(), mutation);
        let (public, admin) = bff_routers(&settings, &clock).await;
        Self {
            bff: Server::start(bff_port, public),
            admin: Server::start(free_port().await, admin),
            second: None,
            settings,
            provider_server: Server::start(provider_port, provider.router()),
            clock,
            provider,
            folder,
            store_folder: None,
        }
    }

    /// Starts with sessions in a file that can be broken.
    pub(crate) async fn start_with_file(mutation: Mutation) -> Self {
        Self::start_with(&[("SESSION_STORE", "sqlite:{file}")], mutation).await
    }

    /// Starts on a store of this engine.
    pub(crate) async fn start_on(
        kind: Kind,
        overrides: &[(&'static str, &str)],
        mutation: Mutation,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = kind.fresh(folder.path()).await;
        let overrides = [overrides, &[("SESSION_STORE", store.as_str())]].concat();
        let mut app = Self::start_with(&overrides, mutation).await;
        app.store_folder = Some(folder);
        app
    }

    /// Two instances on one store; the second is reached by [`HostileApp::at_second`].
    pub(crate) async fn start_two_on(kind: Kind, mutation: Mutation) -> Self {
        let app = Self::start_on(kind, &[], mutation).await;
        app.with_second_ahead(time::Duration::ZERO).await
    }

    /// Starts a second instance on the same store, whose clock is ahead of the first's.
    pub(crate) async fn with_second_ahead(mut self, ahead: time::Duration) -> Self {
        let clock = self.clock.ahead(ahead);
        let (public, _) = bff_routers(&self.settings, &clock).await;
        self.second = Some(Server::start(free_port().await, public));
        self
    }

    /// The same browser, led to the second instance by what stands before the two.
    pub(crate) fn at_second(&self, browser: &TestBrowser) -> TestBrowser {
        browser.led_to(&self.second.as_ref().expect("a second instance").url)
    }

    /// Where the bff listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.bff.address
    }

    pub(crate) fn browser(&self) -> TestBrowser {
        TestBrowser::new(self.bff.url.clone())
    }

    /// Looks at the admin address.
    pub(crate) fn operator(&self) -> TestBrowser {
        TestBrowser::new(self.admin.url.clone())
    }

    /// From now on the provider lies in this way, and in no other.
    pub(crate) fn spoil(&self, mutation: Mutation) {
        self.provider.spoil(mutation);
    }

    /// Held answers go on their way.
    pub(crate) fn release(&self) {
        self.provider.release();
    }

    /// How often an endpoint was asked.
    pub(crate) fn requests(&self, endpoint: Endpoint) -> usize {
        self.provider.requests(endpoint)
    }

    /// Everything that was asked.
    pub(crate) fn requests_in_order(&self) -> Vec<(Endpoint, String)> {
        self.provider.requests_in_order()
    }

    /// Waits until an endpoint was asked so often.
    pub(crate) async fn asked(&self, endpoint: Endpoint, times: usize) {
        self.provider.asked(endpoint, times).await;
    }

    /// Goes through a sign-in; answers where the callback led.
    pub(crate) async fn sign_in(&self, browser: &mut TestBrowser) -> String {
        let callback = self.sign_in_until_callback(browser).await;
        browser.visit(&callback).await.location().to_owned()
    }

    /// The same, up to the address of the callback.
    pub(crate) async fn sign_in_until_callback(&self, browser: &mut TestBrowser) -> String {
        let request = browser.visit("/sign-in").await;
        assert_eq!(request.status, 303, "{}", request.body);
        let response = self.visit_provider(browser, request.location()).await;
        local(response.location())
    }

    /// Visits an address of the provider, which may be one behind another name.
    pub(crate) async fn visit_provider(&self, browser: &mut TestBrowser, address: &str) -> Answer {
        assert!(address.starts_with(self.provider.issuer()), "{address}");
        let url = format!("{}{}", self.provider_server.url, local(address));
        browser.visit(&url).await
    }

    /// The newest ID token that the provider gave.
    pub(crate) fn last_id_token(&self) -> String {
        self.provider.last_id_token()
    }

    /// What the provider says of the person now.
    pub(crate) async fn user_info(&self, browser: &mut TestBrowser) -> Answer {
        browser.fetch("/api/auth/user-info").await
    }

    /// A right logout token but for what `spoil` does to it.
    pub(crate) fn logout_token(&self, spoil: impl Fn(&mut SignedToken)) -> String {
        let mut token = self.provider.logout_token(SUB, Some(SID));
        spoil(&mut token);
        token.compact()
    }

    /// Posts a logout token as a provider does, with a parameter that nobody knows.
    pub(crate) async fn back_channel_logout(&self, token: &str) -> Answer {
        Self::post_logout_token(&self.browser(), token).await
    }

    /// The same, led to the second instance.
    pub(crate) async fn back_channel_logout_at_second(&self, token: &str) -> Answer {
        Self::post_logout_token(&self.at_second(&self.browser()), token).await
    }

    async fn post_logout_token(sender: &TestBrowser, token: &str) -> Answer {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("logout_token", token)
            .append_pair("ignored_parameter", "x")
            .finish();
        let headers = [("content-type", "application/x-www-form-urlencoded")];
        sender
            .clone()
            .send(Method::POST, "/backchannel-logout", &headers, &form)
            .await
    }

    /// The tables of the store's file are away until [`HostileApp::mend_store`].
    pub(crate) async fn break_store(&self) {
        session_file::break_it(&session_file::open(&file(&self.folder)).await).await;
    }

    pub(crate) async fn mend_store(&self) {
        session_file::mend(&session_file::open(&file(&self.folder)).await).await;
    }
}

impl Drop for HostileApp {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let violations = self.provider.violations();
            assert!(violations.is_empty(), "broken rules: {violations:?}");
        }
    }
}

fn provider(
    settings: &HashMap<&'static str, String>,
    clock: Clock,
    mutation: Mutation,
) -> Arc<TestProvider> {
    let issuer = settings
        .get("OIDC_ISSUER")
        .cloned()
        .unwrap_or_else(|| format!("{}/oidc", settings["LOGTO_ENDPOINT"]));
    let base_url = settings["BASE_URL"].clone();
    TestProvider::new(Settings::new(issuer, base_url, clock), mutation)
}

fn file(folder: &TempDir) -> PathBuf {
    folder.path().join("sessions.sqlite")
}

/// Path and query: behind which name a server stands does not matter to a story.
fn local(address: &str) -> String {
    let url = Url::parse(address).unwrap();
    url[url::Position::BeforePath..url::Position::AfterQuery].to_owned()
}
