//! The bff at `oidc-provider`: sign-in, claims, refresh with rotation, back-channel logout, RP-initiated sign-out.

use crate::{browser::Browser, servers::Servers};
use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};
use std::time::{Duration, Instant};
use tokio::time::sleep;

/// How long two refreshes may take; they take about four seconds.
const TIMEOUT: Duration = Duration::from_secs(30);
const LOOK_AGAIN: Duration = Duration::from_millis(200);

pub(super) async fn try_bff(servers: &Servers) -> Result<()> {
    let story = async {
        let mut desk = signed_in(servers).await.context("sign-in")?;
        let mut phone = signed_in(servers).await.context("another device")?;
        refresh(servers, &mut desk).await.context("refresh")?;
        back_channel_logout(servers, &mut desk, &mut phone)
            .await
            .context("back-channel logout")?;
        sign_out(servers, &mut phone).await.context("sign-out")
    };
    story.await.context("the bff at oidc-provider")?;
    eprintln!("  the bff at oidc-provider: sign-in, refresh, back-channel logout, sign-out");
    Ok(())
}

async fn status(servers: &Servers, browser: &mut Browser) -> Result<Value> {
    let status = format!("{}/api/auth/status", servers.bff);
    browser.json(&status).await
}

/// A browser that has signed in through the provider's pages.
async fn signed_in(servers: &Servers) -> Result<Browser> {
    let mut browser = Browser::new()?;
    let sign_in = format!("{}/sign-in?returnTo=/devices", servers.bff);
    let page = browser.visit(&sign_in).await?;
    let form = [("login", "ada"), ("password", "any")];
    let page = browser.submit(&page, &form).await?;
    let page = browser.submit(&page, &[]).await?; // consent
    let expected = format!("{}/devices", servers.bff);
    ensure!(
        page.url.as_str() == expected,
        "at {} ({}), not {expected}: {}",
        page.url,
        page.status,
        page.body
    );
    let status = status(servers, &mut browser).await?;
    let claims = &status["claims"];
    ensure!(
        claims["sub"] == "ada" && claims["name"] == "Name of ada",
        "{status}"
    );
    Ok(browser)
}

/// The provider's access tokens live for four seconds, so the bff soon refreshes, with a new refresh token each time.
async fn refresh(servers: &Servers, browser: &mut Browser) -> Result<()> {
    let user_info = format!("{}/api/auth/user-info", servers.bff);
    let counts = format!("{}/counts", servers.engine);
    let begin = Instant::now();
    loop {
        let info = browser.json(&user_info).await?;
        ensure!(info["email"] == "ada@shop.test", "{info}");
        let counts = browser.json(&counts).await?;
        ensure!(counts["refreshed"] == counts["rotated"], "{counts}");
        if counts["rotated"].as_u64() >= Some(2) {
            return Ok(());
        }
        ensure!(begin.elapsed() < TIMEOUT, "no refresh: {counts}");
        sleep(LOOK_AGAIN).await;
    }
}

/// A sign-out at the provider ends the session of this device at the bff, and of no other.
async fn back_channel_logout(
    servers: &Servers,
    desk: &mut Browser,
    phone: &mut Browser,
) -> Result<()> {
    let end = format!("{}/session/end", servers.engine);
    let question = desk.visit(&end).await?;
    desk.submit(&question, &[("logout", "yes")]).await?;
    let (here, there) = (status(servers, desk).await?, status(servers, phone).await?);
    ensure!(here["isAuthenticated"] == false, "here: {here}");
    ensure!(there["isAuthenticated"] == true, "there: {there}");
    Ok(())
}

/// A sign-out at the bff leads over the provider's page back to the app, and ends the provider's session too.
async fn sign_out(servers: &Servers, browser: &mut Browser) -> Result<()> {
    let sign_out = format!("{}/sign-out", servers.bff);
    let (status_code, answer) = browser.fetch("POST", &sign_out, &json!({})).await?;
    let address = answer["redirectTo"].as_str();
    let address = address.with_context(|| format!("{status_code} {answer}"))?;
    let question = browser.visit(address).await?;
    let page = browser.submit(&question, &[("logout", "yes")]).await?;
    let home = format!("{}/", servers.bff);
    ensure!(page.url.as_str() == home, "at {}: {}", page.url, page.body);
    let status = status(servers, browser).await?;
    ensure!(status["isAuthenticated"] == false, "{status}");
    let page = browser.visit(&format!("{}/sign-in", servers.bff)).await?;
    ensure!(
        page.url.path().starts_with("/interaction/"),
        "nobody was asked: {}",
        page.url
    );
    Ok(())
}
