//! The provider fails while people come to sign in, and comes back.

use anyhow::{Result, ensure};
use browser_stories::{
    Language, Story,
    pages::{Home, Provider, SignInFailed},
    phone::JAPANESE,
};

#[tokio::test]
async fn a_sign_in_while_the_provider_is_down_says_so_and_works_once_it_is_back() -> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        story.shop.stop_provider();
        story.expect_complaint("status of 503");
        let home = Home::visit(story, "/?shelf=3").await?;
        home.welcomes_a_visitor().await?;
        home.sign_in().await?;
        SignInFailed::because(story, "provider_unavailable").await?;

        story.shop.start_provider()?;
        let failed = SignInFailed::because(story, "provider_unavailable").await?;
        failed.try_again_until_it_works().await?;
        let provider = Provider::asks_for_a_number(story).await?;
        provider.sign_in_with(JAPANESE).await?;
        ensure!(Home::here(story).greets().await? == JAPANESE.masked);
        ensure!(story.browser.path().await? == "/?shelf=3");
        Ok(())
    })
    .await
}
