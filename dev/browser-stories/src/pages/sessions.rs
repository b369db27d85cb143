//! The page that says where the person is signed in.

use crate::{Story, visible};
use anyhow::{Context as _, Result, ensure};
use thirtyfour::By;

/// The page, in the language of the story.
pub struct Sessions<'a>(&'a Story);

impl<'a> Sessions<'a> {
    /// Follows the link to it.
    ///
    /// # Errors
    /// When there is none, or the page does not come.
    pub async fn open(story: &'a Story) -> Result<Self> {
        let (driver, words) = (story.browser.driver(), &story.language.words().app);
        visible::link(driver, words.sessions).await?.click().await?;
        visible::heading(driver, words.sessions).await?;
        visible::first_item(driver).await?;
        Ok(Self(story))
    }

    /// Ends the only session that is not this one.
    ///
    /// # Errors
    /// When there is none, or more than one, or the one of this browser is not marked.
    pub async fn end_the_other(&self) -> Result<()> {
        let (driver, words) = (self.0.browser.driver(), &self.0.language.words().app);
        let list = driver.find(By::Css(".sessions")).await?;
        let marked = list.text().await?.matches(words.this_device).count();
        ensure!(marked == 1, "{marked} sessions are marked as this one");
        let mut buttons = list.find_all(By::Css("li button")).await?;
        ensure!(
            buttons.len() == 1,
            "{} sessions can be ended",
            buttons.len()
        );
        let button = buttons.pop().context("there is one")?;
        Ok(button.click().await?)
    }

    /// Presses the button that ends every session.
    ///
    /// # Errors
    /// When there is none.
    pub async fn end_all(&self) -> Result<()> {
        let words = &self.0.language.words().app;
        let button = visible::button(self.0.browser.driver(), words.sign_out_everywhere).await?;
        Ok(button.click().await?)
    }
}
