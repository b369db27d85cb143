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
    command.arg("--tenant").arg(tenant).env_clear();
    command
}

fn example() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../tenant.toml"))
}

fn text(bytes: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(bytes)
}

/// Asserts that the program refuses the file with exit code 2 and one line.
fn assert_refused(output: &Output, expected: &str) {
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(text(&output.stdout), "");
    let words = text(&output.stderr);
    assert_eq!(words.lines().count(), 1, "{words}");
    assert!(
        words.starts_with("error: ") && words.contains(expected),
        "{words}"
    );
}

#[test]
fn a_right_file_is_summed_up_without_its_secrets() {
    let output = provision_logto(example()).envs(SECRETS).output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(
        text(&output.stdout),
        "\
application Bookstore
  redirect URI               http://localhost:3000/callback
  redirect URI               http://localhost:8080/callback
  post sign-out redirect URI http://localhost:3000/
  post sign-out redirect URI http://localhost:8080/
connector aliyun-short-message-service
sign-in experience
  sign up with               phone
  sign in with               phone and verification code

The file is right. Nothing was changed anywhere: applying it to a Logto is not built yet.
"
    );
    assert_eq!(text(&output.stderr), "");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = provision_logto(Path::new("/no/such/tenant.toml"))
        .output()
        .unwrap();
    assert_refused(&output, "cannot read /no/such/tenant.toml");
}

#[test]
fn a_variable_that_is_not_set_is_named_with_its_place() {
    let output = provision_logto(example())
        .envs(SECRETS[1..].iter().copied())
        .output()
        .unwrap();
    assert_refused(
        &output,
        "`applications.0.secret` needs the environment variable LOGTO_APP_SECRET, which is not set",
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
fn help_says_what_is_not_built_yet() {
    let output = Command::new(env!("CARGO_BIN_EXE_provision-logto"))
        .arg("--help")
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    let words = text(&output.stdout);
    assert!(
        words.contains("Applying it to a Logto is not built yet"),
        "{words}"
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
