//! Finding tests with numbers in the sources.

use super::name;
use crate::workspace;
use anyhow::{Context as _, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// A test whose name begins with numbers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct NumberedTest {
    /// The file that has it, from the workspace on.
    pub(super) file: String,
    /// Its name, without that of its module.
    pub(super) name: String,
    pub(super) numbers: Vec<String>,
    pub(super) words: String,
}

/// The numbered tests in the Rust files below some folders of the workspace, by file and name.
///
/// # Errors
/// When a file cannot be read.
pub(super) fn numbered_tests(folders: &[&str]) -> Result<Vec<NumberedTest>> {
    let mut tests = Vec::new();
    for folder in folders {
        for file in rust_files(&workspace::root().join(folder))? {
            let text = fs::read_to_string(&file)
                .with_context(|| format!("cannot read {}", workspace::shown(&file)))?;
            tests.extend(tests_in(&workspace::shown(&file), &text));
        }
    }
    tests.sort();
    Ok(tests)
}

fn rust_files(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder)
        .with_context(|| format!("cannot list {}", workspace::shown(folder)))?;
    let mut files = Vec::new();
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(rust_files(&path)?);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
    Ok(files)
}

fn tests_in(file: &str, source: &str) -> Vec<NumberedTest> {
    source
        .lines()
        .filter_map(name_in)
        .filter_map(|name| {
            let (numbers, words) = name::read(name)?;
            Some(NumberedTest {
                file: file.to_owned(),
                name: name.to_owned(),
                numbers,
                words,
            })
        })
        .collect()
}

/// The name that a line declares: that of a function, or the first word of a row in a macro's table.
fn name_in(line: &str) -> Option<&str> {
    let line = line.trim_start();
    let function = line
        .strip_prefix("async fn ")
        .or_else(|| line.strip_prefix("fn "));
    let start = function.unwrap_or(line);
    let end = start
        .find(|character: char| !character.is_ascii_alphanumeric() && character != '_')
        .unwrap_or(start.len());
    let (name, rest) = start.split_at(end);
    (function.is_some() || begins_a_row(rest.trim_start())).then_some(name)
}

fn begins_a_row(after_name: &str) -> bool {
    let colon = after_name.starts_with(':') && !after_name.starts_with("::");
    colon || after_name.starts_with("=>") || after_name.starts_with(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn functions_and_rows_of_a_table_are_found() {
        let text = "
            #[test]
            fn b015_one() {}
            #[tokio::test]
            async fn b016_two() {}
            variants! {
                r01_three: \"/\",
                r02_four => \"//\",
                rp_1a_02_five, \"iss\", |claims| {};
            }";
        let names: Vec<_> = tests_in("a.rs", text)
            .into_iter()
            .map(|test| test.name)
            .collect();
        assert_eq!(
            names,
            [
                "b015_one",
                "b016_two",
                "r01_three",
                "r02_four",
                "rp_1a_02_five"
            ]
        );
    }

    #[test]
    fn what_mentions_or_calls_a_test_is_none() {
        let text = "
            // fn b015_one() {}
            /// b016_two: as above
            b017_three();
            use b018_four::x;
            b019_five::run();
            let r05_six = 1;
            fn without_a_number() {}";
        assert_eq!(tests_in("a.rs", text), []);
    }
}
