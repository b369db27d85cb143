//! The generated documents are what their commands print, no more and no less.

use std::fs;
use xtask::{errors, evidence, workspace};

#[test]
fn the_evidence_is_what_the_tests_show() {
    let document = evidence::document().unwrap_or_else(|error| panic!("{error:#}"));
    assert_printed_by("evidence", &document);
}

#[test]
fn every_error_has_its_advice() {
    let document = errors::document().unwrap_or_else(|error| panic!("{error:#}"));
    assert_printed_by("errors", &document);
}

fn assert_printed_by(command: &str, document: &str) {
    let path = format!("docs/{command}.md");
    let file = fs::read_to_string(workspace::root().join(&path)).unwrap_or_default();
    assert!(
        file == document,
        "write it anew: cargo xtask {command} > {path}\n{}",
        first_difference(&file, document)
    );
}

fn first_difference(file: &str, document: &str) -> String {
    let pairs = file.lines().zip(document.lines());
    let first = pairs
        .enumerate()
        .find(|(_, (there, expected))| there != expected);
    match first {
        Some((index, (there, expected))) => {
            format!(
                "line {}\n  is        {there}\n  should be {expected}",
                index + 1
            )
        }
        None => format!(
            "{} lines instead of {}",
            file.lines().count(),
            document.lines().count()
        ),
    }
}
