//! What happens elsewhere shows on every open page, by itself.

use anyhow::{Result, ensure};
use browser_stories::{
    Language, Story,
    pages::{Home, Sessions},
    phone::{CHINESE, JAPANESE},
    visible,
};

/// More pages than a browser opens connections to one server that speaks HTTP/1.1.
const MANY: usize = 8;

/// A second device of the person, on which the first one's session is ended.
async fn end_the_first(story: &Story) -> Result<()> {
    story.sign_in_with(JAPANESE).await?;
    Sessions::open(story).await?.end_the_other().await
}

#[tokio::test]
async fn a_sign_out_shows_in_every_tab_however_many_there_are() -> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        story.sign_in_with(JAPANESE).await?;
        let home = story.shop.url("/");
        for _ in 1..MANY {
            story.browser.open_tab(&home).await?;
            Home::here(story).greets().await?;
        }
        Home::here(story).sign_out().await?;
        Home::here(story).welcomes_a_visitor().await?;
        let words = story.language.words().app.signed_out_here;
        for tab in 0..MANY - 1 {
            story.browser.turn_to_tab(tab).await?;
            Home::here(story).welcomes_a_visitor().await?;
            visible::notice(story.browser.driver(), words).await?;
        }
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_sign_in_shows_in_every_tab() -> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        Home::visit(story, "/").await?.welcomes_a_visitor().await?;
        story.browser.open_tab(&story.shop.url("/")).await?;
        story.sign_in_with(JAPANESE).await?;
        story.browser.turn_to_tab(0).await?;
        ensure!(Home::here(story).greets().await? == JAPANESE.masked);
        Ok(())
    })
    .await
}

/// As the browser says it to a page that comes back from its back/forward cache.
const COMES_BACK: &str = "dispatchEvent(new PageTransitionEvent('pageshow', { persisted: true }))";

#[tokio::test]
async fn a_visitors_page_that_comes_back_is_kept_only_while_nobody_is_known_to_be_signed_in()
-> Result<()> {
    Story::tell(Language::English, async |story| {
        story.expect_complaint("net::ERR_");
        Home::visit(story, "/").await?.welcomes_a_visitor().await?;
        let browser = &story.browser;
        let runs = "performance.getEntriesByName('app-running').length";
        browser.wait_until(runs).await?;
        let comes_back = format!("window.isKept = {COMES_BACK}");
        browser.driver().execute(comes_back, vec![]).await?;
        let has_asked = "performance.getEntriesByType('resource')\
            .some(({ name, responseEnd }) => name.endsWith('/api/auth/status') && responseEnd)";
        browser.wait_until(has_asked).await?;
        browser.wait_until("window.isKept").await?;

        story.shop.stop_bff();
        story.browser.driver().execute(COMES_BACK, vec![]).await?;
        story
            .browser
            .wait_until("document.getElementById('status-failed')")
            .await?;
        story.shop.start_bff()?;
        Home::here(story).welcomes_a_visitor().await
    })
    .await
}

#[tokio::test]
async fn a_person_ends_the_session_of_another_device_which_then_says_so() -> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        story.sign_in_with(JAPANESE).await?;
        story.on_another_device(end_the_first).await?;
        let words = story.language.words().app.ended_elsewhere;
        visible::notice(story.browser.driver(), words).await?;
        Home::here(story).welcomes_a_visitor().await
    })
    .await
}

#[tokio::test]
async fn the_tab_that_is_left_still_hears_when_the_one_that_listened_is_closed() -> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        story.sign_in_with(JAPANESE).await?;
        story.browser.open_tab(&story.shop.url("/")).await?;
        Home::here(story).greets().await?;
        story.browser.turn_to_tab(0).await?;
        story.browser.close_tab().await?;
        story.browser.turn_to_tab(0).await?;
        Home::here(story).greets().await?;

        story.on_another_device(end_the_first).await?;
        let words = story.language.words().app.ended_elsewhere;
        visible::notice(story.browser.driver(), words).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn whoever_signs_in_anew_in_another_tab_stays_signed_in_in_both() -> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        story.sign_in_with(JAPANESE).await?;
        story.browser.open_tab(&story.shop.url("/")).await?;
        for _ in 0..3 {
            // The provider knows the person still, so it comes back at once.
            Home::visit(story, "/sign-in").await?;
            ensure!(Home::here(story).greets().await? == JAPANESE.masked);
        }
        story.browser.driver().refresh().await?;
        ensure!(Home::here(story).greets().await? == JAPANESE.masked);
        story.browser.turn_to_tab(0).await?;
        ensure!(Home::here(story).greets().await? == JAPANESE.masked);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_person_signs_out_on_all_devices() -> Result<()> {
    Story::tell(Language::English, async |story| {
        story.sign_in_with(CHINESE).await?;
        let end_all = async |story: &Story| {
            story.sign_in_with(CHINESE).await?;
            Sessions::open(story).await?.end_all().await?;
            Home::here(story).welcomes_a_visitor().await
        };
        story.on_another_device(end_all).await?;
        let words = story.language.words().app.signed_out_everywhere;
        visible::notice(story.browser.driver(), words).await?;
        Home::here(story).welcomes_a_visitor().await
    })
    .await
}

#[tokio::test]
async fn a_shop_that_cannot_be_reached_says_so_signs_nobody_out_and_is_found_again() -> Result<()> {
    Story::tell(Language::English, async |story| {
        story.expect_complaint("ERR_CONNECTION_REFUSED");
        story.expect_complaint("ERR_INCOMPLETE_CHUNKED_ENCODING");
        story.sign_in_with(CHINESE).await?;

        story.shop.stop_bff();
        let words = story.language.words().app.cannot_be_reached;
        visible::notice(story.browser.driver(), words).await?;
        ensure!(Home::here(story).greets().await? == CHINESE.masked);

        story.shop.start_bff()?;
        visible::no_notice(story.browser.driver()).await?;
        ensure!(Home::here(story).greets().await? == CHINESE.masked);
        Ok(())
    })
    .await
}
