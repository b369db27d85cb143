//! Makes `dist/` of the compiled frontend: wasm-bindgen writes the JavaScript, [`index`] reads trunk's tags, and [`dist`]
//! names files by content and compresses them. `cargo xtask run` and `cargo xtask dist` start it.
//!
//! It is a program of its own because wasm-bindgen takes long to compile, and no other command needs it.

mod dist;
mod index;

use anyhow::{Context as _, Result, ensure};
use clap::Parser;
use std::{
    path::{Path, PathBuf},
    process::Command,
};
use wasm_bindgen_cli_support::Bindgen;

/// Makes `dist/` of the compiled frontend, in the folder of `index.html` and `Trunk.toml`.
#[derive(Parser)]
struct Arguments {
    /// The WebAssembly that cargo has compiled
    #[arg(long)]
    app: PathBuf,
    /// The program that makes the pages from the finished `index.html`
    #[arg(long)]
    prerender: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { app, prerender } = Arguments::parse();
    let unhashed = tempfile::tempdir()?;
    index::fill(Path::new("."), unhashed.path())?;
    write_javascript(&app, unhashed.path())
        .with_context(|| format!("wasm-bindgen refuses {}", app.display()))?;
    let prepare = |folder: &Path| -> Result<()> {
        let status = Command::new(&prerender).arg(folder).status()?;
        ensure!(status.success(), "{} failed", prerender.display());
        Ok(())
    };
    for asset in dist::finish(unhashed.path(), prepare, Path::new("dist"))? {
        eprintln!("  {asset}");
    }
    Ok(())
}

/// Writes `x.js` and `x_bg.wasm`, as trunk does.
fn write_javascript(app: &Path, folder: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(app)
        .web(true)?
        .typescript(false)
        .generate(folder)
}
