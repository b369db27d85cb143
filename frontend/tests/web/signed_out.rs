//! A visitor sees a welcome and a link that begins a sign-in.

use crate::support::{App, FakeBff, Page, SIGNED_OUT, document};
use wasm_bindgen_test::wasm_bindgen_test;

const HOME: Page = Page {
    address: "/",
    status: SIGNED_OUT,
    problem: "",
};

#[wasm_bindgen_test]
async fn a_visitor_is_welcomed_at_first_paint_without_a_request() {
    let bff = FakeBff::answering([]);
    let app = App::open(HOME).await;
    assert_eq!(app.text_of("h1"), "Welcome to Bookstore");
    assert!(app.find("#greeting").is_none());
    assert!(app.find("#sign-out").is_none());
    assert_eq!(document().title(), "Bookstore");
    assert_eq!(bff.requests(), []);
}

#[wasm_bindgen_test]
async fn the_sign_in_link_is_plain_and_leads_back_here() {
    let app = App::open(Page {
        address: "/?shelf=new&x=%2F#top",
        ..HOME
    })
    .await;
    assert_eq!(
        app.attribute("a#sign-in", "href"),
        "/sign-in?returnTo=%2F%3Fshelf%3Dnew%26x%3D%252F%23top&uiLocales=en"
    );
}

#[wasm_bindgen_test]
async fn an_unknown_address_says_so_and_leads_home() {
    let app = App::open(Page {
        address: "/no/such/page",
        ..HOME
    })
    .await;
    assert_eq!(app.text_of("h1"), "There is nothing here");
    assert_eq!(app.attribute("#not-found a", "href"), "/");
    assert_eq!(document().title(), "There is nothing here – Bookstore");
}
