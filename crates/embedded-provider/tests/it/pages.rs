//! The pages: languages, escaping, headers, and a way on when nothing else works.

use crate::support::{PHONE, Request, World};
use serde_json::{Value, json};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

async fn page(world: &World, request: &Request, language: &str) -> crate::support::Answer {
    let mut browser = world.browser();
    let redirect = browser.get(&request.address()).await;
    browser.visit(redirect.location(), language).await
}

#[tokio::test]
async fn the_page_keeps_scripts_frames_and_other_hosts_out() {
    let world = World::new().await;
    let page = page(&world, &Request::new(), "en").await;
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    assert_eq!(page.header("content-security-policy"), POLICY);
    assert_eq!(page.header("x-frame-options"), "DENY");
    for part in page.text.split("<script").skip(1) {
        let tag = part.split('>').next().unwrap();
        assert!(
            tag.contains("src=\"/assets/") || tag.contains("type=\"application/json\""),
            "{tag}"
        );
    }
    assert!(!page.text.contains("style="));
    assert!(page.text.contains("autocomplete=\"one-time-code\""));
    for asset in [
        "pages.css",
        "sign-in.js",
        "experience-api.js",
        "texts.js",
        "submit.js",
        "icon.svg",
    ] {
        let answer = world.browser().get(&format!("/assets/{asset}")).await;
        assert_eq!(answer.status, 200, "{asset}");
        assert!(
            !answer.text.contains("http://") || asset == "icon.svg",
            "{asset}"
        );
    }
    assert_eq!(world.browser().get("/assets/nope.js").await.status, 404);
}

#[tokio::test]
async fn the_page_speaks_the_language_that_is_asked_for() {
    let world = World::new().await;
    let cases = [
        (
            Request::new(),
            "ja,en;q=0.5",
            "ja",
            "サインイン · Bookstore",
            "81",
        ),
        (
            Request::new(),
            "zh-TW,zh;q=0.9",
            "zh-CN",
            "登录 · Bookstore",
            "886",
        ),
        (Request::new(), "en-GB", "en", "Sign in · Bookstore", "44"),
        (Request::new(), "fr", "en", "Sign in · Bookstore", "1"),
        (
            Request::new().with("ui_locales", "zh-CN"),
            "ja",
            "zh-CN",
            "登录 · Bookstore",
            "86",
        ),
        (
            Request::new().with("first_screen", "register"),
            "en",
            "en",
            "Create your account · Bookstore",
            "1",
        ),
    ];
    for (request, accepted, language, title, calling_code) in cases {
        let page = page(&world, &request, accepted).await;
        assert!(
            page.text.contains(&format!("<html lang=\"{language}\">")),
            "{accepted}"
        );
        assert!(
            page.text.contains(&format!("<title>{title}</title>")),
            "{accepted}"
        );
        let chosen = format!(r#"aria-hidden="true">+{calling_code}<"#);
        assert!(page.text.contains(&chosen), "{accepted}");
    }
}

#[tokio::test]
async fn a_hint_is_filled_in_and_nothing_can_break_out_of_the_page() {
    let world = World::new().await;
    let hinted = page(&world, &Request::new().with("login_hint", PHONE), "ja").await;
    assert!(hinted.text.contains(r#"aria-hidden="true">+86<"#));
    assert!(hinted.text.contains(r#"value="13944668173""#));

    let evil = "\"><script>alert(1)</script>";
    let request = Request::new()
        .with("login_hint", evil)
        .with("ui_locales", evil)
        .with("identifier", evil);
    let hostile = page(&world, &request, evil).await;
    assert_eq!(hostile.status, 200);
    assert!(!hostile.text.contains("alert(1)"));

    let named = World::with_tenant(|tenant| {
        tenant.replace("name = \"Bookstore\"", "name = \"</script><b>&'Evil\"")
    })
    .await;
    let hostile = page(&named, &Request::new(), "en").await;
    assert!(!hostile.text.contains("<b>"));
    assert!(
        hostile
            .text
            .contains("&#60;/script&#62;&#60;b&#62;&#38;&#39;Evil")
    );
    let data = hostile.text.split("id=\"data\">").nth(1).unwrap();
    let data: Value = serde_json::from_str(data.split("</script>").next().unwrap()).unwrap();
    assert_eq!(data["application"], "</script><b>&'Evil");
}

#[tokio::test]
async fn a_browser_without_an_interaction_gets_a_page_with_a_way_on() {
    let world = World::new().await;
    let mut browser = world.browser();
    for (path, status, title) in [
        (
            "/sign-in?app_id=bookstore",
            400,
            "このサインインは終了しました",
        ),
        ("/register", 400, "このサインインは終了しました"),
        (
            "/identifier-sign-in?identifier=phone",
            400,
            "このサインインは終了しました",
        ),
        ("/identifier-register", 400, "このサインインは終了しました"),
        (
            "/consent?app_id=bookstore",
            400,
            "このサインインは終了しました",
        ),
        ("/oidc/auth/unknown", 400, "このサインインは終了しました"),
        (
            "/oidc/auth?client_id=nope",
            400,
            "このリクエストは続行できません",
        ),
        (
            "/oidc/session/end?id_token_hint=garbage",
            400,
            "このリクエストは続行できません",
        ),
        ("/nope", 404, "ページが見つかりません"),
    ] {
        let page = browser.visit(path, "ja").await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.text.contains(title), "{path}");
        assert!(
            page.text
                .contains(r#"href="http://localhost:3000/">Bookstore に戻る"#),
            "{path}"
        );
        assert_eq!(page.header("content-security-policy"), POLICY);
    }
    let hostile = browser
        .visit("/oidc/auth?client_id=%3Cscript%3E", "en")
        .await;
    assert!(!hostile.text.contains("<script>"));
    assert!(hostile.text.contains("invalid client &#60;script&#62;"));
}

#[tokio::test]
async fn a_local_run_says_where_the_code_is() {
    let world = World::new().await;
    let page = page(&world, &Request::new(), "en").await;
    assert!(
        page.text
            .contains("/inbox\" target=\"_blank\" rel=\"noopener noreferrer\"")
    );
}

#[tokio::test]
async fn a_typed_number_is_read_or_refused() {
    let world = World::new().await;
    let mut browser = world.browser();
    let cases = [
        (
            json!({"typed": "090-1234-5678", "region": "JP"}),
            200,
            json!({"value": "819012345678", "shown": "+81 90-1234-5678"}),
        ),
        (
            json!({"typed": "+86 139 4466 8173", "region": "JP"}),
            200,
            json!({"value": PHONE, "shown": "+86 139 4466 8173"}),
        ),
        (
            json!({"typed": "", "region": "JP"}),
            400,
            json!({"code": "phone_number.empty"}),
        ),
        (
            json!({"typed": "abc", "region": "JP"}),
            400,
            json!({"code": "phone_number.not_a_number"}),
        ),
        (
            json!({"typed": 1}),
            400,
            json!({"code": "phone_number.not_a_number"}),
        ),
    ];
    for (body, status, expected) in cases {
        assert_eq!(
            browser.post("/phone-number", body).await.outcome(),
            (status, expected)
        );
    }
}
