//! The app's home page: a welcome for a visitor, a greeting for a person who is signed in.

use crate::{Language, Story, visible};
use anyhow::{Context as _, Result, ensure};
use thirtyfour::By;

/// The home page, in the language of the story.
pub struct Home<'a>(&'a Story);

impl<'a> Home<'a> {
    /// The person enters an address of the app.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn visit(story: &'a Story, path: &str) -> Result<Self> {
        story.browser.driver().goto(story.shop.url(path)).await?;
        Ok(Self(story))
    }

    /// The person has come here by a redirect.
    #[must_use]
    pub fn here(story: &'a Story) -> Self {
        Self(story)
    }

    /// The page welcomes a visitor and offers to sign in, and not to sign out.
    ///
    /// # Errors
    /// When it does not.
    pub async fn welcomes_a_visitor(&self) -> Result<()> {
        let (driver, words) = (self.0.browser.driver(), &self.0.language.words().app);
        visible::heading(driver, words.welcome).await?;
        visible::link(driver, words.sign_in).await?;
        let buttons = driver.find_all(By::Css("main button")).await?;
        ensure!(
            buttons.is_empty(),
            "a visitor is offered a button in the page"
        );
        Ok(())
    }

    /// Follows the link that begins a sign-in.
    ///
    /// # Errors
    /// When there is none.
    pub async fn sign_in(&self) -> Result<()> {
        let words = &self.0.language.words().app;
        let link = visible::link(self.0.browser.driver(), words.sign_in).await?;
        Ok(link.click().await?)
    }

    /// Presses the button that ends the session.
    ///
    /// # Errors
    /// When there is none.
    pub async fn sign_out(&self) -> Result<()> {
        let words = &self.0.language.words().app;
        let button = visible::button(self.0.browser.driver(), words.sign_out).await?;
        Ok(button.click().await?)
    }

    /// The name in the greeting, without the words before it.
    ///
    /// # Errors
    /// When the page greets nobody, or in another language.
    pub async fn greets(&self) -> Result<String> {
        let hello = self.0.language.words().app.hello;
        let heading = visible::heading_that_begins(self.0.browser.driver(), hello).await?;
        let text = heading.text().await?;
        let name = text
            .strip_prefix(hello)
            .context("the greeting has other words")?;
        Ok(name.to_owned())
    }

    /// Presses the button of another language.
    ///
    /// # Errors
    /// When there is none.
    pub async fn choose(&self, language: Language) -> Result<()> {
        let button = visible::button(self.0.browser.driver(), language.words().own_name).await?;
        Ok(button.click().await?)
    }
}
