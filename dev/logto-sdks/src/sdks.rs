//! Each of Logto's SDKs at the embedded provider: sign-in, claims, userinfo, refresh, sign-out.

use crate::{
    browser::{Browser, Page},
    servers::Servers,
};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

/// The SDK, and the path of its app in `node/apps.mjs`.
const SDKS: [(&str, &str); 4] = [
    ("@logto/node", "node"),
    ("@logto/express", "express"),
    ("@logto/next, API routes", "next"),
    ("@logto/next, edge runtime", "edge"),
];

pub(super) async fn try_all(servers: &Servers) -> Result<()> {
    for (index, (name, path)) in SDKS.into_iter().enumerate() {
        let phone = format!("861380000{:04}", index + 1);
        try_one(servers, path, &phone)
            .await
            .with_context(|| format!("{name} at the embedded provider"))?;
        eprintln!("  {name}: signed in, refreshed, signed out");
    }
    Ok(())
}

async fn try_one(servers: &Servers, sdk: &str, phone: &str) -> Result<()> {
    let app = format!("{}/{sdk}", servers.apps);
    let home = format!("{}/", servers.apps);
    let mut browser = Browser::new()?;
    let user = browser.json(&format!("{app}/user")).await?;
    ensure!(user["isAuthenticated"] == false, "nobody: {user}");

    let page = browser.visit(&format!("{app}/sign-in")).await?;
    require_sign_in_page(servers, &page)?;
    let resume = prove_phone(servers, &mut browser, phone).await?;
    let page = browser.visit(&resume).await?;
    ensure!(
        page.url.as_str() == home && page.status == 200,
        "after sign-in: {} {} {}",
        page.status,
        page.url,
        page.body
    );

    let user = browser.json(&format!("{app}/user")).await?;
    require_user(&user, phone)?;
    let refreshed = browser.json(&format!("{app}/refresh")).await?;
    require_user(&refreshed, phone)?;
    ensure!(
        refreshed["accessToken"] != user["accessToken"],
        "not refreshed"
    );
    ensure!(
        refreshed["claims"]["sub"] == user["claims"]["sub"],
        "another person"
    );

    let question = browser.visit(&format!("{app}/sign-out")).await?;
    let page = browser.submit(&question, &[("logout", "yes")]).await?;
    ensure!(
        page.url.as_str() == home && page.status == 200,
        "after sign-out: {} {} {}",
        page.status,
        page.url,
        page.body
    );
    let nobody = browser.json(&format!("{app}/user")).await?;
    ensure!(nobody["isAuthenticated"] == false, "signed out: {nobody}");
    require_dead(servers, &refreshed["accessToken"]).await?;
    let page = browser.visit(&format!("{app}/sign-in")).await?;
    require_sign_in_page(servers, &page)
}

fn require_sign_in_page(servers: &Servers, page: &Page) -> Result<()> {
    let expected = format!("{}/sign-in?app_id=bookstore", servers.embedded_provider);
    ensure!(
        page.url.as_str() == expected && page.status == 200,
        "the sign-in page: {} {} {}",
        page.status,
        page.url,
        page.body
    );
    Ok(())
}

/// The context that the SDK makes of ID token and userinfo.
fn require_user(user: &Value, phone: &str) -> Result<()> {
    let (claims, info) = (&user["claims"], &user["userInfo"]);
    let expected = [
        ("isAuthenticated", &user["isAuthenticated"], json!(true)),
        ("aud", &claims["aud"], json!("bookstore")),
        ("phone_number", &claims["phone_number"], json!(phone)),
        ("roles", &claims["roles"], json!([])),
        ("sub of userinfo", &info["sub"], claims["sub"].clone()),
        ("phone of userinfo", &info["phone_number"], json!(phone)),
        ("custom_data", &info["custom_data"], json!({})),
        ("identities", &info["identities"], json!({})),
    ];
    for (name, found, expected) in expected {
        ensure!(
            *found == expected,
            "{name} is {found}, not {expected}: {user}"
        );
    }
    ensure!(user["accessToken"].is_string(), "no access token: {user}");
    Ok(())
}

/// The SDK has revoked the refresh token, and with it the access token.
async fn require_dead(servers: &Servers, access_token: &Value) -> Result<()> {
    let userinfo = format!("{}/oidc/me", servers.embedded_provider);
    let token = access_token.as_str().unwrap_or_default();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let response = client.get(userinfo).bearer_auth(token).send().await?;
    ensure!(response.status() == 401, "the access token is alive");
    Ok(())
}

/// What the sign-in page's script does. Returns the address where the browser continues.
async fn prove_phone(servers: &Servers, browser: &mut Browser, phone: &str) -> Result<String> {
    let api = format!("{}/api/experience", servers.embedded_provider);
    let code = format!("{api}/verification/verification-code");
    let identifier = json!({"type": "phone", "value": phone});
    let event = |name: &str| json!({"interactionEvent": name});
    browser.fetch("PUT", &api, &event("SignIn")).await?;
    let body = json!({"identifier": identifier, "interactionEvent": "SignIn"});
    let (_, sent) = browser.fetch("POST", &code, &body).await?;
    let id = &sent["verificationId"];
    let body = json!({
        "identifier": identifier,
        "verificationId": id,
        "code": newest_code(servers, browser, phone).await?,
    });
    browser
        .fetch("POST", &format!("{code}/verify"), &body)
        .await?;
    let identification = format!("{api}/identification");
    let proof = json!({"verificationId": id});
    if browser.fetch("POST", &identification, &proof).await?.0 == 404 {
        let change = format!("{api}/interaction-event");
        browser.fetch("PUT", &change, &event("Register")).await?;
        browser.fetch("POST", &identification, &proof).await?;
    }
    let submit = format!("{api}/submit");
    let (_, submitted) = browser.fetch("POST", &submit, &json!({})).await?;
    let address = submitted["redirectTo"].as_str();
    Ok(address
        .with_context(|| format!("not submitted: {submitted}"))?
        .to_owned())
}

async fn newest_code(servers: &Servers, browser: &mut Browser, phone: &str) -> Result<String> {
    let inbox = format!("{}/api/messages?phone={phone}", servers.sandbox);
    let messages = browser.json(&inbox).await?;
    let text = messages[0]["text"].as_str().context("no message")?;
    let code = text
        .split(|character: char| !character.is_ascii_digit())
        .find(|digits| digits.len() == 6);
    Ok(code.context("no code in the message")?.to_owned())
}
