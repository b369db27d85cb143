//! Pages change without loading the document anew; address, title, focus, back and forward are as anywhere.

use crate::support::{Answer, App, FakeBff, Page, SIGNED_IN, SIGNED_OUT, document, settle, window};
use wasm_bindgen_test::wasm_bindgen_test;

const HOME: Page = Page {
    address: "/",
    status: SIGNED_IN,
    problem: "",
};

fn path() -> String {
    window().location().pathname().unwrap()
}

fn focused() -> String {
    document()
        .active_element()
        .map(|element| element.tag_name())
        .unwrap_or_default()
}

#[wasm_bindgen_test]
async fn a_link_changes_address_title_and_focus_and_back_returns() {
    let bff = FakeBff::answering([Answer::Never, Answer::Never, Answer::Never]);
    let app = App::open(HOME).await;
    app.click("nav a[href='/account']");
    app.wait_for("table").await;
    // It is a visit, as if the page had been loaded.
    let asked: Vec<_> = bff
        .requests()
        .into_iter()
        .map(|asked| asked.method + &asked.path)
        .collect();
    assert!(asked.contains(&"HEAD/".to_owned()), "{asked:?}");
    assert_eq!(path(), "/account");
    assert_eq!(document().title(), "Your account – Bookstore");
    assert_eq!(focused(), "H1");
    assert!(
        app.find("nav a[href='/account'][aria-current=page]")
            .is_some()
    );

    window().history().unwrap().back().unwrap();
    app.wait_for("#greeting").await;
    assert_eq!(
        (path().as_str(), document().title().as_str()),
        ("/", "Bookstore")
    );
    assert_eq!(focused(), "H1");
}

#[wasm_bindgen_test]
async fn the_first_page_leaves_the_focus_alone() {
    let _app = App::open(HOME).await;
    settle().await;
    assert_ne!(focused(), "H1");
}

#[wasm_bindgen_test]
async fn a_page_of_the_person_leads_a_visitor_to_sign_in_and_back() {
    for (address, title) in [("/account", "Your account"), ("/sessions", "Your devices")] {
        let app = App::open(Page {
            address,
            status: SIGNED_OUT,
            ..HOME
        })
        .await;
        assert_eq!(app.text_of("h1"), title);
        let expected = format!("/sign-in?returnTo=%2F{}&uiLocales=en", &address[1..]);
        assert_eq!(app.attribute("#sign-in", "href"), expected);
        assert!(app.find("nav").is_none());
    }
}
