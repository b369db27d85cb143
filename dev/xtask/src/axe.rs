//! axe-core, which looks for barriers in pages: for the stories in a browser.

use crate::{lock_file::when_changed, npm::Npm, workspace};
use anyhow::{Context as _, Result};
use std::{fs, path::PathBuf};

/// Where its version is written down.
const FOLDER: &str = "dev/browser-stories/axe";

/// The script that a page is given, once [`ensure`] has installed it.
#[must_use]
pub fn script() -> PathBuf {
    folder().join("node_modules/axe-core/axe.min.js")
}

/// Installs it, unless it is there.
///
/// # Errors
/// When Node.js is missing and cannot be installed, or npm does not succeed.
pub fn ensure() -> Result<()> {
    let folder = folder();
    fs::create_dir_all(&folder)?;
    for file in ["package.json", "package-lock.json"] {
        let source = workspace::root().join(FOLDER).join(file);
        fs::copy(&source, folder.join(file))
            .with_context(|| format!("cannot copy {}", workspace::shown(&source)))?;
    }
    when_changed(&folder, &["package-lock.json"], || {
        Npm::ensure()?.ci(&folder)
    })
}

fn folder() -> PathBuf {
    workspace::data_dir().join("axe")
}
