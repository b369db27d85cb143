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

/// Copies both directions until one ends.
pub(crate) async fn copy(browser: OnUpgrade, mut api: Upgraded) {
    if let Ok(browser) = browser.await {
        let mut browser = TokioIo::new(browser);
        // An end is an end: which side it came from changes nothing.
        let _ = tokio::io::copy_bidirectional(&mut browser, &mut api).await;
    }
}
