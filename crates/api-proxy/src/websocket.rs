//! WebSockets (RFC 6455): the handshake's headers, and the bytes after it.

use crate::headers::list;
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{
        CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_EXTENSIONS, SEC_WEBSOCKET_KEY,
        SEC_WEBSOCKET_PROTOCOL, SEC_WEBSOCKET_VERSION, UPGRADE,
    },
};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use reqwest::Upgraded;
use tokio::io;

const OF_REQUEST: [HeaderName; 4] = [
    SEC_WEBSOCKET_EXTENSIONS,
    SEC_WEBSOCKET_KEY,
    SEC_WEBSOCKET_PROTOCOL,
    SEC_WEBSOCKET_VERSION,
];
const OF_RESPONSE: [HeaderName; 3] = [
    SEC_WEBSOCKET_ACCEPT,
    SEC_WEBSOCKET_EXTENSIONS,
    SEC_WEBSOCKET_PROTOCOL,
];

/// Whether a request opens a WebSocket.
pub(crate) fn is_handshake(headers: &HeaderMap) -> bool {
    list(headers, &CONNECTION)
        .iter()
        .any(|name| name == "upgrade")
        && list(headers, &UPGRADE)
            .iter()
            .any(|name| name == "websocket")
        && headers.contains_key(SEC_WEBSOCKET_KEY)
}

/// Adds the handshake's headers of a request, or of the response to it.
pub(crate) fn add_handshake(headers: &mut HeaderMap, from: &HeaderMap, is_request: bool) {
    let names: &[HeaderName] = if is_request {
        &OF_REQUEST
    } else {
        &OF_RESPONSE
    };
    for name in names {
        for value in from.get_all(name) {
            headers.append(name, value.clone());
        }
    }
    headers.insert(CONNECTION, HeaderValue::from_static("upgrade"));
    headers.insert(UPGRADE, HeaderValue::from_static("websocket"));
}

/// Copies both directions until one ends. A WebSocket is never half closed: each side sends a closing frame first.
pub(crate) async fn copy(browser: OnUpgrade, api: Upgraded) {
    if let Ok(browser) = browser.await {
        let (mut from_browser, mut to_browser) = io::split(TokioIo::new(browser));
        let (mut from_api, mut to_api) = io::split(api);
        tokio::select! {
            _ = io::copy(&mut from_browser, &mut to_api) => {}
            _ = io::copy(&mut from_api, &mut to_browser) => {}
        }
    }
}
