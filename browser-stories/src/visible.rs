//! Finding things as a person does: by the words on them. A thing that is not there yet is waited for.

use anyhow::{Context as _, Result};
use thirtyfour::{By, WebDriver, WebElement, extensions::query::ElementQueryable as _};

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

async fn one(driver: &WebDriver, xpath: &str, words: &str) -> Result<WebElement> {
    driver
        .query(By::XPath(xpath))
        .and_displayed()
        .first()
        .await
        .with_context(|| format!("the page does not show “{words}”"))
}
