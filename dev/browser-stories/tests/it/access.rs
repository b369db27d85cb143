//! Nobody is kept out: axe-core finds nothing on any page (WCAG 2.2 AA), and the keyboard alone is enough.

use anyhow::{Result, ensure};
use browser_stories::{
    Language, Story, axe,
    pages::{Account, Home, Provider, Sessions},
    phone::{CHINESE, JAPANESE},
    visible,
};
use thirtyfour::Key;

/// Runs axe-core and gives its findings, each with the elements that it is about.
const RUN: &str = r#"
const done = arguments[arguments.length - 1];
axe.run(document, { resultTypes: ["violations"] }).then(({ violations }) => done(
    violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(" ")}`)
));"#;

async fn has_no_barriers(story: &Story) -> Result<()> {
    let driver = story.browser.driver();
    visible::any_heading(driver).await?;
    driver.execute(axe::script()?, vec![]).await?;
    let findings: Vec<String> = driver.execute_async(RUN, vec![]).await?.convert()?;
    let page = story.browser.path().await?;
    ensure!(findings.is_empty(), "{page}: {findings:#?}");
    Ok(())
}

#[tokio::test]
async fn axe_core_finds_nothing_on_any_page() -> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        story.expect_complaint("status of 404");
        for address in [
            "/account",
            "/no/such/page",
            "/sign-in-failed?reason=access_denied",
            "/",
        ] {
            Home::visit(story, address).await?;
            has_no_barriers(story).await?;
        }
        Home::here(story).sign_in().await?;
        let provider = Provider::asks_for_a_number(story).await?;
        has_no_barriers(story).await?;
        provider.sign_in_with(JAPANESE).await?;
        Home::here(story).greets().await?;
        has_no_barriers(story).await?;
        Account::open(story).await?;
        has_no_barriers(story).await?;
        Sessions::open(story).await?;
        has_no_barriers(story).await
    })
    .await
}

#[tokio::test]
async fn axe_core_finds_nothing_on_a_notice_in_dark_colours() -> Result<()> {
    Story::tell(Language::English, async |story| {
        story.expect_complaint("ERR_CONNECTION_REFUSED");
        story.expect_complaint("ERR_INCOMPLETE_CHUNKED_ENCODING");
        story.browser.prefer_dark().await?;
        story.sign_in_with(CHINESE).await?;
        story.shop.stop_bff();
        let words = story.language.words().app.cannot_be_reached;
        visible::notice(story.browser.driver(), words).await?;
        has_no_barriers(story).await
    })
    .await
}

#[tokio::test]
async fn the_keyboard_alone_is_enough() -> Result<()> {
    Story::tell(Language::English, async |story| {
        // A key that follows a link may still arrive at the next page, whose empty form it then sends.
        story.expect_complaint(
            "/phone-number - Failed to load resource: the server responded with a status of 400",
        );
        let page = Home::visit(story, "/").await?;
        page.welcomes_a_visitor().await?;
        tab_to(story, "sign-in").await?;
        press(story, Key::Enter).await?;
        let provider = Provider::asks_for_a_number(story).await?;
        provider.sign_in_with(CHINESE).await?;
        Home::here(story).greets().await?;

        tab_to(story, "sign-out").await?;
        press(story, Key::Enter).await?;
        Home::here(story).welcomes_a_visitor().await
    })
    .await
}

/// Presses the tabulator until the element of this `id` has the focus.
async fn tab_to(story: &Story, id: &str) -> Result<()> {
    for _ in 0..20 {
        press(story, Key::Tab).await?;
        let focused = story.browser.driver().active_element().await?;
        if focused.id().await?.as_deref() == Some(id) {
            return Ok(());
        }
    }
    anyhow::bail!("the tabulator does not lead to {id}")
}

async fn press(story: &Story, key: Key) -> Result<()> {
    let keys = story.browser.driver().action_chain().send_keys(key + "");
    Ok(keys.perform().await?)
}
