//! A file with what a program of ours writes.

use crate::workspace::shown;
use anyhow::{Context as _, Result};
use std::{fs, io, path::Path, process::Command};

/// Lets the program write its output and its errors to the file, without colours.
pub(crate) fn write_to(log: &Path, command: &mut Command) -> Result<()> {
    let (output, errors) = open(log).with_context(|| format!("cannot write {}", shown(log)))?;
    command.stdout(output).stderr(errors).env("NO_COLOR", "1");
    Ok(())
}

fn open(log: &Path) -> io::Result<(fs::File, fs::File)> {
    if let Some(folder) = log.parent() {
        fs::create_dir_all(folder)?;
    }
    let output = fs::File::create(log)?;
    let errors = output.try_clone()?;
    Ok((output, errors))
}

/// The last lines of a log and where the rest is, to stand behind a sentence.
pub(crate) fn last_words(log: Option<&Path>) -> String {
    const LINES: usize = 10;
    let Some(log) = log else {
        return String::new();
    };
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<_> = text.trim_end().lines().collect();
    let last = &lines[lines.len().saturating_sub(LINES)..];
    let mut words = format!("; the end of {}:", shown(log));
    for line in last {
        words.push_str("\n    ");
        words.push_str(line);
    }
    words
}
