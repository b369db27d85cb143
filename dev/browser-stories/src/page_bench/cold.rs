//! A visit of a browser that has never been anywhere.

use crate::{Bookstore, Browser, Language};
use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::time::Duration;

/// A browser that has just started is still busy with itself.
const WARM_UP: Duration = Duration::from_secs(1);
/// What moves on the page, or is asked for, after the app has taken over.
const AFTERWARDS: Duration = Duration::from_millis(500);

/// How fast network and processor are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speed {
    /// As fast as this machine.
    Full,
    /// A phone on a slow mobile network.
    Throttled,
}

impl Speed {
    pub(super) const ALL: [Self; 2] = [Self::Full, Self::Throttled];
    pub(super) const THROTTLED: &'static str = "1.6 Mbit/s, 150 ms, CPU ÷ 4";
}

/// When things were there, in milliseconds since the browser was told to go to the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Moments {
    /// First contentful paint.
    pub(super) paint: f64,
    /// The first frame with the link that begins a sign-in.
    pub(super) link: f64,
    /// The app has replaced the markup that the bff painted.
    pub(super) app: f64,
    /// Cumulative layout shift.
    pub(super) shift: f64,
}

/// Visits the page with a new browser.
pub(super) async fn visit(shop: &Bookstore, speed: Speed) -> Result<Moments> {
    let browser = Browser::open(Language::English).await?;
    tokio::time::sleep(WARM_UP).await;
    watch(&browser).await?;
    if speed == Speed::Throttled {
        throttle(&browser).await?;
    }
    browser.driver().goto(shop.url("/")).await?;
    settled(&browser).await?;
    let moments = browser.driver().execute("return moments", vec![]).await?;
    let moments = read(moments.json())?;
    browser.close().await?;
    Ok(moments)
}

/// From now on every page notes its moments.
pub(super) async fn watch(browser: &Browser) -> Result<()> {
    browser.run_first(include_str!("moments.js")).await
}

/// The app has taken over, and a while has passed.
pub(super) async fn settled(browser: &Browser) -> Result<()> {
    let all_is_there = "moments.paint && moments.link && moments.app";
    browser.wait_until(all_is_there).await?;
    tokio::time::sleep(AFTERWARDS).await;
    Ok(())
}

async fn throttle(browser: &Browser) -> Result<()> {
    let bytes_per_second = |kilobits: u32| kilobits * 1_000 / 8;
    let network = json!({
        "offline": false,
        "latency": 150,
        "downloadThroughput": bytes_per_second(1_600),
        "uploadThroughput": bytes_per_second(750),
    });
    let processor = json!({ "rate": 4 });
    for (method, parameters) in [
        ("Network.enable", json!({})),
        ("Network.emulateNetworkConditions", network),
        ("Emulation.setCPUThrottlingRate", processor),
    ] {
        browser.command(method, parameters).await?;
    }
    Ok(())
}

fn read(moments: &Value) -> Result<Moments> {
    let of = |name: &str| {
        let moment = moments[name].as_f64();
        moment.with_context(|| format!("the page did not note `{name}`"))
    };
    Ok(Moments {
        paint: of("paint")?,
        link: of("link")?,
        app: of("app")?,
        shift: of("shift")?,
    })
}
