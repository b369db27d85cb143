//! `cargo xtask fuzz`: libFuzzer looks for an input that breaks a property of the bff.

mod report;

use crate::{
    program,
    tools::{self, SearchPath},
    workspace,
};
use anyhow::{Context as _, Result, bail};
use report::Report;
use std::{
    fs,
    io::{self, BufRead as _, BufReader, Write as _},
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// The properties that can be fuzzed: the files of `bff/fuzz/fuzz_targets`.
pub const TARGETS: [&str; 5] = [
    "callback_query",
    "cookie_header",
    "logout_form",
    "logout_token",
    "return_to",
];

/// Runs one target for so many seconds and says what it found.
///
/// # Errors
/// When nightly Rust is not there, when the build does not succeed, and on a finding.
pub fn run(target: &str, seconds: u32) -> Result<()> {
    ensure_nightly()?;
    let path = SearchPath::of_this_machine();
    tools::CARGO_FUZZ.ensure(&path)?;
    let folder = workspace::root().join("bff/fuzz");
    fs::create_dir_all(corpus(target))?;
    // What is fuzzed is what is shipped: the same versions of every dependency.
    fs::copy(
        workspace::root().join("Cargo.lock"),
        folder.join("Cargo.lock"),
    )?;

    let mut fuzz = command(&folder, target, seconds);
    path.hand_to(&mut fuzz);
    let (report, succeeded) = watch(&mut fuzz)?;
    writeln!(io::stdout(), "\n{target}: {report}")?;
    if report.has_findings() {
        bail!(
            "`{target}` has a finding; when it is mended, keep its input in bff/fuzz/seeds/{target}"
        );
    }
    if !succeeded {
        bail!("`{target}` did not run to its end");
    }
    Ok(())
}

/// libFuzzer's instrumentation is in nightly only.
fn ensure_nightly() -> Result<()> {
    program::output(Command::new("rustup").args(["run", "nightly", "rustc", "--version"]))
        .map(drop)
        .context("fuzzing needs nightly Rust: `rustup toolchain install nightly`, then try again")
}

/// What earlier runs found worth keeping. Only people put something among the seeds.
fn corpus(target: &str) -> PathBuf {
    workspace::data_dir().join("fuzz").join(target)
}

/// Without a sanitizer: there is no `unsafe` here that one could watch, and without it is twice as fast.
fn command(folder: &Path, target: &str, seconds: u32) -> Command {
    let dictionary = folder.join("dictionaries").join(format!("{target}.txt"));
    let mut command = Command::new("rustup");
    command
        .current_dir(workspace::root())
        .args(["run", "nightly", "cargo", "fuzz", "run", "--sanitizer=none"])
        .arg("--fuzz-dir")
        .arg(folder)
        .arg("--target-dir")
        .arg(workspace::root().join("target/fuzz"))
        .arg(target)
        .arg(corpus(target))
        .arg(folder.join("seeds").join(target))
        .arg("--")
        .arg(format!("-max_total_time={seconds}"))
        .arg(format!("-dict={}", dictionary.display()))
        .args(["-timeout=5", "-print_final_stats=1"]);
    command
}

/// Shows what the program writes, and reads the report from it.
fn watch(command: &mut Command) -> Result<(Report, bool)> {
    let mut fuzzer = command
        .stderr(Stdio::piped())
        .spawn()
        .context("cannot start rustup")?;
    let mut report = Report::default();
    if let Some(output) = fuzzer.stderr.take() {
        // Bytes: the fuzzer shows inputs that are not text.
        for line in BufReader::new(output).split(b'\n') {
            let line = String::from_utf8_lossy(&line?).into_owned();
            eprintln!("{line}");
            report.read(&line);
        }
    }
    Ok((report, fuzzer.wait()?.success()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &str) -> Vec<String> {
        let entries = fs::read_dir(workspace::root().join("bff/fuzz").join(folder)).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| {
                entry
                    .unwrap()
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_string_lossy()
                    .into_owned()
            })
            .collect();
        names.sort();
        names
    }

    #[test]
    fn every_target_has_its_file_its_property_a_dictionary_and_seeds() {
        assert_eq!(names("fuzz_targets"), TARGETS);
        assert_eq!(names("dictionaries"), TARGETS);
        assert_eq!(names("seeds"), TARGETS);
        let read = |path: &str| fs::read_to_string(workspace::root().join(path)).unwrap();
        let manifest = read("bff/fuzz/Cargo.toml");
        for target in TARGETS {
            assert!(names(&format!("seeds/{target}")).len() >= 5, "{target}");
            assert!(
                manifest.contains(&format!("name = \"{target}\"")),
                "{target}"
            );
            assert!(read(&format!("bff/src/properties/{target}.rs")).contains("pub fn holds("));
            let file = read(&format!("bff/fuzz/fuzz_targets/{target}.rs"));
            assert!(
                file.contains(&format!("bff::properties::{target}::holds(input)")),
                "{target}"
            );
        }
        assert_eq!(manifest.matches("[[bin]]").count(), TARGETS.len());
    }
}
