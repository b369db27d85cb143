//! Running the bff's tests, and whether that shows what the sources say.

use super::{name, sources::NumberedTest};
use crate::{program, step::step, stores::Stores};
use anyhow::{Result, bail};
use std::io::{Read as _, Seek as _};

/// Runs the bff's unit tests and stories beside the stores that they need, and answers the names of the numbered ones
/// that passed.
///
/// # Errors
/// When a store or cargo cannot be started, or a test failed; the text then names those that did.
pub(super) fn passed_tests() -> Result<Vec<String>> {
    let stores = step("redis and postgresql", Stores::start)?;
    let mut output = tempfile::tempfile()?;
    let status = program::run_beside_servers(
        program::cargo(&[
            "test",
            "--package=bff",
            "--package=oidc-rp",
            "--no-fail-fast",
        ])
        .envs(stores.variables())
        .stdout(output.try_clone()?),
    )?;
    let mut bytes = Vec::new();
    output.rewind()?;
    output.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    if !status.success() {
        let failed = names(&text, " ... FAILED").join("\n  ");
        bail!("the tests of the bff did not pass:\n  {failed}");
    }
    let mut passed = names(&text, " ... ok");
    passed.retain(|name| name::read(name).is_some());
    Ok(passed)
}

/// The tests of libtest's lines `test path::to::name ... ok` with this ending, without their modules.
fn names(output: &str, ending: &str) -> Vec<String> {
    output
        .lines()
        .filter_map(|line| line.strip_prefix("test ")?.strip_suffix(ending))
        .filter_map(|test| test.split(' ').next()?.rsplit("::").next())
        .map(str::to_owned)
        .collect()
}

/// Checks that the tests found in the sources are those that passed, each as often.
///
/// # Errors
/// When they differ; the text lists how.
pub(super) fn compare(found: &[NumberedTest], passed: &[String]) -> Result<()> {
    let mut only_passed = passed.to_vec();
    let mut only_found = Vec::new();
    for test in found {
        match only_passed.iter().position(|name| *name == test.name) {
            Some(index) => drop(only_passed.swap_remove(index)),
            None => only_found.push(format!("in {} but not passed: {}", test.file, test.name)),
        }
    }
    only_passed.sort();
    let only_passed = only_passed
        .iter()
        .map(|name| format!("passed but not found in the sources: {name}"));
    let differences: Vec<_> = only_found.into_iter().chain(only_passed).collect();
    if !differences.is_empty() {
        bail!(
            "the run and the sources differ:\n  {}",
            differences.join("\n  ")
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "
running 4 tests
test session::cookie::tests::t01_an_alias ... ok
test callback::b019_once ... ok
test callback::b020_panics - should panic ... ok
test callback::b021_later ... ignored
test b022_broken ... FAILED

test result: FAILED. 3 passed; 1 failed; 1 ignored
";

    fn found(name: &str) -> NumberedTest {
        NumberedTest {
            file: "bff/tests/it/callback.rs".to_owned(),
            name: name.to_owned(),
            numbers: vec![],
            words: String::new(),
        }
    }

    #[test]
    fn the_lines_of_a_run_are_read() {
        assert_eq!(
            names(OUTPUT, " ... ok"),
            ["t01_an_alias", "b019_once", "b020_panics"]
        );
        assert_eq!(names(OUTPUT, " ... FAILED"), ["b022_broken"]);
    }

    #[test]
    fn a_test_that_did_not_run_and_one_that_was_not_found_are_listed() {
        let passed = ["b019_once".to_owned(), "b020_made_by_a_macro".to_owned()];
        let found = [found("b019_once"), found("b019_once"), found("b021_later")];
        assert_eq!(
            compare(&found, &passed).unwrap_err().to_string(),
            "the run and the sources differ:
  in bff/tests/it/callback.rs but not passed: b019_once
  in bff/tests/it/callback.rs but not passed: b021_later
  passed but not found in the sources: b020_made_by_a_macro"
        );
        compare(&found[..1], &passed[..1]).unwrap();
    }
}
