//! The one HTTP client to the provider: no redirects (a redirect would be the provider's choice of whom we
//! talk to), time-outs, bounded answers, and errors without URLs and bodies.

use http::{HeaderValue, StatusCode, header::USER_AGENT};
use openidconnect::{AsyncHttpClient, HttpRequest, HttpResponse};
use std::{error::Error as _, fmt, pin::Pin, time::Duration};
use url::Url;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);
const TOTAL_TIMEOUT: Duration = Duration::from_secs(5);
/// 1 MiB: a discovery document has 4 KiB.
const LARGEST_ANSWER: usize = 1 << 20;

/// Reaches the provider from inside: requests to the issuer's origin go to the internal one, if there is one.
pub(crate) struct HttpClient {
    inner: reqwest::Client,
    issuer_origin: url::Origin,
    internal_url: Option<Url>,
}

/// Why there is no answer. The text has no URL, header or body.
#[derive(Debug, thiserror::Error)]
pub(crate) enum HttpClientError {
    #[error("the provider is unreachable: {0}")]
    Unreachable(String),
    #[error("the provider did not answer in time")]
    TimedOut,
    #[error("the provider's answer is larger than {LARGEST_ANSWER} bytes")]
    TooLarge,
    #[error("the provider's answer broke off")]
    BrokeOff,
    /// A fault of the provider's own, or too many requests: it may work a moment later.
    #[error("the provider answered with status {0}")]
    Fault(StatusCode),
}

impl HttpClient {
    pub(crate) fn new(issuer: &Url, internal_url: Option<Url>) -> Result<Self, reqwest::Error> {
        let inner = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TOTAL_TIMEOUT)
            .no_proxy()
            .build()?;
        Ok(Self {
            inner,
            issuer_origin: issuer.origin(),
            internal_url,
        })
    }

    /// The same path and query at the internal origin.
    fn inside(&self, url: &str) -> Option<Url> {
        let mut url = Url::parse(url).ok()?;
        if let Some(internal) = self
            .internal_url
            .as_ref()
            .filter(|_| url.origin() == self.issuer_origin)
        {
            let _ = url.set_scheme(internal.scheme());
            let _ = url.set_host(internal.host_str());
            let _ = url.set_port(internal.port());
        }
        Some(url)
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpClientError> {
        let (parts, body) = request.into_parts();
        let url = self
            .inside(&parts.uri.to_string())
            .ok_or_else(|| HttpClientError::Unreachable("its address is not one".to_owned()))?;
        let request = self
            .inner
            .request(parts.method, url)
            .headers(parts.headers)
            .header(
                USER_AGENT,
                HeaderValue::from_static(concat!("bff/", env!("CARGO_PKG_VERSION"))),
            )
            .body(body);
        let mut answer = request.send().await.map_err(scrub)?;
        let status = answer.status();
        if status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS {
            return Err(HttpClientError::Fault(status));
        }

        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(scrub)? {
            if body.len() + chunk.len() > LARGEST_ANSWER {
                return Err(HttpClientError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut response = HttpResponse::new(body);
        *response.status_mut() = answer.status();
        *response.headers_mut() = std::mem::take(answer.headers_mut());
        Ok(response)
    }
}

/// reqwest's own text carries the URL, and a URL may carry a token.
fn scrub(error: reqwest::Error) -> HttpClientError {
    if error.is_timeout() {
        return HttpClientError::TimedOut;
    }
    if error.is_body() || error.is_decode() {
        return HttpClientError::BrokeOff;
    }
    let mut cause = error.source();
    let mut root = "no connection".to_owned();
    while let Some(deeper) = cause {
        root = deeper.to_string();
        cause = deeper.source();
    }
    HttpClientError::Unreachable(root)
}

impl<'c> AsyncHttpClient<'c> for HttpClient {
    type Error = HttpClientError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpClientError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

impl fmt::Debug for HttpClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HttpClient")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::{Router, routing::get};
    use http::header::LOCATION;

    /// A server at `/ok`, `/large` and `/moved`, and its address.
    async fn server() -> Url {
        let router = Router::new()
            .route("/ok", get(|| async { "ok" }))
            .route("/large", get(|| async { "x".repeat(LARGEST_ANSWER + 1) }))
            .route(
                "/moved",
                get(|| async { (StatusCode::FOUND, [(LOCATION, "/ok")]) }),
            );
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url.parse().unwrap()
    }

    async fn ask(client: &HttpClient, url: &str) -> Result<HttpResponse, HttpClientError> {
        client
            .call(http::Request::get(url).body(Vec::new()).unwrap())
            .await
    }

    #[tokio::test]
    async fn t12_b176_a_redirect_is_an_answer_and_is_not_followed() {
        let url = server().await;
        let client = HttpClient::new(&url, None).unwrap();
        assert_eq!(
            ask(&client, &format!("{url}ok")).await.unwrap().body(),
            b"ok"
        );
        assert_eq!(
            ask(&client, &format!("{url}moved")).await.unwrap().status(),
            StatusCode::FOUND
        );
    }

    #[tokio::test]
    async fn t12_an_answer_without_end_is_cut_off() {
        let url = server().await;
        let client = HttpClient::new(&url, None).unwrap();
        assert!(matches!(
            ask(&client, &format!("{url}large")).await,
            Err(HttpClientError::TooLarge)
        ));
    }

    #[tokio::test]
    async fn from_inside_the_issuer_is_reached_at_its_internal_address_and_nobody_else() {
        let internal = server().await;
        let client =
            HttpClient::new(&"https://logto.example".parse().unwrap(), Some(internal)).unwrap();
        assert_eq!(
            ask(&client, "https://logto.example/ok")
                .await
                .unwrap()
                .body(),
            b"ok"
        );
        let elsewhere = client.inside("https://other.example/ok").unwrap();
        assert_eq!(elsewhere.as_str(), "https://other.example/ok");
    }

    #[tokio::test]
    async fn t12_an_error_does_not_repeat_the_address() {
        let closed = "http://127.0.0.1:1/secret?token=secret";
        let client = HttpClient::new(&closed.parse().unwrap(), None).unwrap();
        let error = ask(&client, closed).await.unwrap_err();
        assert!(matches!(error, HttpClientError::Unreachable(_)), "{error}");
        assert!(
            !format!("{error} {error:?}").contains("secret"),
            "{error:?}"
        );
    }
}
