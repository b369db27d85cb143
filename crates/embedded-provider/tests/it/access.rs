//! Access: requests of other origins and large requests are refused.

use crate::support::{PHONE, World, browser::CODE, browser::send_body};
use reqwest::{Method, header::ORIGIN};
use serde_json::json;

#[tokio::test]
async fn a_page_of_another_origin_changes_nothing() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    browser
        .put("/api/experience", json!({"interactionEvent": "SignIn"}))
        .await;
    let calls = [
        (Method::PUT, "/api/experience"),
        (Method::PUT, "/api/experience/interaction-event"),
        (Method::POST, CODE),
        (
            Method::POST,
            "/api/experience/verification/verification-code/verify",
        ),
        (Method::POST, "/api/experience/identification"),
        (Method::POST, "/api/experience/submit"),
        (Method::POST, "/phone-number"),
        (Method::POST, "/oidc/session/end/confirm"),
    ];
    let port = world.endpoint.rsplit(':').next().unwrap();
    let foreign = [
        "https://evil.example".to_owned(),
        "null".to_owned(),
        "http://127.0.0.1:3000".to_owned(),
        format!("https://127.0.0.1:{port}"),
        format!("http://localhost:{port}"),
        format!("{}.evil.example", world.endpoint),
    ];
    for (method, path) in calls {
        for origin in &foreign {
            let request = browser
                .request(method.clone(), path)
                .header(ORIGIN, origin)
                .json(&send_body(PHONE, "SignIn"));
            let answer = browser.send(request).await;
            assert_eq!(answer.status, 403, "{path} {origin}");
            assert_eq!(answer.json()["code"], "auth.forbidden");
        }
    }
    assert_eq!(world.messages(), 0);

    let own = browser
        .request(Method::POST, CODE)
        .header(ORIGIN, &world.endpoint)
        .json(&send_body(PHONE, "SignIn"));
    assert_eq!(browser.send(own).await.status, 200);
}

#[tokio::test]
async fn a_body_that_is_too_large_is_refused() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    let large = "x".repeat(100_000);
    let answer = browser
        .put("/api/experience", json!({"interactionEvent": large}))
        .await;
    assert_eq!(answer.status, 413);
    let form = browser.post_form("/oidc/auth", &[("state", &large)]).await;
    assert!((400..500).contains(&form.status), "{}", form.status);
}

#[tokio::test]
async fn every_answer_keeps_itself_out_of_caches_and_frames() {
    let world = World::new().await;
    let mut browser = world.browser();
    for path in [
        "/oidc/auth",
        "/oidc/me",
        "/sign-in",
        "/nope",
        "/api/experience",
    ] {
        let answer = browser.get(path).await;
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
    }
}
