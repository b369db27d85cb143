//! axe-core, which looks for barriers in pages.

use anyhow::{Context as _, Result};
use dev_system::{lock_file::when_changed, npm::Npm, workspace};
use std::{
    fs,
    sync::{Mutex, PoisonError},
};

/// Where its version is written down.
const FOLDER: &str = "dev/browser-stories/axe";

/// npm may run once at a time in its folder, and several stories ask.
static INSTALLING: Mutex<()> = Mutex::new(());

/// The script for a page. npm installs it first, unless that was done for this version.
///
/// # Errors
/// When Node.js is missing and cannot be installed, or npm does not succeed.
pub fn script() -> Result<String> {
    let _turn = INSTALLING.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = workspace::data_dir().join("axe");
    fs::create_dir_all(&folder)?;
    for file in ["package.json", "package-lock.json"] {
        let source = workspace::root().join(FOLDER).join(file);
        fs::copy(&source, folder.join(file))
            .with_context(|| format!("cannot copy {}", workspace::shown(&source)))?;
    }
    when_changed(&folder, &["package-lock.json"], || {
        Npm::ensure()?.ci(&folder)
    })?;
    let script = folder.join("node_modules/axe-core/axe.min.js");
    fs::read_to_string(&script)
        .with_context(|| format!("cannot read {}", workspace::shown(&script)))
}
