//! `cargo xtask fuzz`: libFuzzer looks for an input that breaks a property.

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

/// The crates with properties that can be fuzzed, and the files of their `fuzz/fuzz_targets`.
const HOMES: [(&str, &[&str]); 3] = [
    ("bff", &["cookie_header", "return_to"]),
    (
        "crates/connector-aliyun-sms",
        &["phone_number", "sms_request"],
    ),
    (
        "crates/oidc-rp",
        &["callback_query", "logout_form", "logout_token"],
    ),
];

/// Every property that can be fuzzed.
#[must_use]
pub fn targets() -> Vec<&'static str> {
    HOMES
        .iter()
        .flat_map(|(_, targets)| *targets)
        .copied()
        .collect()
}

/// The folder of the crate that has this target.
fn home(target: &str) -> Option<&'static str> {
    let (home, _) = HOMES
        .iter()
        .find(|(_, targets)| targets.contains(&target))?;
    Some(home)
}

/// Runs one target for so many seconds and says what it found.
///
/// # Errors
/// When nightly Rust is not there, when the build does not succeed, and on a finding.
pub fn run(target: &str, seconds: u32) -> Result<()> {
    let home = home(target).with_context(|| format!("no property is called `{target}`"))?;
    ensure_nightly()?;
    let path = SearchPath::of_this_machine();
    tools::CARGO_FUZZ.ensure(&path)?;
    let folder = workspace::root().join(home).join("fuzz");
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
            "`{target}` has a finding; when it is mended, keep its input in {home}/fuzz/seeds/{target}"
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

    fn names(home: &str, folder: &str) -> Vec<String> {
        let folder = workspace::root().join(home).join("fuzz").join(folder);
        let mut names: Vec<_> = fs::read_dir(folder)
            .unwrap()
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
        for (home, targets) in HOMES {
            assert_eq!(names(home, "fuzz_targets"), targets);
            assert_eq!(names(home, "dictionaries"), targets);
            assert_eq!(names(home, "seeds"), targets);
            let read =
                |path: &str| fs::read_to_string(workspace::root().join(home).join(path)).unwrap();
            let manifest = read("fuzz/Cargo.toml");
            for target in targets {
                assert_eq!(super::home(target), Some(home));
                assert!(
                    names(home, &format!("seeds/{target}")).len() >= 5,
                    "{target}"
                );
                assert!(
                    manifest.contains(&format!("name = \"{target}\"")),
                    "{target}"
                );
                assert!(read(&format!("src/properties/{target}.rs")).contains("pub fn holds("));
                let file = read(&format!("fuzz/fuzz_targets/{target}.rs"));
                let name = home.rsplit('/').next().unwrap().replace('-', "_");
                let call = format!("{name}::properties::{target}::holds(input)");
                assert!(file.contains(&call), "{target}");
            }
            assert_eq!(manifest.matches("[[bin]]").count(), targets.len());
        }
    }
}
