//! Telling a story: a shop, a browser, what happens, and what no story may leave behind.

use crate::{
    Bookstore, Browser, Language, Phone,
    pages::{Home, Provider},
};
use anyhow::{Context as _, Result, ensure};
use std::mem;
use tokio::sync::Semaphore;

/// What the console says whenever a new person signs in: asked who has this number, the provider answers 404 as Logto
/// does, and its page registers the person.
const NEW_PERSON: &str = "/api/experience/identification - Failed to load resource: the server responded with a status of 404";

/// A shop, and a person in front of a browser.
pub struct Story {
    /// The shop.
    pub shop: Bookstore,
    /// The person's browser.
    pub browser: Browser,
    /// The language that the person reads.
    pub language: Language,
    expected_complaints: Vec<&'static str>,
}

/// Browsers at a time. With more, a machine of two cores is so slow that pages are seen half drawn.
static TURNS: Semaphore = Semaphore::const_new(2);

impl Story {
    /// Tells a story of a person who reads this language. At the end the browser must have complained of nothing but
    /// what the story expected, and scripts must find nothing to read.
    ///
    /// # Errors
    /// When something in the story does not happen; with the words that the person then saw.
    pub async fn tell(
        language: Language,
        happens: impl AsyncFnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        let _turn = TURNS.acquire().await?;
        let mut story = Self {
            shop: Bookstore::open()?,
            browser: Browser::open(language).await?,
            language,
            expected_complaints: vec![NEW_PERSON],
        };
        let outcome = async {
            happens(&mut story).await?;
            story.leaves_nothing_behind().await
        };
        let outcome = match outcome.await {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(story.what_the_person_sees().await)),
        };
        story.browser.close().await?;
        outcome
    }

    /// The person comes to the home page, signs in by phone, and is greeted.
    ///
    /// # Errors
    /// When a step is not there, or somebody else is greeted.
    pub async fn sign_in_with(&self, phone: Phone) -> Result<()> {
        Home::visit(self, "/").await?.sign_in().await?;
        let provider = Provider::asks_for_a_number(self).await?;
        provider.sign_in_with(phone).await?;
        let greeted = Home::here(self).greets().await?;
        ensure!(greeted == phone.masked, "{greeted} is greeted");
        Ok(())
    }

    /// The person takes another device, which is put away again afterwards.
    ///
    /// # Errors
    /// When something that should happen there does not.
    pub async fn on_another_device(
        &mut self,
        happens: impl AsyncFnOnce(&Self) -> Result<()>,
    ) -> Result<()> {
        let other = Browser::open(self.language).await?;
        let this = mem::replace(&mut self.browser, other);
        let outcome = happens(self).await;
        let other = mem::replace(&mut self.browser, this);
        outcome?;
        other.close().await
    }

    /// The browser may complain of this: part of a line in its console.
    pub fn expect_complaint(&mut self, part: &'static str) {
        self.expected_complaints.push(part);
    }

    async fn leaves_nothing_behind(&self) -> Result<()> {
        self.browser.keeps_nothing_for_scripts().await?;
        let expected = |line: &String| {
            self.expected_complaints
                .iter()
                .any(|part| line.contains(part))
        };
        let mut complaints = self.browser.complaints().await?;
        complaints.retain(|line| !expected(line));
        ensure!(
            complaints.is_empty(),
            "the browser complains: {complaints:#?}"
        );
        Ok(())
    }

    async fn what_the_person_sees(&self) -> String {
        let seen = async {
            let url = self.browser.driver().current_url().await?;
            let script = "return document.body.innerText";
            let page = self.browser.driver().execute(script, vec![]).await?;
            let words: String = page.convert().context("a page without words")?;
            anyhow::Ok(format!("at {url} the person sees:\n{words}\n"))
        };
        seen.await
            .unwrap_or_else(|_| "the browser does not answer".to_owned())
    }
}
