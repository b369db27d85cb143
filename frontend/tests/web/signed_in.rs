//! A person who is signed in sees a greeting and the claims in words, and can sign out.

use crate::support::{Answer, App, FakeBff, Page, Request, SIGNED_IN, settle, window};
use wasm_bindgen_test::wasm_bindgen_test;

const HOME: Page = Page {
    address: "/",
    status: SIGNED_IN,
    problem: "",
};

fn sign_out_request() -> Request {
    Request {
        method: "POST".to_owned(),
        path: "/sign-out".to_owned(),
        csrf: Some("1".to_owned()),
        body: Some("{}".to_owned()),
    }
}

#[wasm_bindgen_test]
async fn the_person_is_greeted_and_the_number_is_masked() {
    let app = App::open(HOME).await;
    assert_eq!(app.text_of("#greeting"), "Hello, +86•••••••8173");
    assert!(app.text().contains("You are signed in."));
    assert!(app.find("#sign-in").is_none());
}

/// The account, while the provider is being asked.
async fn account(status: &str) -> (FakeBff, App) {
    let bff = FakeBff::answering([Answer::Never]);
    let app = App::open(Page {
        address: "/account",
        status,
        ..HOME
    })
    .await;
    app.wait_for("table").await;
    (bff, app)
}

#[wasm_bindgen_test]
async fn the_account_says_how_long_the_session_lasts() {
    let (_bff, app) = account(SIGNED_IN).await;
    assert_eq!(
        app.text_of(".expiry"),
        "You stay signed in for 14 days, or until you have been away for 24 hours."
    );
}

#[wasm_bindgen_test]
async fn a_phone_number_is_masked_until_it_is_asked_for() {
    let (_bff, app) = account(SIGNED_IN).await;
    let cell = "[data-claim=phone_number] td";
    assert_eq!(app.text_of(&format!("{cell} bdi")), "+86•••••••8173");
    app.click(&format!("{cell} button"));
    app.wait_for(&format!("{cell} button[aria-label^=Hide]"))
        .await;
    assert_eq!(app.text_of(&format!("{cell} bdi")), "+8613944668173");
    app.click(&format!("{cell} button"));
    app.wait_for(&format!("{cell} button[aria-label^=Show]"))
        .await;
    assert!(!app.text().contains("8613944668173"));
}

#[wasm_bindgen_test]
async fn the_account_shows_what_the_provider_says_now() {
    let live = r#"{"sub":"rm551g7117ni","name":"Ada","phone_number":"8613944668173","custom_data":{"tier":"gold"}}"#;
    let bff = FakeBff::answering([Answer::Response(200, live)]);
    let app = App::open(Page {
        address: "/account",
        ..HOME
    })
    .await;
    app.wait_for("[data-claim=custom_data]").await;
    assert_eq!(app.text_of("[data-claim=name] td"), "Ada");
    assert_eq!(
        app.text_of("[data-claim=custom_data] td"),
        r#"{"tier":"gold"}"#
    );
    assert_eq!(
        app.text_of(".live"),
        "As the sign-in service has it at this moment."
    );
    assert_eq!(bff.requests()[0].path, "/api/auth/user-info");
}

#[wasm_bindgen_test]
async fn a_provider_that_cannot_be_asked_leaves_what_the_sign_in_said() {
    let problem = r#"{"status":503,"code":"provider_unavailable"}"#;
    let _bff = FakeBff::answering([Answer::Response(503, problem)]);
    let app = App::open(Page {
        address: "/account",
        ..HOME
    })
    .await;
    app.wait_for("[data-claim=phone_number]").await;
    assert!(
        app.text_of(".live")
            .starts_with("The sign-in service cannot be asked")
    );
}

#[wasm_bindgen_test]
async fn claims_are_told_in_words_and_absent_ones_are_left_out() {
    let (_bff, app) = account(SIGNED_IN).await;
    for (claim, label, value) in [
        ("phone_number_verified", "Phone number verified", "Yes"),
        ("sub", "Identifier", "rm551g7117ni"),
    ] {
        let row = format!("[data-claim={claim}]");
        assert!(app.text_of(&format!("{row} th")).starts_with(label));
        assert_eq!(app.text_of(&format!("{row} td")), value);
    }
    for absent in ["email", "email_verified"] {
        assert!(app.find(&format!("[data-claim={absent}]")).is_none());
    }
}

#[wasm_bindgen_test]
async fn a_moment_is_told_in_the_local_form_of_the_language() {
    let status = r#"{"isAuthenticated":true,"claims":{"sub":"a","updated_at":1795374701759,"iat":1795374701},
        "session":{"expiresIn":60,"idleExpiresIn":60}}"#;
    let (_bff, app) = account(status).await;
    let updated = app.text_of("[data-claim=updated_at] td");
    assert!(
        updated.contains("November") && updated.contains("2026"),
        "{updated}"
    );
    assert_eq!(app.text_of("[data-claim=iat] td"), updated);

    app.speak("ja").await;
    let updated = app.text_of("[data-claim=updated_at] td");
    assert!(updated.contains("2026年11月"), "{updated}");
}

#[wasm_bindgen_test]
async fn b077_b194_what_a_person_typed_stays_text() {
    let status = r#"{"isAuthenticated":true,"claims":{"sub":"a","name":"<img src=x onerror=alert(1)>",
        "picture":"javascript:alert(1)","website":"javascript:alert(1)","profile":"https://example.com/me"},
        "session":{"expiresIn":60,"idleExpiresIn":60}}"#;
    let app = App::open(Page { status, ..HOME }).await;
    assert_eq!(
        app.text_of("#greeting"),
        "Hello, <img src=x onerror=alert(1)>"
    );
    assert!(app.find("img").is_none());
    drop(app);

    let (_bff, app) = account(status).await;
    assert!(app.find("img").is_none());
    assert!(app.find("[href^='javascript:' i]").is_none());
    assert_eq!(
        app.attribute("[data-claim=profile] a", "href"),
        "https://example.com/me"
    );
}

#[wasm_bindgen_test]
async fn a_picture_is_shown_only_when_it_is_https() {
    for (picture, shown) in [
        ("https://localhost:1/a.png", true),
        ("http://localhost:1/a.png", false),
        ("data:image/png;base64,AA", false),
    ] {
        let status = format!(
            r#"{{"isAuthenticated":true,"claims":{{"sub":"a","picture":"{picture}"}},
            "session":{{"expiresIn":60,"idleExpiresIn":60}}}}"#
        );
        let app = App::open(Page {
            status: &status,
            ..HOME
        })
        .await;
        settle().await;
        assert_eq!(app.find("img").is_some(), shown, "{picture}");
    }
}

#[wasm_bindgen_test]
async fn a_sign_out_is_one_post_and_then_the_provider() {
    // A redirect to a fragment of this very page does not leave the test.
    let here = window().location().origin().unwrap() + "/#signed-out";
    let answer = format!(r#"{{"redirectTo":"{here}"}}"#).leak();
    let bff = FakeBff::answering([Answer::Response(200, answer)]);
    let app = App::open(HOME).await;

    app.click("#sign-out");
    settle().await;
    assert_eq!(bff.requests(), [sign_out_request()]);
    assert_eq!(window().location().hash().unwrap(), "#signed-out");
}

#[wasm_bindgen_test]
async fn a_sign_out_that_did_not_get_through_says_so_and_can_be_tried_again() {
    let bff = FakeBff::answering([Answer::NetworkError, Answer::Never]);
    let app = App::open(HOME).await;

    app.click("#sign-out");
    app.wait_for("[role=alert]").await;
    assert_eq!(
        app.text_of("[role=alert]"),
        "You could not be signed out. Please try again."
    );
    app.click("#sign-out");
    app.wait_for("#sign-out:disabled").await;
    assert_eq!(bff.requests(), [sign_out_request(), sign_out_request()]);
}
