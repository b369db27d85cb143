//! The provider's sign-in page: a phone number, then the code that was sent to it.

use crate::{Phone, Story, texts::ProviderWords, visible};
use anyhow::{Context as _, Result, ensure};
use thirtyfour::{WebDriver, WebElement};

/// The page, in the language of the story.
pub struct Provider<'a>(&'a Story);

impl<'a> Provider<'a> {
    /// The person has come here to sign in.
    ///
    /// # Errors
    /// When the page is another one, or in another language.
    pub async fn asks_for_a_number(story: &'a Story) -> Result<Self> {
        let page = Self(story);
        visible::heading(page.driver(), page.words().title).await?;
        visible::field(page.driver(), page.words().phone).await?;
        let url = page.driver().current_url().await?;
        let is_provider = url.as_str().starts_with(&story.shop.provider_url());
        ensure!(is_provider, "the sign-in page is at {url}");
        Ok(page)
    }

    /// Goes the whole way: the number of this phone, then the code that the sandbox received for it.
    ///
    /// # Errors
    /// When a step is not there.
    pub async fn sign_in_with(&self, phone: Phone) -> Result<()> {
        self.send_code_to(phone.typed).await?;
        self.asks_for_the_code().await?;
        let code = self.0.shop.newest_code(phone).await?;
        self.enter_code(&code).await
    }

    /// Types a phone number and asks for a code.
    ///
    /// # Errors
    /// When there is no place for a number.
    pub async fn send_code_to(&self, phone: &str) -> Result<()> {
        let field = visible::field(self.driver(), self.words().phone).await?;
        field.clear().await?;
        field.send_keys(phone).await?;
        let button = visible::button(self.driver(), self.words().send_code).await?;
        Ok(button.click().await?)
    }

    /// The page asks for the code that was sent.
    ///
    /// # Errors
    /// When it does not.
    pub async fn asks_for_the_code(&self) -> Result<WebElement> {
        visible::field(self.driver(), self.words().code).await
    }

    /// Types the code; with its last digit the page goes on by itself.
    ///
    /// # Errors
    /// When there is no place for a code.
    pub async fn enter_code(&self, code: &str) -> Result<()> {
        let field = self.asks_for_the_code().await?;
        field.clear().await?;
        Ok(field.send_keys(code).await?)
    }

    /// Looks at the phone in a second tab, where the link of the page leads, and reads the code in the newest message.
    ///
    /// # Errors
    /// When the page has no such link, or no message with a code comes.
    pub async fn read_code_on_the_phone(&self) -> Result<String> {
        let link = visible::link(self.driver(), self.words().inbox).await?;
        let inbox = link.attr("href").await?;
        let inbox = inbox.context("the link to the inbox leads nowhere")?;

        let sign_in = self.driver().window().await?;
        let phone = self.driver().new_tab().await?;
        self.driver().switch_to_window(phone).await?;
        self.driver().goto(inbox).await?;
        let message = visible::first_item(self.driver()).await?.text().await?;
        self.0.browser.keeps_nothing_for_scripts().await?;
        self.driver().switch_to_window(sign_in).await?;

        code_in(&message).context("the newest message has no code of six digits")
    }

    /// Goes back to the phone number.
    ///
    /// # Errors
    /// When there is no way back.
    pub async fn change_number(&self) -> Result<()> {
        let button = visible::button(self.driver(), self.words().change_number).await?;
        Ok(button.click().await?)
    }

    /// The page says that something is wrong, in these words.
    ///
    /// # Errors
    /// When it says nothing, or something else.
    pub async fn says(&self, words: &str) -> Result<()> {
        visible::alert(self.driver(), words).await?;
        Ok(())
    }

    fn driver(&self) -> &WebDriver {
        self.0.browser.driver()
    }

    fn words(&self) -> &'static ProviderWords {
        &self.0.language.words().provider
    }
}

/// Six digits that stand alone: `【Bookstore】您的验证码为123456，…`.
fn code_in(message: &str) -> Option<String> {
    message
        .split(|character: char| !character.is_ascii_digit())
        .find(|digits| digits.len() == 6)
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_six_digits_between_other_characters() {
        let cases = [
            (
                "【Bookstore】您的验证码为123456，5分钟内有效。",
                Some("123456"),
            ),
            ("+86 138 0013 8000\n您的验证码为 004711", Some("004711")),
            (
                "SMS_200000001\n[Bookstore]Your sign-in code is 123456. It is valid for 10 minutes.",
                Some("123456"),
            ),
            ("SMS_100000001", None),
            ("", None),
        ];
        for (message, expected) in cases {
            assert_eq!(code_in(message).as_deref(), expected, "{message}");
        }
    }
}
