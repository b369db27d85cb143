//! The frontend: cargo compiles it, and `wasm-build` makes `dist/` of it when something has changed.

use crate::{
    binaries, program,
    program::cargo,
    search_path,
    step::step,
    test_packages::WORKSPACE,
    tools::{self, SearchPath},
    workspace,
};
use anyhow::{Context as _, Result};
use std::{fmt::Write as _, fs, io, os::unix::fs::symlink, path::PathBuf, process::Command};

const TARGET: &str = "wasm32-unknown-unknown";
const PROFILE: &str = "wasm-release";

/// Builds the frontend into `dist/` unless that was made of what is there now.
///
/// # Errors
/// When something cannot be compiled or written.
pub fn build_if_changed() -> Result<()> {
    compile_programs()?;
    build_app_if_changed()
}

/// As [`build_if_changed`], with the programs that are built.
///
/// # Errors
/// When something cannot be compiled or written.
pub fn build_app_if_changed() -> Result<()> {
    compile_app()?;
    let inputs = state(&inputs()?).context("cannot look at what dist/ is made of")?;
    let made_of = workspace::data_dir().join("dist-inputs");
    let is_there = workspace::dist().join("index.html").exists();
    if is_there && fs::read_to_string(&made_of).is_ok_and(|made_of| made_of == inputs) {
        return Ok(());
    }
    write()?;
    fs::create_dir_all(workspace::data_dir())?; // a fresh checkout has none
    fs::write(&made_of, inputs)
        .with_context(|| format!("cannot write {}", workspace::shown(&made_of)))
}

/// Builds the frontend into `dist/`.
///
/// # Errors
/// When something cannot be compiled or written.
pub fn build() -> Result<()> {
    compile_programs()?;
    compile_app()?;
    write()
}

/// Cargo knows what has changed.
fn compile_app() -> Result<()> {
    tools::ensure_wasm_target()?;
    step("Compiling the app to WebAssembly", || {
        let mut build = cargo(&["build", "--package=frontend", "--target", TARGET]);
        program::run(build.args(["--bin=frontend", "--profile", PROFILE]))
    })
}

fn compile_programs() -> Result<()> {
    step(
        "Compiling the programs that make dist/",
        binaries::build_dist_programs,
    )
}

fn app() -> Result<PathBuf> {
    let target = binaries::target_dir()?;
    Ok(target.join(TARGET).join(PROFILE).join("frontend.wasm"))
}

/// Everything that `dist/` is made of.
fn inputs() -> Result<Vec<PathBuf>> {
    let mut inputs = vec![
        app()?,
        binaries::path("wasm-build")?,
        binaries::path("prerender")?,
    ];
    let files = [
        "index.html",
        "Trunk.toml",
        "frontend/assets",
        "frontend/src/style.css",
    ];
    inputs.extend(files.map(|file| workspace::root().join(file)));
    Ok(inputs)
}

fn write() -> Result<()> {
    step("Writing dist/", run_wasm_build)
}

fn run_wasm_build() -> Result<()> {
    let mut wasm_build = Command::new(binaries::path("wasm-build")?);
    wasm_build
        .current_dir(workspace::root())
        .arg("--app")
        .arg(app()?)
        .arg("--prerender")
        .arg(binaries::path("prerender")?);
    program::run(&mut wasm_build)
}

/// The modification time of each of these files, and of each file in these folders. Cargo may bring an older program back,
/// so that a later time is not what counts.
fn state(paths: &[PathBuf]) -> io::Result<String> {
    let mut state = String::new();
    let mut waiting = paths.to_vec();
    while let Some(path) = waiting.pop() {
        let metadata = fs::metadata(&path)?;
        if metadata.is_dir() {
            for entry in fs::read_dir(&path)? {
                waiting.push(entry?.path());
            }
        }
        writeln!(state, "{} {:?}", path.display(), metadata.modified()?)
            .map_err(io::Error::other)?;
    }
    Ok(state)
}

/// The program that runs the tests of the frontend in a browser: a runner for cargo. [`build_tests`] builds it.
pub(crate) const TEST_RUNNER: &str = "wasm-bindgen-test-runner";

/// Builds all programs and tests of the host.
///
/// # Errors
/// When cargo does not succeed; it has said why.
pub(crate) fn build_tests() -> Result<()> {
    let mut build = cargo(&["build", "--tests", "--bins"]);
    program::run(build.args(WORKSPACE))
}

/// Installs what [`serve`] needs, unless it is there: trunk, and wasm-bindgen's program, which trunk starts.
///
/// # Errors
/// When something cannot be installed or built.
pub fn ensure_trunk(path: &SearchPath) -> Result<()> {
    tools::ensure_wasm_target()?;
    tools::TRUNK.ensure(path)?;
    let program = step("Compiling wasm-bindgen", || {
        let name = "wasm-bindgen-program"; // at the version of `Cargo.lock`
        let mut build = cargo(&["build", "--package=wasm-build", "--features=programs"]);
        program::run(build.args(["--bin", name]))?;
        binaries::path(name)
    })?;
    let name = search_path::own_tools().join("bin/wasm-bindgen");
    fs::create_dir_all(name.with_file_name(""))?;
    fs::remove_file(&name).ok(); // it is there after the first time
    symlink(program, &name).with_context(|| format!("cannot write {}", workspace::shown(&name)))
}

/// A command that builds and serves the frontend, and does so again whenever a source is saved.
#[must_use]
pub fn serve(path: &SearchPath, port: u16) -> Command {
    let mut trunk = tools::TRUNK.command(path);
    trunk
        .args(["serve", "--skip-version-check", "--address=127.0.0.1"])
        .arg("--dist")
        .arg(served_dist())
        .arg("--port")
        .arg(port.to_string())
        .env_remove("NO_COLOR"); // trunk wants `true`, not the usual `1`
    trunk
}

/// The folder that [`serve`] writes.
#[must_use]
pub fn served_dist() -> PathBuf {
    workspace::data_dir().join("trunk-serve")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, SystemTime};

    #[test]
    fn an_input_that_is_older_or_newer_or_gone_or_added_is_a_change() {
        let temporary = tempfile::tempdir().unwrap();
        let deep = temporary.path().join("assets/deep");
        let inputs = [temporary.path().join("assets")];
        fs::create_dir_all(&deep).unwrap();
        let save = |name: &str, seconds: u64| {
            let file = fs::File::create(deep.join(name)).unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            file.set_modified(time).unwrap();
        };
        save("boot.js", 1000);
        let first = state(&inputs).unwrap();
        assert_eq!(state(&inputs).unwrap(), first);
        for seconds in [999, 1001] {
            save("boot.js", seconds);
            assert_ne!(state(&inputs).unwrap(), first);
        }
        save("boot.js", 1000);
        save("more.js", 1000);
        assert_ne!(state(&inputs).unwrap(), first);
        assert!(state(&[deep.join("missing")]).is_err());
    }
}
