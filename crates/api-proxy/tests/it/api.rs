//! An API that records what it was sent, and a route to it.

use api_proxy::{Caller, ForwardError, Forwarded, Route, Routes, TokenSource};
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    response::Response,
};
use http_client::HttpConfig;
use secrecy::{ExposeSecret, SecretString};
use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr},
    sync::{Arc, Mutex},
};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

pub(crate) const PREFIX: &str = "/api/proxy/books";

/// A request that the API received.
pub(crate) struct Received {
    pub(crate) request: http::request::Parts,
    pub(crate) body: Vec<u8>,
}

/// An API on this machine, until it is dropped.
pub(crate) struct Api {
    pub(crate) base: Url,
    received: Arc<Mutex<Vec<Received>>>,
    server: JoinHandle<()>,
}

impl Drop for Api {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Api {
    /// Serves an application as it is.
    pub(crate) async fn serve(app: Router) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = listener.local_addr().unwrap();
        let server = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self {
            base: format!("http://{address}/v1").parse().unwrap(),
            received: Arc::default(),
            server,
        }
    }

    /// Records every request, and responds with `respond`.
    pub(crate) async fn recording(
        respond: impl Fn(&Received) -> Response + Clone + Send + Sync + 'static,
    ) -> Self {
        let received: Arc<Mutex<Vec<Received>>> = Arc::default();
        let record = received.clone();
        let app = Router::new().fallback(move |request: Request| {
            let (record, respond) = (record.clone(), respond.clone());
            async move {
                let (request, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX)
                    .await
                    .unwrap_or_default()
                    .to_vec();
                let received = Received { request, body };
                let response = respond(&received);
                record.lock().unwrap().push(received);
                response
            }
        });
        let mut api = Self::serve(app).await;
        api.received = received;
        api
    }

    /// The requests so far.
    pub(crate) fn received(&self) -> Vec<Received> {
        std::mem::take(&mut self.received.lock().unwrap())
    }

    /// A route to it, with these lines in the file.
    pub(crate) fn routes(&self, lines: &str) -> Routes<String> {
        let text = format!(
            "[[routes]]\nname = \"books\"\nupstream = \"{}\"\n{lines}",
            self.base
        );
        Routes::parse(&text, &HttpConfig::default()).unwrap()
    }
}

/// Tokens that are handed out one after the other. The last one is the only one from then on.
pub(crate) struct Tokens(pub(crate) &'static [&'static str]);

impl TokenSource for Tokens {
    type Error = Infallible;

    async fn token(
        &self,
        refused: Option<&SecretString>,
    ) -> Result<Option<SecretString>, Infallible> {
        let Some(refused) = refused else {
            return Ok(self.0.first().map(|token| (*token).into()));
        };
        let at = self
            .0
            .iter()
            .position(|token| *token == refused.expose_secret());
        let next = at.and_then(|at| self.0.get(at + 1));
        Ok(next.map(|token| (*token).into()))
    }
}

pub(crate) const CALLER: Caller<'_> = Caller {
    address: IpAddr::V4(Ipv4Addr::new(203, 0, 113, 7)),
    origin: "https://app.example",
    prefix: PREFIX,
};

/// Sends a request by the route `books`.
pub(crate) async fn forward(
    routes: &Routes<String>,
    request: Request,
    tokens: &Tokens,
) -> Result<Forwarded, ForwardError<Infallible>> {
    let route: &Route<String> = routes.get("books").unwrap();
    let path = request.uri().path().to_owned();
    route.forward(request, &path, CALLER, tokens).await
}

pub(crate) async fn text(response: Response<Body>) -> String {
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    String::from_utf8(bytes.to_vec()).unwrap()
}
