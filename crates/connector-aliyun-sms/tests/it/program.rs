//! The program `aliyun-sms-sandbox`: what it prints when it cannot start, and how it shuts down.

use crate::support::{client, config, number, send};
use connector_aliyun_sms::{Client, Clock, Refusal, UsageType};
use serde_json::json;
use std::{
    fs,
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    process::{Child, ChildStderr, Command, Output, Stdio},
};

fn sandbox(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_aliyun-sms-sandbox"));
    command
        .args(arguments)
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", "an-id")
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "a-secret");
    command
}

/// The program on a free port, its output so far, and a client for its account.
struct Started {
    program: Child,
    log: BufReader<ChildStderr>,
    said: String,
    client: Client,
}

fn start(arguments: &[&str]) -> Started {
    let mut program = sandbox(arguments)
        .args(["--listen", "127.0.0.1:0"])
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut log = BufReader::new(program.stderr.take().unwrap());
    let mut said = String::new();
    log.read_line(&mut said).unwrap();
    let address = said.split("http://").nth(1).unwrap();
    let address = address.split('/').next().unwrap().parse().unwrap();
    let mut config = config();
    config["accessKeyId"] = json!("an-id");
    config["accessKeySecret"] = json!("a-secret");
    let client = client(address, config).with_clock(Clock::system());
    Started {
        program,
        log,
        said,
        client,
    }
}

fn assert_one_line(output: &Output, expected: &str) {
    let text = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
    assert!(text.contains(expected), "{text}");
    assert!(!text.contains("a-secret"), "{text}");
}

#[test]
fn a_taken_port_is_one_clear_line() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let output = sandbox(&["--listen", &address]).output().unwrap();
    assert_one_line(&output, &format!("cannot listen on {address}: "));
}

#[test]
fn an_address_beyond_this_machine_needs_a_flag() {
    let output = sandbox(&["--listen", "0.0.0.0:0"]).output().unwrap();
    assert_one_line(&output, "0.0.0.0:0 is not an address of this machine only");
    assert_one_line(&output, "read and delete the messages, and ask for faults");
}

#[test]
fn each_missing_variable_is_named() {
    for name in [
        "ALIBABA_CLOUD_ACCESS_KEY_ID",
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    ] {
        let output = sandbox(&[]).env(name, "").output().unwrap();
        assert_one_line(
            &output,
            &format!("the environment variable {name} is not set"),
        );
    }
}

#[test]
fn a_wrong_config_is_named_with_its_place() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("account.toml");
    let argument = path.to_str().unwrap().to_owned();
    let output = sandbox(&["--config", &argument]).output().unwrap();
    assert_one_line(&output, &format!("cannot read {argument}: "));
    fs::write(&path, "signNames = [\"A\"]\nsignName = 1\n").unwrap();
    let output = sandbox(&["--config", &argument]).output().unwrap();
    assert_one_line(
        &output,
        &format!("{argument}: line 2: unknown field `signName`"),
    );
}

#[test]
fn p062_the_secret_is_no_argument() {
    let output = sandbox(&["--help"]).output().unwrap();
    let help = String::from_utf8_lossy(&output.stdout);
    assert!(help.contains("ALIBABA_CLOUD_ACCESS_KEY_SECRET"), "{help}");
    assert!(!help.contains("a-secret"), "{help}");
    let output = sandbox(&["--access-key-secret", "x"]).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
}

#[tokio::test]
async fn p054_p062_it_serves_until_it_is_told_to_end_and_logs_nothing_private() {
    for signal in ["-INT", "-TERM"] {
        let Started {
            mut program,
            mut log,
            said: mut text,
            client,
        } = start(&[]);
        for code in ["271828", "27-828"] {
            let number = number("8613900000000");
            let _ = client.send_code(&number, UsageType::SignIn, code).await;
        }

        let pid = program.id().to_string();
        let kill = Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(kill.success());
        assert_eq!(program.wait().unwrap().code(), Some(0), "{signal}");
        log.read_to_string(&mut text).unwrap();
        assert!(text.contains("delivered"), "{text}");
        assert!(text.contains("isv.INVALID_PARAMETERS"), "{text}");
        for private in ["13900000000", "271828", "27-828", "a-secret"] {
            assert!(!text.contains(private), "{text}");
        }
    }
}

#[tokio::test]
async fn p057_its_clock_can_be_wrong_and_a_client_learns_by_how_much() {
    let Started {
        mut program,
        log: _log,
        client,
        ..
    } = start(&["--clock-offset", "-1200"]);
    let error = send(&client, "8613900000000").await.unwrap_err();
    program.kill().unwrap();
    program.wait().unwrap();
    let Some(Refusal::Clock {
        ahead_by: Some(ahead_by),
    }) = error.refusal()
    else {
        panic!("{error:?}");
    };
    assert!(
        (1_190..1_260).contains(&ahead_by.whole_seconds()),
        "{ahead_by}"
    );
    assert!(
        error.to_string().contains(" minutes ahead of Aliyun's"),
        "{error}"
    );
}
