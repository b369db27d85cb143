//! What happens elsewhere shows here: other tabs, other devices, the provider, the bff itself.

use crate::support::{
    Answer, App, FakeBff, Page, Request, SIGNED_IN, SIGNED_OUT, fake_stream, settle,
};
use gloo::events::EventListener;
use std::{cell::RefCell, rc::Rc};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{BroadcastChannel, MessageEvent};

const HOME: Page = Page {
    address: "/",
    status: SIGNED_IN,
    problem: "",
};

const EXPIRING: &str = r#"{"expiresIn":600,"idleExpiresIn":290}"#;

/// The home page of a person, with its stream open.
async fn home() -> App {
    let app = App::open(HOME).await;
    for _ in 0..100 {
        if !fake_stream::open_streams().is_empty() {
            return app;
        }
        settle().await;
    }
    panic!("no stream was opened");
}

/// Another tab of this browser.
fn another_tab() -> BroadcastChannel {
    BroadcastChannel::new("auth").unwrap()
}

#[wasm_bindgen_test]
async fn a_person_holds_a_stream_open_and_a_visitor_does_not() {
    let app = home().await;
    assert_eq!(fake_stream::open_streams(), ["/api/auth/events"]);
    drop(app);
    settle().await;
    assert!(fake_stream::open_streams().is_empty());

    let _app = App::open(Page {
        status: SIGNED_OUT,
        ..HOME
    })
    .await;
    settle().await;
    assert!(fake_stream::open_streams().is_empty());
}

#[wasm_bindgen_test]
async fn a_session_that_ends_elsewhere_ends_here_with_the_reason() {
    for (reason, words) in [
        ("ended_elsewhere", "another of your devices"),
        ("account_closed", "closed or suspended"),
        ("provider", "The sign-in service has ended"),
    ] {
        let bff = FakeBff::answering([Answer::Response(200, SIGNED_OUT)]);
        let app = home().await;
        fake_stream::tell("signed-out", &format!(r#"{{"reason":"{reason}"}}"#));
        settle().await;
        app.wait_for(".notice").await;
        assert!(app.text_of(".notice").contains(words), "{}", app.text());
        assert!(app.find("#sign-in").is_some());
        assert!(!app.text().contains("8173"));
        settle().await;
        assert_eq!(bff.requests().len(), 1);
        assert!(fake_stream::open_streams().is_empty());
    }
}

#[wasm_bindgen_test]
async fn a_sign_out_in_another_tab_shows_at_once() {
    let _bff = FakeBff::answering([Answer::Response(200, SIGNED_OUT)]);
    let app = home().await;
    another_tab()
        .post_message(&r#"{"event":"signed-out","data":{"reason":"signed_out"}}"#.into())
        .unwrap();
    app.wait_for("#sign-in").await;
    assert!(
        app.text_of(".notice")
            .contains("You signed out in this browser.")
    );
}

/// What another tab of this browser receives while this happens.
async fn received_by_another_tab(happens: impl AsyncFnOnce()) -> Vec<String> {
    let tab = another_tab();
    let received = Rc::new(RefCell::new(Vec::new()));
    let listener = {
        let received = Rc::clone(&received);
        EventListener::new(&tab, "message", move |event| {
            let event: &MessageEvent = event.unchecked_ref();
            received.borrow_mut().extend(event.data().as_string());
        })
    };
    happens().await;
    for _ in 0..20 {
        settle().await;
    }
    drop(listener);
    tab.close();
    received.take()
}

#[wasm_bindgen_test]
async fn a_sign_out_here_or_everywhere_is_told_to_the_other_tabs() {
    const SESSIONS: &str = r#"{"sessions":[]}"#;
    // A redirect to a fragment of this very page does not leave the test.
    for (address, button, reason) in [
        ("/", "#sign-out", "signed_out"),
        ("/sessions", "#sign-out-everywhere", "everywhere"),
    ] {
        let here = crate::support::window().location().origin().unwrap() + address;
        let answer = format!(r#"{{"redirectTo":"{here}#{reason}"}}"#).leak();
        let list = (address == "/sessions").then_some(Answer::Response(200, SESSIONS));
        let answers: Vec<_> = list
            .into_iter()
            .chain([Answer::Response(200, answer)])
            .collect();
        let _bff = FakeBff::answering(answers);
        let app = App::open(Page { address, ..HOME }).await;
        app.wait_for(button).await;
        let received = received_by_another_tab(async || app.click(button)).await;
        let expected = format!(r#"{{"event":"signed-out","data":{{"reason":"{reason}"}}}}"#);
        assert!(received.contains(&expected), "{received:?}");
    }
}

#[wasm_bindgen_test]
async fn a_sign_in_in_another_tab_is_asked_for() {
    let bff = FakeBff::answering([Answer::Response(200, SIGNED_IN)]);
    let app = App::open(Page {
        status: SIGNED_OUT,
        ..HOME
    })
    .await;
    another_tab()
        .post_message(&r#"{"event":"signed-in"}"#.into())
        .unwrap();
    app.wait_for("#greeting").await;
    assert_eq!(bff.requests().len(), 1);
}

#[wasm_bindgen_test]
async fn changed_claims_are_asked_for() {
    const ADA: &str = r#"{"isAuthenticated":true,"claims":{"sub":"a","name":"Ada"},
        "session":{"expiresIn":60,"idleExpiresIn":60}}"#;
    let bff = FakeBff::answering([Answer::Response(200, ADA)]);
    let app = home().await;
    fake_stream::tell("claims-changed", "{}");
    for _ in 0..20 {
        settle().await;
    }
    assert_eq!(app.text_of("#greeting"), "Hello, Ada");
    assert_eq!(bff.requests().len(), 1);
}

#[wasm_bindgen_test]
async fn a_session_that_ends_soon_can_be_kept() {
    let bff = FakeBff::answering([Answer::Response(200, ""), Answer::Response(200, SIGNED_IN)]);
    let app = home().await;
    fake_stream::tell("expiring", EXPIRING);
    app.wait_for("#renew").await;
    assert!(app.text_of(".notice").contains(", unless you stay."));
    app.click("#renew");
    for _ in 0..100 {
        settle().await;
        if app.find(".notice").is_none() {
            break;
        }
    }
    assert!(app.find(".notice").is_none());
    let asked = |method: &str, path: &str| Request {
        method: method.to_owned(),
        path: path.to_owned(),
        csrf: None,
        body: None,
    };
    assert_eq!(
        bff.requests(),
        [asked("HEAD", "/"), asked("GET", "/api/auth/status")]
    );
}

#[wasm_bindgen_test]
async fn a_session_whose_time_is_over_offers_a_new_sign_in() {
    let app = home().await;
    fake_stream::tell("expiring", r#"{"expiresIn":200,"idleExpiresIn":200}"#);
    app.wait_for(".notice #sign-in-again").await;
    assert!(app.find("#renew").is_none());
}

#[wasm_bindgen_test]
async fn a_notice_can_be_closed() {
    let app = home().await;
    fake_stream::tell("expiring", EXPIRING);
    app.wait_for(".notice").await;
    app.click(".notice button:last-child");
    settle().await;
    assert!(app.find(".notice").is_none());

    // The next one is not closed because this one was.
    fake_stream::tell("expiring", r#"{"expiresIn":600,"idleExpiresIn":100}"#);
    app.wait_for(".notice").await;
}

#[wasm_bindgen_test]
async fn a_bff_that_cannot_be_reached_is_said_and_signs_nobody_out() {
    let bff = FakeBff::answering([Answer::NetworkError, Answer::Response(200, SIGNED_IN)]);
    let app = home().await;
    fake_stream::tell("error", "");
    app.wait_for("#ask-again").await;
    assert!(app.find("#greeting").is_some());
    app.click("#ask-again");
    for _ in 0..100 {
        settle().await;
        if app.find(".notice").is_none() {
            break;
        }
    }
    assert!(app.find(".notice").is_none());
    assert_eq!(bff.requests().len(), 2);
}

#[wasm_bindgen_test]
async fn a_bff_that_did_not_answer_is_asked_again_by_itself() {
    let bff = FakeBff::answering([Answer::NetworkError, Answer::Response(200, SIGNED_IN)]);
    let app = home().await;
    fake_stream::tell("error", "");
    app.wait_for(".notice").await;
    // The network is back: nobody waits for the end of the pause.
    let online = web_sys::Event::new("online").unwrap();
    crate::support::window().dispatch_event(&online).unwrap();
    for _ in 0..100 {
        settle().await;
        if app.find(".notice").is_none() {
            break;
        }
    }
    assert_eq!(bff.requests().len(), 2);
    assert!(app.find(".notice").is_none());
}

#[wasm_bindgen_test]
async fn a_stream_that_was_refused_asks_who_is_signed_in() {
    let bff = FakeBff::answering([Answer::Response(200, SIGNED_OUT)]);
    let app = home().await;
    fake_stream::refuse();
    app.wait_for("#sign-in").await;
    assert!(app.text_of(".notice").contains("its time was over"));
    assert_eq!(bff.requests().len(), 1);
}

#[wasm_bindgen_test]
async fn a_stream_that_opens_asks_for_what_nobody_has_told() {
    let bff = FakeBff::answering([Answer::Response(200, SIGNED_OUT)]);
    let app = home().await;
    fake_stream::tell("open", "");
    app.wait_for("#sign-in").await;
    assert_eq!(bff.requests().len(), 1);
}

#[wasm_bindgen_test]
async fn a_stream_that_was_refused_for_the_moment_is_opened_again() {
    let _bff = FakeBff::answering([Answer::Response(200, SIGNED_IN)]);
    let _app = home().await;
    fake_stream::refuse();
    settle().await;
    assert!(fake_stream::open_streams().is_empty());
    for _ in 0..400 {
        settle().await;
        if !fake_stream::open_streams().is_empty() {
            return;
        }
    }
    panic!("the stream was not opened again");
}

#[wasm_bindgen_test]
async fn while_a_stream_is_broken_the_bff_is_asked_once_and_not_at_each_try() {
    let bff = FakeBff::answering([Answer::Response(200, SIGNED_IN)]);
    let _app = home().await;
    for _ in 0..5 {
        fake_stream::tell("error", "");
        settle().await;
    }
    assert_eq!(bff.requests().len(), 1);
}

#[wasm_bindgen_test]
async fn however_much_is_heard_during_a_question_is_one_question_more() {
    let bff = FakeBff::answering([
        Answer::Response(200, SIGNED_OUT), // older than what is told meanwhile, so nobody heeds it
        Answer::Response(200, SIGNED_IN),
    ]);
    let app = home().await;
    for _ in 0..5 {
        fake_stream::tell("claims-changed", "{}");
    }
    for _ in 0..20 {
        settle().await;
    }
    assert_eq!(bff.requests().len(), 2);
    assert!(app.find("#greeting").is_some());
}

#[wasm_bindgen_test]
async fn somebody_else_who_signs_in_sees_nothing_of_whoever_was_here() {
    const BOB: &str = r#"{"isAuthenticated":true,"claims":{"sub":"bob","phone_number":"818000000000"},
        "session":{"expiresIn":1209600,"idleExpiresIn":86400}}"#;
    let ada = r#"{"sub":"rm551g7117ni","email":"ada@example.com","phone_number":"8613944668173"}"#;
    let _bff = FakeBff::answering([
        Answer::Response(200, ada),
        Answer::Response(200, BOB),
        Answer::Never,
    ]);
    let app = App::open(Page {
        address: "/account",
        ..HOME
    })
    .await;
    app.wait_for("[data-claim=email]").await;
    app.click("[data-claim=phone_number] button");
    another_tab()
        .post_message(&r#"{"event":"signed-in"}"#.into())
        .unwrap();
    for _ in 0..20 {
        settle().await;
    }
    assert_eq!(app.text_of("[data-claim=sub] td"), "bob");
    assert_eq!(
        app.text_of("[data-claim=phone_number] bdi"),
        "+81••••••0000"
    );
    assert!(app.find("[data-claim=email]").is_none());
}
