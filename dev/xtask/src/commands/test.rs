//! `cargo xtask test`: everything that must hold, on a machine that has Rust: it installs what else it needs, where it may.

use super::{check, crash, test_aliyun_clients, test_logto_sdks};
use crate::{
    binaries,
    browser::Browser,
    evidence, frontend, interrupt,
    program::{self, cargo},
    step::Steps,
    stores::Stores,
    test_packages::{FRONTEND_IN_A_BROWSER, SERVERS_AND_TOOLS, STORIES},
};
use anyhow::Result;
use std::io::{self, Write as _};

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
    test_servers_and_tools(steps)?;
    let browser = steps.step("browser", Browser::ensure)?;
    steps.step("tests of the frontend in a browser", || {
        test_frontend(&browser)
    })?;
    steps.step("building the frontend", frontend::build_if_changed)?;
    // What a run builds has no feature that only tests ask for.
    steps.step("the servers as they are run", binaries::check)?;
    steps.step("the servers as the tests built them", || {
        program::run(
            cargo(&["build"])
                .args(SERVERS_AND_TOOLS)
                .args(["--tests", "--bins"]),
        )
    })?;
    steps.step("Aliyun's clients against the sandbox", || {
        test_aliyun_clients::with_built_sandbox()
    })?;
    steps.step("Logto's SDKs and its engine", || {
        test_logto_sdks::with_built_servers()
    })?;
    steps.step("crash rounds", || crash::rounds(&[]))?;
    steps.step("stories in a browser", || {
        program::run(cargo(&["test"]).args(STORIES))
    })?;
    steps.step("docs/evidence.md", evidence::check)
}

/// The stores end with this function, whatever comes of the tests.
fn test_servers_and_tools(steps: &mut Steps) -> Result<()> {
    interrupt::watch()?;
    let stores = steps.step("redis and postgresql", Stores::start)?;
    steps.step("tests of servers and tools", || {
        let mut test = cargo(&["test"]);
        let test_all = test.args(SERVERS_AND_TOOLS).envs(stores.variables());
        let status = program::run_beside_servers(test_all)?;
        program::require_success(&test, status)
    })
}

fn test_frontend(browser: &Browser) -> Result<()> {
    let runner = frontend::build_test_runner()?;
    program::run(
        cargo(&["test"])
            .args(FRONTEND_IN_A_BROWSER)
            .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", runner)
            .env("WASM_BINDGEN_TEST_TIMEOUT", "120") // seconds for all of them; the default is 20
            .env("CHROMEDRIVER", &browser.chromedriver),
    )
}
