//! A table of two settings, and what is said about them.

use super::*;

const SETTINGS: &[Setting] = &[
    Setting {
        name: "PORT",
        default: WhenUnset::Value("80"),
        meaning: "Where to listen.",
    },
    Setting {
        name: "SECRET",
        default: WhenUnset::Required(""),
        meaning: "What protects the cookies.",
    },
];

#[derive(Debug, PartialEq)]
struct Program {
    port: u16,
    secret: String,
}

fn read_with(variables: &[(&str, &str)]) -> Result<Program, String> {
    let variable = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name)?;
        Some(found.1.to_owned())
    };
    let read = read(SETTINGS, variable, |reader| {
        all!(Program {
            port: reader.required("PORT", |text| text.parse().map_err(|_| "is not a port")),
            secret: reader.required("SECRET", parse::filled),
        })
    });
    read.map_err(|error| error.to_string())
}

#[test]
fn one_run_names_all_errors_and_no_value() {
    assert_eq!(
        read_with(&[("PORT", "many")]).unwrap_err(),
        "PORT is not a port\nSECRET is not set"
    );
    assert_eq!(
        read_with(&[("PORT", ""), ("SECRET", "<secret>")]).unwrap_err(),
        "PORT is not a port\nSECRET is still a placeholder"
    );
}

#[test]
fn a_value_is_the_variable_else_the_files_else_the_default() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret");
    fs::write(&path, "from the file\r\n").unwrap();
    let file = ("SECRET_FILE", path.to_str().unwrap());
    for (variables, port, secret) in [
        (&[file][..], 80, "from the file"),
        (&[file, ("SECRET", "")], 80, "from the file"),
        (&[file, ("SECRET", "own"), ("PORT", "81")], 81, "own"),
    ] {
        let secret = secret.to_owned();
        assert_eq!(read_with(variables), Ok(Program { port, secret }));
    }
    let error = read_with(&[("SECRET_FILE", "/nowhere/secret")]).unwrap_err();
    let expected = "SECRET cannot be read from /nowhere/secret: ";
    assert!(error.starts_with(expected), "{error}");
}

#[test]
fn an_example_shows_what_must_be_set_and_comments_the_rest_out() {
    assert_eq!(
        env_example(SETTINGS),
        "\n# Where to listen.\n# PORT=80\n\n# What protects the cookies.\nSECRET=\n"
    );
}

#[test]
fn seconds_are_whole_and_at_most_ten_years() {
    for (text, seconds) in [
        ("1", Some(1)),
        ("315360000", Some(315_360_000)),
        ("0", None),
        ("315360001", None),
        ("1.5", None),
        ("-1", None),
    ] {
        let parsed = parse::seconds(text).ok();
        let parsed = parsed.map(time::Duration::whole_seconds);
        assert_eq!(parsed, seconds, "{text}");
    }
}
