//! What the first page costs: bytes and requests, and from which moment on it can be seen, used, and is the app's.
//!
//! Everything is on the loopback interface of one machine, and the browser is a headless one. What is slow is said and
//! never a fault; a page that moves, or that needs its WebAssembly before anybody can sign in, is.

mod cold;
mod report;
mod traffic;

pub use report::Report;

use crate::{Bookstore, Browser, Language};
use anyhow::{Context as _, Result, ensure};
use cold::{Moments, Speed};
use dev_system::binaries;
use serde_json::json;
use thirtyfour::By;
use traffic::Traffic;

/// Opens a shop whose bff is built as it is shipped, and measures its first page.
///
/// # Errors
/// When something is not built or does not start, or the page does not do what it has to.
pub async fn measure(rounds: u32) -> Result<Report> {
    let shop = Bookstore::open_with(binaries::release("bff")?)?;
    eprintln!("  a click before the app runs");
    signs_in_without_the_app(&shop).await?;
    eprintln!("  what is transferred");
    let [first, repeat] = visits(&shop).await?;
    let mut measured = [Vec::new(), Vec::new()];
    for round in 1..=rounds {
        eprintln!("  round {round} of {rounds}");
        // In turns: what else the machine does then hits both alike.
        for (measured, speed) in measured.iter_mut().zip(Speed::ALL) {
            measured.push(cold::visit(&shop, speed).await?);
        }
    }
    Ok(Report {
        first,
        repeat,
        cold: measured,
    })
}

/// With scripts switched off, so that nothing but the bff's own markup is there, the link leads to the provider.
async fn signs_in_without_the_app(shop: &Bookstore) -> Result<()> {
    let browser = Browser::open(Language::English).await?;
    let no_scripts = json!({ "value": true });
    browser
        .command("Emulation.setScriptExecutionDisabled", no_scripts)
        .await?;
    browser.driver().goto(shop.url("/")).await?;
    let link = browser.driver().find(By::Css(SIGN_IN_LINK)).await;
    let link = link.context("without scripts the page has no sign-in link")?;
    link.click().await?;
    let reached = browser.driver().current_url().await?;
    ensure!(
        reached.as_str().starts_with(&shop.provider_url()),
        "without scripts the sign-in link leads to {reached}"
    );
    browser.close().await
}

/// The first visit of a browser and its second.
async fn visits(shop: &Bookstore) -> Result<[Traffic; 2]> {
    let browser = Browser::open_with_network_log(Language::English).await?;
    cold::watch(&browser).await?;
    let first = visit(&browser, shop).await?;
    browser.driver().goto("about:blank").await?;
    let repeat = visit(&browser, shop).await?;
    browser.close().await?;
    Ok([first, repeat])
}

async fn visit(browser: &Browser, shop: &Bookstore) -> Result<Traffic> {
    browser.network().await?; // what was before is not counted
    browser.driver().goto(shop.url("/")).await?;
    cold::settled(browser).await?;
    Ok(Traffic::of(&browser.network().await?, &shop.url("")))
}

/// The link that begins a sign-in.
const SIGN_IN_LINK: &str = "#sign-in[href]";
