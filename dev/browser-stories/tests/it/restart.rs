//! Provider and bff end and start again, and `tenant.toml` is applied again.

use anyhow::{Result, ensure};
use browser_stories::{Language, Story, pages::Home, phone::JAPANESE};

#[tokio::test]
async fn a_restart_keeps_the_application_and_who_is_signed_in() -> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        story.expect_complaint("net::ERR_");
        let application = story.shop.application().await?;
        ensure!(
            application != "bookstore",
            "the id of the file, which a Logto does not take"
        );
        story.sign_in_with(JAPANESE).await?;

        story.shop.stop_bff();
        story.shop.stop_provider();
        story.shop.start_provider()?;
        story.shop.start_bff()?;

        ensure!(story.shop.application().await? == application);
        let home = Home::visit(story, "/").await?;
        ensure!(home.greets().await? == JAPANESE.masked);
        // The provider knows the person still, so it comes back at once.
        Home::visit(story, "/sign-in").await?;
        ensure!(home.greets().await? == JAPANESE.masked);
        Ok(())
    })
    .await
}
