//! The programs of a local run: building them, and where they are then.

use crate::program;
use anyhow::{Context as _, Result};
use std::{path::PathBuf, process::Command};

/// Cargo chooses the features of a dependency for all packages that it is given, so each build is given all of these: what
/// they share is compiled once.
const PACKAGES: [&str; 7] = [
    "--package=bff",
    "--package=embedded-provider",
    "--package=provision-logto",
    "--package=connector-aliyun-sms",
    "--package=frontend",
    "--package=wasm-build",
    "--features=connector-aliyun-sms/sandbox,frontend/prerender",
];
const SERVERS: [&str; 4] = [
    "--bin=bff",
    "--bin=embedded-provider",
    "--bin=provision-logto",
    "--bin=aliyun-sms-sandbox",
];
const DIST_PROGRAMS: [&str; 2] = ["--bin=wasm-build", "--bin=prerender"];

/// Builds the bff, the embedded provider, what provisions it, the SMS sandbox, and the programs that make `dist/`.
///
/// # Errors
/// When cargo does not succeed; it has said why.
pub fn build() -> Result<()> {
    program::run(cargo("build").args(SERVERS).args(DIST_PROGRAMS))
}

/// Builds only the programs that make `dist/`.
///
/// # Errors
/// When cargo does not succeed; it has said why.
pub fn build_dist_programs() -> Result<()> {
    program::run(cargo("build").args(DIST_PROGRAMS))
}

/// Whether [`build`] would succeed, without building them.
///
/// # Errors
/// When it would not.
pub fn check() -> Result<()> {
    program::run(cargo("check").args(SERVERS).args(DIST_PROGRAMS))
}

fn cargo(command: &str) -> Command {
    let mut cargo = program::cargo(&[command]);
    cargo.args(PACKAGES);
    cargo
}

/// Where cargo puts the program `name`: beside this one, or one folder above when this is a test.
///
/// # Errors
/// When the system does not tell where this program is.
pub fn path(name: &str) -> Result<PathBuf> {
    let this = std::env::current_exe().context("this program does not know where it is")?;
    let folder = this.parent().unwrap_or(&this);
    let folder = match folder.file_name() {
        Some(deps) if deps == "deps" => folder.parent().unwrap_or(folder),
        _ => folder,
    };
    Ok(folder.join(name))
}

/// Where cargo puts what it builds with `--release`.
///
/// # Errors
/// As [`path`].
pub fn release(name: &str) -> Result<PathBuf> {
    Ok(target_dir()?.join("release").join(name))
}

/// Where cargo puts everything.
///
/// # Errors
/// As [`path`].
pub fn target_dir() -> Result<PathBuf> {
    let beside = path("")?;
    Ok(beside.parent().unwrap_or(&beside).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_in_cargos_folder_of_the_profile_also_for_a_test() {
        let path = path("bff").unwrap();
        assert_eq!(path.file_name().unwrap(), "bff");
        assert_ne!(path.parent().unwrap().file_name().unwrap(), "deps");
    }
}
