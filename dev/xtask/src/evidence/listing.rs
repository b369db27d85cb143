//! The names of all tests, as the test binaries list them.

use super::name;
use crate::{
    binaries, frontend,
    program::{self, cargo},
    test_packages,
};
use anyhow::{Context as _, Result};
use serde_json::Value;
use std::{
    collections::HashSet,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// A test whose name begins with numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NumberedTest {
    /// The test binary and the module: `bff::it callback`.
    pub(super) home: String,
    /// Its name, without that of its module.
    pub(super) name: String,
    pub(super) numbers: Vec<String>,
    pub(super) words: String,
}

/// A program with tests.
struct Binary {
    /// `bff` has the unit tests of that crate, `bff::it` the tests in `bff/tests/it`.
    id: String,
    file: PathBuf,
}

/// Builds the tests as `cargo xtask test` does, and asks for their names.
///
/// # Errors
/// When a test does not compile, or a binary does not list its tests.
pub(super) fn numbered_tests() -> Result<Vec<NumberedTest>> {
    frontend::build_tests()?;
    let mut tests = Vec::new();
    for packages in [
        &test_packages::WORKSPACE[..],
        &test_packages::FRONTEND_IN_A_BROWSER,
    ] {
        for binary in binaries(packages)? {
            tests.extend(binary.numbered_tests()?);
        }
    }
    tests.sort();
    Ok(tests)
}

/// Builds the tests of some packages.
fn binaries(packages: &[&str]) -> Result<Vec<Binary>> {
    let mut build = cargo(&[
        "test",
        "--no-run",
        "--message-format=json-render-diagnostics",
    ]);
    build.args(packages).stderr(Stdio::inherit());
    let messages = program::output(&mut build)?;
    let messages = messages.lines().map(serde_json::from_str);
    let messages: Vec<Value> = messages.collect::<Result<_, _>>()?;
    Ok(messages.iter().filter_map(binary).collect())
}

/// The binary of a message from cargo, if it is about one with tests.
fn binary(message: &Value) -> Option<Binary> {
    let file = message["executable"].as_str()?;
    if message["profile"]["test"] != true {
        return None;
    }
    let manifest = Path::new(message["manifest_path"].as_str()?);
    let package = manifest.parent()?.file_name()?.to_str()?;
    let target = &message["target"];
    let id = match (target["kind"][0].as_str()?, target["name"].as_str()?) {
        ("test", name) => format!("{package}::{name}"),
        ("bin", name) => format!("{package}::bin/{name}"),
        _ => package.to_owned(),
    };
    let file = file.into();
    Some(Binary { id, file })
}

impl Binary {
    /// The numbered tests that are not ignored.
    fn numbered_tests(&self) -> Result<Vec<NumberedTest>> {
        let all = self.list(&[])?;
        let ignored = self.list(&["--ignored"])?;
        let ignored: HashSet<&str> = names(&ignored).collect();
        let run = names(&all).filter(|name| !ignored.contains(name));
        Ok(run.filter_map(|name| numbered(&self.id, name)).collect())
    }

    fn list(&self, further: &[&str]) -> Result<String> {
        let mut list = if self.file.extension().is_some_and(|one| one == "wasm") {
            let mut runner = Command::new(binaries::path(frontend::TEST_RUNNER)?);
            runner.arg(&self.file);
            runner
        } else {
            Command::new(&self.file)
        };
        list.arg("--list").args(further);
        program::output(&mut list).with_context(|| format!("{} does not list its tests", self.id))
    }
}

/// The tests of libtest's lines `path::to::name: test`.
fn names(list: &str) -> impl Iterator<Item = &str> {
    list.lines().filter_map(|line| line.strip_suffix(": test"))
}

fn numbered(binary: &str, path: &str) -> Option<NumberedTest> {
    let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
    let module = module.strip_suffix("tests").unwrap_or(module);
    let (numbers, words) = name::read(name)?;
    Some(NumberedTest {
        home: format!("{binary} {}", module.trim_end_matches("::")),
        name: name.to_owned(),
        numbers,
        words,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_binary_is_named_after_its_package_and_target() {
        let message = |kind: &str, name: &str, is_test: bool| {
            json!({
                "reason": "compiler-artifact", "manifest_path": "/shop/crates/oidc-rp/Cargo.toml",
                "target": {"kind": [kind], "name": name}, "profile": {"test": is_test},
                "executable": "/target/debug/deps/it-1"
            })
        };
        let id = |kind, name, is_test| binary(&message(kind, name, is_test)).map(|one| one.id);
        assert_eq!(id("lib", "oidc_rp", true).as_deref(), Some("oidc-rp"));
        assert_eq!(id("test", "it", true).as_deref(), Some("oidc-rp::it"));
        assert_eq!(
            id("bin", "tool", true).as_deref(),
            Some("oidc-rp::bin/tool")
        );
        assert_eq!(id("bin", "tool", false), None);
        assert!(binary(&json!({"reason": "build-finished"})).is_none());
    }

    #[test]
    fn only_tests_with_numbers_are_taken_with_the_module_that_they_are_about() {
        let list = "callback::b019_once: test
session::cookie::tests::t01_an_alias: test
t02_at_the_root: test
callback::without_a_number: test
measure::b001_speed: benchmark

3 tests, 1 benchmark
";
        let found: Vec<_> = names(list)
            .filter_map(|name| numbered("bff::it", name))
            .map(|test| (test.home, test.name))
            .collect();
        let expected = [
            ("bff::it callback", "b019_once"),
            ("bff::it session::cookie", "t01_an_alias"),
            ("bff::it ", "t02_at_the_root"),
        ];
        assert_eq!(
            found,
            expected.map(|(home, name)| (home.to_owned(), name.to_owned()))
        );
    }
}
