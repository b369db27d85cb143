//! What an authorization response says, once its `state` has found the sign-in: errors, other issuers, and words
//! and tokens that are not the bff's to use.

use crate::support::{Answer, TestApp, TestBrowser};
use reqwest::{Method, StatusCode};

const PHONE: &str = "8613900000000";
const TOKEN: &str = "POST /oidc/token";

/// 303 to the page with the reason, nobody signed in.
async fn assert_failed(browser: &mut TestBrowser, answer: &Answer, reason: &str) {
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    assert_eq!(
        answer.location(),
        format!("/sign-in-failed?reason={reason}")
    );
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(browser.sub().await, None);
}

/// Begins a sign-in and makes up its authorization response.
async fn callback_of(app: &TestApp, browser: &mut TestBrowser, rest: &str) -> String {
    let request = browser.visit("/sign-in").await;
    let request: url::Url = request.location().parse().unwrap();
    let (_, state) = request
        .query_pairs()
        .find(|(name, _)| name == "state")
        .unwrap();
    let issuer = format!("{}/oidc", app.provider_url());
    format!("/callback?state={state}&iss={issuer}&{rest}")
}

#[tokio::test]
async fn b024_an_error_of_the_provider_is_named_and_uses_the_sign_in_up() {
    let app = TestApp::start().await;
    for (error, reason) in [
        ("access_denied", "access_denied"),
        ("login_required", "interaction_required"),
        ("consent_required", "interaction_required"),
        ("server_error", "provider_refused"),
    ] {
        let mut browser = app.browser();
        let url = callback_of(&app, &mut browser, &format!("error={error}")).await;
        let mut liar = browser.clone(); // keeps the cookie that the answer removes
        let answer = browser.visit(&url).await;
        assert_failed(&mut browser, &answer, reason).await;
        for browser in [&mut browser, &mut liar] {
            let again = browser.visit(&url).await;
            assert_failed(browser, &again, "unknown_sign_in").await;
        }
    }
    assert_eq!(app.provider_requests(TOKEN), 0);
}

#[tokio::test]
async fn b027_an_error_beside_a_code_is_an_error() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    let answer = browser
        .visit(&format!("{callback}&error=access_denied"))
        .await;
    assert_failed(&mut browser, &answer, "access_denied").await;
    assert_eq!(app.provider_requests(TOKEN), 0);
}

#[tokio::test]
async fn b026_words_of_the_query_are_not_repeated() {
    let app = TestApp::start().await;
    let right_to_left = "%E2%80%AEmoc.live%E2%80%AC%E2%81%A7";
    let long = "long".repeat(2 * 1_024);
    for words in [
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E",
        &format!("live%00%07%1b[31m%0d%0aSet-Cookie:live=1{right_to_left}"),
        &long,
    ] {
        let mut browser = app.browser();
        let rest = format!("error=x{words}&error_description={words}&error_uri={words}");
        let rest = if words.len() > 1_000 {
            format!("error=x&error_description={words}")
        } else {
            rest
        };
        let url = callback_of(&app, &mut browser, &rest).await;
        let answer = browser.visit(&url).await;
        assert_failed(&mut browser, &answer, "provider_refused").await;
        let page = browser.follow(answer).await;
        for word in ["alert(1)", "live", "longlong", "\u{202e}", "\u{1b}"] {
            assert!(!page.body.contains(word), "{word:?}");
        }
    }
}

#[tokio::test]
async fn b026_an_answer_of_100_kib_is_refused_and_the_next_one_is_read() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let rest = format!("error=x&error_description={}", "x".repeat(100 * 1_024));
    let url = callback_of(&app, &mut browser, &rest).await;
    let answer = browser.visit_bytes(url.as_bytes()).await;
    assert_eq!(
        (answer.status, answer.body.as_str()),
        (StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, "")
    );
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    browser.go(&callback).await;
    assert!(browser.sub().await.is_some());
}

#[tokio::test]
async fn b029_an_answer_of_another_issuer_is_refused_before_the_code_is_used() {
    let app = TestApp::start().await;
    let issuer = format!("{}/oidc", app.provider_url());
    let encoded: String = url::form_urlencoded::byte_serialize(issuer.as_bytes()).collect();
    for wrong in [
        "iss=https%3A%2F%2Fevil.example",
        &format!("iss={encoded}%2F"),
        &format!("iss={encoded}&iss={encoded}"),
        "iss=",
        "",
    ] {
        let mut browser = app.browser();
        let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
        let spoilt = callback.replace(&format!("iss={encoded}"), wrong);
        assert_ne!(callback, spoilt);
        let answer = browser.visit(&spoilt).await;
        let twice = wrong.contains('&');
        let reason = if twice {
            "unknown_sign_in"
        } else {
            "invalid_response"
        };
        assert_failed(&mut browser, &answer, reason).await;
    }
    assert_eq!(app.provider_requests(TOKEN), 0);
}

#[tokio::test]
async fn b033_a_posted_answer_is_refused() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    let (_, form) = callback.split_once('?').unwrap();
    let provider = app.provider_url();
    let answer = browser.page(provider).form("/callback", form).await;
    assert_eq!(
        answer.status,
        StatusCode::FORBIDDEN,
        "from the provider's page"
    );
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", app.base_url()),
    ];
    let answer = browser
        .send(Method::POST, "/callback", &headers, form)
        .await;
    assert_eq!(
        answer.status,
        StatusCode::METHOD_NOT_ALLOWED,
        "from our own page"
    );
    assert_eq!(
        (app.provider_requests(TOKEN), browser.sub().await),
        (0, None)
    );
    browser.go(&callback).await;
    assert!(
        browser.sub().await.is_some(),
        "and the sign-in is still open"
    );
}

#[tokio::test]
async fn b034_tokens_without_a_code_are_no_answer() {
    let app = TestApp::start().await;
    for tokens in [
        "access_token=a",
        "id_token=eyJ",
        "access_token=a&id_token=eyJ&token_type=Bearer",
    ] {
        let mut browser = app.browser();
        let url = callback_of(&app, &mut browser, tokens).await;
        let answer = browser.visit(&url).await;
        assert_failed(&mut browser, &answer, "invalid_response").await;
    }
    assert_eq!(app.provider_requests(TOKEN), 0);
}

#[tokio::test]
async fn b034_b035_tokens_beside_a_code_are_not_used() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, PHONE, "/").await;
    let claims = "eyJzdWIiOiJzb21lYm9keSBlbHNlIn0";
    let forged = format!("id_token=eyJhbGciOiJub25lIn0.{claims}.&access_token=a&refresh_token=r");
    browser.go(&format!("{callback}&{forged}")).await;
    let sub = browser.sub().await.unwrap();
    assert_eq!(app.provider_requests(TOKEN), 1);

    let mut same_person = app.browser();
    same_person.sign_in(&app, PHONE, "/").await;
    assert_eq!(same_person.sub().await, Some(sub));
}

#[tokio::test]
async fn a_code_that_the_provider_does_not_know_is_refused_by_name() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let url = callback_of(&app, &mut browser, "code=made-up").await;
    let answer = browser.visit(&url).await;
    assert_failed(&mut browser, &answer, "code_refused").await;
    assert_eq!(app.provider_requests(TOKEN), 1);
}
