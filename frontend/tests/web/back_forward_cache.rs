//! A page from the back/forward cache is older than it looks: it asks again who is signed in.

use crate::support::{Answer, App, FakeBff, Page, SIGNED_IN, SIGNED_OUT, settle, window};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{PageTransitionEvent, PageTransitionEventInit};

const HOME: Page = Page {
    address: "/",
    status: SIGNED_IN,
    problem: "",
};

fn show_page(persisted: bool) {
    let init = PageTransitionEventInit::new();
    init.set_persisted(persisted);
    let event = PageTransitionEvent::new_with_event_init_dict("pageshow", &init).unwrap();
    window().dispatch_event(&event).unwrap();
}

#[wasm_bindgen_test]
async fn a_restored_page_forgets_the_person_until_the_bff_has_answered() {
    let bff = FakeBff::answering([Answer::Never]);
    let app = App::open(HOME).await;
    show_page(true);
    app.wait_for("[role=status]").await;
    assert!(!app.text().contains("8173"));
    assert_eq!(bff.requests().len(), 1);
}

#[wasm_bindgen_test]
async fn a_restored_page_shows_that_the_person_has_signed_out_meanwhile() {
    let _bff = FakeBff::answering([Answer::Response(200, SIGNED_OUT)]);
    let app = App::open(HOME).await;
    show_page(true);
    app.wait_for("#sign-in").await;
    assert!(app.find("#greeting").is_none());
}

#[wasm_bindgen_test]
async fn a_page_that_was_loaded_anew_does_not_ask() {
    let bff = FakeBff::answering([]);
    let app = App::open(HOME).await;
    show_page(false);
    settle().await;
    assert!(app.find("#greeting").is_some());
    assert_eq!(bff.requests(), []);
}
