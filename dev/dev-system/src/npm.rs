//! Packages of npm, at the versions and with the hashes of a lock file. None of their scripts is run.

use crate::{debian, environment, program, search_path::SearchPath};
use anyhow::{Context as _, Result};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Node.js and its package manager.
pub struct Npm {
    /// The program `node`.
    pub node: PathBuf,
    npm: PathBuf,
}

impl Npm {
    /// Finds them; where that is possible without asking anybody, installs them first.
    ///
    /// # Errors
    /// When they are missing and cannot be installed.
    pub fn ensure() -> Result<Self> {
        let path = SearchPath::of_this_machine();
        let (node, npm) = debian::ensure("Node.js", &["nodejs", "npm"], || {
            let found = path.find("node").zip(path.find("npm"));
            found.context("this needs Node.js 18 or newer, and npm: install them")
        })?;
        Ok(Self { node, npm })
    }

    /// Installs what the lock file in this folder lists.
    ///
    /// # Errors
    /// When npm does not succeed.
    pub fn ci(&self, folder: &Path) -> Result<()> {
        let mut ci = Command::new(&self.npm);
        ci.args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]);
        program::run(environment::of_installer(&mut ci).current_dir(folder))
    }
}
