//! The browser for tests: Chromium and its driver.

use crate::{program, step, tools::SearchPath, workspace};
use anyhow::{Context as _, Result, bail};
use std::{fs, path::PathBuf, process::Command};

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
        let path = SearchPath::of_this_machine();
        match Self::find() {
            Err(_) if rustix::process::geteuid().is_root() && path.find("apt-get").is_some() => {
                step::step("Installing Chromium and ChromeDriver (once)", install)?;
                Self::find()
            }
            found => found,
        }
    }
}

fn install() -> Result<()> {
    let log = workspace::data_dir().join("logs/apt-get.log");
    fs::create_dir_all(workspace::data_dir().join("logs"))?;
    let file = fs::File::create(&log)?;
    let apt_get = |arguments: &[&str]| -> Result<()> {
        let mut command = Command::new("apt-get");
        command
            .args(arguments)
            .env("DEBIAN_FRONTEND", "noninteractive")
            .stdout(file.try_clone()?)
            .stderr(file.try_clone()?);
        program::run(&mut command).with_context(|| format!("see {}", workspace::shown(&log)))
    };
    apt_get(&["update"])?;
    let packages = ["chromium", "chromium-driver"];
    apt_get(
        &[
            &["install", "--yes", "--no-install-recommends"][..],
            &packages,
        ]
        .concat(),
    )
}
