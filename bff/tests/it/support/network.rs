//! The network of a story: which host is which listener. Nothing else can be reached.

use super::site::host_of;
use reqwest::{Client, Method, Response, header::HOST, header::HeaderMap, header::HeaderValue};
use url::Url;

/// Servers at `localhost`, and one that may stand behind TLS at a public address.
#[derive(Clone)]
pub(super) struct Network {
    http: Client,
    behind_tls: Option<Published>,
}

/// A listener that is reached under another name.
#[derive(Clone)]
struct Published {
    public: Url,
    listener: Url,
}

impl Network {
    pub(super) fn local() -> Self {
        let http = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .unwrap();
        Self {
            http,
            behind_tls: None,
        }
    }

    /// What is sent to `public` arrives at `listener`, without TLS and with the public host's name.
    pub(super) fn with_tls_at(public: Url, listener: Url) -> Self {
        Self {
            behind_tls: Some(Published { public, listener }),
            ..Self::local()
        }
    }

    /// The address of the listener, to be spoken to without a library.
    pub(super) fn socket_address_of(&self, url: &Url) -> String {
        let target = self.target(url);
        format!("127.0.0.1:{}", target.port_or_known_default().unwrap())
    }

    pub(super) async fn send(
        &self,
        method: Method,
        url: &Url,
        mut headers: HeaderMap,
        body: &str,
    ) -> Response {
        let authority = url[url::Position::BeforeHost..url::Position::AfterPort].to_owned();
        headers
            .entry(HOST)
            .or_insert(HeaderValue::from_str(&authority).unwrap());
        let request = self.http.request(method, self.target(url));
        let request = request.headers(headers).body(body.to_owned());
        request.send().await.unwrap()
    }

    fn target(&self, url: &Url) -> Url {
        if let Some(published) = &self.behind_tls
            && published.public.origin() == url.origin()
        {
            let mut target = published.listener.clone();
            target.set_path(url.path());
            target.set_query(url.query());
            return target;
        }
        assert!(
            url.scheme() == "http" && host_of(url) == "localhost",
            "the browser was sent out of the story: {url}"
        );
        url.clone()
    }
}
