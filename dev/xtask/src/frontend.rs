//! The frontend: trunk compiles the app, the host paints its pages, and the dist step finishes both. Nothing is done
//! when no source has changed.

mod freshness;

use crate::{
    dist, program,
    tools::{self, SearchPath},
    workspace,
};
use anyhow::Result;
use freshness::Stamp;
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Installs what compiling the frontend needs, unless it is there.
///
/// # Errors
/// When something cannot be installed.
pub fn ensure_tools(path: &SearchPath) -> Result<()> {
    tools::ensure_wasm_target()?;
    tools::TRUNK.ensure(path)?;
    tools::WASM_BINDGEN.ensure(path)
}

/// Builds the frontend into `dist/` unless that is newer than every source.
///
/// # Errors
/// When trunk does not succeed, or wrote what the dist step cannot finish.
pub fn build_if_changed(path: &SearchPath) -> Result<()> {
    if Stamp::is_fresh(&workspace::dist())? {
        eprintln!("  nothing has changed since the last build");
        return Ok(());
    }
    build(path)
}

/// Builds the frontend into `dist/`.
///
/// # Errors
/// When trunk does not succeed, or wrote what the dist step cannot finish.
pub fn build(path: &SearchPath) -> Result<()> {
    // Taken before the build: a source saved while it runs counts as newer.
    let stamp = Stamp::now()?;
    let compiled = workspace::data_dir().join("trunk-release");
    let mut trunk = trunk(path, "build");
    program::run(trunk.arg("--release").arg("--dist").arg(&compiled))?;
    let assets = dist::finish(&compiled, prepare_pages, &workspace::dist())?;
    for asset in assets {
        eprintln!("  {asset}");
    }
    stamp.keep()
}

/// Makes the pages that the bff paints before the app runs, from the `index.html` in this folder.
fn prepare_pages(folder: &Path) -> Result<()> {
    let features = "--features=prerender";
    let mut prerender = program::cargo(&["run", "--quiet", "--package=frontend", features]);
    program::run(prerender.args(["--bin=prerender", "--"]).arg(folder))
}

/// A command that builds and serves the frontend, and does so again whenever a source is saved.
#[must_use]
pub fn serve(path: &SearchPath, port: u16) -> Command {
    let mut command = trunk(path, "serve");
    command
        .arg("--dist")
        .arg(served_dist())
        .arg("--address=127.0.0.1")
        .arg("--port")
        .arg(port.to_string());
    command
}

/// The folder that [`serve`] writes.
#[must_use]
pub fn served_dist() -> PathBuf {
    workspace::data_dir().join("trunk-serve")
}

fn trunk(path: &SearchPath, command: &str) -> Command {
    let mut trunk = tools::TRUNK.command(path);
    trunk
        .arg(command)
        .arg("--skip-version-check")
        .env_remove("NO_COLOR"); // trunk wants `true`, not the usual `1`
    trunk
}
