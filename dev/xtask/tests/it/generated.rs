//! A generated document is what its command prints, no more and no less.

use std::fs;
use xtask::{errors, workspace};

#[test]
fn every_error_has_its_advice() {
    assert_printed_by("errors", &errors::document());
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
