//! A person types what cannot be right: the page says what is wrong, and there is a way on.

use anyhow::{Result, ensure};
use browser_stories::{
    Language, Story,
    pages::{Home, Provider},
    phone::{CHINESE, JAPANESE},
};

const NOT_NUMBERS: [(&str, &str); 3] = [
    ("", "Please enter your phone number."),
    (
        "my phone",
        "“m” does not belong in a phone number. Please use digits.",
    ),
    ("12", "This number is too short. Please check it."),
];

#[tokio::test]
async fn a_number_that_is_none_and_a_wrong_code_are_explained_and_can_be_mended() -> Result<()> {
    Story::tell(Language::English, async |story| {
        story.expect_complaint("status of 400");
        Home::visit(story, "/").await?.sign_in().await?;
        let provider = Provider::asks_for_a_number(story).await?;
        for (typed, words) in NOT_NUMBERS {
            provider.send_code_to(typed).await?;
            provider.says(words).await?;
        }

        provider.send_code_to(CHINESE.typed).await?;
        provider.asks_for_the_code().await?;
        let code = story.shop.newest_code(CHINESE).await?;
        let wrong = if code == "000000" { "000001" } else { "000000" };
        provider.enter_code(wrong).await?;
        provider
            .says("This code is not right. Please check it and try again.")
            .await?;

        provider.enter_code(&code).await?;
        ensure!(Home::here(story).greets().await? == CHINESE.masked);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_mistyped_number_can_be_changed_after_the_code_was_sent() -> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        Home::visit(story, "/").await?.sign_in().await?;
        let provider = Provider::asks_for_a_number(story).await?;
        provider.send_code_to("090-1234-5670").await?;
        provider.asks_for_the_code().await?;

        provider.change_number().await?;
        provider.sign_in_with(JAPANESE).await?;
        ensure!(Home::here(story).greets().await? == JAPANESE.masked);
        Ok(())
    })
    .await
}
