//! The page with what is known of the person.

use crate::{Story, visible};
use anyhow::{Result, ensure};
use std::collections::BTreeMap;
use thirtyfour::By;

/// The page, in the language of the story.
pub struct Account<'a>(&'a Story);

impl<'a> Account<'a> {
    /// Follows the link to it.
    ///
    /// # Errors
    /// When there is none, or the page does not come.
    pub async fn open(story: &'a Story) -> Result<Self> {
        let (driver, words) = (story.browser.driver(), &story.language.words().app);
        visible::link(driver, words.account).await?.click().await?;
        visible::heading(driver, words.account).await?;
        visible::row(driver, "sub").await?;
        Ok(Self(story))
    }

    /// The claims on the page, as the browser shows them: by their OpenID Connect names.
    ///
    /// # Errors
    /// When there is no table of claims.
    pub async fn claims(&self) -> Result<BTreeMap<String, String>> {
        let driver = self.0.browser.driver();
        let mut claims = BTreeMap::new();
        for row in driver.find_all(By::Css("table tr")).await? {
            let name = row.find(By::Css("th code")).await?.text().await?;
            claims.insert(name, row.find(By::Css("td")).await?.text().await?);
        }
        ensure!(!claims.is_empty(), "the page shows no claims");
        Ok(claims)
    }

    /// Presses the button that shows the phone number.
    ///
    /// # Errors
    /// When there is none.
    pub async fn show_phone_number(&self) -> Result<()> {
        let row = visible::row(self.0.browser.driver(), "phone_number").await?;
        Ok(row.find(By::Css("button")).await?.click().await?)
    }
}
