//! Programs that a Debian can install by itself.

use crate::{program, search_path::SearchPath, step, workspace};
use anyhow::{Context as _, Result};
use std::{fs, process::Command};

/// Finds something; where that is possible without asking anybody (root on a Debian), installs its packages first.
///
/// # Errors
/// Those of `find`, when it is missing and cannot be installed.
pub fn ensure<T>(what: &str, packages: &[&str], find: impl Fn() -> Result<T>) -> Result<T> {
    let path = SearchPath::of_this_machine();
    match find() {
        Err(_) if rustix::process::geteuid().is_root() && path.find("apt-get").is_some() => {
            step::step(&format!("Installing {what} (once)"), || install(packages))?;
            find()
        }
        found => found,
    }
}

fn install(packages: &[&str]) -> Result<()> {
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
    let install = ["install", "--yes", "--no-install-recommends"];
    apt_get(&[&install, packages].concat())
}
