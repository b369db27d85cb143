//! Taking a picture of what the browser shows: the whole page, however long.

use super::{look::Look, palette};
use crate::Browser;
use anyhow::{Context as _, Result};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::json;
use std::{fs, path::Path};

/// Takes pictures into a folder.
#[derive(Clone, Copy)]
pub(super) struct Camera<'a> {
    pub(super) folder: &'a Path,
}

impl Camera<'_> {
    /// The page that the browser shows in this language, in every look.
    pub(super) async fn take(self, browser: &Browser, page: &str, language: &str) -> Result<()> {
        for look in Look::ALL {
            adjust(browser, look).await?;
            let file = self.folder.join(look.file(page, language));
            let picture = palette::shrink(&shoot(browser).await?)?;
            fs::write(&file, picture)
                .with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }
}

/// With reduced motion, no picture shows a page that is still fading in.
async fn adjust(browser: &Browser, look: Look) -> Result<()> {
    let Look {
        scheme,
        width,
        height,
    } = look;
    let window =
        json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
    let preferences = json!({ "features": [
        { "name": "prefers-color-scheme", "value": scheme },
        { "name": "prefers-reduced-motion", "value": "reduce" },
    ] });
    for (method, parameters) in [
        ("Emulation.setScrollbarsHidden", json!({ "hidden": true })), // they would make the page narrower
        ("Emulation.setDeviceMetricsOverride", window),
        ("Emulation.setEmulatedMedia", preferences),
    ] {
        browser.command(method, parameters).await?;
    }
    Ok(())
}

/// A PNG of the whole document. What is fixed to the foot of the window is then at the foot of the picture.
async fn shoot(browser: &Browser) -> Result<Vec<u8>> {
    let to_the_end = "scrollTo(0, document.documentElement.scrollHeight)";
    browser.driver().execute(to_the_end, vec![]).await?;
    let metrics = browser.command("Page.getLayoutMetrics", json!({})).await?;
    let content = &metrics["cssContentSize"];
    let clip = json!({
        "x": 0, "y": 0, "width": content["width"], "height": content["height"], "scale": 1,
    });
    let parameters = json!({ "format": "png", "clip": clip, "captureBeyondViewport": true });
    let answer = browser
        .command("Page.captureScreenshot", parameters)
        .await?;
    let picture = answer["data"].as_str();
    let picture = picture.context("the browser took no picture")?;
    Ok(STANDARD.decode(picture)?)
}
