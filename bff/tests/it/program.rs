//! The program as an operator starts it: settings in, exit code and one line out.

use std::{
    net::TcpListener,
    process::{Command, Output},
};
use tempfile::TempDir;

const SETTINGS: [(&str, &str); 5] = [
    ("LOGTO_ENDPOINT", "http://localhost:3001"),
    ("LOGTO_APP_ID", "bookstore"),
    ("LOGTO_APP_SECRET", "secret-of-the-application"),
    ("BASE_URL", "http://localhost:3000"),
    ("COOKIE_SECRET", "n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g"),
];

/// Runs the program in a folder of its own, with these settings only.
fn bff(arguments: &[&str], settings: &[(&str, &str)], env_file: &str) -> Output {
    let folder = TempDir::new().unwrap();
    if !env_file.is_empty() {
        std::fs::write(folder.path().join(".env"), env_file).unwrap();
    }
    Command::new(env!("CARGO_BIN_EXE_bff"))
        .args(arguments)
        .env_clear()
        .envs(settings.iter().copied())
        .current_dir(folder.path())
        .output()
        .unwrap()
}

fn assert_refused(output: &Output, line: &str) {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!((output.status.code(), said.trim_end()), (Some(2), line));
}

#[test]
fn complete_settings_are_said_to_be_so() {
    let output = bff(&["check"], &SETTINGS, "");
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "The settings are complete.\n"
    );
}

#[test]
fn a_missing_or_weak_setting_is_named_in_one_line_and_ends_with_2() {
    assert_refused(
        &bff(&[], &SETTINGS[..4], ""),
        "bff: COOKIE_SECRET is not set",
    );
    let weak = [&SETTINGS[..4], &[("COOKIE_SECRET", "short")]].concat();
    assert_refused(
        &bff(&["check"], &weak, ""),
        "bff: COOKIE_SECRET is too short: at least 32 characters, e.g. from `openssl rand -base64 32`",
    );
}

#[test]
fn settings_of_an_env_file_count_and_a_broken_one_is_refused_without_its_words() {
    let output = bff(
        &["check"],
        &SETTINGS[..4],
        "COOKIE_SECRET=n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g\n",
    );
    assert!(output.status.success());
    assert_refused(
        &bff(
            &["check"],
            &SETTINGS,
            "LOGTO_SCOPES=openid profile\nLOGTO_APP_SECRET=secret\n",
        ),
        "bff: .env cannot be read: each line is NAME=value, and a value with spaces stands in quotes",
    );
}

#[test]
fn every_line_of_the_example_can_be_uncommented() {
    let example = include_str!("../../../.env.example");
    let setting = |line: &str| {
        line.strip_prefix("# ").is_some_and(|rest| {
            rest.starts_with(|first: char| first.is_ascii_uppercase())
                && rest
                    .split(' ')
                    .next()
                    .is_some_and(|word| word.contains('='))
        })
    };
    let lines: Vec<_> = example
        .lines()
        .map(|line| if setting(line) { &line[2..] } else { line })
        .collect();
    let output = bff(&["check"], &SETTINGS, &lines.join("\n"));
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let settings = [
        &SETTINGS[..],
        &[
            ("LISTEN", address.as_str()),
            ("SESSION_STORE", "memory:"),
            ("RUST_LOG", "off"),
        ],
    ]
    .concat();
    let said = bff(&[], &settings, "");
    let line = String::from_utf8_lossy(&said.stderr).into_owned();
    assert_eq!(said.status.code(), Some(2));
    assert!(
        line.starts_with(&format!("bff: cannot listen on {address} (LISTEN): ")),
        "{line}"
    );
}
