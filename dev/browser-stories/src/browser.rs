//! A browser of its own for each story: a ChromeDriver on a free port, and a Chromium that has never been anywhere.

use crate::Language;
use anyhow::{Context as _, Result, bail, ensure};
use dev_system::{browser::Browser as Programs, ports, readiness::Readiness, server::Server};
use serde_json::{Value, json};
use std::{
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};
use tempfile::TempDir;
use thirtyfour::{
    ChromiumLikeCapabilities as _, Cookie, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver,
    extensions::query::ElementPollerWithTimeout,
};

/// How long a story waits for something to appear, and how often it looks.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// What ChromeDriver calls its logs: of the console, and of the network among others.
const CONSOLE: &str = "browser";
const PERFORMANCE: &str = "performance";

/// Without a window, and without the calls home that a fresh Chromium makes.
const FLAGS: [&str; 8] = [
    "--headless",
    "--no-sandbox", // Chromium's sandbox refuses to run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// A running browser with one tab.
pub struct Browser {
    driver: WebDriver,
    // Dropped after the driver has closed the browser.
    _chromedriver: Server,
    _profile: TempDir,
}

impl Browser {
    /// Opens a browser whose owner reads this language.
    ///
    /// # Errors
    /// When Chromium or ChromeDriver is not installed or does not start.
    pub async fn open(language: Language) -> Result<Self> {
        Self::start(language, &[CONSOLE]).await
    }

    /// Opens a browser that also keeps what goes over the network, for [`Browser::network`].
    ///
    /// # Errors
    /// As [`Browser::open`].
    pub async fn open_with_network_log(language: Language) -> Result<Self> {
        Self::start(language, &[CONSOLE, PERFORMANCE]).await
    }

    async fn start(language: Language, logs: &[&str]) -> Result<Self> {
        let programs = Programs::find()?;
        let profile = tempfile::tempdir()?;
        let port = ports::free()?;
        let mut command = Command::new(&programs.chromedriver);
        command.arg(format!("--port={port}"));
        let log = profile.path().join("chromedriver.log");
        let mut chromedriver = Server::start("chromedriver", &mut command, Some(&log))?;
        chromedriver.wait_until_ready(Readiness::new(port, "/status"))?;

        let capabilities = capabilities(&programs, &profile, language, logs)?;
        let driver = WebDriver::builder(format!("http://127.0.0.1:{port}"), capabilities)
            .poller(Arc::new(ElementPollerWithTimeout::new(
                PATIENCE, LOOK_AGAIN,
            )))
            .await
            .context("Chromium did not start")?;
        Ok(Self {
            driver,
            _chromedriver: chromedriver,
            _profile: profile,
        })
    }

    /// What steers the browser.
    #[must_use]
    pub fn driver(&self) -> &WebDriver {
        &self.driver
    }

    /// The path and query of the page.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn path(&self) -> Result<String> {
        let url = self.driver.current_url().await?;
        let query = url
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        Ok(format!("{}{query}", url.path()))
    }

    /// Asks something of the browser itself (Chrome DevTools Protocol).
    ///
    /// # Errors
    /// When the browser refuses.
    pub async fn command(&self, method: &str, parameters: Value) -> Result<Value> {
        let answer = self.driver.cdp().send_raw(method, parameters).await;
        answer.with_context(|| format!("the browser refuses {method}"))
    }

    /// Waits until an expression of JavaScript is true on the page.
    ///
    /// # Errors
    /// When it never is.
    pub async fn wait_until(&self, expression: &str) -> Result<()> {
        let script = format!("return Boolean({expression})");
        let begin = Instant::now();
        while begin.elapsed() < PATIENCE {
            let answer = self.driver.execute(script.as_str(), vec![]).await?;
            if answer.convert()? {
                return Ok(());
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        bail!("on the page this does not become true: {expression}")
    }

    /// The network's events since the last look (Chrome DevTools Protocol), of a browser with a log of them.
    ///
    /// # Errors
    /// When the browser keeps no such log.
    pub async fn network(&self) -> Result<Vec<Value>> {
        let log = self.driver.get_log(PERFORMANCE).await?;
        let events = log.iter().map(|entry| {
            let mut entry: Value = serde_json::from_str(&entry.message)?;
            Ok(entry["message"].take())
        });
        events.collect()
    }

    /// What the browser complained of since the last look: errors, warnings, breaches of the content security policy.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let log = self.driver.browser_log().await?;
        let complaints = log
            .into_iter()
            .filter(|entry| matches!(entry.level.as_str(), "SEVERE" | "WARNING"))
            .map(|entry| entry.message)
            .collect();
        Ok(complaints)
    }

    /// Makes sure that no script of this page could read a session: no cookie but the language's, nothing in
    /// `localStorage`. Cookies of one host count for all its ports, so this looks at the provider's too.
    ///
    /// # Errors
    /// When there is something to read.
    pub async fn keeps_nothing_for_scripts(&self) -> Result<()> {
        let cookies = self.driver.get_all_cookies().await?;
        for Cookie {
            name, http_only, ..
        } in cookies
        {
            let is_hidden = http_only == Some(true);
            ensure!(
                is_hidden || name == "language",
                "scripts can read the cookie `{name}`"
            );
        }
        let script = "return Object.keys(localStorage).join()";
        let stored: String = self.driver.execute(script, vec![]).await?.convert()?;
        ensure!(stored.is_empty(), "localStorage has {stored}");
        Ok(())
    }

    /// From the next page on, no script runs: as in a browser that has them switched off, or before they have come.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn run_no_scripts(&self) -> Result<()> {
        let parameters = json!({ "value": true });
        self.command("Emulation.setScriptExecutionDisabled", parameters)
            .await?;
        Ok(())
    }

    /// Every page from the next on runs this script first.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn run_first(&self, script: &str) -> Result<()> {
        let parameters = json!({ "source": script });
        self.command("Page.addScriptToEvaluateOnNewDocument", parameters)
            .await?;
        Ok(())
    }

    /// The person likes dark colours.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn prefer_dark(&self) -> Result<()> {
        let dark = json!({ "features": [{ "name": "prefers-color-scheme", "value": "dark" }] });
        self.command("Emulation.setEmulatedMedia", dark).await?;
        Ok(())
    }

    /// Opens a page in a new tab, which is then the one that is steered.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn open_tab(&self, url: &str) -> Result<()> {
        let tab = self.driver.new_tab().await?;
        self.driver.switch_to_window(tab).await?;
        Ok(self.driver.goto(url).await?)
    }

    /// Closes the tab that is steered; another must be turned to.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn close_tab(&self) -> Result<()> {
        Ok(self.driver.close_window().await?)
    }

    /// Turns to the tab that was opened at this place, from 0.
    ///
    /// # Errors
    /// When there is none.
    pub async fn turn_to_tab(&self, place: usize) -> Result<()> {
        let tab = self.driver.windows().await?.into_iter().nth(place);
        let tab = tab.context("there is no such tab")?;
        Ok(self.driver.switch_to_window(tab).await?)
    }

    /// Closes the browser.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn close(self) -> Result<()> {
        Ok(self.driver.clone().quit().await?)
    }
}

impl Drop for Browser {
    /// When a story panics there is nobody to wait for an answer: ChromeDriver ends, and with it the browser.
    fn drop(&mut self) {
        self.driver.clone().leak().ok(); // an error means that the browser is closed already
    }
}

fn capabilities(
    programs: &Programs,
    profile: &TempDir,
    language: Language,
    logs: &[&str],
) -> Result<thirtyfour::ChromeCapabilities> {
    let mut capabilities = DesiredCapabilities::chrome();
    let chromium = programs.chromium.to_str();
    capabilities.set_binary(chromium.context("the path of Chromium is not UTF-8")?)?;
    for flag in FLAGS {
        capabilities.add_arg(flag)?;
    }
    let profile = profile.path().join("profile");
    capabilities.add_arg(&format!("--user-data-dir={}", profile.display()))?;
    let preferences = json!({ "intl.accept_languages": language.words().tag });
    capabilities.add_experimental_option("prefs", preferences)?;
    for log in logs {
        capabilities.set_logging_prefs(*log, LoggingPrefsLogLevel::All)?;
    }
    Ok(capabilities)
}
