//! Three languages: the choice is remembered, and changing it needs no reload.

use crate::support::{App, Page, SIGNED_IN, SIGNED_OUT, document, set_cookie, settle};
use wasm_bindgen_test::wasm_bindgen_test;

const HOME: Page = Page {
    address: "/",
    status: SIGNED_OUT,
    problem: "",
};

fn document_language() -> String {
    let root = document().document_element().unwrap();
    root.get_attribute("lang").unwrap_or_default()
}

#[wasm_bindgen_test]
async fn every_text_changes_at_once_and_the_document_knows_its_language() {
    let app = App::open(Page {
        address: "/no/such/page",
        ..HOME
    })
    .await;
    for (tag, title) in [
        ("ja", "ページが見つかりません"),
        ("zh-CN", "这里什么也没有"),
        ("en", "There is nothing here"),
    ] {
        app.speak(tag).await;
        assert_eq!(app.text_of("h1"), title);
        assert_eq!(document_language(), tag);
        assert_eq!(document().title(), format!("{title} – Bookstore"));
        assert!(
            document()
                .cookie()
                .unwrap()
                .contains(&format!("language={tag}"))
        );
    }
}

#[wasm_bindgen_test]
async fn the_greeting_and_the_sign_in_speak_the_chosen_language() {
    for (tag, greeting) in [
        ("ja", "こんにちは、+86•••••••8173"),
        ("zh-CN", "您好，+86•••••••8173"),
    ] {
        let app = App::open(Page {
            status: SIGNED_IN,
            ..HOME
        })
        .await;
        app.speak(tag).await;
        assert_eq!(app.text_of("#greeting"), greeting);
        drop(app);

        let app = App::open(HOME).await;
        app.speak(tag).await;
        let href = app.attribute("#sign-in", "href");
        assert_eq!(href, format!("/sign-in?returnTo=%2F&uiLocales={tag}"));
    }
}

#[wasm_bindgen_test]
async fn the_choice_is_remembered() {
    set_cookie("language=zh-CN; Path=/");
    let app = App::open(HOME).await;
    assert_eq!(app.text_of("h1"), "欢迎来到 Bookstore");
    assert_eq!(document_language(), "zh-CN");
}

#[wasm_bindgen_test]
async fn without_a_choice_the_browsers_language_counts() {
    // The browser of this test reads English.
    let app = App::open(HOME).await;
    assert_eq!(app.text_of("h1"), "Welcome to Bookstore");
    assert_eq!(document_language(), "en");
}

#[wasm_bindgen_test]
async fn q17_what_a_translator_has_replaced_still_changes() {
    let app = App::open(Page {
        address: "/account",
        status: SIGNED_IN,
        ..HOME
    })
    .await;
    app.wait_for(".phone button").await;
    app.click(".phone button");
    settle().await;
    assert_eq!(app.text_of(".phone .identifier"), "+8613944668173");
    app.translate();
    app.click(".phone button");
    settle().await;
    assert_eq!(app.text_of(".phone .identifier"), "+86•••••••8173");
    assert_eq!(app.text_of(".phone button"), "Show");

    app.translate();
    app.speak("ja").await;
    assert_eq!(app.text_of("h1"), "アカウント");
    assert_eq!(app.text_of("nav a"), "アカウント");
}
