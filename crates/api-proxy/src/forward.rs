//! One request, sent to an API.

use crate::{
    error::ForwardError,
    headers,
    route::{Limits, Route, TokenKind},
    stall::{Progress, Watched},
    websocket,
};
use axum::body::{Body, Bytes};
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode,
    header::{ALLOW, AUTHORIZATION, CONTENT_LENGTH, FORWARDED},
    request::Parts,
};
use http_body::Body as _;
use http_body_util::{BodyExt, LengthLimitError, Limited};
use secrecy::{ExposeSecret, SecretString};
use std::{error::Error as StdError, fmt, net::IpAddr, pin::Pin};
use tower_http::timeout::TimeoutBody;
use url::Url;

/// Bytes of a body that is kept until the response.
const LARGEST_KEPT_BODY: u64 = 64 * 1024;

/// Where tokens come from.
pub trait TokenSource: Sync {
    /// Why there is no token.
    type Error: Send;

    /// A token for this route's requests. `refused`: the API refused this one a moment ago, so another is wanted; `None` if there
    /// is no other.
    fn token(
        &self,
        refused: Option<&SecretString>,
    ) -> impl Future<Output = Result<Option<SecretString>, Self::Error>> + Send;
}

/// What an API is to know about the request: the client's address, and where the client believes it is.
#[derive(Clone, Copy, Debug)]
pub struct Caller<'a> {
    /// The client's address, as far as trusted proxies say.
    pub address: IpAddr,
    /// The site's own origin: scheme, host and port, such as `https://app.example`.
    pub origin: &'a str,
    /// The path of the site that the route's root is at, such as `/api/proxy/books`.
    pub prefix: &'a str,
}

/// A response.
pub struct Forwarded {
    /// It can be returned as it is.
    pub response: Response<Body>,
    /// After the handshake of a WebSocket: copies its bytes until one side ends. Run it in a task, and drop it to close both.
    pub tunnel: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

/// A body that is sent once, or may be sent again.
enum Sendable {
    Kept(Bytes),
    /// With the length that the client announced.
    Stream(Body, Option<u64>),
}

type Outcome<E> = Result<Forwarded, ForwardError<E>>;

impl<R: Sync> Route<R> {
    /// Sends a request to the API. `path` is the path below the route's root, as the client encoded it, with its first slash.
    ///
    /// # Errors
    /// When the route does not allow the request, there is no token, or the API does not respond.
    pub async fn forward<T: TokenSource>(
        &self,
        request: Request<Body>,
        path: &str,
        caller: Caller<'_>,
        tokens: &T,
    ) -> Outcome<T::Error> {
        if !self.allows_path(path) {
            return Err(ForwardError::NoSuchPath);
        }
        if !self.methods.contains(request.method()) {
            let allowed = self.methods.clone();
            return Err(ForwardError::MethodNotAllowed { allowed });
        }
        let target = self.target(path, request.uri().query());
        if self.opens_websocket(&request) {
            return self.open(request, target, caller, tokens).await;
        }
        let token = self.token(tokens, None).await?;
        let (parts, body) = request.into_parts();
        let mut body = receive(&parts.headers, body, self.limits).await?;
        let response = self
            .send(&parts, &mut body, &target, caller, token.as_ref())
            .await?;
        let is_refused = response.status() == StatusCode::UNAUTHORIZED;
        let response = match token {
            Some(refused) if is_refused && body.is_kept() => {
                match self.token(tokens, Some(&refused)).await? {
                    Some(newer) => {
                        self.send(&parts, &mut body, &target, caller, Some(&newer))
                            .await?
                    }
                    None => response,
                }
            }
            _ => response,
        };
        Ok(Forwarded {
            response: self.response(response, &target, caller),
            tunnel: None,
        })
    }

    /// Whether a request opens a WebSocket of this route.
    #[must_use]
    pub fn opens_websocket(&self, request: &Request<Body>) -> bool {
        self.websocket
            && request.method() == Method::GET
            && websocket::is_handshake(request.headers())
    }

    async fn token<T: TokenSource>(
        &self,
        tokens: &T,
        refused: Option<&SecretString>,
    ) -> Result<Option<SecretString>, ForwardError<T::Error>> {
        if self.token == TokenKind::None {
            return Ok(None);
        }
        tokens.token(refused).await.map_err(ForwardError::Token)
    }

    async fn send<E>(
        &self,
        parts: &Parts,
        body: &mut Sendable,
        target: &Url,
        caller: Caller<'_>,
        token: Option<&SecretString>,
    ) -> Result<reqwest::Response, ForwardError<E>> {
        let headers = self.request_headers(&parts.headers, caller, token);
        let progress = Progress::begin();
        let body = body.next(progress.clone());
        let request = self
            .http
            .request(parts.method.clone(), target.clone())
            .headers(headers)
            .body(reqwest::Body::wrap(body));
        let response = tokio::select! {
            response = request.send() => response,
            () = progress.stalled_for(self.limits.first_byte) => return Err(ForwardError::TimedOut),
        };
        match progress.take_error() {
            Some(error) => Err(body_failure(&error)),
            None => response.map_err(|error| failure(&error)),
        }
    }

    /// Opens a WebSocket. There is no second attempt: a browser opens another one itself.
    async fn open<T: TokenSource>(
        &self,
        mut request: Request<Body>,
        target: Url,
        caller: Caller<'_>,
        tokens: &T,
    ) -> Outcome<T::Error> {
        let token = self.token(tokens, None).await?;
        let browser = hyper::upgrade::on(&mut request);
        let mut headers = self.request_headers(request.headers(), caller, token.as_ref());
        websocket::add_handshake(&mut headers, request.headers(), true);
        let handshake = self.http.get(target.clone()).headers(headers).send();
        let handshake = tokio::time::timeout(self.limits.first_byte, handshake).await;
        let from_api = handshake
            .map_err(|_| ForwardError::TimedOut)?
            .map_err(|error| failure(&error))?;
        if from_api.status() != StatusCode::SWITCHING_PROTOCOLS {
            return Ok(Forwarded {
                response: self.response(from_api, &target, caller),
                tunnel: None,
            });
        }
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        websocket::add_handshake(response.headers_mut(), from_api.headers(), false);
        let api = from_api.upgrade().await.map_err(|error| failure(&error))?;
        Ok(Forwarded {
            response,
            tunnel: Some(Box::pin(websocket::copy(browser, api))),
        })
    }

    fn request_headers(
        &self,
        from_client: &HeaderMap,
        caller: Caller<'_>,
        token: Option<&SecretString>,
    ) -> HeaderMap {
        let mut headers = headers::of_request(from_client, &self.headers);
        for (name, value) in caller.headers() {
            if let Ok(value) = HeaderValue::try_from(value) {
                headers.insert(name, value);
            }
        }
        if let Some(token) = token
            && let Ok(mut bearer) =
                HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))
        {
            bearer.set_sensitive(true);
            headers.insert(AUTHORIZATION, bearer);
        }
        headers
    }

    fn response(
        &self,
        from_api: reqwest::Response,
        target: &Url,
        caller: Caller<'_>,
    ) -> Response<Body> {
        let (mut parts, body) = Response::<reqwest::Body>::from(from_api).into_parts();
        let is_personal = self.token != TokenKind::None || self.require.is_some();
        parts.headers = headers::of_response(
            &parts.headers,
            &self.response_headers,
            &self.base,
            target,
            caller.prefix,
            is_personal,
        );
        parts.extensions.clear();
        Response::from_parts(parts, Body::new(TimeoutBody::new(self.limits.idle, body)))
    }
}

impl<E> ForwardError<E> {
    /// The header that a response to this error needs.
    #[must_use]
    pub fn header(&self) -> Option<(http::HeaderName, HeaderValue)> {
        let Self::MethodNotAllowed { allowed } = self else {
            return None;
        };
        let names: Vec<_> = allowed.iter().map(http::Method::as_str).collect();
        Some((ALLOW, HeaderValue::try_from(names.join(", ")).ok()?))
    }
}

impl Caller<'_> {
    /// `Forwarded` (RFC 7239) and the older headers of the same meaning.
    fn headers(&self) -> [(&'static str, String); 5] {
        let (proto, host) = self.origin.split_once("://").unwrap_or_default();
        let node = match self.address {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("\"[{address}]\""),
        };
        [
            (
                FORWARDED.as_str(),
                format!("for={node};host=\"{host}\";proto={proto}"),
            ),
            ("x-forwarded-for", self.address.to_string()),
            ("x-forwarded-host", host.to_owned()),
            ("x-forwarded-proto", proto.to_owned()),
            ("x-forwarded-prefix", self.prefix.to_owned()),
        ]
    }
}

impl Sendable {
    fn is_kept(&self) -> bool {
        matches!(self, Self::Kept(_))
    }

    /// The body for the next attempt.
    fn next(&mut self, progress: Progress) -> Watched {
        let (body, length) = match self {
            Self::Kept(bytes) => (Body::from(bytes.clone()), Some(bytes.len() as u64)),
            Self::Stream(body, length) => (std::mem::take(body), *length),
        };
        Watched::new(body, length, progress)
    }
}

/// Reads a short body whole, and leaves a long one to be streamed.
async fn receive<E>(
    headers: &HeaderMap,
    body: Body,
    limits: Limits,
) -> Result<Sendable, ForwardError<E>> {
    let announced = headers.get(CONTENT_LENGTH);
    let announced = announced.and_then(|length| length.to_str().ok()?.parse::<u64>().ok());
    let largest = limits.largest_body.unwrap_or(u64::MAX);
    if announced.is_some_and(|length| length > largest) {
        return Err(ForwardError::BodyTooLarge);
    }
    let length = body.size_hint().exact().or(announced);
    let body = Body::new(TimeoutBody::new(limits.idle, body));
    let body = match usize::try_from(largest) {
        Ok(largest) => Body::new(Limited::new(body, largest)),
        Err(_) => body,
    };
    if length.is_none_or(|length| length > LARGEST_KEPT_BODY) {
        return Ok(Sendable::Stream(body, length));
    }
    let mut body = body;
    let mut kept = Vec::new();
    while let Some(frame) = body.frame().await {
        // Copied, because each frame may hold on to a buffer that is much larger than itself.
        match frame.map(http_body::Frame::into_data) {
            Ok(Ok(data)) => kept.extend_from_slice(&data),
            Ok(Err(_)) => {}
            Err(error) => return Err(body_failure(&error)),
        }
    }
    Ok(Sendable::Kept(kept.into()))
}

fn body_failure<E>(error: &(dyn StdError + 'static)) -> ForwardError<E> {
    if causes(error).any(<dyn StdError>::is::<LengthLimitError>) {
        ForwardError::BodyTooLarge
    } else {
        ForwardError::BodyIncomplete
    }
}

/// What went wrong while a request was sent. The URL is left out: a query may be personal.
fn failure<E>(error: &reqwest::Error) -> ForwardError<E> {
    if error.is_timeout() {
        return ForwardError::TimedOut;
    }
    let last = causes(error).last();
    ForwardError::Unreachable(last.map(ToString::to_string).unwrap_or_default())
}

/// An error and what caused it.
fn causes<'a>(
    error: &'a (dyn StdError + 'static),
) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    let source = |error: &&'a (dyn StdError + 'static)| {
        let error: &'a (dyn StdError + 'static) = *error;
        error.source()
    };
    std::iter::successors(Some(error), source)
}

impl fmt::Debug for Forwarded {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Forwarded")
            .field("status", &self.response.status())
            .finish_non_exhaustive()
    }
}
