//! The person's sessions: this device, the others, and how to end them.

use crate::support::{Answer, App, FakeBff, Page, Request, SIGNED_IN, settle, window};
use wasm_bindgen_test::wasm_bindgen_test;

const PAGE: Page = Page {
    address: "/sessions",
    status: SIGNED_IN,
    problem: "",
};

const TWO: &str = r#"{"sessions":[
    {"id":"aa","createdAt":1795374720,"lastSeenAt":1795374780,"device":{"browser":"Firefox","system":"Windows"},"isCurrent":true},
    {"id":"bb","createdAt":1795374720,"lastSeenAt":1795374780,"device":{"browser":"Safari","system":"iPhone"},"isCurrent":false}]}"#;
const ONE: &str = r#"{"sessions":[
    {"id":"aa","createdAt":1795374720,"lastSeenAt":1795374780,"device":{"browser":"Firefox","system":"Windows"},"isCurrent":true}]}"#;

fn request(method: &str, path: &str, body: Option<&str>) -> Request {
    Request {
        method: method.to_owned(),
        path: path.to_owned(),
        csrf: (method != "GET").then(|| "1".to_owned()),
        body: body.map(str::to_owned),
    }
}

#[wasm_bindgen_test]
async fn another_session_can_be_ended_and_this_one_is_marked() {
    let bff = FakeBff::answering([
        Answer::Response(200, TWO),
        Answer::Response(204, ""),
        Answer::Response(200, ONE),
    ]);
    let app = App::open(PAGE).await;
    app.wait_for(".sessions li + li").await;
    assert_eq!(
        app.text_of(".sessions li:first-child h2"),
        "Firefox on Windows This device"
    );
    assert!(app.find(".sessions li:first-child button").is_none());
    assert!(
        app.text_of(".sessions li + li")
            .contains("Safari on iPhone")
    );
    assert_eq!(
        app.attribute(".sessions li + li button", "aria-label"),
        "Sign out: Safari on iPhone"
    );

    app.click(".sessions li + li button");
    for _ in 0..100 {
        settle().await;
        if app.find(".sessions li + li").is_none() {
            break;
        }
    }
    assert!(app.find(".sessions li + li").is_none());
    assert_eq!(
        bff.requests(),
        [
            request("GET", "/api/auth/sessions", None),
            request("DELETE", "/api/auth/sessions/bb", None),
            request("GET", "/api/auth/sessions", None),
        ]
    );
}

#[wasm_bindgen_test]
async fn an_end_that_did_not_get_through_says_so_and_can_be_tried_again() {
    let _bff = FakeBff::answering([
        Answer::Response(200, TWO),
        Answer::NetworkError,
        Answer::Never,
    ]);
    let app = App::open(PAGE).await;
    app.wait_for(".sessions li + li").await;
    app.click(".sessions li + li button");
    app.wait_for(".sessions [role=alert]").await;
    app.click(".sessions li + li button");
    app.wait_for(".sessions button:disabled").await;
}

#[wasm_bindgen_test]
async fn without_a_list_the_page_says_so_and_asks_again_when_told() {
    let _bff = FakeBff::answering([Answer::NetworkError, Answer::Response(200, ONE)]);
    let app = App::open(PAGE).await;
    app.wait_for("main [role=alert] button").await;
    app.click("main [role=alert] button");
    app.wait_for(".sessions li").await;
}

#[wasm_bindgen_test]
async fn signing_out_everywhere_is_one_post_and_then_the_provider() {
    // A redirect to a fragment of this very page does not leave the test.
    let here = window().location().origin().unwrap() + "/sessions#everywhere";
    let answer = format!(r#"{{"redirectTo":"{here}"}}"#).leak();
    let bff = FakeBff::answering([Answer::Response(200, TWO), Answer::Response(200, answer)]);
    let app = App::open(PAGE).await;
    app.wait_for("#sign-out-everywhere").await;
    app.click("#sign-out-everywhere");
    settle().await;
    settle().await;
    assert_eq!(
        bff.requests()[1],
        request("POST", "/sign-out", Some(r#"{"everywhere":true}"#))
    );
    assert_eq!(window().location().hash().unwrap(), "#everywhere");
}
