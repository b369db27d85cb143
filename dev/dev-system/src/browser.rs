//! The browser for tests: Chromium and its driver.

use crate::{debian, search_path::SearchPath};
use anyhow::{Result, bail};
use std::path::PathBuf;

/// Where the programs are.
#[derive(Clone, Debug)]
pub struct Browser {
    /// The browser.
    pub chromium: PathBuf,
    /// What steers it (WebDriver).
    pub chromedriver: PathBuf,
}

impl Browser {
    /// Finds the browser and its driver.
    ///
    /// # Errors
    /// When one is missing; the text says what to install.
    pub fn find() -> Result<Self> {
        let path = SearchPath::of_this_machine();
        let names = ["chromium", "chromium-browser", "google-chrome"];
        let chromium = names.into_iter().find_map(|name| path.find(name));
        let chromedriver = path.find("chromedriver");
        match (chromium, chromedriver) {
            (Some(chromium), Some(chromedriver)) => Ok(Self {
                chromium,
                chromedriver,
            }),
            _ => bail!(
                "the tests in a browser need Chromium and ChromeDriver: install your system's \
                 packages of them (Debian: chromium and chromium-driver)"
            ),
        }
    }

    /// Finds the browser and its driver; where that is possible without asking anybody, installs them first.
    ///
    /// # Errors
    /// When one is missing and cannot be installed.
    pub fn ensure() -> Result<Self> {
        debian::ensure(
            "Chromium and ChromeDriver",
            &["chromium", "chromium-driver"],
            Self::find,
        )
    }
}
