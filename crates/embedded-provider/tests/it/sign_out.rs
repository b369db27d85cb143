//! Sign-out at the provider, as recorded from Logto.

use crate::{
    authorization_code::invalid_grant,
    support::{Answer, Browser, PHONE, Request, World},
};
use serde_json::{Value, json};

struct SignedIn {
    browser: Browser,
    tokens: Value,
}

impl SignedIn {
    async fn new(world: &World, request: &Request, phone: &str) -> Self {
        let mut browser = world.browser();
        let answer = browser.sign_in(world, &request.address(), phone).await;
        let code = &answer.authorization_response()["code"];
        let tokens = world.relying_party().exchange(code).await.json();
        Self { browser, tokens }
    }

    fn token(&self, name: &str) -> &str {
        self.tokens[name].as_str().unwrap()
    }

    /// Whether the browser still has a session with this client in it.
    async fn silent(&mut self) -> String {
        let request = Request::plain().with("prompt", "none").address();
        let response = self.browser.get(&request).await.authorization_response();
        response.get("error").cloned().unwrap_or_default()
    }
}

fn end_session(parameters: Parameters<'_>) -> String {
    let query = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    format!("/oidc/session/end?{query}")
}

/// The secret of the page's form.
fn xsrf(page: &Answer) -> String {
    assert_eq!(page.status, 200, "{}", page.text);
    let marker = "<input type=\"hidden\" name=\"xsrf\" value=\"";
    let rest = page.text.split_once(marker).unwrap().1;
    rest.split('"').next().unwrap().to_owned()
}

async fn confirm(browser: &mut Browser, xsrf: &str, more: &[(&str, &str)]) -> Answer {
    let form = [&[("xsrf", xsrf)], more].concat();
    browser.post_form("/oidc/session/end/confirm", &form).await
}

type Parameters<'a> = &'a [(&'a str, &'a str)];

const YES: Parameters<'_> = &[("logout", "yes")];
const HOME: &str = "http://localhost:3000/";

#[tokio::test]
async fn a_client_signs_its_person_out_and_gets_them_back() {
    let world = World::new().await;
    let mut person = SignedIn::new(&world, &Request::new(), PHONE).await;
    let address = end_session(&[
        ("id_token_hint", person.token("id_token")),
        ("post_logout_redirect_uri", HOME),
        ("state", "xyz"),
    ]);
    let page = person.browser.get(&address).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    assert!(page.text.contains(&format!(
        "<form id=\"op.logoutForm\" method=\"post\" action=\"{}/session/end/confirm\"",
        world.issuer
    )));
    // No answer is needed: our script submits the page.
    assert!(page.text.contains("data-submit"));
    assert!(page.text.contains("/assets/submit.js"));

    let done = confirm(&mut person.browser, &xsrf(&page), YES).await;
    assert_eq!(
        (done.status, done.location()),
        (303, "http://localhost:3000/?state=xyz")
    );
    assert_eq!(
        done.cookies(),
        ["_session; path=/; expires=Thu, 01 Jan 1970 00:00:00 GMT; samesite=lax; httponly"]
    );
    assert_eq!(person.silent().await, "login_required");
}

/// Names and values of the hidden fields of the page's form.
fn hidden_fields(page: &Answer) -> Vec<(String, String)> {
    let field = |rest: &str| {
        let (name, rest) = rest.split_once("\" value=\"").unwrap();
        (name.to_owned(), rest.split('"').next().unwrap().to_owned())
    };
    page.text
        .split("<input type=\"hidden\" name=\"")
        .skip(1)
        .map(field)
        .collect()
}

#[tokio::test]
async fn q52_the_form_alone_signs_nobody_out() {
    let world = World::new().await;
    for with_hint in [true, false] {
        let mut person = SignedIn::new(&world, &Request::new(), PHONE).await;
        let hint = [("id_token_hint", person.tokens["id_token"].as_str().unwrap())];
        let address = end_session(if with_hint { &hint } else { &[] });
        let page = person.browser.get(&address).await;
        let fields = hidden_fields(&page);
        let names: Vec<&str> = fields.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["xsrf"]);
        // The choice is in the button.
        assert!(
            page.text
                .contains("type=\"submit\" name=\"logout\" value=\"yes\"")
        );

        let form = [("xsrf", fields[0].1.as_str())];
        let confirm = "/oidc/session/end/confirm";
        let declined = person.browser.post_form(confirm, &form).await;
        assert_eq!((declined.status, declined.cookies()), (303, vec![]));
        assert_ne!(person.silent().await, "login_required");
    }
}

#[tokio::test]
async fn q50_an_origin_without_its_slash_is_the_registered_address() {
    let tenant = |text: String| {
        let registered = "\"http://localhost:3000/\", \"http://localhost:8080/\"";
        text.replace(
            registered,
            "\"http://localhost:3000/\", \"https://app.example/out/\"",
        )
    };
    let world = World::with_tenant(tenant).await;
    for (address, destination) in [
        ("http://localhost:3000", Some(HOME)),
        (HOME, Some(HOME)),
        ("https://app.example/out/", Some("https://app.example/out/")),
        ("https://app.example/out", None),
        ("https://app.example", None),
        ("http://localhost:300", None),
        ("http://localhost:3000//", None),
    ] {
        let mut browser = world.browser();
        let parameters = [
            ("client_id", "bookstore"),
            ("post_logout_redirect_uri", address),
        ];
        let page = browser.get(&end_session(&parameters)).await;
        let Some(destination) = destination else {
            assert_eq!(page.status, 400, "{address}");
            continue;
        };
        let done = confirm(&mut browser, &xsrf(&page), YES).await;
        assert_eq!(done.location(), destination, "{address}");
    }
}

#[tokio::test]
async fn a_sign_out_may_come_as_a_form() {
    let world = World::new().await;
    let mut person = SignedIn::new(&world, &Request::new(), PHONE).await;
    let form = [("id_token_hint", person.tokens["id_token"].as_str().unwrap())];
    let page = person.browser.post_form("/oidc/session/end", &form).await;
    assert!(page.text.contains("data-submit"));
    confirm(&mut person.browser, &xsrf(&page), YES).await;
    assert_eq!(person.silent().await, "login_required");
}

#[tokio::test]
async fn only_offline_access_outlives_sign_out() {
    let always = |tenant: String| {
        tenant.replace(
            "alwaysIssueRefreshToken = false",
            "alwaysIssueRefreshToken = true",
        )
    };
    let world = World::with_tenant(always).await;
    for (request, lives_on) in [(Request::new(), true), (Request::plain(), false)] {
        let mut person = SignedIn::new(&world, &request, PHONE).await;
        let page = person
            .browser
            .get(&end_session(&[(
                "id_token_hint",
                person.tokens["id_token"].as_str().unwrap(),
            )]))
            .await;
        confirm(&mut person.browser, &xsrf(&page), YES).await;
        let relying_party = world.relying_party();
        let refreshed = relying_party.refresh(person.token("refresh_token")).await;
        let userinfo = relying_party.userinfo(person.token("access_token")).await;
        if lives_on {
            assert_eq!((refreshed.status, userinfo.status), (200, 200));
        } else {
            assert_eq!(refreshed.outcome(), invalid_grant());
            assert_eq!(userinfo.status, 401);
        }
    }
}

#[tokio::test]
async fn a_code_dies_with_its_session() {
    let world = World::new().await;
    let mut browser = world.browser();
    let answer = browser
        .sign_in(&world, &Request::plain().address(), PHONE)
        .await;
    let page = browser.get(&end_session(&[])).await;
    confirm(&mut browser, &xsrf(&page), YES).await;
    let code = &answer.authorization_response()["code"];
    assert_eq!(
        world.relying_party().exchange(code).await.outcome(),
        invalid_grant()
    );
}

#[tokio::test]
async fn a_person_who_stays_keeps_the_session_and_the_client_loses_its_part() {
    let world = World::new().await;
    let mut person = SignedIn::new(&world, &Request::plain(), PHONE).await;
    let address = end_session(&[
        ("id_token_hint", person.token("id_token")),
        ("post_logout_redirect_uri", HOME),
    ]);
    let page = person.browser.get(&address).await;
    let stayed = confirm(&mut person.browser, &xsrf(&page), &[]).await;
    assert_eq!((stayed.status, stayed.location()), (303, HOME));
    assert_eq!(person.silent().await, "consent_required");
    let access = person.token("access_token");
    assert_eq!(world.relying_party().userinfo(access).await.status, 401);
}

#[tokio::test]
async fn without_proof_from_the_client_the_person_is_asked() {
    let world = World::new().await;
    let stranger = SignedIn::new(&world, &Request::new(), "819012345678").await;
    let success = format!("{}/session/end/success", world.issuer);
    // Parameters, and where the browser goes after the answer.
    let cases: [(Parameters<'_>, &str); 5] = [
        (
            &[
                ("client_id", "bookstore"),
                ("post_logout_redirect_uri", HOME),
            ],
            HOME,
        ),
        (&[("post_logout_redirect_uri", HOME)], &success),
        (&[], &success),
        (&[("state", "xyz")], &success),
        (
            &[
                ("id_token_hint", stranger.token("id_token")),
                ("post_logout_redirect_uri", HOME),
            ],
            HOME,
        ),
    ];
    for (parameters, destination) in cases {
        let mut person = SignedIn::new(&world, &Request::new(), PHONE).await;
        let page = person.browser.get(&end_session(parameters)).await;
        assert!(!page.text.contains("data-submit"), "{parameters:?}");
        let done = confirm(&mut person.browser, &xsrf(&page), YES).await;
        assert_eq!(
            (done.status, done.location()),
            (303, destination),
            "{parameters:?}"
        );
        assert_eq!(person.silent().await, "login_required");
    }
    let page = world.browser().get(&success).await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
}

#[tokio::test]
async fn without_a_session_nothing_is_asked() {
    let world = World::new().await;
    let person = SignedIn::new(&world, &Request::new(), PHONE).await;
    let mut fresh = world.browser();
    // A hint may have expired.
    world.advance(100 * 24 * 60 * 60);
    let hint = person.token("id_token");
    let address = end_session(&[("id_token_hint", hint), ("post_logout_redirect_uri", HOME)]);
    let page = fresh.get(&address).await;
    assert!(
        page.text
            .contains("<input type=\"hidden\" name=\"logout\" value=\"yes\"/>")
    );
    let done = confirm(&mut fresh, &xsrf(&page), YES).await;
    assert_eq!((done.status, done.location()), (303, HOME));
}

#[tokio::test]
async fn a_wrong_request_redirects_nobody() {
    let world = World::new().await;
    let person = SignedIn::new(&world, &Request::new(), PHONE).await;
    let hint = person.token("id_token");
    let (signed, signature) = hint.rsplit_once('.').unwrap();
    let unsigned = format!("{signed}.");
    let other = if signature.starts_with('A') { "B" } else { "A" };
    let spoiled = format!("{signed}.{other}{}", &signature[1..]);
    let (_, claims) = signed.split_once('.').unwrap();
    let none = format!("eyJhbGciOiJub25lIn0.{claims}.");
    let not_registered = "post_logout_redirect_uri not registered";
    let not_valid = "could not validate id_token_hint";
    let cases = [
        (
            vec![
                ("id_token_hint", hint),
                ("post_logout_redirect_uri", "http://localhost:3000/nope"),
            ],
            not_registered,
        ),
        (
            vec![
                ("id_token_hint", hint),
                ("post_logout_redirect_uri", "http://localhost:3000/?x=1"),
            ],
            not_registered,
        ),
        (
            vec![
                ("id_token_hint", hint),
                ("post_logout_redirect_uri", "http://localhost:300"),
            ],
            not_registered,
        ),
        (
            vec![
                ("client_id", "bookstore"),
                ("post_logout_redirect_uri", "https://evil.example/"),
            ],
            not_registered,
        ),
        (
            vec![
                ("id_token_hint", "garbage"),
                ("post_logout_redirect_uri", HOME),
            ],
            "could not decode id_token_hint",
        ),
        (vec![("id_token_hint", &unsigned)], not_valid),
        (vec![("id_token_hint", &spoiled)], not_valid),
        (vec![("id_token_hint", &none)], not_valid),
        (
            vec![("id_token_hint", hint), ("client_id", "other")],
            "client_id does not match the provided id_token_hint",
        ),
        (
            vec![("id_token_hint", hint), ("id_token_hint", hint)],
            "'id_token_hint' parameter must not be provided twice",
        ),
    ];
    for (parameters, description) in cases {
        let answer = world.browser().get(&end_session(&parameters)).await;
        assert_eq!(answer.location(), "");
        assert_eq!(
            answer.outcome(),
            (
                400,
                json!({
                    "code": "oidc.invalid_request", "message": "Request is invalid.",
                    "error": "invalid_request", "error_description": description,
                })
            )
        );
    }
    let unknown = world
        .browser()
        .get(&end_session(&[("client_id", "nope")]))
        .await;
    assert_eq!(
        (unknown.status, &unknown.json()["error"]),
        (400, &json!("invalid_client"))
    );
}

#[tokio::test]
async fn the_answer_needs_the_secret_of_the_page_and_serves_once() {
    let world = World::new().await;
    let mut person = SignedIn::new(&world, &Request::new(), PHONE).await;
    for wrong in ["", "garbage"] {
        assert_eq!(confirm(&mut person.browser, wrong, YES).await.status, 400);
    }
    // A secret from an attacker's browser does not end the victim's session.
    let attacker = world.browser().get(&end_session(&[])).await;
    let done = confirm(&mut person.browser, &xsrf(&attacker), YES).await;
    assert_eq!((done.status, done.cookies()), (303, vec![]));
    assert_eq!(person.silent().await, "");
    let mut second = SignedIn::new(&world, &Request::new(), PHONE).await;
    let page = second.browser.get(&end_session(&[])).await;
    let secret = xsrf(&page);
    assert_eq!(confirm(&mut second.browser, &secret, YES).await.status, 303);
    assert_eq!(confirm(&mut second.browser, &secret, YES).await.status, 400);
}

#[tokio::test]
async fn the_form_may_lead_to_the_registered_address_and_nowhere_else() {
    let world = World::new().await;
    let mut person = SignedIn::new(&world, &Request::new(), PHONE).await;
    let hint = person.token("id_token").to_owned();
    let policy = |page: &Answer| page.header("content-security-policy").to_owned();
    let with = end_session(&[("id_token_hint", &hint), ("post_logout_redirect_uri", HOME)]);
    let with = policy(&person.browser.get(&with).await);
    assert!(
        with.contains("form-action 'self' http://localhost:3000;"),
        "{with}"
    );
    let without = policy(&person.browser.get(&end_session(&[])).await);
    assert!(without.contains("form-action 'self';"), "{without}");
}

#[tokio::test]
async fn the_page_lets_the_browser_say_that_the_form_is_ours() {
    let world = World::new().await;
    let mut person = SignedIn::new(&world, &Request::new(), PHONE).await;
    let page = person.browser.get(&end_session(&[])).await;
    // Under `no-referrer` browsers post forms with `Origin: null`, which is refused.
    assert_eq!(page.header("referrer-policy"), "same-origin");
    let request = person
        .browser
        .request(reqwest::Method::POST, "/oidc/session/end/confirm")
        .header("origin", &world.endpoint)
        .form(&[("xsrf", xsrf(&page).as_str()), ("logout", "yes")]);
    assert_eq!(person.browser.send(request).await.status, 303);
}
