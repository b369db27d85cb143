//! `cargo xtask check`: formatting, lints, docs, dependencies.

use crate::{
    program::{self, cargo},
    step::Steps,
    tools::{self, SearchPath},
};
use anyhow::Result;
use std::io::{self, Write as _};

/// Checks everything that can be checked without running the product.
///
/// # Errors
/// When a check finds something; it has said what.
pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    let outcome = sources(&mut steps).and_then(|()| dependencies(&mut steps));
    writeln!(io::stdout(), "\n{steps}")?;
    outcome
}

/// Formatting, lints and docs: needs the Rust toolchain only.
pub(super) fn sources(steps: &mut Steps) -> Result<()> {
    tools::ensure_wasm_target()?;
    steps.step("formatting", || {
        program::run(&mut cargo(&["fmt", "--all", "--check"]))
    })?;
    steps.step("lints, servers and tools", || {
        program::run(&mut cargo(&[
            "clippy",
            "--workspace",
            "--all-targets",
            "--features=connector-aliyun-sms/sandbox,frontend/prerender",
            "--",
            "--deny=warnings",
        ]))
    })?;
    steps.step("lints, WebAssembly", || {
        program::run(&mut cargo(&[
            "clippy",
            "--package=frontend",
            "--package=shared",
            "--all-targets",
            "--target=wasm32-unknown-unknown",
            "--",
            "--deny=warnings",
        ]))
    })?;
    steps.step("docs", || {
        let features = "--features=connector-aliyun-sms/sandbox,frontend/prerender";
        let mut doc = cargo(&["doc", "--workspace", "--no-deps", features]);
        program::run(doc.env("RUSTDOCFLAGS", "--deny=warnings"))
    })
}

/// Licences, bans and advisories (`deny.toml`), and dependencies that nobody uses.
fn dependencies(steps: &mut Steps) -> Result<()> {
    let path = SearchPath::of_this_machine();
    tools::CARGO_DENY.ensure(&path)?;
    tools::CARGO_MACHETE.ensure(&path)?;
    steps.step("licences, bans, sources", || {
        let checks = ["check", "bans", "licenses", "sources"];
        program::run(tools::CARGO_DENY.command(&path).args(checks))
    })?;
    steps.step("known vulnerabilities", || advisories(&path))?;
    steps.step("unused dependencies", || {
        program::run(&mut tools::CARGO_MACHETE.command(&path))
    })
}

/// The database of advisories is fetched from its home: without that, it is said and not counted as a fault.
fn advisories(path: &SearchPath) -> Result<()> {
    let fetch = program::output(tools::CARGO_DENY.command(path).args(["fetch", "db"]));
    if fetch.is_err() {
        eprintln!(
            "  NOT CHECKED: the database of advisories (github.com/rustsec) cannot be reached"
        );
        return Ok(());
    }
    program::run(
        tools::CARGO_DENY
            .command(path)
            .args(["check", "advisories"]),
    )
}
