//! The page that says why a sign-in did not work, and offers a second try.

use crate::{Story, visible};
use anyhow::{Result, bail, ensure};
use std::time::{Duration, Instant};
use thirtyfour::By;

const LONG: Duration = Duration::from_mins(1);

/// The page, in the language of the story.
pub struct SignInFailed<'a>(&'a Story);

impl<'a> SignInFailed<'a> {
    /// The person has come here because a sign-in did not work, for the reason with this stable code.
    ///
    /// # Errors
    /// When the page is another one, or gives another reason.
    pub async fn because(story: &'a Story, code: &str) -> Result<Self> {
        let driver = story.browser.driver();
        visible::heading(driver, story.language.words().app.sign_in_failed).await?;
        let shown = driver.find(By::Css("main code")).await?.text().await?;
        ensure!(
            shown == code,
            "the reason on the page is {shown}, not {code}"
        );
        Ok(Self(story))
    }

    /// Follows the link to a second try.
    ///
    /// # Errors
    /// When there is none.
    pub async fn try_again(&self) -> Result<()> {
        let words = &self.0.language.words().app;
        let link = visible::link(self.0.browser.driver(), words.try_again).await?;
        Ok(link.click().await?)
    }

    /// Tries again, and again, until another page comes: after a failure the bff does not ask the provider again for
    /// some seconds.
    ///
    /// # Errors
    /// When no other page comes for long.
    pub async fn try_again_until_it_works(&self) -> Result<()> {
        let begin = Instant::now();
        while begin.elapsed() < LONG {
            self.try_again().await?;
            let heading = visible::any_heading(self.0.browser.driver()).await?;
            if heading.text().await? != self.0.language.words().app.sign_in_failed {
                return Ok(());
            }
        }
        bail!("the sign-in still does not work after {LONG:?}")
    }
}
