//! A first sign-in. Every response is as recorded from Logto.

use crate::support::{
    Answer, Browser, PHONE, Request, World,
    relying_party::{SCOPES, decoded},
};
use reqwest::Method;
use serde_json::{Value, json};

const HOUR: &str = "expires=Sun, 22 Nov 2026 20:11:41 GMT";
const TWO_WEEKS: &str = "expires=Sun, 06 Dec 2026 19:11:41 GMT";

#[tokio::test]
async fn q54_a_direct_sign_in_without_such_a_connector_shows_the_fallback() {
    let world = World::new().await;
    let mut browser = world.browser();
    let request = Request::new()
        .with("direct_sign_in", "social:google")
        .with("first_screen", "register");
    let direct = browser.get(&request.address()).await;
    assert_eq!(
        direct.location(),
        "/direct/social/google?app_id=bookstore&fallback=register"
    );
    let page = browser.get(direct.location()).await;
    assert_eq!(
        (page.status, page.location()),
        (303, "/register?app_id=bookstore")
    );
    assert_eq!(browser.get(page.location()).await.status, 200);
    let resume = register(&world, &mut browser).await;
    let answer = browser.follow(&resume).await;
    assert!(answer.authorization_response().contains_key("code"));
}

#[tokio::test]
async fn a_new_person_signs_in_hop_by_hop() {
    let world = World::new().await;
    let mut browser = world.browser();

    let to_page = browser.get(&Request::new().address()).await;
    assert_eq!(
        (to_page.status, to_page.location()),
        (303, "/sign-in?app_id=bookstore")
    );
    let cookies = to_page.cookies();
    assert_eq!(
        cookies[0],
        format!("_interaction; path=/; {HOUR}; samesite=lax; httponly")
    );
    assert!(cookies[1].starts_with("_interaction_resume; path=/oidc/auth/"));
    assert!(cookies[1].ends_with(&format!("; {HOUR}; samesite=lax; httponly")));
    assert_eq!(browser.get(to_page.location()).await.status, 200);

    let resume = register(&world, &mut browser).await;
    assert!(resume.starts_with(&format!("{}/oidc/auth/", world.endpoint)));

    let to_consent = browser.get(&resume).await;
    assert_eq!(
        (to_consent.status, to_consent.location()),
        (303, "/consent?app_id=bookstore")
    );
    let names: Vec<_> = to_consent.cookies();
    assert!(names.contains(&format!(
        "_session; path=/; {TWO_WEEKS}; samesite=lax; httponly"
    )));

    let consented = browser.get("/consent?app_id=bookstore").await;
    assert_eq!(consented.status, 302);
    assert!(
        consented
            .location()
            .starts_with(&format!("{}/oidc/auth/", world.endpoint))
    );

    let to_client = browser.get(consented.location()).await;
    assert_eq!(to_client.status, 303);
    assert!(
        to_client
            .location()
            .starts_with("http://localhost:3000/callback?code=")
    );
    let response = to_client.authorization_response();
    assert_eq!(
        response.keys().collect::<Vec<_>>(),
        ["code", "iss", "state"]
    );
    assert_eq!(
        (response["state"].as_str(), response["iss"].as_str()),
        ("the state", world.issuer.as_str())
    );
    assert_eq!(to_client.header("cache-control"), "no-store");
    assert_eq!(to_client.header("referrer-policy"), "no-referrer");
    assert!(to_client.cookies().iter().any(|cookie| {
        cookie.starts_with("_interaction_resume; path=/oidc/auth/")
            && cookie.contains("expires=Thu, 01 Jan 1970 00:00:00 GMT")
    }));

    check_tokens(&world, &response["code"]).await;
}

/// The calls of the pages, as recorded: the number is unknown, so the person registers.
async fn register(world: &World, browser: &mut Browser) -> String {
    let event = |event| json!({"interactionEvent": event});
    let begun = browser.put("/api/experience", event("SignIn")).await;
    assert_eq!((begun.status, begun.text.as_str()), (204, ""));

    let id = browser.ask_for_code(PHONE, "SignIn").await;
    assert_eq!(id.len(), 21);
    assert_eq!(world.newest_template(PHONE), "SMS_100000001");
    let verified = browser.verify(PHONE, &id, &world.newest_code(PHONE)).await;
    assert_eq!(verified.outcome(), (200, json!({"verificationId": id})));

    let unknown = browser.identify(&id).await;
    assert_eq!(
        unknown.outcome(),
        (
            404,
            json!({
                "code": "user.user_not_exist",
                "data": {"identifier": PHONE},
                "message": "User with {{ identifier }} does not exist.",
            })
        )
    );
    let changed = browser
        .put("/api/experience/interaction-event", event("Register"))
        .await;
    assert_eq!(changed.status, 204);
    assert_eq!(browser.identify(&id).await.outcome(), (201, Value::Null));
    // Logto updates the user once more after creating it, so `updated_at` is later than `created_at`.
    world.clock.advance(time::Duration::milliseconds(35));
    let submitted = browser.post("/api/experience/submit", json!({})).await;
    assert_eq!(submitted.status, 200);
    submitted.json()["redirectTo"].as_str().unwrap().to_owned()
}

async fn check_tokens(world: &World, code: &str) {
    let relying_party = world.relying_party();
    let exchanged = relying_party.exchange(code).await;
    assert_eq!(exchanged.status, 200, "{}", exchanged.text);
    assert_eq!(exchanged.header("cache-control"), "no-store");
    assert_eq!(
        exchanged.header("content-type"),
        "application/json; charset=utf-8"
    );
    let mut tokens = exchanged.json();
    let id_token = tokens["id_token"].as_str().unwrap().to_owned();
    for (opaque, length) in [("access_token", 43), ("refresh_token", 43)] {
        assert_eq!(tokens[opaque].as_str().unwrap().len(), length);
    }
    let userinfo = relying_party
        .userinfo(tokens["access_token"].as_str().unwrap())
        .await
        .json();
    for secret in ["access_token", "refresh_token", "id_token"] {
        tokens[secret] = json!("…");
    }
    assert_eq!(
        tokens,
        json!({
            "access_token": "…", "expires_in": 3600, "id_token": "…", "refresh_token": "…",
            "scope": SCOPES, "token_type": "Bearer",
        })
    );

    let header = decoded(&id_token, 0);
    assert_eq!(header["alg"], "ES384");
    let claims = decoded(&id_token, 1);
    let (sub, sid) = (
        claims["sub"].as_str().unwrap(),
        claims["sid"].as_str().unwrap(),
    );
    assert_eq!(sub.len(), 12);
    assert!(
        sub.bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    );
    assert_eq!(sid.len(), 43);
    let person = json!({
        "sub": sub, "name": null, "picture": null, "updated_at": 1_795_374_701_035_i64, "username": null,
        "created_at": 1_795_374_701_000_i64, "phone_number": PHONE, "phone_number_verified": true,
        "email": null, "email_verified": false, "roles": [], "organizations": [],
    });
    let with = |mut claims: Value, more: Value| {
        let more = more.as_object().unwrap().clone();
        claims.as_object_mut().unwrap().extend(more);
        claims
    };
    let token_only = json!({
        "nonce": "the nonce", "sid": sid, "aud": "bookstore", "exp": 1_795_378_301,
        "iat": 1_795_374_701, "iss": world.issuer,
    });
    let userinfo_only = json!({
        "custom_data": {}, "identities": {}, "sso_identities": [], "organization_data": [],
    });
    assert_eq!(claims, with(person.clone(), token_only));
    assert_eq!(userinfo, with(person, userinfo_only));
}

#[tokio::test]
async fn the_same_number_is_the_same_person_in_another_browser() {
    let world = World::new().await;
    let mut subs = Vec::new();
    for phone in [PHONE, PHONE, "819012345678"] {
        let mut browser = world.browser();
        let answer = browser
            .sign_in(&world, &Request::new().address(), phone)
            .await;
        let code = &answer.authorization_response()["code"];
        let tokens = world.relying_party().exchange(code).await.json();
        let claims = decoded(tokens["id_token"].as_str().unwrap(), 1);
        assert_eq!(claims["phone_number"], phone);
        subs.push(claims["sub"].clone());
    }
    assert_eq!(subs[0], subs[1]);
    assert_ne!(subs[0], subs[2]);
}

#[tokio::test]
async fn an_interaction_goes_on_once_and_only_in_its_own_browser() {
    let world = World::new().await;
    let mut attacker = world.browser();
    let page = attacker.get(&Request::new().address()).await;
    attacker.get(page.location()).await;

    // The attacker's link does not work in the victim's browser.
    let resume = attacker.prove_phone(&world, PHONE).await;
    let mut victim = world.browser();
    let refused = victim.get(&resume).await;
    assert_eq!(
        refused.outcome(),
        (
            400,
            json!({
                "code": "session.not_found",
                "message": "Session not found. Please go back and sign in again.",
                "error": "invalid_request",
                "error_description": "authorization request has expired",
            })
        )
    );
    assert_eq!(victim.cookie("_session"), None);

    let cookies = attacker.clone();
    assert_eq!(attacker.get(&resume).await.status, 303);
    let mut replay = cookies;
    assert_eq!(replay.get(&resume).await.status, 400);
}

#[tokio::test]
async fn a_person_who_has_not_finished_goes_back_to_the_page() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser
        .get(&Request::new().with("login_hint", PHONE).address())
        .await;
    let (path, _) = browser
        .cookies
        .keys()
        .map(|(name, path)| (path.clone(), name.clone()))
        .find(|(_, name)| name == "_interaction_resume")
        .unwrap();
    let back = browser.get(&path).await;
    assert_eq!(
        (back.status, back.location()),
        (
            303,
            format!("/sign-in?app_id=bookstore&login_hint={PHONE}").as_str()
        )
    );
}

#[tokio::test]
async fn an_interaction_ends_after_an_hour() {
    let world = World::new().await;
    let mut browser = world.browser_on_the_page().await;
    world.advance(3600 - 300);
    let id = browser.ask_for_code(PHONE, "SignIn").await;
    world.advance(300);
    let late = browser.verify(PHONE, &id, &world.newest_code(PHONE)).await;
    assert_eq!(
        (late.status, &late.json()["code"]),
        (400, &json!("session.not_found"))
    );
}

#[tokio::test]
async fn the_session_cookie_changes_at_every_sign_in_and_the_old_one_is_dead() {
    let world = World::new().await;
    let mut browser = world.browser();
    browser
        .sign_in(&world, &Request::new().address(), PHONE)
        .await;
    let mut old = browser.clone();
    let again = Request::new().with("prompt", "login consent").address();
    browser.sign_in(&world, &again, PHONE).await;
    assert_ne!(old.cookie("_session"), browser.cookie("_session"));
    let silent = Request::plain().with("prompt", "none").address();
    let code = |answer: crate::support::Answer| answer.authorization_response().remove("code");
    assert!(code(browser.get(&silent).await).is_some());
    assert!(code(old.get(&silent).await).is_none());
}

/// What browsers and machines send on their own.
const PRELOADS: [&[(&str, &str)]; 6] = [
    &[("sec-purpose", "prefetch")],
    &[("sec-purpose", "prefetch;prerender")],
    &[("purpose", "prefetch")],
    &[("sec-fetch-mode", "no-cors"), ("sec-fetch-dest", "image")],
    &[("sec-fetch-mode", "navigate"), ("sec-fetch-dest", "iframe")],
    &[("sec-fetch-mode", "cors"), ("sec-fetch-dest", "empty")],
];

/// Visits an address, after preloads of it, which must use nothing up.
async fn visit_after_preloads(browser: &mut Browser, address: &str) -> Answer {
    let cookies = browser.cookies.clone();
    for headers in PRELOADS {
        let mut request = browser.request(Method::GET, address);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        assert_eq!(browser.send(request).await.status, 403, "{headers:?}");
    }
    let head = browser.request(Method::HEAD, address);
    let head = browser.send(head).await;
    assert_eq!(head.status, 405);
    assert!(head.header("allow").starts_with("GET"));
    assert_eq!(browser.cookies, cookies);
    let request = browser
        .request(Method::GET, address)
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-dest", "document");
    browser.send(request).await
}

#[tokio::test]
async fn q10_preloads_of_the_provider_use_nothing_up() {
    let world = World::new().await;
    let mut browser = world.browser();
    let to_page = visit_after_preloads(&mut browser, &Request::new().address()).await;
    assert_eq!(to_page.location(), "/sign-in?app_id=bookstore");
    let resume = register(&world, &mut browser).await;
    let to_consent = visit_after_preloads(&mut browser, &resume).await;
    let consented = visit_after_preloads(&mut browser, to_consent.location()).await;
    let to_client = visit_after_preloads(&mut browser, consented.location()).await;
    assert!(to_client.authorization_response().contains_key("code"));
    let question = visit_after_preloads(&mut browser, "/oidc/session/end").await;
    assert_eq!(question.status, 200);
}
