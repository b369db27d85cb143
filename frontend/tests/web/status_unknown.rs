//! A page without a status: the app asks, and never takes silence for "signed out".

use crate::support::{Answer, App, FakeBff, Page, Request, SIGNED_IN, SIGNED_OUT};
use wasm_bindgen_test::wasm_bindgen_test;

const HOME: Page = Page {
    address: "/",
    status: "",
    problem: "",
};

fn status_request() -> Request {
    Request {
        method: "GET".to_owned(),
        path: "/api/auth/status".to_owned(),
        csrf: None,
        body: None,
    }
}

#[wasm_bindgen_test]
async fn the_app_asks_and_shows_the_answer() {
    for (status, shown) in [(SIGNED_OUT, "#sign-in"), (SIGNED_IN, "#greeting")] {
        let bff = FakeBff::answering([Answer::Response(200, status)]);
        let app = App::open(HOME).await;
        app.wait_for(shown).await;
        assert_eq!(bff.requests(), [status_request()]);
    }
}

#[wasm_bindgen_test]
async fn while_the_answer_is_awaited_nothing_is_claimed() {
    let _bff = FakeBff::answering([Answer::Never]);
    let app = App::open(HOME).await;
    app.wait_for("[role=status]").await;
    assert_eq!(app.text_of("main"), "One moment…");
}

#[wasm_bindgen_test]
async fn without_an_answer_the_page_says_so_and_asks_again_when_told() {
    for failure in [
        Answer::NetworkError,
        Answer::Response(502, "Bad Gateway"),
        Answer::Response(200, "<!doctype html>"),
    ] {
        let bff = FakeBff::answering([failure, Answer::Response(200, SIGNED_IN)]);
        let app = App::open(HOME).await;
        app.wait_for("#status-failed").await;
        assert!(app.text().contains("The service cannot be reached"));
        assert!(app.find("#sign-in").is_none());

        app.click("#retry");
        app.wait_for("#greeting").await;
        assert_eq!(bff.requests(), [status_request(), status_request()]);
    }
}

#[wasm_bindgen_test]
async fn a_refusal_is_told_in_its_own_words() {
    let problem = r#"{"type":"urn:problem:store_unavailable","title":"","status":503,"code":"store_unavailable"}"#;
    let _bff = FakeBff::answering([Answer::Response(503, problem)]);
    let app = App::open(HOME).await;
    app.wait_for("#status-failed").await;
    assert!(
        app.text()
            .contains("We cannot look up sign-ins at the moment.")
    );
}
