//! The settings: the only reader of the environment. They come out checked and typed, so nothing parses a text later.

mod base_url;
mod cookie_secret;
mod parse;
mod setting;

pub use base_url::BaseUrl;
pub use cookie_secret::CookieSecret;
pub use setting::env_example;

use anyhow::{Context, bail};
use api_proxy::{Routes, TokenKind};
use http_server::ListenAddress;
use ipnet::IpNet;
use oidc_rp::{
    ClientConfig, HttpConfig,
    openidconnect::{ClientId, ClientSecret},
};
use secrecy::SecretString;
use session_store::{Address, Keys};
use setting::SETTINGS;
use settings::{
    Reader, Refused, all,
    parse::{any_web_url, boolean, filled, limit, seconds},
};
use shared::Rule;
use std::{path::PathBuf, process};
use telemetry::{LogConfig, TracesConfig};
use time::Duration;

/// Everything that an operator decides.
#[derive(Debug)]
pub struct Config {
    /// Where people reach the bff. From `BASE_URL`.
    pub base_url: BaseUrl,
    /// The OpenID Provider, and the bff's registration there.
    pub provider: ClientConfig,
    /// Protects cookies and stored sessions. From `COOKIE_SECRET`.
    pub cookie_secret: CookieSecret,
    /// Opens what was sealed before the secret was changed. From `COOKIE_SECRET_PREVIOUS`.
    pub cookie_secret_previous: Option<CookieSecret>,
    /// Where sessions are kept and how long they last.
    pub session: SessionConfig,
    /// The address of the public server. From `LISTEN`.
    pub listen: ListenAddress,
    /// The address of health and readiness. From `ADMIN_LISTEN`.
    pub admin_listen: ListenAddress,
    /// How long a stop waits before it closes the listeners. From `SHUTDOWN_DELAY_SECONDS`.
    pub shutdown_delay: std::time::Duration,
    /// The folder with the built frontend. From `FRONTEND_DIST`.
    pub frontend_dist: PathBuf,
    /// Which lines the log has.
    pub log: LogConfig,
    /// The collector of traces, if there is one.
    pub traces: Option<TracesConfig>,
    /// The APIs that pages may call. From `API_ROUTES`.
    pub api_routes: Option<PathBuf>,
    /// What Logto signs its webhook with. From `LOGTO_WEBHOOK_SIGNING_KEY`.
    pub webhook_signing_key: Option<SecretString>,
    /// Reverse proxies whose `X-Forwarded-For` and `traceparent` are believed. From `TRUSTED_PROXIES`.
    pub trusted_proxies: Vec<IpNet>,
    /// Requests to `/sign-in` and `/callback` that one IPv4 address or IPv6 /64 may make in a minute; `None` is no limit.
    /// From `SIGN_IN_REQUESTS_PER_MINUTE`.
    pub sign_in_requests_per_minute: Option<u32>,
}

/// Where sessions are kept and how long they last.
#[derive(Debug)]
pub struct SessionConfig {
    /// From `SESSION_STORE`.
    pub store: Address,
    /// A session ends after this time without a visit. From `SESSION_IDLE_SECONDS`.
    pub idle: Duration,
    /// A session ends after this time in any case. From `SESSION_LIFETIME_SECONDS`.
    pub lifetime: Duration,
    /// How long a refresh token lives at the provider; a session that has one ends with it. From `REFRESH_TOKEN_LIFETIME_SECONDS`.
    pub refresh_token_lifetime: Duration,
}

impl Config {
    /// Reads the process's environment, after the file `.env` of the current folder if there is one; `<NAME>_FILE` names a
    /// file that holds a secret.
    ///
    /// # Errors
    /// All settings that are missing or wrong, one on each line.
    pub fn from_env() -> Result<Self, settings::Error> {
        Self::read(settings::environment()?)
    }

    /// Reads settings from variables of any source.
    ///
    /// # Errors
    /// All settings that are missing or wrong, one on each line.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, settings::Error> {
        settings::read(SETTINGS, variable, Self::assemble)
    }

    /// Reads the routes to APIs.
    ///
    /// # Errors
    /// When the file cannot be read or something in it is wrong.
    pub fn routes(&self) -> anyhow::Result<Routes<Rule>> {
        let Some(file) = &self.api_routes else {
            return Ok(Routes::default());
        };
        let routes = Routes::load(file, &self.provider.http).context("API_ROUTES")?;
        for route in routes.iter() {
            let is_known = matches!(route.token, TokenKind::None | TokenKind::User);
            let mut names = route.require.iter().flat_map(Rule::names);
            let organization = names.any(|rule| matches!(rule, Rule::OrganizationRole(_)));
            if !is_known || organization {
                bail!(
                    "API_ROUTES: the route `{}`: tokens of organizations and of the application, and rules about organizations, are not built yet",
                    route.name
                );
            }
        }
        Ok(routes)
    }

    /// The keys for one purpose. Each secret opens, and the newest seals.
    pub(crate) fn keys(&self, purpose: &str) -> Keys {
        let keys = |secret: &CookieSecret| Keys::derive(secret.expose(), purpose);
        let previous = self.cookie_secret_previous.iter().map(keys);
        previous.fold(keys(&self.cookie_secret), Keys::also_opening)
    }

    fn assemble(reader: &mut Reader<'_>) -> Result<Self, Refused> {
        let base_url = reader.required("BASE_URL", BaseUrl::parse);
        // It only repeats what the scheme says.
        let secure = reader.optional("COOKIE_SECURE", |text| match (boolean(text)?, &base_url) {
            (secure, Ok(base_url)) if secure != base_url.is_https() => {
                Err("contradicts the scheme of BASE_URL; leave it out")
            }
            _ => Ok(()),
        });
        let secret = reader.required("COOKIE_SECRET", CookieSecret::parse);
        let previous = reader.optional("COOKIE_SECRET_PREVIOUS", CookieSecret::parse);
        let trusted_proxies = reader.optional("TRUSTED_PROXIES", parse::networks);
        let signing_key = reader.optional("LOGTO_WEBHOOK_SIGNING_KEY", filled);
        let passed_sockets = refuse_passed_sockets(reader);
        let config = all!(Self {
            provider: provider(reader, base_url.as_ref().map_err(|error| *error)),
            base_url: base_url,
            cookie_secret: secret,
            cookie_secret_previous: previous,
            session: SessionConfig::assemble(reader),
            listen: reader.required("LISTEN", str::parse),
            admin_listen: reader.required("ADMIN_LISTEN", str::parse),
            shutdown_delay: reader.required("SHUTDOWN_DELAY_SECONDS", parse::delay),
            frontend_dist: reader.required("FRONTEND_DIST", |text| Ok(PathBuf::from(text))),
            log: LogConfig::read(reader),
            traces: TracesConfig::read(reader),
            api_routes: reader.optional("API_ROUTES", |text| Ok(PathBuf::from(text))),
            webhook_signing_key: signing_key.map(|key| key.map(SecretString::from)),
            trusted_proxies: trusted_proxies.map(Option::unwrap_or_default),
            sign_in_requests_per_minute: reader.required("SIGN_IN_REQUESTS_PER_MINUTE", limit),
        });
        secure.and(passed_sockets).and(config)
    }
}

/// Refuses sockets that systemd or another supervisor passes (`sd_listen_fds(3)`): clients that connect to them would wait
/// for ever.
fn refuse_passed_sockets(reader: &mut Reader<'_>) -> Result<(), Refused> {
    let for_us = reader.optional("LISTEN_PID", |pid| Ok(pid == process::id().to_string()))?;
    let passed = reader.optional("LISTEN_FDS", |count| {
        if count == "0" || for_us == Some(false) {
            return Ok(());
        }
        Err("is set, but sockets that are passed are not supported; remove the .socket unit and set LISTEN")
    });
    passed.map(|_| ())
}

/// The OpenID Provider, and the application that the bff is there.
fn provider(
    reader: &mut Reader<'_>,
    base_url: Result<&BaseUrl, Refused>,
) -> Result<ClientConfig, Refused> {
    let endpoint = reader.required("LOGTO_ENDPOINT", parse::provider_url);
    let issuer = reader.optional("OIDC_ISSUER", parse::issuer);
    let resources = reader.optional("LOGTO_RESOURCES", parse::resources);
    all!(ClientConfig {
        issuer: issuer.and_then(|issuer| Ok(issuer.unwrap_or(parse::issuer_of(&endpoint?)))),
        internal_url: reader.optional("OIDC_INTERNAL_URL", any_web_url),
        http: HttpConfig::read(reader),
        client_id: reader.required("LOGTO_APP_ID", filled).map(ClientId::new),
        client_secret: reader
            .required("LOGTO_APP_SECRET", filled)
            .map(ClientSecret::new),
        redirect_uri: base_url.map(BaseUrl::redirect_uri),
        post_logout_redirect_uri: base_url
            .map(|base_url| Some(base_url.post_logout_redirect_uri())),
        scopes: reader.required("LOGTO_SCOPES", parse::scopes),
        resources: resources.map(Option::unwrap_or_default),
        prompt: reader.required("LOGTO_PROMPT", parse::prompts),
        pushes_requests: reader.required("PUSHED_AUTHORIZATION_REQUESTS", boolean),
        id_token_algorithms: reader.required("ID_TOKEN_ALGORITHMS", parse::algorithms),
    })
}

impl SessionConfig {
    fn assemble(reader: &mut Reader<'_>) -> Result<Self, Refused> {
        all!(Self {
            store: reader.required("SESSION_STORE", parse::store),
            idle: reader.required("SESSION_IDLE_SECONDS", seconds),
            lifetime: reader.required("SESSION_LIFETIME_SECONDS", seconds),
            refresh_token_lifetime: reader.required("REFRESH_TOKEN_LIFETIME_SECONDS", seconds),
        })
    }
}

#[cfg(test)]
mod tests;
