//! Checking a tenant file from the command line.

use std::{
    borrow::Cow,
    path::Path,
    process::{Command, Output},
};

const SECRETS: [(&str, &str); 3] = [
    ("LOGTO_APP_SECRET", "the-client-secret"),
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "the-access-key-id"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "the-access-key-secret"),
];

fn provision_logto(tenant: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_provision-logto"));
    command.arg("check").arg("--tenant").arg(tenant).env_clear();
    command
}

fn example() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tenant.toml"))
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Asserts that the program refuses the file with one line.
fn assert_refused(output: &Output, expected: &str) {
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(text(&output.stdout), "");
    let words = text(&output.stderr);
    assert_eq!(words.lines().count(), 1, "{words}");
    assert!(
        words.starts_with("error: ") && words.contains(expected),
        "{words}"
    );
}

#[test]
fn a_right_file_is_checked_without_a_logto() {
    let output = provision_logto(example()).envs(SECRETS).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    let expected = format!("{} is right.\n", example().display());
    assert_eq!(text(&output.stdout), expected);
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = provision_logto(Path::new("/no/such/tenant.toml"))
        .output()
        .unwrap();
    assert_refused(&output, "cannot read /no/such/tenant.toml");
}

/// Logto chooses client secrets itself.
#[test]
fn a_variable_that_is_not_set_is_named_with_its_key_unless_it_is_a_client_secret() {
    let run = |variables: &[_]| {
        let mut command = provision_logto(example());
        command.envs(variables.iter().copied()).output().unwrap()
    };
    assert_eq!(run(&SECRETS[1..]).status.code(), Some(0));
    assert_refused(
        &run(&SECRETS[..2]),
        "`connectors.0.config.accessKeySecret` needs the environment variable ALIBABA_CLOUD_ACCESS_KEY_SECRET, which is not set",
    );
}

#[test]
fn a_wrong_file_is_refused_in_one_line_without_a_secret() {
    let example = std::fs::read_to_string(example()).unwrap();
    let cases = [
        (
            "type = \"Traditional\"",
            "type = \"Spa\"",
            "unknown variant `Spa`",
        ),
        ("name = ", "nmae = ", "unknown field `nmae`"),
        ("[signInExperience]", "[signInExperience", "not TOML"),
        (
            "http://localhost:3000/callback",
            "localhost/callback",
            "redirectUris.0`: is not an absolute address",
        ),
    ];
    let folder = tempfile::tempdir().unwrap();
    let tenant = folder.path().join("tenant.toml");
    for (right, wrong, expected) in cases {
        std::fs::write(&tenant, example.replace(right, wrong)).unwrap();
        let output = provision_logto(&tenant).envs(SECRETS).output().unwrap();
        assert_refused(&output, expected);
        assert!(
            !text(&output.stderr).contains("the-"),
            "{}",
            text(&output.stderr)
        );
    }
}

#[test]
fn a_wrong_argument_is_no_plan_with_changes() {
    for (arguments, code) in [
        (&["plan", "--jsno"][..], 1),
        (&[], 1),
        (&["test-sms", "--phone", "139"], 1),
        (&["--help"], 0),
        (&["--version"], 0),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_provision-logto"))
            .args(arguments)
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
    }
}

#[test]
fn settings_that_are_missing_are_named_together() {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_provision-logto"))
        .arg("plan")
        .env_clear()
        .current_dir(folder.path())
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(
        text(&output.stderr),
        "error: LOGTO_ENDPOINT is not set\nerror: LOGTO_MANAGEMENT_APP_ID is not set\nerror: LOGTO_MANAGEMENT_APP_SECRET is not set\n"
    );
}

#[test]
fn q48_a_sign_name_in_brackets_is_refused_by_name() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let example = std::fs::read_to_string(example()).unwrap();
    for (sign_name, reason) in [
        (
            "【Bookstore】",
            "`signName` must be without brackets, and has `【`",
        ),
        (
            "Book\u{200b}store",
            "`signName` has the invisible character U+200B",
        ),
    ] {
        let wrong = example.replace(
            "signName = \"Bookstore\"",
            &format!("signName = \"{sign_name}\""),
        );
        assert_ne!(wrong, example);
        std::fs::write(file.path(), wrong).unwrap();
        let output = provision_logto(file.path()).envs(SECRETS).output().unwrap();
        assert_refused(&output, reason);
    }
}

#[test]
fn q39_the_example_keeps_north_american_numbers_from_the_chinese_template() {
    let tenant: toml::Table = std::fs::read_to_string(example()).unwrap().parse().unwrap();
    let config = &tenant["connectors"][0]["config"];
    assert_eq!(config["strictPhoneRegionNumberCheck"].as_bool(), Some(true));
}

#[test]
fn q27_the_example_asks_for_logout_tokens_with_sid() {
    let tenant: toml::Table = std::fs::read_to_string(example()).unwrap().parse().unwrap();
    let metadata = &tenant["applications"][0]["oidcClientMetadata"];
    assert_eq!(
        metadata["backchannelLogoutSessionRequired"].as_bool(),
        Some(true)
    );
}
