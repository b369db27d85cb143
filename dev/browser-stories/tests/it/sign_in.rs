//! A person signs in by phone, sees who they are, signs out, and comes back.

use anyhow::{Result, ensure};
use browser_stories::{
    Language, Story,
    pages::{Account, Home, Provider},
    phone::{CHINESE, JAPANESE},
};

#[tokio::test]
async fn a_new_phone_number_signs_in_and_out_and_in_again_in_japanese() -> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        let home = Home::visit(story, "/?shelf=3").await?;
        home.welcomes_a_visitor().await?;
        home.sign_in().await?;

        let provider = Provider::asks_for_a_number(story).await?;
        provider.send_code_to(JAPANESE.typed).await?;
        provider.asks_for_the_code().await?;
        let code = provider.read_code_on_the_phone().await?;
        provider.enter_code(&code).await?;

        let home = Home::here(story);
        ensure!(home.greets().await? == JAPANESE.masked);
        ensure!(story.browser.path().await? == "/?shelf=3");
        let account = Account::open(story).await?;
        let claims = account.claims().await?;
        ensure!(claims["phone_number"].starts_with(JAPANESE.masked));
        account.show_phone_number().await?;
        ensure!(account.claims().await?["phone_number"].starts_with(JAPANESE.number));
        ensure!(!claims["sub"].is_empty());
        story.browser.driver().back().await?;
        story.browser.keeps_nothing_for_scripts().await?;

        home.sign_out().await?;
        Home::here(story).welcomes_a_visitor().await?;
        ensure!(story.browser.path().await? == "/");

        Home::here(story).sign_in().await?;
        let provider = Provider::asks_for_a_number(story).await?;
        provider.sign_in_with(JAPANESE).await?;
        Home::here(story).greets().await?;
        let again = Account::open(story).await?.claims().await?;
        ensure!(
            again["sub"] == claims["sub"],
            "the same number is another person"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_person_who_reads_english_signs_in_and_out() -> Result<()> {
    Story::tell(Language::English, async |story| {
        Home::visit(story, "/").await?.sign_in().await?;
        let provider = Provider::asks_for_a_number(story).await?;
        provider.sign_in_with(CHINESE).await?;

        ensure!(Home::here(story).greets().await? == CHINESE.masked);
        Home::here(story).sign_out().await?;
        Home::here(story).welcomes_a_visitor().await
    })
    .await
}
