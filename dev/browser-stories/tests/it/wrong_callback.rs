//! Somebody comes to the redirect URI with something else than the code of a sign-in that was begun in this browser.

use anyhow::{Context as _, Result, ensure};
use browser_stories::{
    Language, Story,
    pages::{Home, Provider, SignInFailed},
    phone::CHINESE,
};

#[tokio::test]
async fn a_callback_that_belongs_to_no_sign_in_of_this_browser_is_refused() -> Result<()> {
    let foreign = "A2f6mUOoHwOyTqBr1rYWvY4CwJzLkVFuIJzE0nB2Xmk";
    let addresses = [
        "/callback".to_owned(),
        "/callback?code=x".to_owned(),
        format!("/callback?code=x&state={foreign}"),
        format!("/callback?error=access_denied&state={foreign}"),
    ];
    Story::tell(Language::Japanese, async |story| {
        for address in &addresses {
            Home::visit(story, address).await?;
            SignInFailed::because(story, "unknown_sign_in").await?;
            let path = story.browser.path().await?;
            ensure!(path == "/sign-in-failed?reason=unknown_sign_in");
        }
        Home::visit(story, "/").await?.welcomes_a_visitor().await
    })
    .await
}

#[tokio::test]
async fn a_declined_sign_in_says_so_and_the_second_try_returns_to_where_the_first_began()
-> Result<()> {
    Story::tell(Language::English, async |story| {
        Home::visit(story, "/?shelf=3").await?.sign_in().await?;
        Provider::asks_for_a_number(story).await?;

        let state = state_of_the_pending_sign_in(story).await?;
        let issuer = format!("{}/oidc", story.shop.provider_url());
        let declined = format!("/callback?error=access_denied&state={state}&iss={issuer}");
        Home::visit(story, &declined).await?;
        let failed = SignInFailed::because(story, "access_denied").await?;

        failed.try_again().await?;
        let provider = Provider::asks_for_a_number(story).await?;
        provider.sign_in_with(CHINESE).await?;
        ensure!(Home::here(story).greets().await? == CHINESE.masked);
        ensure!(story.browser.path().await? == "/?shelf=3");
        Ok(())
    })
    .await
}

/// The cookie of a pending sign-in begins with its `state`.
async fn state_of_the_pending_sign_in(story: &Story) -> Result<String> {
    let cookies = story.browser.driver().get_all_cookies().await?;
    let state = cookies
        .iter()
        .find(|cookie| cookie.name.contains("sign-in."))
        .and_then(|cookie| cookie.value.split('.').next());
    Ok(state.context("no sign-in is pending")?.to_owned())
}
