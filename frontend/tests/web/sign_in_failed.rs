//! A sign-in that did not work: what happened, what to do, and a second try that leads back to where it began.

use crate::support::{App, Page, SIGNED_IN, SIGNED_OUT, document, window};
use shared::{Problem, ProblemCode};
use wasm_bindgen_test::wasm_bindgen_test;

fn failed(address: &str) -> Page<'_> {
    Page {
        address,
        status: SIGNED_OUT,
        problem: "",
    }
}

#[wasm_bindgen_test]
async fn every_reason_is_told_in_every_language_with_a_second_try() {
    for code in ProblemCode::ALL {
        let address = format!("/sign-in-failed?reason={}", code.as_str());
        let app = App::open(failed(&address)).await;
        for tag in ["en", "ja", "zh-CN"] {
            app.speak(tag).await;
            let words = app.text_of("#sign-in-failed p");
            assert!(words.ends_with(['.', '。']), "{code:?} {tag}: {words}");
            assert_eq!(app.text_of("code"), code.as_str());
            // The provider may know a person who is not there any more.
            let asks_again = if *code == ProblemCode::CodeRefused {
                "prompt=login&"
            } else {
                ""
            };
            assert_eq!(
                app.attribute("#sign-in", "href"),
                format!("/sign-in?returnTo=%2F&{asks_again}uiLocales={tag}")
            );
        }
    }
}

#[wasm_bindgen_test]
async fn an_unknown_reason_gets_a_general_sentence_and_is_not_repeated() {
    for address in ["/sign-in-failed", "/sign-in-failed?reason=%3Cscript%3E"] {
        let app = App::open(failed(address)).await;
        assert_eq!(
            app.text_of("#sign-in-failed p"),
            "The sign-in could not be finished."
        );
        assert!(app.find("code").is_none());
        assert!(!app.text().contains("script"));
    }
    assert_eq!(document().title(), "The sign-in did not work – Bookstore");
}

#[wasm_bindgen_test]
async fn a_sign_in_that_could_not_begin_shows_the_same_page() {
    let problem = serde_json::to_string(&Problem::new(ProblemCode::ProviderUnavailable)).unwrap();
    let app = App::open(Page {
        problem: &problem,
        ..failed("/sign-in?returnTo=%2F")
    })
    .await;
    assert_eq!(
        app.text_of("#sign-in-failed p"),
        "The sign-in service cannot be reached at the moment."
    );
}

#[wasm_bindgen_test]
async fn the_second_try_returns_to_where_the_first_began() {
    let app = App::open(failed("/?shelf=new")).await;
    // Follow the link no further than its own handler.
    let link = app.find("#sign-in").unwrap();
    link.set_attribute("href", "#").unwrap();
    link.click();
    let storage = window().session_storage().unwrap().unwrap();
    let kept = storage.get_item("return-to").unwrap().unwrap();
    assert_eq!(kept, "/?shelf=new");
    drop(app); // empties the storage

    storage.set_item("return-to", &kept).unwrap();
    let app = App::open(failed("/sign-in-failed?reason=access_denied")).await;
    assert_eq!(
        app.attribute("#sign-in", "href"),
        "/sign-in?returnTo=%2F%3Fshelf%3Dnew&uiLocales=en"
    );
}

#[wasm_bindgen_test]
async fn b199_a_callback_that_was_cut_off_keeps_its_query_to_itself() {
    let problem = serde_json::to_string(&Problem::new(ProblemCode::RateLimited)).unwrap();
    let app = App::open(Page {
        problem: &problem,
        ..failed("/callback?code=secret-code&state=secret-state")
    })
    .await;
    assert_eq!(
        app.text_of("#sign-in-failed p"),
        "There were too many sign-ins from your network in a short time."
    );
    assert_eq!(
        app.attribute("#sign-in", "href"),
        "/sign-in?returnTo=%2F&uiLocales=en"
    );
    assert!(app.find("[href*=secret]").is_none());
}

#[wasm_bindgen_test]
async fn q11_a_person_who_is_signed_in_is_not_offered_a_second_try() {
    let app = App::open(Page {
        status: SIGNED_IN,
        ..failed("/sign-in-failed?reason=code_refused")
    })
    .await;
    assert_eq!(app.text_of("h1"), "You are signed in");
    assert!(app.find("#sign-in").is_none());
    assert_eq!(app.attribute(".button", "href"), "/");
}

#[wasm_bindgen_test]
async fn q13_the_bff_knows_where_the_first_try_began() {
    let app = App::open(failed(
        "/sign-in-failed?reason=access_denied&returnTo=%2Fbooks",
    ))
    .await;
    let href = app.attribute("#sign-in", "href");
    assert_eq!(href, "/sign-in?returnTo=%2Fbooks&uiLocales=en");
    drop(app);
    let app = App::open(failed("/sign-in-failed?returnTo=%2F%2Fevil.example")).await;
    let href = app.attribute("#sign-in", "href");
    assert_eq!(href, "/sign-in?returnTo=%2F&uiLocales=en");
}
