//! Refresh tokens: scopes, rotation, reuse, as recorded from Logto.

use crate::{
    authorization_code::invalid_grant,
    support::{
        PHONE, Request, World,
        relying_party::{SCOPES, decoded},
    },
};
use serde_json::{Value, json};

const DAY: i64 = 24 * 60 * 60;

async fn tokens(world: &World, request: &Request) -> Value {
    let mut browser = world.browser();
    let answer = browser.sign_in(world, &request.address(), PHONE).await;
    let code = &answer.authorization_response()["code"];
    world.relying_party().exchange(code).await.json()
}

async fn refresh_token(world: &World) -> String {
    text(&tokens(world, &Request::new()).await, "refresh_token")
}

fn text(tokens: &Value, name: &str) -> String {
    tokens[name]
        .as_str()
        .unwrap_or_else(|| panic!("{tokens}"))
        .to_owned()
}

#[tokio::test]
async fn a_fresh_token_is_not_replaced_and_repeats_what_the_first_id_token_said() {
    let world = World::new().await;
    let first = tokens(&world, &Request::new().with("max_age", "1000")).await;
    world.advance(100);
    let token = text(&first, "refresh_token");
    for _ in 0..2 {
        let second = world.relying_party().refresh(&token).await.json();
        assert_eq!(text(&second, "refresh_token"), token);
        assert_eq!(second["scope"], SCOPES);
        assert_ne!(second["access_token"], first["access_token"]);
        let mut expected = decoded(&text(&first, "id_token"), 1);
        expected["iat"] = json!(expected["iat"].as_i64().unwrap() + 100);
        expected["exp"] = json!(expected["exp"].as_i64().unwrap() + 100);
        assert_eq!(decoded(&text(&second, "id_token"), 1), expected);
        assert!(expected["auth_time"].is_i64());
    }
}

#[tokio::test]
async fn scopes_may_be_narrowed_for_one_answer_and_never_widened() {
    let world = World::new().await;
    let token = refresh_token(&world).await;
    let relying_party = world.relying_party();
    let refresh = |scope: &'static str| {
        [
            ("grant_type", "refresh_token"),
            ("refresh_token", token.as_str()),
            ("scope", scope),
        ]
    };
    let narrow = relying_party
        .post("/token", &refresh("openid"))
        .await
        .json();
    assert_eq!(narrow["scope"], "openid");
    let claims = decoded(&text(&narrow, "id_token"), 1);
    let mut names: Vec<&String> = claims.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["aud", "exp", "iat", "iss", "nonce", "sid", "sub"]);
    let userinfo = relying_party
        .userinfo(&text(&narrow, "access_token"))
        .await
        .json();
    assert_eq!(userinfo, json!({"sub": claims["sub"]}));

    let wide = relying_party
        .post("/token", &refresh("openid address"))
        .await;
    assert_eq!(
        wide.outcome(),
        (
            400,
            json!({
                "code": "oidc.invalid_scope",
                "message": "Invalid scope: {{error_description}}.",
                "error": "invalid_scope",
                "error_description": "refresh token missing requested scope",
                "scope": "address",
            })
        )
    );
    assert_eq!(relying_party.refresh(&token).await.json()["scope"], SCOPES);
}

#[tokio::test]
async fn a_token_is_replaced_once_seventy_percent_of_its_life_have_passed() {
    for (seconds, replaced) in [(14 * DAY * 7 / 10 - 1, false), (14 * DAY * 7 / 10, true)] {
        let world = World::new().await;
        let token = refresh_token(&world).await;
        world.advance(seconds);
        let answer = world.relying_party().refresh(&token).await.json();
        assert_eq!(
            text(&answer, "refresh_token") != token,
            replaced,
            "{seconds}"
        );
    }
}

#[tokio::test]
async fn a_replaced_token_works_three_seconds_longer_and_then_ends_the_grant() {
    let world = World::new().await;
    let relying_party = world.relying_party();
    let old = refresh_token(&world).await;
    world.advance(14 * DAY * 3 / 4);
    let first = text(&relying_party.refresh(&old).await.json(), "refresh_token");
    world.advance(3);
    let second = relying_party.refresh(&old).await.json();
    assert_ne!(text(&second, "refresh_token"), first);
    let access_token = text(&second, "access_token");

    world.advance(1);
    assert_eq!(relying_party.refresh(&old).await.outcome(), invalid_grant());
    assert_eq!(
        relying_party.refresh(&first).await.outcome(),
        invalid_grant()
    );
    assert_eq!(relying_party.userinfo(&access_token).await.status, 401);
}

#[tokio::test]
async fn a_token_ends_with_its_life_and_a_chain_with_its_year() {
    let world = World::new().await;
    let token = refresh_token(&world).await;
    world.advance(14 * DAY - 1);
    let mut newest = text(
        &world.relying_party().refresh(&token).await.json(),
        "refresh_token",
    );
    let unused = refresh_token(&world).await;
    let mut days = 14;
    loop {
        world.advance(10 * DAY);
        days += 10;
        let answer = world.relying_party().refresh(&newest).await;
        if answer.status != 200 {
            assert_eq!(answer.outcome(), invalid_grant());
            break;
        }
        newest = text(&answer.json(), "refresh_token");
        assert!(days < 365 + 14, "a chain without an end");
    }
    assert!(days > 365, "{days}");
    assert_eq!(
        world.relying_party().refresh(&unused).await.outcome(),
        invalid_grant()
    );
}

#[tokio::test]
async fn an_application_may_keep_its_tokens_and_choose_lifetimes() {
    let world = World::with_tenant(|tenant| {
        tenant
            .replace(
                "rotateRefreshToken = true",
                "rotateRefreshToken = false\nidTokenTtl = 2",
            )
            .replace("refreshTokenTtlInDays = 14", "refreshTokenTtlInDays = 1")
    })
    .await;
    let first = tokens(&world, &Request::new()).await;
    let claims = decoded(&text(&first, "id_token"), 1);
    assert_eq!(
        claims["exp"].as_i64().unwrap() - claims["iat"].as_i64().unwrap(),
        2
    );
    let token = text(&first, "refresh_token");
    world.advance(DAY - 1);
    let answer = world.relying_party().refresh(&token).await.json();
    assert_eq!(text(&answer, "refresh_token"), token);
    world.advance(1);
    assert_eq!(
        world.relying_party().refresh(&token).await.outcome(),
        invalid_grant()
    );
}

#[tokio::test]
async fn who_gets_a_refresh_token() {
    let world = World::new().await;
    let always = World::with_tenant(|tenant| {
        tenant.replace(
            "alwaysIssueRefreshToken = false",
            "alwaysIssueRefreshToken = true",
        )
    })
    .await;
    let without_offline = SCOPES.replace("offline_access ", "");
    let cases = [
        (&world, Request::new(), true, SCOPES),
        (&world, Request::plain(), false, without_offline.as_str()),
        (
            &world,
            Request::new().with("prompt", "login"),
            false,
            without_offline.as_str(),
        ),
        (
            &world,
            Request::new().with("scope", "openid profile phone"),
            false,
            "openid profile phone",
        ),
        (
            &world,
            Request::plain().with("scope", "openid"),
            false,
            "openid",
        ),
        (
            &world,
            Request::plain().with("scope", "openid foo"),
            false,
            "openid",
        ),
        (
            &world,
            Request::plain().with("scope", "openid urn:logto:scope:sessions"),
            false,
            "openid",
        ),
        (
            &always,
            Request::plain().with("scope", "openid profile"),
            true,
            "openid profile",
        ),
    ];
    for (world, request, given, scope) in cases {
        let tokens = tokens(world, &request).await;
        assert_eq!(
            tokens.get("refresh_token").is_some(),
            given,
            "{}",
            request.query()
        );
        assert_eq!(tokens["scope"], scope, "{}", request.query());
    }
}

#[tokio::test]
async fn without_openid_there_is_no_id_token() {
    let world = World::new().await;
    let request = Request::plain().with("scope", "profile").without("nonce");
    let tokens = tokens(&world, &request).await;
    assert_eq!(
        (tokens.get("id_token"), &tokens["scope"]),
        (None, &json!("profile"))
    );
    let answer = world
        .relying_party()
        .userinfo(&text(&tokens, "access_token"))
        .await;
    assert_eq!(
        (answer.status, &answer.json()["error"]),
        (403, &json!("insufficient_scope"))
    );
}

#[tokio::test]
async fn revocation_of_a_refresh_token_ends_the_grant_and_of_an_access_token_only_itself() {
    let world = World::with_tenant(crate::authorization_code::with_second_application).await;
    let relying_party = world.relying_party();
    let given = tokens(&world, &Request::new()).await;
    let (access, refresh) = (text(&given, "access_token"), text(&given, "refresh_token"));

    let by_another = relying_party
        .unauthenticated("/token/revocation", &[("token", &refresh)])
        .basic_auth("other", Some("other-secret"));
    assert_eq!(by_another.send().await.unwrap().status(), 200);
    let garbage = relying_party
        .post("/token/revocation", &[("token", "garbage")])
        .await;
    assert_eq!((garbage.status, garbage.text.as_str()), (200, ""));
    assert_eq!(relying_party.userinfo(&access).await.status, 200);

    relying_party
        .post("/token/revocation", &[("token", &access)])
        .await;
    assert_eq!(relying_party.userinfo(&access).await.status, 401);
    let renewed = relying_party.refresh(&refresh).await;
    assert_eq!(renewed.status, 200);
    let access = text(&renewed.json(), "access_token");

    let revoked = relying_party
        .post("/token/revocation", &[("token", &refresh)])
        .await;
    assert_eq!((revoked.status, revoked.text.as_str()), (200, ""));
    assert_eq!(
        relying_party.refresh(&refresh).await.outcome(),
        invalid_grant()
    );
    assert_eq!(relying_party.userinfo(&access).await.status, 401);
}

#[tokio::test]
async fn garbage_is_no_refresh_token() {
    let world = World::new().await;
    let long = "x".repeat(10_000);
    for garbage in ["x", "ä", long.as_str()] {
        assert_eq!(
            world.relying_party().refresh(garbage).await.outcome(),
            invalid_grant()
        );
    }
}
