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
        "regions.js",
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
            json!({"code": "phone_number.character", "data": {"character": "a"}}),
        ),
        (
            json!({"typed": "090\u{200b}1234\n5678", "region": "JP"}),
            400,
            json!({"code": "phone_number.character", "data": {"character": "U+000A"}}),
        ),
        (
            json!({"typed": "376447350", "region": "AD"}),
            200,
            json!({"choices": [
                {"value": "376376447350", "shown": "+376 376447350"},
                {"value": "376447350", "shown": "+376 447350"},
            ]}),
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

fn data_of(page: &str) -> Value {
    let data = page.split("id=\"data\">").nth(1).unwrap();
    serde_json::from_str(data.split("</script>").next().unwrap()).unwrap()
}

#[tokio::test]
async fn q01_after_a_reload_the_page_knows_the_code_that_the_person_holds() {
    let world = World::new().await;
    let mut browser = world.browser();
    let redirect = browser.get(&Request::new().address()).await;
    let address = redirect.location().to_owned();
    let page = browser.visit(&address, "en").await;
    assert_eq!(data_of(&page.text)["code"], Value::Null);
    assert_eq!(data_of(&page.text)["hasBegun"], false);

    let id = browser.ask_for_code(PHONE, "SignIn").await;
    world.advance(20);
    let page = browser.visit(&address, "en").await;
    assert_eq!(
        data_of(&page.text)["code"],
        json!({
            "id": id,
            "phone": PHONE,
            "shown": "+86 139 4466 8173",
            "verified": false,
            "resendIn": 40,
        })
    );
    assert_eq!(data_of(&page.text)["hasBegun"], true);
    assert!(page.text.contains(r#"value="13944668173""#));

    world.advance(600);
    let page = browser.visit(&address, "en").await;
    assert_eq!(data_of(&page.text)["code"], Value::Null, "it has expired");
}

#[tokio::test]
async fn q07_back_after_a_sign_in_leads_to_the_application() {
    let world = World::new().await;
    let mut browser = world.browser();
    let redirect = browser.get(&Request::new().address()).await;
    let page = redirect.location().to_owned();
    assert_eq!(browser.visit(&page, "en").await.status, 200);
    let resume = browser.prove_phone(&world, PHONE).await;
    browser.follow(&resume).await;

    let back = browser.visit(&page, "en").await;
    assert_eq!(
        (back.status, back.location()),
        (303, "http://localhost:3000/")
    );
    let stranger = world.browser().visit(&page, "en").await;
    assert_eq!(stranger.status, 400);
    assert!(stranger.text.contains("This sign-in has ended"));
}

#[tokio::test]
async fn q07_the_language_of_the_application_is_that_of_the_pages() {
    let world = World::new().await;
    let mut browser = world.browser();
    let page = browser.get(&Request::new().address()).await;
    for (cookie, language) in [
        ("language=ja", "ja"),
        ("a=b; language=zh-CN", "zh-CN"),
        ("language=x", "en"),
    ] {
        for address in [page.location(), "/nope"] {
            let request = browser
                .request(http::Method::GET, address)
                .header("accept", "text/html")
                .header("cookie", cookie);
            let page = browser.send(request).await;
            let lang = format!("<html lang=\"{language}\">");
            assert!(page.text.contains(&lang), "{cookie} {address}");
        }
    }
}

#[tokio::test]
async fn q03_the_page_has_regions_to_choose_from() {
    let world = World::new().await;
    let page = page(&world, &Request::new(), "ja").await;
    let of_code = |code: &str| {
        page.text
            .matches(&format!("data-calling-code=\"{code}\""))
            .count()
    };
    assert_eq!((of_code("81"), of_code("1"), of_code("7")), (1, 25, 2));
    for region in ["JP", "CA", "KZ", "XK"] {
        assert!(
            page.text.contains(&format!("<option value=\"{region}\"")),
            "{region}"
        );
    }
    let canadian = Request::new().with("login_hint", "14165550123");
    let page = crate::pages::page(&world, &canadian, "ja").await;
    assert!(
        page.text
            .contains(r#"<option value="CA" data-calling-code="1" selected>"#)
    );
}
