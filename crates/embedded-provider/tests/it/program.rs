//! The program: what it refuses with one line and exit code 2, and how it shuts down.

use std::{
    io::{BufRead, BufReader},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
};

const TENANT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tenant.toml");

/// The program in its own folder, with the variables of the example tenant.
fn program(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_embedded-provider"));
    command
        .current_dir(folder)
        .args(["--tenant", TENANT, "--listen", "127.0.0.1:0"])
        .env("LOGTO_APP_SECRET", "secret")
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "key")
        .env_remove("RUST_LOG")
        .stderr(Stdio::piped());
    command
}

#[test]
fn a_wrong_setting_is_one_clear_line_and_exit_code_2() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let cases: [(&[&str], &str, &str); 6] = [
        (
            &["--listen", "0.0.0.0:0"],
            "",
            "0.0.0.0:0 is not a loopback address",
        ),
        (&["--listen", &taken], "", "cannot listen on 127.0.0.1:"),
        (
            &["--tenant", "missing.toml"],
            "",
            "the tenant file missing.toml: cannot read missing.toml",
        ),
        (
            &[],
            "LOGTO_APP_SECRET",
            "needs the environment variable LOGTO_APP_SECRET, which is not set",
        ),
        (
            &["--sms-endpoint", "http://sms.example"],
            "",
            "must begin with https://",
        ),
        (
            &["--endpoint", "http://localhost:3001/path"],
            "",
            "must be scheme, host and port only",
        ),
    ];
    for (arguments, without, said) in cases {
        let mut command = program(folder.path());
        // The last of two flags counts.
        command.args(arguments).env_remove(without);
        let output = command.output().unwrap();
        let error = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?} {error}");
        assert!(error.contains(said), "{error}");
        assert_eq!(error.lines().count(), 1, "{error}");
    }
    let output = program(folder.path()).env("RUST_LOG", "info,=").output();
    let error = String::from_utf8(output.unwrap().stderr).unwrap();
    let said = "embedded-provider: RUST_LOG is not a list of levels such as info,bff=debug\n";
    assert_eq!(error, said);
}

#[cfg(unix)]
#[test]
fn it_says_what_it_is_for_and_ends_when_asked() {
    for signal in ["INT", "TERM"] {
        let folder = tempfile::tempdir().unwrap();
        let mut child = program(folder.path()).spawn().unwrap();
        let said = until_ready(&mut child);
        assert!(said.contains("for development"), "{said}");
        assert!(folder.path().join(".data/provider.sqlite").exists());
        let pid = child.id().to_string();
        let killed = Command::new("kill")
            .args(["-s", signal, &pid])
            .status()
            .unwrap();
        assert!(killed.success());
        assert_eq!(child.wait().unwrap().code(), Some(0), "{signal}");
    }
}

fn until_ready(child: &mut Child) -> String {
    let mut said = String::new();
    for line in BufReader::new(child.stderr.as_mut().unwrap()).lines() {
        let line = line.unwrap();
        said.push_str(&line);
        if line.contains("ready") {
            break;
        }
    }
    said
}
