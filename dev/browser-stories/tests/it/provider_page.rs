//! The provider's page while a person types, waits, goes back and forth, and changes the language.

use anyhow::{Result, ensure};
use browser_stories::{
    Language, Story,
    pages::{Home, Provider},
    phone::{CHINESE, JAPANESE},
    visible,
};
use thirtyfour::{By, Key};

async fn text_of(story: &Story, id: &str) -> Result<String> {
    let element = story.browser.driver().find(By::Id(id)).await?;
    Ok(element.text().await?)
}

/// Pastes a text into the code field.
async fn paste(story: &Story, text: &str) -> Result<()> {
    let script = "const code = document.getElementById('code'); code.value = arguments[0];
        code.dispatchEvent(new InputEvent('input', { inputType: 'insertFromPaste', bubbles: true }))";
    let driver = story.browser.driver();
    driver.execute(script, vec![text.into()]).await?;
    Ok(())
}

#[tokio::test]
async fn q03_a_region_is_found_by_its_name_and_a_number_with_two_meanings_is_asked_for()
-> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        Home::visit(story, "/").await?.sign_in().await?;
        let provider = Provider::asks_for_a_number(story).await?;
        let driver = story.browser.driver();
        for (typed, calling_code) in [
            ("日本", "+81"),
            ("あめりか", "+1"),
            ("andorra", "+376"),
            ("JP", "+81"),
            ("+376", "+376"),
        ] {
            driver.find(By::Id("country")).await?.click().await?;
            let search = driver.find(By::Id("region-search")).await?;
            search.send_keys(typed).await?;
            search.send_keys(Key::Enter + "").await?;
            let shown = text_of(story, "calling-code").await?;
            ensure!(shown == calling_code, "{typed}: {shown}");
        }

        provider.send_code_to("376447350").await?;
        visible::button(driver, "+376 376447350").await?;
        let other = visible::button(driver, "+376 447350").await?;
        other.click().await?;
        provider.asks_for_the_code().await?;
        let lead = text_of(story, "code-lead").await?.replace('\u{a0}', " ");
        ensure!(lead.contains("+376 447350"), "{lead}");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn q01_q07_back_forward_and_reload_keep_the_step_and_the_code() -> Result<()> {
    Story::tell(Language::English, async |story| {
        Home::visit(story, "/").await?.sign_in().await?;
        let provider = Provider::asks_for_a_number(story).await?;
        provider.send_code_to(CHINESE.typed).await?;
        provider.asks_for_the_code().await?;
        let driver = story.browser.driver();

        driver.back().await?;
        Provider::asks_for_a_number(story).await?;
        driver.forward().await?;
        provider.asks_for_the_code().await?;
        driver.refresh().await?;
        provider.asks_for_the_code().await?;
        let resend = text_of(story, "resend").await?;
        ensure!(resend.starts_with("New code in "), "{resend}");

        // The same number again, before another code may be sent.
        provider.change_number().await?;
        provider.send_code_to(CHINESE.typed).await?;
        provider.asks_for_the_code().await?;
        let code = story.shop.newest_code(CHINESE).await?;
        provider.enter_code(&code).await?;
        ensure!(Home::here(story).greets().await? == CHINESE.masked);

        driver.back().await?;
        ensure!(Home::here(story).greets().await? == CHINESE.masked);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn q05_the_code_of_a_pasted_sentence_is_taken_and_no_guess_is_submitted() -> Result<()> {
    Story::tell(Language::Japanese, async |story| {
        Home::visit(story, "/").await?.sign_in().await?;
        let provider = Provider::asks_for_a_number(story).await?;
        provider.send_code_to(JAPANESE.typed).await?;
        let field = provider.asks_for_the_code().await?;
        let code = story.shop.newest_code(JAPANESE).await?;
        for guess in [
            "Your code is 012345 or 543210",
            "1234567890",
            "Valid 10 minutes",
        ] {
            paste(story, guess).await?;
            ensure!(field.prop("value").await?.as_deref() == Some(guess));
            let busy = story.browser.driver().find(By::Id("code-step")).await?;
            ensure!(busy.attr("aria-busy").await?.as_deref() == Some("false"));
        }
        paste(story, &format!("Your code is {code} (valid 10 minutes)")).await?;
        ensure!(Home::here(story).greets().await? == JAPANESE.masked);
        Ok(())
    })
    .await
}

#[tokio::test]
async fn q07_the_language_chosen_at_the_provider_is_the_apps_and_the_other_way_round() -> Result<()>
{
    Story::tell(Language::Japanese, async |story| {
        Home::visit(story, "/").await?.sign_in().await?;
        Provider::asks_for_a_number(story).await?;
        let driver = story.browser.driver();
        visible::button(driver, "English").await?.click().await?;
        story.language = Language::English;
        driver.refresh().await?;
        let provider = Provider::asks_for_a_number(story).await?;
        provider.sign_in_with(CHINESE).await?;
        Home::here(story).greets().await?;

        Home::here(story).sign_out().await?;
        Home::here(story).welcomes_a_visitor().await?;
        Home::here(story).sign_in().await?;
        Provider::asks_for_a_number(story).await?;
        Ok(())
    })
    .await
}
