//! The settings: the only reader of the environment. They come out checked and typed, so nothing parses a text later.

mod base_url;
mod cookie_secret;
mod parse;
mod setting;

pub use base_url::BaseUrl;
pub use cookie_secret::CookieSecret;
pub(crate) use parse::is_loopback;
pub use setting::{SettingError, env_example};

use ipnet::IpNet;
use oidc_rp::{
    ClientConfig,
    openidconnect::{ClientId, ClientSecret, PostLogoutRedirectUrl, RedirectUrl},
};
use secrecy::SecretString;
use serde::Deserialize;
use session_store::Address;
use setting::{Reader, Refused};
use std::{net::SocketAddr, path::PathBuf};
use time::Duration;
use url::Url;

/// Everything that an operator decides.
#[derive(Debug)]
pub struct Config {
    /// Where people reach the bff. From `BASE_URL`.
    pub base_url: BaseUrl,
    /// The OpenID Provider, and the bff's registration there.
    pub provider: ClientConfig,
    /// Secrets that protect cookies and stored sessions, the newest first. From `COOKIE_SECRET` and `COOKIE_SECRET_PREVIOUS`.
    pub cookie_secrets: Vec<CookieSecret>,
    /// Where sessions are kept and how long they last.
    pub session: SessionConfig,
    /// The address of the public server. From `LISTEN`.
    pub listen: SocketAddr,
    /// The address of health and readiness. From `ADMIN_LISTEN`.
    pub admin_listen: SocketAddr,
    /// The folder with the built frontend. From `FRONTEND_DIST`.
    pub frontend_dist: PathBuf,
    /// How log lines look. From `LOG_FORMAT`.
    pub log_format: LogFormat,
    /// Which events are logged, as directives of `tracing`. From `RUST_LOG`.
    pub log_filter: String,
    /// The collector of traces, if there is one.
    pub traces: Option<TracesConfig>,
    /// What Logto signs its webhook with. From `LOGTO_WEBHOOK_SIGNING_KEY`.
    pub webhook_signing_key: Option<SecretString>,
    /// Reverse proxies whose `X-Forwarded-For` and `traceparent` are believed. From `TRUSTED_PROXIES`.
    pub trusted_proxies: Vec<IpNet>,
    /// Requests to `/sign-in` and `/callback` that one IPv4 address or IPv6 /64 may make in a minute; `None` is no limit.
    /// From `SIGN_IN_REQUESTS_PER_MINUTE`.
    pub sign_in_requests_per_minute: Option<u32>,
}

/// Where traces go.
#[derive(Clone, Debug)]
pub struct TracesConfig {
    /// Takes OTLP over HTTP at `/v1/traces` below it. From `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub collector: Url,
    /// What this service is called there. From `OTEL_SERVICE_NAME`.
    pub service_name: String,
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

/// How log lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line, for machines.
    Json,
}

impl Config {
    /// Reads the process's environment, after the file `.env` of the current folder if there is one; `<NAME>_FILE` names a
    /// file that holds a secret.
    ///
    /// # Errors
    /// All settings that are missing or wrong, one on each line.
    pub fn from_env() -> anyhow::Result<Self> {
        if let Err(error) = dotenvy::from_path(".env")
            && !error.not_found()
        {
            // The library's error repeats the line, which may hold a secret.
            anyhow::bail!(
                ".env cannot be read: each line is NAME=value, and a value with spaces stands in quotes"
            );
        }
        // Invalid UTF-8 becomes a text that no setting accepts, rather than unset.
        let config =
            Self::read(|name| Some(std::env::var_os(name)?.to_string_lossy().into_owned()));
        config.map_err(|errors| {
            let lines: Vec<_> = errors.iter().map(ToString::to_string).collect();
            anyhow::Error::msg(lines.join("\n"))
        })
    }

    /// Reads settings from variables of any source.
    ///
    /// # Errors
    /// All settings that are missing or wrong, one error each.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Vec<SettingError>> {
        let mut reader = Reader {
            variable: &variable,
            errors: Vec::new(),
        };
        Self::assemble(&mut reader).map_err(|Refused| reader.errors)
    }

    fn assemble(reader: &mut Reader<'_>) -> Result<Self, Refused> {
        // All are read before the first `?`, so that one run names all errors.
        let base_url = reader.required("BASE_URL", BaseUrl::parse);
        let cookie_secure = reader.optional("COOKIE_SECURE", parse::boolean);
        let cookie_secret = reader.required("COOKIE_SECRET", CookieSecret::parse);
        let cookie_secret_previous = reader.optional("COOKIE_SECRET_PREVIOUS", CookieSecret::parse);
        let provider = provider(reader, base_url.as_ref().map_err(|_| Refused));
        let session = SessionConfig::assemble(reader);
        let listen = reader.required("LISTEN", parse::address);
        let admin_listen = reader.required("ADMIN_LISTEN", parse::address);
        let frontend_dist = reader.required("FRONTEND_DIST", |text| Ok(PathBuf::from(text)));
        let log_format = reader.required("LOG_FORMAT", parse::log_format);
        let log_filter = reader.required("RUST_LOG", parse::log_filter);
        let collector = reader.optional("OTEL_EXPORTER_OTLP_ENDPOINT", parse::any_web_url);
        let service_name = reader.required("OTEL_SERVICE_NAME", parse::filled);
        let webhook_signing_key = reader.optional("LOGTO_WEBHOOK_SIGNING_KEY", parse::filled);
        let trusted_proxies = reader.optional("TRUSTED_PROXIES", parse::networks);
        let sign_in_requests = reader.required("SIGN_IN_REQUESTS_PER_MINUTE", parse::limit);

        let base_url = base_url?;
        let service_name = service_name?;
        if cookie_secure?.is_some_and(|secure| secure != base_url.is_https()) {
            let reason = "contradicts the scheme of BASE_URL; leave it out";
            return Err(reader.refuse("COOKIE_SECURE", reason));
        }
        Ok(Self {
            base_url,
            provider: provider?,
            cookie_secrets: [Some(cookie_secret?), cookie_secret_previous?]
                .into_iter()
                .flatten()
                .collect(),
            session: session?,
            listen: listen?,
            admin_listen: admin_listen?,
            frontend_dist: frontend_dist?,
            log_format: log_format?,
            log_filter: log_filter?,
            traces: collector?.map(|collector| TracesConfig {
                collector,
                service_name,
            }),
            webhook_signing_key: webhook_signing_key?.map(SecretString::from),
            trusted_proxies: trusted_proxies?.unwrap_or_default(),
            sign_in_requests_per_minute: sign_in_requests?,
        })
    }
}

/// The OpenID Provider, and the application that the bff is there.
fn provider(
    reader: &mut Reader<'_>,
    base_url: Result<&BaseUrl, Refused>,
) -> Result<ClientConfig, Refused> {
    let endpoint = reader.required("LOGTO_ENDPOINT", parse::provider_url);
    let issuer = reader.optional("OIDC_ISSUER", parse::issuer);
    let internal_url = reader.optional("OIDC_INTERNAL_URL", parse::any_web_url);
    let client_id = reader.required("LOGTO_APP_ID", parse::filled);
    let client_secret = reader.required("LOGTO_APP_SECRET", parse::filled);
    let scopes = reader.required("LOGTO_SCOPES", parse::scopes);
    let resources = reader.optional("LOGTO_RESOURCES", parse::resources);
    let prompt = reader.required("LOGTO_PROMPT", parse::prompts);
    let pushes_requests = reader.required("PUSHED_AUTHORIZATION_REQUESTS", parse::boolean);
    let id_token_algorithms = reader.required("ID_TOKEN_ALGORITHMS", parse::algorithms);

    let (endpoint, base_url) = (endpoint?, base_url?);
    let (Ok(redirect_uri), Ok(post_logout_redirect_uri)) = (
        RedirectUrl::new(base_url.redirect_uri()),
        PostLogoutRedirectUrl::new(base_url.post_logout_redirect_uri()),
    ) else {
        return Err(reader.refuse("BASE_URL", "gives no redirect URI"));
    };
    Ok(ClientConfig {
        issuer: issuer?.unwrap_or_else(|| parse::issuer_of(&endpoint)),
        internal_url: internal_url?,
        client_id: ClientId::new(client_id?),
        client_secret: ClientSecret::new(client_secret?),
        redirect_uri,
        post_logout_redirect_uri: Some(post_logout_redirect_uri),
        scopes: scopes?,
        resources: resources?.unwrap_or_default(),
        prompt: prompt?,
        pushes_requests: pushes_requests?,
        id_token_algorithms: id_token_algorithms?,
    })
}

impl SessionConfig {
    fn assemble(reader: &mut Reader<'_>) -> Result<Self, Refused> {
        let store = reader.required("SESSION_STORE", parse::store);
        let idle = reader.required("SESSION_IDLE_SECONDS", parse::seconds);
        let lifetime = reader.required("SESSION_LIFETIME_SECONDS", parse::seconds);
        let refresh_token_lifetime =
            reader.required("REFRESH_TOKEN_LIFETIME_SECONDS", parse::seconds);
        Ok(Self {
            store: store?,
            idle: idle?,
            lifetime: lifetime?,
            refresh_token_lifetime: refresh_token_lifetime?,
        })
    }
}

#[cfg(test)]
mod tests;
