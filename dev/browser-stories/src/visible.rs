//! Finding things as a person does: by the words on them. A thing that is not there yet is waited for.

use anyhow::{Context as _, Result, bail, ensure};
use std::time::Duration;
use thirtyfour::{
    By, WebDriver, WebElement, error::WebDriverErrorInner::StaleElementReference,
    extensions::query::ElementQueryable as _,
};

/// A page may lead to another one while it is looked at, and each is taken over once.
const TAKE_OVERS: u32 = 5;

/// A link by its words.
///
/// # Errors
/// When there is none.
pub async fn link(driver: &WebDriver, words: &str) -> Result<WebElement> {
    let xpath = format!("//a[@href][normalize-space()='{words}']");
    one(driver, &xpath, words).await
}

/// A button by its words.
///
/// # Errors
/// When there is none.
pub async fn button(driver: &WebDriver, words: &str) -> Result<WebElement> {
    let xpath = format!("//button[normalize-space()='{words}']");
    one(driver, &xpath, words).await
}

/// An input by the words of its label.
///
/// # Errors
/// When there is none.
pub async fn field(driver: &WebDriver, label: &str) -> Result<WebElement> {
    let xpath = format!("//input[@id=//label[normalize-space()='{label}']/@for]");
    one(driver, &xpath, label).await
}

/// The main heading, once it has these words.
///
/// # Errors
/// When it has other words, or there is none.
pub async fn heading(driver: &WebDriver, words: &str) -> Result<WebElement> {
    let xpath = format!("//h1[normalize-space()='{words}']");
    one(driver, &xpath, words).await
}

/// The main heading, once it begins with these words.
///
/// # Errors
/// When it begins with other words, or there is none.
pub async fn heading_that_begins(driver: &WebDriver, words: &str) -> Result<WebElement> {
    let xpath = format!("//h1[starts-with(., '{words}')]");
    one(driver, &xpath, words).await
}

/// The main heading, whatever its words.
///
/// # Errors
/// When there is none.
pub async fn any_heading(driver: &WebDriver) -> Result<WebElement> {
    one(driver, "//h1[normalize-space()]", "a heading").await
}

/// The first item of the first list that has any.
///
/// # Errors
/// When there is no list with items.
pub async fn first_item(driver: &WebDriver) -> Result<WebElement> {
    one(driver, "//main//li", "an item in a list").await
}

/// What the page says at once when something is wrong (`role="alert"`), once it is this.
///
/// # Errors
/// When it says something else, or nothing.
pub async fn alert(driver: &WebDriver, words: &str) -> Result<WebElement> {
    let xpath = format!("//*[@role='alert'][normalize-space()='{words}']");
    one(driver, &xpath, words).await
}

/// A notice, once it says this.
///
/// # Errors
/// When it says something else, or there is none.
pub async fn notice(driver: &WebDriver, words: &str) -> Result<WebElement> {
    let xpath = format!("//*[@class='notice']/p[starts-with(normalize-space(), '{words}')]");
    one(driver, &xpath, words).await
}

/// Waits until there is no notice.
///
/// # Errors
/// When it stays.
pub async fn no_notice(driver: &WebDriver) -> Result<()> {
    let query = driver.query(By::ClassName("notice"));
    ensure!(query.not_exists().await?, "the notice stays");
    Ok(())
}

/// The row of a table of claims, by the claim's name.
///
/// # Errors
/// When there is none.
pub async fn row(driver: &WebDriver, claim: &str) -> Result<WebElement> {
    let xpath = format!("//tr[@data-claim='{claim}']");
    one(driver, &xpath, claim).await
}

/// Waits until the app runs, on a page of ours: it puts its own elements in the place of those that the bff painted.
///
/// # Errors
/// When the browser does not answer.
pub async fn running(driver: &WebDriver) -> Result<()> {
    let script = "return !document.getElementById('app') || performance.getEntriesByName('app-running').length > 0";
    for _ in 0..200 {
        if driver.execute(script, vec![]).await?.convert()? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    bail!("the app does not run")
}

/// An element of the app itself: one that the bff painted goes when the app takes over, so it is looked for once more.
async fn one(driver: &WebDriver, xpath: &str, words: &str) -> Result<WebElement> {
    for _ in 0..TAKE_OVERS {
        running(driver).await?;
        let found = driver.query(By::XPath(xpath)).and_displayed().first().await;
        let element = match found {
            Err(error) if matches!(*error, StaleElementReference(_)) => continue,
            found => found.with_context(|| format!("the page does not show “{words}”"))?,
        };
        running(driver).await?;
        if element.is_present().await? {
            return Ok(element);
        }
    }
    bail!("the page is another one again and again, and does not keep “{words}”")
}
