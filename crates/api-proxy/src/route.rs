//! The routes: which APIs there are, and what may be sent to them.

use crate::{headers, path};
use http::{HeaderName, Method};
use http_client::HttpConfig;
use serde::{Deserialize, de::DeserializeOwned};
use std::{collections::BTreeSet, path::Path, time::Duration};
use url::Url;

/// The longest time to connect to an API.
const CONNECT: Duration = Duration::from_secs(5);

/// All routes of a file. `R` is the type of the rule that a route requires; this crate does not look at it.
pub struct Routes<R>(Vec<Route<R>>);

/// One API, and what may be sent to it.
pub struct Route<R> {
    /// The name in URLs.
    pub name: String,
    /// Which token goes along.
    pub token: TokenKind,
    /// The API resource that the token is for (RFC 8707). `None` for the provider's own token.
    pub resource: Option<String>,
    /// Scopes that the token must have.
    pub scopes: Vec<String>,
    /// What the caller must be allowed.
    pub require: Option<R>,
    /// Limits of time and size.
    pub limits: Limits,
    /// Whether WebSockets may be opened.
    pub websocket: bool,
    pub(crate) base: Url,
    pub(crate) methods: Vec<Method>,
    pub(crate) headers: Vec<HeaderName>,
    pub(crate) response_headers: Vec<HeaderName>,
    pub(crate) http: reqwest::Client,
    paths: matchit::Router<()>,
}

/// Which token goes along with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TokenKind {
    /// No token: the API is public, or does not need to know the person.
    None,
    /// The person's.
    User,
    /// The person's as a member of the active organization.
    Organization,
    /// The application's own (client credentials).
    Client,
}

/// Limits of time and size.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// From the last byte of the request to the first of the response.
    pub first_byte: Duration,
    /// Between two pieces of a body, in either direction.
    pub idle: Duration,
    /// Bytes of a request's body. `None`: any number.
    pub largest_body: Option<u64>,
}

/// What is wrong with the file, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum RouteError {
    /// The file cannot be read.
    #[error("cannot be read: {0}")]
    Unreadable(#[from] std::io::Error),
    /// It is not TOML, or a key is missing, unknown or of the wrong type.
    #[error("{0}")]
    Form(String),
    /// A value is wrong.
    #[error("the route `{route}`: `{key}` {reason}")]
    Value {
        /// The route's name.
        route: String,
        /// The key.
        key: &'static str,
        /// What is wrong, as the end of a sentence.
        reason: String,
    },
    /// The HTTP client cannot be created.
    #[error("the HTTP client cannot be created: {0}")]
    Client(#[from] reqwest::Error),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, bound = "R: DeserializeOwned")]
struct File<R> {
    #[serde(default)]
    routes: Vec<Entry<R>>,
}

#[derive(Deserialize)]
#[serde(
    rename_all = "camelCase",
    deny_unknown_fields,
    bound = "R: DeserializeOwned"
)]
struct Entry<R> {
    name: String,
    upstream: Url,
    token: TokenKind,
    resource: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
    require: Option<R>,
    methods: Option<Vec<String>>,
    paths: Option<Vec<String>>,
    #[serde(default)]
    headers: Vec<String>,
    #[serde(default)]
    response_headers: Vec<String>,
    #[serde(default)]
    websocket: bool,
    first_byte_seconds: Option<u64>,
    idle_seconds: Option<u64>,
    largest_body_bytes: Option<u64>,
}

impl<R: DeserializeOwned> Routes<R> {
    /// Reads a file. `http` says how this machine reaches others.
    ///
    /// # Errors
    /// When the file cannot be read or something in it is wrong.
    pub fn load(file: &Path, http: &HttpConfig) -> Result<Self, RouteError> {
        Self::parse(&std::fs::read_to_string(file)?, http)
    }

    /// Parses the text of a file.
    ///
    /// # Errors
    /// When something in it is wrong.
    pub fn parse(text: &str, http: &HttpConfig) -> Result<Self, RouteError> {
        let file: File<R> =
            toml::from_str(text).map_err(|error| RouteError::Form(one_line(&error)))?;
        let mut names = BTreeSet::new();
        for entry in &file.routes {
            if !names.insert(entry.name.clone()) {
                return Err(wrong(entry, "name", "is the name of another route already"));
            }
        }
        let routes = file.routes.into_iter().map(|entry| entry.check(http));
        routes.collect::<Result<_, _>>().map(Self)
    }
}

/// No routes.
impl<R> Default for Routes<R> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<R> Routes<R> {
    /// The route of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Route<R>> {
        self.0.iter().find(|route| route.name == name)
    }

    /// All of them, in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = &Route<R>> {
        self.0.iter()
    }
}

impl<R> Route<R> {
    pub(crate) fn allows_path(&self, path: &str) -> bool {
        path::is_plain(path) && self.paths.at(path).is_ok()
    }

    /// The API's address of this path, which is plain, and query.
    pub(crate) fn target(&self, path: &str, query: Option<&str>) -> Url {
        let mut target = self.base.clone();
        target.set_path(&format!("{}{path}", self.base.path().trim_end_matches('/')));
        target.set_query(query);
        target
    }
}

impl<R> Entry<R> {
    fn check(self, http: &HttpConfig) -> Result<Route<R>, RouteError> {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if self.name.is_empty() || !self.name.bytes().all(is_name) {
            let reason = "must be lower-case letters, digits and hyphens: it is part of URLs";
            return Err(wrong(&self, "name", reason));
        }
        let base = &self.upstream;
        if !matches!(base.scheme(), "http" | "https") || !base.has_host() {
            let reason = "must be an address such as https://api.example/v1";
            return Err(wrong(&self, "upstream", reason));
        }
        if base.query().is_some() || base.fragment().is_some() || has_user(base) {
            let reason = "must not have a user, a query (`?…`) or a fragment (`#…`)";
            return Err(wrong(&self, "upstream", reason));
        }
        if !path::is_plain(base.path()) {
            return Err(wrong(
                &self,
                "upstream",
                "has a path with empty parts or `..`",
            ));
        }
        self.check_token()?;
        let methods = self.checked_methods()?;
        let headers = self.checked_headers("headers", &self.headers)?;
        let response_headers = self.checked_headers("responseHeaders", &self.response_headers)?;
        let paths = self.checked_paths()?;
        let limits = Limits {
            first_byte: seconds(&self, "firstByteSeconds", self.first_byte_seconds, 15)?,
            idle: seconds(&self, "idleSeconds", self.idle_seconds, 60)?,
            largest_body: self.largest_body_bytes,
        };
        // A proxy would read the token of an address that is not https.
        let direct = (self.upstream.scheme() == "http").then_some(&self.upstream);
        let http = http.builder(direct).connect_timeout(CONNECT).build()?;
        Ok(Route {
            name: self.name,
            token: self.token,
            resource: self.resource,
            scopes: self.scopes,
            require: self.require,
            limits,
            websocket: self.websocket,
            base: self.upstream,
            methods,
            headers,
            response_headers,
            http,
            paths,
        })
    }

    fn check_token(&self) -> Result<(), RouteError> {
        let has_resource = self.resource.is_some();
        if self.token == TokenKind::None && self.websocket {
            let reason = "needs a `token`: a WebSocket ends with the person's session";
            return Err(wrong(self, "websocket", reason));
        }
        if self.token == TokenKind::None && (has_resource || !self.scopes.is_empty()) {
            let reason = "is `none`, so there is nothing that `resource` and `scopes` could be of";
            return Err(wrong(self, "token", reason));
        }
        if self.token == TokenKind::Client && !has_resource {
            let reason = "is needed: the application's own token is always for an API resource";
            return Err(wrong(self, "resource", reason));
        }
        if self.token == TokenKind::User && !has_resource && !self.scopes.is_empty() {
            let reason = "need a `resource` that has them";
            return Err(wrong(self, "scopes", reason));
        }
        Ok(())
    }

    /// By default what changes nothing.
    fn checked_methods(&self) -> Result<Vec<Method>, RouteError> {
        let Some(names) = &self.methods else {
            return Ok(vec![Method::GET, Method::HEAD]);
        };
        let known = [
            Method::GET,
            Method::HEAD,
            Method::OPTIONS,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ];
        let methods = names.iter().map(|name| {
            let method = known.iter().find(|method| method.as_str() == name);
            method.cloned().ok_or_else(|| {
                let reason =
                    format!("has `{name}`; known are GET, HEAD, OPTIONS, POST, PUT, PATCH, DELETE");
                wrong(self, "methods", reason)
            })
        });
        methods.collect()
    }

    fn checked_headers(
        &self,
        key: &'static str,
        names: &[String],
    ) -> Result<Vec<HeaderName>, RouteError> {
        let headers = names.iter().map(|name| {
            let header: Option<HeaderName> = name.parse().ok();
            header
                .filter(headers::may_be_forwarded)
                .ok_or_else(|| wrong(self, key, format!("has `{name}`, which is never forwarded")))
        });
        headers.collect()
    }

    /// By default every path.
    fn checked_paths(&self) -> Result<matchit::Router<()>, RouteError> {
        let every = || vec!["/".to_owned(), "/{*path}".to_owned()];
        let patterns = self.paths.clone().unwrap_or_else(every);
        let mut paths = matchit::Router::new();
        for pattern in patterns {
            let inserted = paths.insert(pattern.clone(), ());
            if inserted.is_err() || !pattern.starts_with('/') {
                let reason =
                    format!("has `{pattern}`; write /books, /books/{{id}} or /files/{{*rest}}");
                return Err(wrong(self, "paths", reason));
            }
        }
        Ok(paths)
    }
}

fn has_user(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn seconds<R>(
    entry: &Entry<R>,
    key: &'static str,
    value: Option<u64>,
    default: u64,
) -> Result<Duration, RouteError> {
    match value {
        Some(0) => Err(wrong(entry, key, "must be at least 1")),
        value => Ok(Duration::from_secs(value.unwrap_or(default))),
    }
}

fn wrong<R>(entry: &Entry<R>, key: &'static str, reason: impl Into<String>) -> RouteError {
    RouteError::Value {
        route: entry.name.clone(),
        key,
        reason: reason.into(),
    }
}

fn one_line(error: &toml::de::Error) -> String {
    let text = error.to_string();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Routes<String>, String> {
        let http = HttpConfig::default();
        Routes::parse(text, &http).map_err(|error| error.to_string())
    }

    /// A route with these lines beside its name.
    fn with(lines: &str) -> Result<Routes<String>, String> {
        parse(&format!("[[routes]]\nname = \"books\"\n{lines}"))
    }

    #[test]
    fn a_short_route_reads_every_path() {
        let routes = with("upstream = \"https://api.example/v1/\"\ntoken = \"user\"").unwrap();
        let route = routes.get("books").unwrap();
        assert_eq!(route.methods, [Method::GET, Method::HEAD]);
        assert!(route.allows_path("/") && route.allows_path("/a/b"));
        let target = route.target("/a/%E6%9C%AC", Some("q=1"));
        assert_eq!(target.as_str(), "https://api.example/v1/a/%E6%9C%AC?q=1");
        assert!(routes.get("others").is_none());
    }

    #[test]
    fn a_full_route_says_everything() {
        let routes = with(
            "upstream = \"http://127.0.0.1:3004\"
             token = \"organization\"
             resource = \"https://api.bookstore.example\"
             scopes = [\"read:books\"]
             require = \"a rule\"
             methods = [\"POST\"]
             paths = [\"/books/{id}\"]
             headers = [\"X-Shelf\"]
             websocket = true
             firstByteSeconds = 3
             idleSeconds = 4
             largestBodyBytes = 5",
        );
        let routes = routes.unwrap();
        let route = routes.iter().next().unwrap();
        assert_eq!(route.require.as_deref(), Some("a rule"));
        assert!(route.allows_path("/books/7"));
        for refused in ["/", "/books", "/books/7/x", "/books/..", "/Books/7"] {
            assert!(!route.allows_path(refused), "{refused}");
        }
        let limits = Limits {
            first_byte: Duration::from_secs(3),
            idle: Duration::from_secs(4),
            largest_body: Some(5),
        };
        assert_eq!(route.limits, limits);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_route() {
        let whole = "upstream = \"https://api.example\"\ntoken = \"user\"\n";
        let user = |lines: &str| format!("{whole}{lines}");
        for (lines, expected) in [
            ("token = \"user\"".to_owned(), "missing field `upstream`"),
            (user("upsteam = 1"), "unknown field `upsteam`"),
            (
                "upstream = \"ftp://api.example\"\ntoken = \"user\"".to_owned(),
                "`upstream` must be an address",
            ),
            (
                "upstream = \"https://a:b@api.example\"\ntoken = \"user\"".to_owned(),
                "`upstream` must not have a user",
            ),
            (
                "upstream = \"https://api.example?x\"\ntoken = \"user\"".to_owned(),
                "`upstream` must not have",
            ),
            (
                "upstream = \"https://api.example\"\ntoken = \"robot\"".to_owned(),
                "unknown variant `robot`",
            ),
            (
                "upstream = \"https://api.example\"\ntoken = \"client\"".to_owned(),
                "`resource` is needed",
            ),
            (user("scopes = [\"a\"]"), "`scopes` need a `resource`"),
            (user("methods = [\"CONNECT\"]"), "`methods` has `CONNECT`"),
            (user("paths = [\"books\"]"), "`paths` has `books`"),
            (user("paths = [\"/{a}\", \"/{b}\"]"), "`paths` has `/{b}`"),
            (
                user("headers = [\"Cookie\"]"),
                "`headers` has `Cookie`, which is never forwarded",
            ),
            (user("headers = [\"X-Forwarded-User\"]"), "never forwarded"),
            (user("headers = [\"X_User\"]"), "never forwarded"),
            (user("idleSeconds = 0"), "`idleSeconds` must be at least 1"),
        ] {
            let error = with(&lines).err().unwrap();
            assert!(error.contains(expected), "{lines}: {error}");
        }
        let two = format!("[[routes]]\nname = \"a\"\n{whole}").repeat(2);
        let error = parse(&two).err().unwrap();
        assert!(
            error.contains("the route `a`: `name` is the name of another route"),
            "{error}"
        );
        let named = format!("[[routes]]\nname = \"A/b\"\n{whole}");
        assert!(parse(&named).err().unwrap().contains("`name` must be"));
    }
}
