//! The one HTTP client to the provider. It follows no redirect, because that would let the provider choose where a request
//! goes. It limits the time and size of a response, and its errors hold no URL and no body.

use crate::{ClientConfig, Observer, SPAN_TARGET};
use http::{
    HeaderMap, Method, StatusCode,
    header::{ACCEPT, CONTENT_TYPE, HOST, RETRY_AFTER},
};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use serde_json::{Map, Value};
use std::{
    error::Error as _,
    io, iter,
    pin::Pin,
    time::{Duration, Instant},
};
use tracing::{Instrument, Span, field::Empty, trace_span};
use url::Url;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TOTAL_TIMEOUT: Duration = Duration::from_secs(5);
/// How many idle connections stay open after a rush of sign-ins.
const MOST_IDLE: usize = 16;
/// Bytes. A discovery document has 4 KiB.
const LARGEST_RESPONSE: usize = 1 << 20;

/// Sends requests for the issuer's origin to the internal origin, if there is one.
pub(crate) struct HttpClient {
    inner: reqwest::Client,
    issuer: Url,
    internal_url: Option<Url>,
    observer: Box<dyn Observer>,
}

/// The role of an endpoint of the provider.
#[derive(Clone, Copy)]
pub(crate) enum Endpoint {
    /// The discovery document, and the keys that it names.
    Discovery,
    /// For browsers, and for [`Client::probe_authorization`](crate::Client::probe_authorization).
    Authorization,
    PushedAuthorization,
    Token,
    UserInfo,
    Revocation,
}

/// The client, for one endpoint.
pub(crate) struct At<'a> {
    http: &'a HttpClient,
    endpoint: Endpoint,
}

/// Why there is no response. The text has no URL, header or body.
#[derive(Debug, thiserror::Error)]
pub enum HttpClientError {
    /// No connection, or one that is not trusted.
    #[error("the provider is unreachable: {0}")]
    Unreachable(String),
    /// No authority that this program trusts has signed the provider's certificate.
    #[error("the provider's certificate is signed by an unknown authority")]
    UnknownAuthority,
    /// The connection was closed before the response began. It may have been closed before the request, too.
    #[error("the provider closed the connection without an answer")]
    Closed,
    /// No complete response within five seconds.
    #[error("the provider did not answer in time")]
    TimedOut,
    /// The response is larger than 1 MiB.
    #[error("the provider's response is larger than {LARGEST_RESPONSE} bytes")]
    TooLarge,
    /// The response ended too early.
    #[error("the provider's response broke off")]
    BrokeOff,
    /// A failure of the provider, or too many requests: it may work a moment later.
    #[error("the provider answered with status {status}")]
    Fault {
        /// 429 or 5xx.
        status: StatusCode,
        /// When to try again, in seconds from now, if the provider says so (RFC 9110, section 10.2.3).
        retry_after: Option<i64>,
    },
}

impl HttpClientError {
    /// When to try again, in seconds from now, if the provider says so.
    #[must_use]
    pub fn retry_after(&self) -> Option<i64> {
        match self {
            Self::Fault { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    pub(crate) fn not_an_address() -> Self {
        Self::Unreachable("its address is not one".to_owned())
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::Unreachable(_) | Self::UnknownAuthority | Self::Closed => "unreachable",
            Self::TimedOut => "timed_out",
            Self::TooLarge => "too_large",
            Self::BrokeOff => "broke_off",
            Self::Fault { .. } => "fault",
        }
    }
}

impl Endpoint {
    /// Its name in metrics and traces. An address is in neither.
    fn role(self, path: &str) -> &'static str {
        match self {
            Self::Discovery if path.ends_with("/.well-known/openid-configuration") => "discovery",
            Self::Discovery => "jwks",
            Self::Authorization => "authorization",
            Self::PushedAuthorization => "pushed_authorization_request",
            Self::Token => "token",
            Self::UserInfo => "userinfo",
            Self::Revocation => "revocation",
        }
    }
}

impl HttpClient {
    pub(crate) fn new(
        config: &ClientConfig,
        observer: impl Observer + 'static,
    ) -> Result<Self, reqwest::Error> {
        let internal_url = config.internal_url.clone();
        let builder = config.http.builder(internal_url.as_ref());
        let inner = builder
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .pool_max_idle_per_host(MOST_IDLE)
            .user_agent(concat!("oidc-rp/", env!("CARGO_PKG_VERSION")))
            .build()?;
        Ok(Self {
            inner,
            issuer: config.issuer.url().clone(),
            internal_url,
            observer: Box::new(observer),
        })
    }

    /// A client for requests to this endpoint.
    pub(crate) fn at(&self, endpoint: Endpoint) -> At<'_> {
        At {
            http: self,
            endpoint,
        }
    }

    /// A GET request for JSON.
    pub(crate) async fn get(
        &self,
        endpoint: Endpoint,
        url: &Url,
    ) -> Result<HttpResponse, HttpClientError> {
        let request = http::Request::get(url.as_str())
            .header(ACCEPT, "application/json")
            .body(Vec::new())
            .map_err(|_| HttpClientError::not_an_address())?;
        self.at(endpoint).send(request).await
    }

    /// The same path and query at the internal origin.
    fn inside(&self, url: &str) -> Option<Url> {
        let mut url = Url::parse(url).ok()?;
        if let Some(internal) = self
            .internal_url
            .as_ref()
            .filter(|_| url.origin() == self.issuer.origin())
        {
            let _ = url.set_scheme(internal.scheme());
            let _ = url.set_host(internal.host_str());
            let _ = url.set_port(internal.port());
        }
        Some(url)
    }

    /// The request as it is sent. One to the internal origin keeps the issuer's host and scheme, because Logto builds the
    /// addresses of its endpoints from both.
    fn prepared(&self, request: HttpRequest) -> Option<reqwest::Request> {
        let (parts, body) = request.into_parts();
        let url = self.inside(&parts.uri.to_string())?;
        let internal_url = self.internal_url.as_ref();
        let is_internal = internal_url.is_some_and(|internal| internal.origin() == url.origin());
        let mut request = self.inner.request(parts.method, url).headers(parts.headers);
        if is_internal {
            request = request
                .header(HOST, self.issuer.authority())
                .header("x-forwarded-proto", self.issuer.scheme());
        }
        request.body(body).build().ok()
    }

    /// Sends a GET request once more when its connection was closed before the response began. Any other request is sent once:
    /// the provider may have seen it, and takes a code or a refresh token that comes twice for a stolen one.
    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpClientError> {
        let request = self.prepared(request);
        let request = request.ok_or_else(HttpClientError::not_an_address)?;
        let again = request
            .try_clone()
            .filter(|again| again.method() == Method::GET);
        match (self.attempt(request).await, again) {
            (Err(HttpClientError::Closed), Some(again)) => self.attempt(again).await,
            (answer, _) => answer,
        }
    }

    async fn attempt(&self, request: reqwest::Request) -> Result<HttpResponse, HttpClientError> {
        let mut incoming = self.inner.execute(request).await.map_err(scrub)?;
        let status = incoming.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(HttpClientError::Fault {
                status,
                retry_after: seconds(incoming.headers()),
            });
        }

        let mut body = Vec::new();
        while let Some(chunk) = incoming.chunk().await.map_err(scrub)? {
            if body.len() + chunk.len() > LARGEST_RESPONSE {
                return Err(HttpClientError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = status;
        *response.headers_mut() = std::mem::take(incoming.headers_mut());
        Ok(response)
    }
}

/// Says which media type the body has instead of this one. `None` when it has this one, or the response names none.
pub(crate) fn other_media_type(headers: &HeaderMap, expected: &str) -> Option<String> {
    let kind = headers.get(CONTENT_TYPE);
    let kind = kind.filter(|_| !has_media_type(headers, expected))?;
    let kind = crate::visible(&String::from_utf8_lossy(kind.as_bytes()));
    Some(format!("the media type is `{kind}`"))
}

/// Whether the body is of this media type, whatever its parameters; case does not count (RFC 9110, section 8.3.1).
pub(crate) fn has_media_type(headers: &HeaderMap, expected: &str) -> bool {
    let kind = headers.get(CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()?.split(';').next());
    kind.is_some_and(|kind| kind.trim().eq_ignore_ascii_case(expected))
}

/// The members of a JSON object, or what the body is instead.
pub(crate) fn json_object(response: &HttpResponse) -> Result<Map<String, Value>, String> {
    if let Some(fault) = other_media_type(response.headers(), "application/json") {
        return Err(fault);
    }
    serde_json::from_slice(response.body()).map_err(|_| "the body is not a JSON object".to_owned())
}

/// `Retry-After` in seconds. A date is ignored, because the provider's clock may differ.
fn seconds(headers: &HeaderMap) -> Option<i64> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?;
    text.trim().parse().ok().filter(|seconds| *seconds >= 0)
}

/// reqwest's own text has the URL, and a URL may hold a token.
fn scrub(error: reqwest::Error) -> HttpClientError {
    if error.is_timeout() {
        return HttpClientError::TimedOut;
    }
    if error.is_body() || error.is_decode() {
        return HttpClientError::BrokeOff;
    }
    if !error.is_connect() && causes(&error).any(is_closed) {
        return HttpClientError::Closed;
    }
    let root = causes(&error).last().map(ToString::to_string);
    let root = root.unwrap_or_else(|| "no connection".to_owned());
    // The name that rustls gives it.
    if root.contains("UnknownIssuer") {
        return HttpClientError::UnknownAuthority;
    }
    HttpClientError::Unreachable(crate::visible(&root))
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    iter::successors(error.source(), |&cause| cause.source())
}

fn is_closed(cause: &(dyn std::error::Error + 'static)) -> bool {
    let incomplete = cause
        .downcast_ref()
        .is_some_and(hyper::Error::is_incomplete_message);
    let kind = cause.downcast_ref().map(io::Error::kind);
    incomplete
        || matches!(
            kind,
            Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe)
        )
}

impl At<'_> {
    async fn send(&self, mut request: HttpRequest) -> Result<HttpResponse, HttpClientError> {
        let (role, began) = (self.endpoint.role(request.uri().path()), Instant::now());
        let span = span(role, request.method());
        span.in_scope(|| self.http.observer.before(request.headers_mut()));
        let response = self.http.send(request).instrument(span.clone()).await;
        let result = response.as_ref().map(HttpResponse::status);
        let result = result.map_err(HttpClientError::kind);
        note(&span, result);
        self.http.observer.after(role, began.elapsed(), result);
        response
    }
}

/// A span with the fields of OpenTelemetry's semantic conventions. It has no path, query, header or body.
fn span(endpoint: &'static str, method: &Method) -> Span {
    trace_span!(
        target: SPAN_TARGET,
        "provider",
        otel.name = format!("provider {endpoint}"),
        otel.kind = "client",
        otel.status_code = Empty,
        http.request.method = method.as_str(),
        http.response.status_code = Empty,
        "error.type" = Empty,
    )
}

fn note(span: &Span, result: Result<StatusCode, &'static str>) {
    let error = match &result {
        Ok(status) => {
            span.record("http.response.status_code", i64::from(status.as_u16()));
            let is_error = status.is_client_error() || status.is_server_error();
            is_error.then_some(status.as_str())
        }
        Err(kind) => Some(*kind),
    };
    if let Some(kind) = error {
        span.record("otel.status_code", "ERROR");
        span.record("error.type", kind);
    }
}

impl<'c> AsyncHttpClient<'c> for At<'_> {
    type Error = HttpClientError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpClientError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

#[cfg(test)]
mod tests;
