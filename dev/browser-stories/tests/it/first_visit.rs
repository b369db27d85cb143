//! A person who has never been here looks around.

use anyhow::{Result, ensure};
use browser_stories::{Language, Story, pages::Home};

#[tokio::test]
async fn a_visitor_is_welcomed_in_the_language_that_the_browser_reads() -> Result<()> {
    for language in [Language::Japanese, Language::English] {
        Story::tell(language, async |story| {
            Home::visit(story, "/").await?.welcomes_a_visitor().await
        })
        .await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_chosen_language_stays_chosen() -> Result<()> {
    Story::tell(Language::English, async |story| {
        let home = Home::visit(story, "/").await?;
        home.welcomes_a_visitor().await?;

        home.choose(Language::Japanese).await?;
        story.language = Language::Japanese;
        Home::here(story).welcomes_a_visitor().await?;

        story.browser.driver().refresh().await?;
        Home::here(story).welcomes_a_visitor().await?;
        let cookies = story.browser.driver().get_all_cookies().await?;
        let chosen = cookies.iter().find(|cookie| cookie.name == "language");
        ensure!(chosen.is_some_and(|cookie| cookie.value == "ja"));
        Ok(())
    })
    .await
}
