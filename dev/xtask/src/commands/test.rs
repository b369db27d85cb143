//! `cargo xtask test`: everything that must hold, on a machine that has Rust: it installs what else it needs, where it may.

use super::check;
use crate::{
    binaries,
    browser::Browser,
    evidence, frontend, interrupt,
    program::{self, cargo},
    step::Steps,
    stores::Stores,
    test_packages::{FRONTEND_IN_A_BROWSER, WORKSPACE},
};
use anyhow::Result;
use std::{
    io::{self, Write as _},
    process::Command,
    thread,
};

/// Runs every check that needs no extra tool and every test, up to the first that does not succeed.
///
/// # Errors
/// When a check or a test does not succeed; it has said why.
pub fn run() -> Result<()> {
    let mut steps = Steps::default();
    let outcome = all(&mut steps);
    writeln!(io::stdout(), "\n{steps}")?;
    outcome
}

fn all(steps: &mut Steps) -> Result<()> {
    check::sources(steps)?;
    // The servers that the stories start, and the programs that the later steps run.
    steps.step("building programs and tests", frontend::build_tests)?;
    let browser = steps.step("browser", Browser::ensure)?;
    steps.step("tests of the frontend in a browser", || {
        test_frontend(&browser)
    })?;
    steps.step("building the frontend", frontend::build_app_if_changed)?;
    test_workspace(steps)?;
    // What a run builds has no feature that only tests ask for.
    steps.step("the servers as they are run", binaries::check)?;
    steps.step("Aliyun's clients against the sandbox", || {
        run_built("aliyun-clients", &[])
    })?;
    steps.step("Logto's SDKs and its engine", || {
        run_built("logto-sdks", &[])
    })?;
    steps.step("crash rounds", || run_built("load-tests", &["crash"]))?;
    steps.step("docs/evidence.md", evidence::check)
}

/// The stores end with this function, whatever comes of the tests.
fn test_workspace(steps: &mut Steps) -> Result<()> {
    interrupt::watch()?;
    let stores = steps.step("redis and postgresql", Stores::start)?;
    // Most tests wait for a server, a timer or a browser: with one thread for each core, most of the time no core is busy.
    let threads = 2 * thread::available_parallelism()?.get();
    steps.step("tests and stories", || {
        let mut test = cargo(&["test"]);
        let test_all = test
            .args(WORKSPACE)
            .envs(stores.variables())
            .env("RUST_TEST_THREADS", threads.to_string());
        let status = program::run_beside_servers(test_all)?;
        program::require_success(&test, status)
    })
}

/// Runs one of the programs that [`frontend::build_tests`] built.
fn run_built(name: &str, arguments: &[&str]) -> Result<()> {
    let mut program = Command::new(binaries::path(name)?);
    let status = program::run_beside_servers(program.args(arguments))?;
    program::require_success(&program, status)
}

fn test_frontend(browser: &Browser) -> Result<()> {
    let runner = binaries::path(frontend::TEST_RUNNER)?;
    program::run(
        cargo(&["test"])
            .args(FRONTEND_IN_A_BROWSER)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120") // seconds for all of them; the default is 20
            .env("CHROMEDRIVER", &browser.chromedriver),
    )
}
