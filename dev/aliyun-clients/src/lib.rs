//! Other people's clients of Aliyun SMS, from npm and PyPI at pinned versions, against our sandbox: what they make of its
//! answers is what they make of Aliyun's. They run unchanged, but for the address in Logto's connector, which is a constant
//! there (`crates/connector-aliyun-sms/clients/logto.mjs`).

mod case;
mod client;
mod install;
mod replay;

use anyhow::{Context as _, Result, bail};
use case::{CASES, Case, Way};
use client::{CLIENTS, Client};
use dev_system::{binaries, ports, readiness::Readiness, server::Server, step::step, workspace};
use install::Installed;
use replay::Replay;
use serde_json::Value;
use std::{
    process::{Command, Stdio},
    time::Duration,
};
use tokio::{io::AsyncWriteExt as _, time::timeout};

const ACCESS_KEY_ID: &str = "LTAI5tOfTheseClients";
const ACCESS_KEY_SECRET: &str = "the-secret-of-these-clients";
/// More than the 15 minutes that a request's date may be off.
const AHEAD_SECONDS: &str = "1200";
/// What a client may take for all of its cases; they take a few seconds.
const TIMEOUT: Duration = Duration::from_mins(2);

/// Installs the clients, and lets every client go through every case, with a sandbox that is built.
///
/// # Errors
/// When something cannot be installed, or an outcome is not the expected one; the text lists all that are not.
pub async fn run() -> Result<()> {
    let installed = step("Clients of npm and PyPI", install::install)?;
    try_all(&installed).await
}

/// The servers that the cases need.
struct Servers {
    usual: u16,
    ahead: u16,
    twice: Replay,
    /// They end when this value is dropped.
    _running: Vec<Server>,
}

impl Servers {
    fn start() -> Result<Self> {
        let (usual, ahead) = (ports::free()?, ports::free()?);
        Ok(Self {
            usual,
            ahead,
            twice: Replay::start(usual)?,
            _running: vec![
                sandbox(usual, "usual", &["--flow-limits"])?,
                sandbox(ahead, "ahead", &["--clock-offset", AHEAD_SECONDS])?,
            ],
        })
    }

    /// Where a client sends to.
    fn port(&self, way: Way) -> u16 {
        match way {
            Way::Usual | Way::ClockAhead => self.sandbox(way),
            Way::SentTwice => self.twice.port(),
        }
    }

    /// The sandbox that gets it, and has the messages.
    fn sandbox(&self, way: Way) -> u16 {
        match way {
            Way::Usual | Way::SentTwice => self.usual,
            Way::ClockAhead => self.ahead,
        }
    }
}

fn sandbox(port: u16, name: &str, arguments: &[&str]) -> Result<Server> {
    let log = workspace::data_dir().join(format!("logs/aliyun-clients-{name}.log"));
    let mut command = Command::new(binaries::path("aliyun-sms-sandbox")?);
    command
        .args(["--listen", &format!("127.0.0.1:{port}"), "--config"])
        .arg(install::sources().join("sandbox.toml"))
        .args(arguments)
        .env("ALIBABA_CLOUD_ACCESS_KEY_ID", ACCESS_KEY_ID)
        .env("ALIBABA_CLOUD_ACCESS_KEY_SECRET", ACCESS_KEY_SECRET)
        .env_remove("ALIBABA_CLOUD_SECURITY_TOKEN");
    let mut server = Server::start("aliyun-sms-sandbox", &mut command, Some(&log))?;
    server.wait_until_ready(Readiness::new(port, "/inbox"))?;
    Ok(server)
}

async fn try_all(installed: &Installed) -> Result<()> {
    let servers = Servers::start()?;
    let mut faults = Vec::new();
    for (index, client) in CLIENTS.iter().enumerate() {
        let phones: Vec<_> = (0..CASES.len())
            .map(|case| format!("138{:04}{:04}", index + 1, case + 1))
            .collect();
        let outcomes = outcomes(client, installed, &servers, &phones)
            .await
            .with_context(|| format!("{} in {}", client.name, install::FOLDER))?;
        let mut passed = 0;
        for ((case, phone), outcome) in CASES.iter().zip(&phones).zip(&outcomes) {
            let fault = match case.fault(client, outcome) {
                None => arrived(case, &servers, phone).await?,
                fault => fault,
            };
            match fault {
                None => passed += 1,
                Some(fault) => faults.push(format!("{}, {}: {fault}", client.name, case.name)),
            }
        }
        eprintln!("  {}: {passed} of {} cases", client.name, CASES.len());
    }
    if !faults.is_empty() {
        bail!(
            "not what Aliyun's clients expect:\n  {}",
            faults.join("\n  ")
        );
    }
    Ok(())
}

/// What the client says of each case.
async fn outcomes(
    client: &Client,
    installed: &Installed,
    servers: &Servers,
    phones: &[String],
) -> Result<Vec<Value>> {
    let input: Vec<_> = CASES
        .iter()
        .zip(phones)
        .map(|(case, phone)| case.input(servers.port(case.way), phone).to_string())
        .collect();
    let input = input.join("\n");
    let output = timeout(TIMEOUT, output(client.command(installed), &input));
    let output = output.await.context("it took too long")??;
    let outcomes: Vec<_> = output
        .lines()
        .map(serde_json::from_str)
        .collect::<Result<_, _>>()?;
    if outcomes.len() != CASES.len() {
        bail!("{} outcomes of {} cases", outcomes.len(), CASES.len());
    }
    Ok(outcomes)
}

/// Runs a program with this input. Returns what it wrote.
async fn output(command: Command, input: &str) -> Result<String> {
    let mut command = tokio::process::Command::from(command);
    command.stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut program = command.kill_on_drop(true).spawn()?;
    if let Some(mut stdin) = program.stdin.take() {
        // A program that does not read it has ended, or its output says more.
        stdin.write_all(input.as_bytes()).await.ok();
    }
    let output = program.wait_with_output().await?;
    if !output.status.success() {
        bail!("it did not succeed ({})", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// What is wrong with the messages that the phone of this case has received.
async fn arrived(case: &Case, servers: &Servers, phone: &str) -> Result<Option<String>> {
    let port = servers.sandbox(case.way);
    let url = format!("http://127.0.0.1:{port}/api/messages?phone=86{phone}");
    let answer = reqwest::get(url).await?.error_for_status()?;
    let messages: Value = answer.json().await?;
    let messages = messages.as_array().map_or(&[][..], Vec::as_slice);
    let is_right = |message: &Value| {
        let text = message["text"].as_str().unwrap_or_default();
        text.starts_with(&format!("【{}】", case::SIGN_NAME)) && text.contains(case::CODE)
    };
    let is_expected = messages.is_empty() != case.delivers && messages.iter().all(is_right);
    Ok((!is_expected).then(|| format!("{} messages arrived", messages.len())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_asked_of_the_sandbox_that_got_the_request() {
        let servers = Servers {
            usual: 1,
            ahead: 2,
            twice: Replay::start(1).unwrap(),
            _running: Vec::new(),
        };
        for case in CASES {
            let sandbox = servers.sandbox(case.way);
            match case.way {
                Way::Usual | Way::ClockAhead => assert_eq!(sandbox, servers.port(case.way)),
                Way::SentTwice => assert_eq!(sandbox, servers.usual),
            }
        }
    }
}
