//! Reading changes nothing: every route by GET, HEAD and OPTIONS, with the store compared before and after.

use crate::support::TestApp;
use reqwest::Method;
use std::collections::BTreeSet;

/// It does not end by itself.
const EVENTS: &str = "/api/auth/events";

/// What the router binds, as its source says it, and an address that ends there.
const ADDRESSES: [(&str, &str); 27] = [
    ("path::SIGN_IN", "/sign-in?returnTo=/books"),
    ("path::SIGN_IN", "/sign-in?wrong=1"),
    ("path::CALLBACK", "/callback"),
    ("path::CALLBACK", "/callback?error=access_denied"),
    ("path::CALLBACK", "/callback?state=x&code=y"),
    ("path::SIGN_OUT", "/sign-out"),
    ("path::SIGN_OUT", "/sign-out?everywhere=true"),
    ("path::AUTH_STATUS", "/api/auth/status"),
    ("path::USER_INFO", "/api/auth/user-info"),
    ("path::SESSIONS", "/api/auth/sessions"),
    ("path::SESSION", "/api/auth/sessions/0123456789abcdef"),
    ("path::EVENTS", EVENTS),
    ("\"/healthz\"", "/healthz"),
    ("\"/readyz\"", "/readyz"),
    ("\"/metrics\"", "/metrics"),
    ("\"/api\"", "/api"),
    ("\"/api/{*path}\"", "/api/anything"),
    ("page::show", "/"),
    ("page::show", "/books?shelf=3"),
    ("page::show", "/sign-in-failed?reason=internal"),
    ("page::show", "/no.such.file"),
    ("path::BACK_CHANNEL_LOGOUT", "/backchannel-logout"),
    ("path::LOGTO_WEBHOOK", "/webhooks/logto"),
    ("path::PROXY", "/api/proxy/books"),
    ("\"/api/proxy/{name}/\"", "/api/proxy/books/"),
    ("\"/api/proxy/{name}/{*path}\"", "/api/proxy/books/7"),
    ("\"/assets\"", "/assets/app-0123456789abcdef.js"),
];

#[tokio::test]
async fn b109_no_get_changes_anything() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, "8613900000000", "/").await;
    let stored = app.store_content().await;
    for (_, address) in ADDRESSES {
        for method in [Method::GET, Method::HEAD, Method::OPTIONS] {
            if (address, &method) == (EVENTS, &Method::GET) {
                drop(browser.events().await);
                continue;
            }
            let headers = [("accept", "text/html")];
            let answer = browser.send(method, address, &headers, "").await;
            assert!(answer.status.as_u16() < 500, "{address}");
        }
        assert!(browser.sub().await.is_some(), "{address}");
        assert_eq!(app.store_content().await, stored, "{address}");
    }
}

#[test]
fn b109_no_route_is_forgotten_here() {
    let source = include_str!("../../src/router.rs");
    let (public, _) = source.split_once("pub fn admin").unwrap();
    let bound = [".route(", ".nest_service(", ".fallback("].map(|call| public.split(call).skip(1));
    let bound = bound
        .into_iter()
        .flatten()
        .map(|rest| rest.split([',', ')']).next().unwrap());
    let visited = ADDRESSES.iter().map(|(route, _)| *route);
    assert_eq!(bound.collect::<BTreeSet<_>>(), visited.collect());
}
