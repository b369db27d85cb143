//! A cache between people and the bff, as RFC 9111 lets it be, never shows one person what another got.

use crate::support::{Answer, TestApp, TestBrowser};
use std::collections::HashMap;

/// A shared cache that keeps whatever it may, for as long as it likes.
#[derive(Default)]
struct SharedCache(HashMap<String, String>);

impl SharedCache {
    /// What somebody gets who asks through the cache.
    async fn visit(&mut self, browser: &mut TestBrowser, path: &str) -> String {
        if let Some(kept) = self.0.get(path) {
            return kept.clone();
        }
        let answer = browser.visit(path).await;
        if may_keep(&answer) {
            self.0.insert(path.to_owned(), answer.body.clone());
        }
        answer.body
    }
}

/// Section 3: not when it says `no-store` or `private`; a status that may be kept by itself, or one that says for how
/// long. A `Set-Cookie` hinders nothing, and a cookie in the request does not, either (section 7.3).
fn may_keep(answer: &Answer) -> bool {
    let control = answer.header("cache-control");
    let says = |word: &str| control.split(',').any(|part| part.trim().starts_with(word));
    let by_itself = matches!(
        answer.status.as_u16(),
        200 | 203 | 204 | 206 | 300 | 301 | 308 | 404 | 405 | 410 | 414 | 501
    );
    !says("no-store") && !says("private") && (by_itself || says("max-age") || says("public"))
}

const PATHS: [&str; 9] = [
    "/",
    "/books",
    "/sign-in-failed?reason=internal",
    "/sign-in?prompt=x",
    "/callback",
    "/api/auth/status",
    "/api/auth/user-info",
    "/api/nothing",
    "/nothing.txt",
];

#[tokio::test]
async fn b196_a_shared_cache_never_shows_one_person_to_another() {
    let app = TestApp::start().await;
    let (mut alice, mut bob) = (app.browser(), app.browser());
    alice.sign_in(&app, "8613900000000", "/").await;
    bob.sign_in(&app, "8613911111111", "/").await;
    let mut cache = SharedCache::default();
    let (alice_sub, bob_sub) = (alice.sub().await.unwrap(), bob.sub().await.unwrap());
    let mut personal = 0;
    for path in PATHS {
        personal += usize::from(cache.visit(&mut alice, path).await.contains(&alice_sub));
        for visitor in [&mut bob, &mut app.browser()] {
            let seen = cache.visit(visitor, path).await;
            assert!(!seen.contains(&alice_sub), "{path}");
        }
        assert!(
            !cache.visit(&mut alice, path).await.contains(&bob_sub),
            "{path}"
        );
    }
    assert!(
        personal >= 4,
        "pages and data are about who is signed in: {personal}"
    );
    assert_eq!(cache.0.len(), 0);

    let asset = "/assets/app-0123456789abcdef.js";
    cache.visit(&mut alice, asset).await;
    assert!(cache.0.contains_key(asset), "this cache keeps what it may");
}

#[tokio::test]
async fn b196_what_sets_a_cookie_or_leads_on_is_kept_by_nobody() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser
        .sign_in_until_callback(&app, "8613900000000", "/")
        .await;
    let answers = [
        browser.visit("/sign-in").await,
        browser.visit(&callback).await,
        browser.visit(&callback).await,
        browser.visit("/").await,
        browser.post("/sign-out", "{}").await,
    ];
    for answer in answers {
        assert_eq!(answer.header("cache-control"), "no-store", "{}", answer.url);
    }
}
