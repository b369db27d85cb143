//! Logto's Management API: a client that says which call failed, why, and what to do next. It holds the access token, and
//! no error of it holds a secret or a body.

mod error;
pub(crate) mod route;
mod transport;

pub(crate) use error::ApiError;

use crate::settings::Settings;
use error::{Asked, Failure};
use reqwest::{
    Method, RequestBuilder, StatusCode,
    header::{ACCEPT, AUTHORIZATION},
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::{
    Deserialize, Deserializer,
    de::{DeserializeOwned, Error as _},
};
use serde_json::{Map, Value};
use std::time::Duration;
use transport::Answer;
use url::{Url, form_urlencoded};

/// How often a GET request is repeated after a fault of the network. A write is not: it may have been made. The next run
/// finds out.
const REPEATS: u32 = 2;
/// How often one call waits because Logto has too many requests.
const WAITS: u32 = 3;
/// The longest wait, in seconds.
const LONGEST_WAIT: u64 = 30;
/// The most that Logto returns at once.
const PAGE_SIZE: usize = 100;
/// A list with more pages is refused.
const MOST_PAGES: usize = 100;

/// A client of one tenant. Dropping it forgets the access token.
pub(crate) struct ManagementApi {
    http: reqwest::Client,
    settings: Settings,
    token: SecretString,
}

/// An object as the API returns it.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Entity {
    /// Letters, digits, `-` and `_`: it becomes a part of addresses and of what is shown.
    #[serde(deserialize_with = "plain")]
    pub(crate) id: String,
    /// Milliseconds since 1970.
    #[serde(default)]
    pub(crate) created_at: Option<u64>,
    /// Everything else.
    #[serde(flatten)]
    pub(crate) fields: Map<String, Value>,
}

fn plain<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let id = String::deserialize(deserializer)?;
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    let is_id = !id.is_empty() && id.bytes().all(is_plain);
    is_id
        .then_some(id)
        .ok_or_else(|| D::Error::custom("not an id"))
}

impl Entity {
    /// A member that is a text. `None` if it is `null`, too.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.fields.get(name)?.as_str()
    }
}

#[derive(Deserialize)]
struct Token {
    access_token: SecretString,
}

impl ManagementApi {
    /// A client with an access token.
    pub(crate) async fn connect(settings: Settings) -> Result<Self, ApiError> {
        let http = transport::client(&settings.http);
        let http = http.map_err(|error| Asked::token(&settings).failed(Failure::Client(error)))?;
        let token = fetch_token(&http, &settings).await?;
        Ok(Self {
            http,
            settings,
            token,
        })
    }

    pub(crate) fn settings(&self) -> &Settings {
        &self.settings
    }

    /// `path` is one segment after another, e.g. `["roles", id, "scopes"]`.
    pub(crate) async fn get<T: DeserializeOwned>(&mut self, path: &[&str]) -> Result<T, ApiError> {
        let (asked, answer) = self.call(Method::GET, path, &[], None).await?;
        asked.parsed(&answer)
    }

    /// All pages of a list. One that has no pages is returned whole by Logto.
    pub(crate) async fn list<T: DeserializeOwned>(
        &mut self,
        path: &[&str],
        query: &[(&str, &str)],
    ) -> Result<Vec<T>, ApiError> {
        let mut items = Vec::new();
        for page in 1..=MOST_PAGES {
            let (page, size) = (page.to_string(), PAGE_SIZE.to_string());
            let paging = [("page", page.as_str()), ("page_size", size.as_str())];
            let query = [query, &paging].concat();
            let (asked, answer) = self.call(Method::GET, path, &query, None).await?;
            let mut more: Vec<T> = asked.parsed(&answer)?;
            let is_last = more.is_empty();
            items.append(&mut more);
            if is_last || answer.total.is_none_or(|total| items.len() >= total) {
                return Ok(items);
            }
        }
        Err(Asked::api(&Method::GET, path).failed(Failure::TooMany(MOST_PAGES * PAGE_SIZE)))
    }

    pub(crate) async fn post<T: DeserializeOwned>(
        &mut self,
        path: &[&str],
        body: &Value,
    ) -> Result<T, ApiError> {
        let (asked, answer) = self.call(Method::POST, path, &[], Some(body)).await?;
        asked.parsed(&answer)
    }

    /// A write whose answer does not matter.
    pub(crate) async fn write(
        &mut self,
        method: Method,
        path: &[&str],
        body: Option<&Value>,
    ) -> Result<(), ApiError> {
        self.call(method, path, &[], body).await.map(|_| ())
    }

    /// Makes a call until it succeeds or a repetition is of no use.
    async fn call(
        &mut self,
        method: Method,
        path: &[&str],
        query: &[(&str, &str)],
        body: Option<&Value>,
    ) -> Result<(Asked, Answer), ApiError> {
        let asked = Asked::api(&method, path);
        let url = address(&self.settings.endpoint, path, query);
        let (mut repeats, mut waits, mut is_renewed) = (0, 0, false);
        loop {
            let request = self.request(&method, &url, body);
            let answer = match transport::send(request).await {
                Ok(answer) => answer,
                Err(fault) if method == Method::GET && fault.may_pass() && repeats < REPEATS => {
                    repeats += 1;
                    tokio::time::sleep(Duration::from_millis(200) * repeats).await;
                    continue;
                }
                Err(fault) => return Err(asked.failed(Failure::Transport(fault))),
            };
            match answer.status {
                status if status.is_success() => return Ok((asked, answer)),
                StatusCode::UNAUTHORIZED if !is_renewed => {
                    is_renewed = true;
                    self.token = fetch_token(&self.http, &self.settings).await?;
                }
                StatusCode::TOO_MANY_REQUESTS if waits < WAITS && answer.wait().is_some() => {
                    waits += 1;
                    tokio::time::sleep(answer.wait().unwrap_or_default()).await;
                }
                _ => {
                    let secrets = self.secrets(body);
                    return Err(asked.refused(&answer, &secrets));
                }
            }
        }
    }

    fn request(&self, method: &Method, url: &Url, body: Option<&Value>) -> RequestBuilder {
        let bearer = format!("Bearer {}", self.token.expose_secret());
        let request = self.http.request(method.clone(), url.clone());
        let request = request
            .header(AUTHORIZATION, bearer)
            .header(ACCEPT, "application/json");
        match body {
            Some(body) => transport::json(request, body),
            None => request,
        }
    }

    /// Texts that an error must not repeat, even if Logto does.
    fn secrets<'a>(&'a self, body: Option<&'a Value>) -> Vec<&'a str> {
        let mut secrets = vec![
            self.token.expose_secret(),
            self.settings.app_secret.expose_secret(),
        ];
        // The keys of a connector, and the headers of a webhook.
        if let Some(config) = body.and_then(|body| body.get("config")) {
            collect_texts(config, &mut secrets);
        }
        secrets
    }
}

impl Answer {
    /// How long Logto asks to wait. `None` if it does not say, or if it is too long.
    fn wait(&self) -> Option<Duration> {
        self.retry_after
            .filter(|seconds| *seconds <= LONGEST_WAIT)
            .map(Duration::from_secs)
    }
}

fn collect_texts<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::String(text) => texts.push(text),
        Value::Array(items) => items.iter().for_each(|item| collect_texts(item, texts)),
        Value::Object(members) => members.values().for_each(|item| collect_texts(item, texts)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn address(endpoint: &Url, path: &[&str], query: &[(&str, &str)]) -> Url {
    let mut url = endpoint.clone();
    if let Ok(mut segments) = url.path_segments_mut() {
        segments.pop_if_empty().push("api").extend(path);
    }
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    url
}

/// A token for the Management API, by client credentials (RFC 6749, section 4.4). Without `scope=all` it would be one that
/// every call refuses.
async fn fetch_token(
    http: &reqwest::Client,
    settings: &Settings,
) -> Result<SecretString, ApiError> {
    let asked = Asked::token(settings);
    let mut url = settings.admin_endpoint.clone();
    url.set_path("oidc/token");
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("resource", &settings.resource)
        .append_pair("scope", "all")
        .finish();
    // RFC 6749, section 2.3.1: both are encoded as in a form.
    let encoded = |text: &str| form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>();
    let secret = encoded(settings.app_secret.expose_secret());
    let request = http
        .post(url)
        .basic_auth(encoded(&settings.app_id), Some(secret))
        .header("content-type", "application/x-www-form-urlencoded")
        .header(ACCEPT, "application/json")
        .body(form);
    let answer = transport::send(request).await;
    let answer = answer.map_err(|fault| asked.failed(Failure::Transport(fault)))?;
    if !answer.status.is_success() {
        return Err(asked.refused(&answer, &[settings.app_secret.expose_secret()]));
    }
    let token: Token = asked.parsed(&answer)?;
    Ok(token.access_token)
}
