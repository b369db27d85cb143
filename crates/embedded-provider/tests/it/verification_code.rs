//! Verification codes: wrong, late, too many, in parallel. Responses are as recorded from Logto.

use crate::support::{
    Answer, Browser, PHONE, Request, World,
    browser::{CODE, send_body},
};
use serde_json::{Value, json};

/// A code that differs from this one.
fn wrong(code: &str) -> String {
    let first = if code.starts_with('0') { '1' } else { '0' };
    format!("{first}{}", &code[1..])
}

fn mismatch() -> (u16, Value) {
    let body =
        json!({"code": "verification_code.code_mismatch", "message": "Invalid verification code."});
    (400, body)
}

fn too_often() -> (u16, Value) {
    let body = json!({
        "code": "verification_code.exceed_max_try",
        "message":
            "Verification code retries limitation exceeded. Please request a new verification code.",
    });
    (400, body)
}

#[tokio::test]
async fn ten_tries_and_then_even_the_right_code_is_refused() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    let id = browser.ask_for_code(PHONE, "SignIn").await;
    let code = world.newest_code(PHONE);
    for _ in 0..10 {
        assert_eq!(
            browser.verify(PHONE, &id, &wrong(&code)).await.outcome(),
            mismatch()
        );
    }
    assert_eq!(
        browser.verify(PHONE, &id, &wrong(&code)).await.outcome(),
        too_often()
    );
    assert_eq!(
        browser.verify(PHONE, &id, &code).await.outcome(),
        too_often()
    );
}

#[tokio::test]
async fn the_tenth_try_may_be_right() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    let id = browser.ask_for_code(PHONE, "SignIn").await;
    let code = world.newest_code(PHONE);
    for _ in 0..9 {
        browser.verify(PHONE, &id, &wrong(&code)).await;
    }
    assert_eq!(browser.verify(PHONE, &id, &code).await.status, 200);
}

#[tokio::test]
async fn tries_at_once_are_all_counted() {
    let world = World::in_file().await;
    let mut browser = world.browser_on_the_page().await;
    let id = browser.ask_for_code(PHONE, "SignIn").await;
    let code = wrong(&world.newest_code(PHONE));
    let tries: Vec<_> = (0..40)
        .map(|_| {
            let (mut browser, id, code) = (browser.clone(), id.clone(), code.clone());
            tokio::spawn(async move { browser.verify(PHONE, &id, &code).await.outcome() })
        })
        .collect();
    let mut counted = 0;
    for tried in tries {
        let outcome = tried.await.unwrap();
        if outcome == mismatch() {
            counted += 1;
        } else {
            assert_eq!(outcome, too_often());
        }
    }
    assert_eq!(counted, 10);
}

#[tokio::test]
async fn of_many_right_tries_at_once_one_wins_even_over_two_providers() {
    let world = World::in_file().await;
    let second = world.second().await;
    for round in 0..50 {
        let mut browser = world.browser_on_the_page().await;
        let phone = format!("861390000{round:04}");
        let id = browser.ask_for_code(&phone, "SignIn").await;
        let code = world.newest_code(&phone);
        let tries: Vec<_> = (0..6)
            .map(|index| {
                let place = if index % 2 == 0 { &world } else { &second };
                let mut browser = browser.at(place);
                let (id, code, phone) = (id.clone(), code.clone(), phone.clone());
                tokio::spawn(async move { browser.verify(&phone, &id, &code).await.status })
            })
            .collect();
        let mut won = 0;
        for tried in tries {
            won += usize::from(tried.await.unwrap() == 200);
        }
        assert_eq!(won, 1);
    }
}

#[tokio::test]
async fn a_code_is_used_once_and_for_its_own_number() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    let id = browser.ask_for_code(PHONE, "SignIn").await;
    let code = world.newest_code(PHONE);
    let other = browser.verify("8613900000000", &id, &code).await;
    assert_eq!(
        other.outcome(),
        (
            400,
            json!({
                "code": "verification_code.phone_mismatch",
                "message": "Phone mismatch. Please request a new verification code.",
            })
        )
    );
    assert_eq!(browser.verify(PHONE, &id, &code).await.status, 200);
    assert_eq!(
        browser.verify(PHONE, &id, &code).await.outcome(),
        (
            400,
            json!({
                "code": "verification_code.not_found",
                "message": "Verification code not found. Please send verification code first.",
            })
        )
    );
}

#[tokio::test]
async fn a_code_lives_for_ten_minutes_and_no_clock_revives_it() {
    let world = World::new().await;
    for (seconds, status) in [(599, 200), (600, 400)] {
        let mut browser = world.browser_on_the_page().await;
        let id = browser.ask_for_code(PHONE, "SignIn").await;
        let code = world.newest_code(PHONE);
        world.advance(seconds);
        let answer = browser.verify(PHONE, &id, &code).await;
        assert_eq!(answer.status, status);
        if status == 400 {
            assert_eq!(
                answer.json(),
                json!({
                    "code": "verification_code.expired",
                    "message":
                        "Verification code has expired. Please request a new verification code.",
                })
            );
        }
    }
}

#[tokio::test]
async fn only_the_newest_code_works() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    let old = browser.ask_for_code(PHONE, "SignIn").await;
    let old_code = world.newest_code(PHONE);
    let sent = browser.post(CODE, send_body(PHONE, "SignIn")).await.json();
    let new = sent["verificationId"].as_str().unwrap();
    let gone = browser.verify(PHONE, &old, &old_code).await;
    assert_eq!(
        gone.outcome(),
        (
            404,
            json!({
                "code": "session.verification_session_not_found",
                "message":
                    "The verification was not successful. Restart the verification flow and try again.",
            })
        )
    );
    assert_eq!(
        browser
            .verify(PHONE, new, &world.newest_code(PHONE))
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_code_belongs_to_one_interaction() {
    let world = World::new().await;
    let mut one = world.browser_on_the_page().await;
    let mut other = world.browser_on_the_page().await;
    let id = one.ask_for_code(PHONE, "SignIn").await;
    other
        .put("/api/experience", json!({"interactionEvent": "SignIn"}))
        .await;
    let code = world.newest_code(PHONE);
    assert_eq!(other.verify(PHONE, &id, &code).await.status, 404);
    assert_eq!(one.verify(PHONE, &id, &code).await.status, 200);
    assert_eq!(other.identify(&id).await.status, 404);
}

#[tokio::test]
async fn a_number_gets_ten_messages_in_ten_minutes_from_whomever() {
    let world = World::new().await;
    for _ in 0..10 {
        world
            .browser_on_the_page()
            .await
            .ask_for_code(PHONE, "SignIn")
            .await;
        world.advance(30);
    }
    for event in ["SignIn", "Register"] {
        let mut browser = world.browser_on_the_page().await;
        browser
            .put("/api/experience", json!({"interactionEvent": event}))
            .await;
        let refused = browser.post(CODE, send_body(PHONE, event)).await;
        assert_eq!(
            refused.outcome(),
            (
                429,
                json!({
                    "code": "request.message_rate_limited",
                    "message":
                        "Too many messages sent to this recipient. Please try again later.",
                })
            )
        );
        assert_eq!(refused.header("retry-after"), "300");
    }
    assert_eq!(world.messages_to(PHONE), 10);
    let other = "8613900000000";
    world
        .browser_on_the_page()
        .await
        .ask_for_code(other, "SignIn")
        .await;
    world.advance(300);
    world
        .browser_on_the_page()
        .await
        .ask_for_code(PHONE, "SignIn")
        .await;
    assert_eq!(world.messages_to(PHONE), 11);
}

#[tokio::test]
async fn messages_at_once_do_not_pass_the_limit_together() {
    let world = World::in_file().await;
    let mut browsers = Vec::new();
    for _ in 0..25 {
        let mut browser = world.browser_on_the_page().await;
        browser
            .put("/api/experience", json!({"interactionEvent": "SignIn"}))
            .await;
        browsers.push(browser);
    }
    let sends: Vec<_> = browsers
        .into_iter()
        .map(|mut browser| {
            tokio::spawn(async move { browser.post(CODE, send_body(PHONE, "SignIn")).await.status })
        })
        .collect();
    for sent in sends {
        let status = sent.await.unwrap();
        assert!(status == 200 || status == 429, "{status}");
    }
    assert_eq!(world.messages_to(PHONE), 10);
}

#[tokio::test]
async fn known_and_unknown_numbers_get_the_same_answers() {
    let world = World::new().await;
    world
        .browser()
        .sign_in(&world, &Request::new().address(), PHONE)
        .await;
    let mut seen = Vec::new();
    for phone in [PHONE, "8613900000000"] {
        let mut browser = world.browser_on_the_page().await;
        browser
            .put("/api/experience", json!({"interactionEvent": "SignIn"}))
            .await;
        let sent = browser.post(CODE, send_body(phone, "SignIn")).await;
        let id = sent.json()["verificationId"].as_str().unwrap().to_owned();
        let code = wrong(&world.newest_code(phone));
        let refused = browser.verify(phone, &id, &code).await;
        let mut names: Vec<String> = sent.headers.keys().map(ToString::to_string).collect();
        names.sort();
        seen.push((sent.status, names, id.len(), refused.outcome()));
    }
    assert_eq!(seen[0], seen[1]);
}

/// Tries this many wrong codes, ten for each code that is sent.
async fn enter_wrong_codes(world: &World, browser: &mut Browser, count: usize) -> Vec<Answer> {
    let mut answers = Vec::new();
    while answers.len() < count {
        world.advance(61);
        let sent = browser.post(CODE, send_body(PHONE, "SignIn")).await;
        let id = sent.json()["verificationId"].as_str().unwrap().to_owned();
        let code = wrong(&world.newest_code(PHONE));
        for _ in 0..10.min(count - answers.len()) {
            answers.push(browser.verify(PHONE, &id, &code).await);
        }
    }
    answers
}

fn blocked(time: &str) -> (u16, Value) {
    let message = format!("Too many attempts in a short time. Please try again in {time}.");
    let code = "session.verification_blocked_too_many_attempts";
    (400, json!({"code": code, "message": message}))
}

#[tokio::test]
async fn q51_a_hundred_wrong_codes_block_the_number_for_an_hour_over_browsers() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    browser.ask_for_code("8613900000000", "SignIn").await;
    let answers = enter_wrong_codes(&world, &mut browser, 100).await;
    let (last, others) = answers.split_last().unwrap();
    assert!(others.iter().all(|answer| answer.outcome() == mismatch()));
    assert_eq!(last.outcome(), blocked("60 minutes"));

    // Codes are still sent, and the right one is refused, in any browser. Other numbers are free.
    world.advance(1_800);
    let mut other = world.browser_on_the_page().await;
    let id = other.ask_for_code(PHONE, "SignIn").await;
    let code = world.newest_code(PHONE);
    let refused = other.verify(PHONE, &id, &code).await;
    assert_eq!(refused.outcome(), blocked("30 minutes"));
    assert_eq!(refused.header("retry-after"), "1800");
    let free = "8613900000000";
    let id = other.ask_for_code(free, "SignIn").await;
    let code = world.newest_code(free);
    assert_eq!(other.verify(free, &id, &code).await.status, 200);

    // A try during the block does not prolong it.
    world.advance(1_800);
    let id = other.ask_for_code(PHONE, "SignIn").await;
    let code = world.newest_code(PHONE);
    assert_eq!(other.verify(PHONE, &id, &code).await.status, 200);
}

#[tokio::test]
async fn q51_right_and_old_codes_do_not_count() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    browser.ask_for_code("8613900000000", "SignIn").await;
    let answers = enter_wrong_codes(&world, &mut browser, 60).await;
    assert_eq!(answers.last().unwrap().outcome(), mismatch());
    let id = browser.ask_for_code(PHONE, "SignIn").await;
    let code = world.newest_code(PHONE);
    assert_eq!(browser.verify(PHONE, &id, &code).await.status, 200);
    world.advance(3_600);
    let mut browser = world.browser_on_the_page().await;
    browser.ask_for_code("8613900000000", "SignIn").await;
    let answers = enter_wrong_codes(&world, &mut browser, 99).await;
    assert_eq!(answers.last().unwrap().outcome(), mismatch());
}

#[tokio::test]
async fn q51_a_code_that_is_wrong_for_a_later_message_counts_although_the_first_has_expired() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    browser.ask_for_code("8613900000000", "SignIn").await;
    enter_wrong_codes(&world, &mut browser, 90).await;
    let first = browser.ask_for_code(PHONE, "SignIn").await;
    world.advance(540);
    world.let_the_sms_service_break();
    browser.post(CODE, send_body(PHONE, "SignIn")).await;
    let code = wrong(&world.newest_code(PHONE));
    world.advance(61);
    for _ in 0..9 {
        let refused = browser.verify(PHONE, &first, &code).await;
        assert_eq!(refused.outcome(), mismatch());
    }
    let refused = browser.verify(PHONE, &first, &code).await;
    assert_eq!(refused.outcome(), blocked("60 minutes"));
}
