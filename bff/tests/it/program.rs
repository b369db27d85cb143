//! The program as an operator starts it: settings in, exit code and one line out.

use serde_json::json;
use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
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

#[test]
fn b235_a_store_that_is_away_at_the_start_is_named_without_its_password() {
    let nobody = free_address();
    for scheme in ["postgres", "redis"] {
        let store = format!("{scheme}://bff:secret-of-the-store@{nobody}/1");
        let settings = [
            &SETTINGS[..],
            &[("SESSION_STORE", store.as_str()), ("RUST_LOG", "off")],
        ]
        .concat();
        let output = bff(&[], &settings, "");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{said}");
        let start = "bff: the session store (SESSION_STORE) cannot be opened: ";
        assert!(said.starts_with(start), "{said}");
        assert!(!said.contains("secret-of-the-store"), "{said}");
    }
}

#[test]
fn a_limit_or_proxy_that_is_not_one_is_named() {
    for (name, value, line) in [
        ("SIGN_IN_REQUESTS_PER_MINUTE", "many", "is not a number"),
        ("SIGN_IN_REQUESTS_PER_MINUTE", "-1", "is not a number"),
        (
            "TRUSTED_PROXIES",
            "10.0.0.0/33",
            "is not a list of CIDRs such as 10.0.0.0/8, 192.0.2.1/32",
        ),
        (
            "TRUSTED_PROXIES",
            "proxy.internal",
            "is not a list of CIDRs such as 10.0.0.0/8, 192.0.2.1/32",
        ),
        (
            "PUSHED_AUTHORIZATION_REQUESTS",
            "yes",
            "is neither true nor false",
        ),
    ] {
        let settings = [&SETTINGS[..], &[(name, value)]].concat();
        assert_refused(
            &bff(&["check"], &settings, ""),
            &format!("bff: {name} {line}"),
        );
    }
}

#[test]
fn b204_what_it_says_holds_no_secret() {
    let settings = [
        &SETTINGS[..],
        &[("LOGTO_WEBHOOK_SIGNING_KEY", "secret-of-the-webhook")],
    ]
    .concat();
    for arguments in [
        &["check"][..],
        &["--help"],
        &["env-example"],
        &["check", "--help"],
        &["nonsense"],
    ] {
        let output = bff(arguments, &settings, "");
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(!said.is_empty());
        for secret in ["secret-of-the", "n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g"] {
            assert!(!said.contains(secret), "{arguments:?} {said}");
        }
    }
}

/// The program while it serves; killed when the story ends early.
pub(crate) struct Running {
    child: Child,
    pub(crate) address: SocketAddr,
    admin_address: SocketAddr,
    log: mpsc::Receiver<String>,
    _folder: TempDir,
}

impl Running {
    pub(crate) fn start(settings: &[(&str, &str)]) -> Self {
        Self::start_by(Command::new(env!("CARGO_BIN_EXE_bff")), settings)
    }

    /// Starts with a limit of open files, as `ulimit` takes it.
    fn start_with_limit(limit: &str) -> Self {
        let mut shell = Command::new("/bin/sh");
        let script = format!("ulimit {limit} && exec \"$0\"");
        shell.args(["-c", &script, env!("CARGO_BIN_EXE_bff")]);
        Self::start_by(shell, &[])
    }

    fn start_by(mut program: Command, settings: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let (address, admin_address) = (free_address(), free_address());
        let mut child = program
            .env_clear()
            .envs(SETTINGS)
            .env("LISTEN", address.to_string())
            .env("ADMIN_LISTEN", admin_address.to_string())
            .env("SESSION_STORE", "memory:")
            .envs(settings.iter().copied())
            .current_dir(folder.path())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let (written, log) = mpsc::channel();
        thread::spawn(move || lines.try_for_each(|line| written.send(line.unwrap())));
        let running = Self {
            child,
            address,
            admin_address,
            log,
            _folder: folder,
        };
        running.logged("started");
        running
    }

    /// Waits for a line of the log that has these words.
    pub(crate) fn logged(&self, words: &str) -> String {
        let lines = self.logged_until(words);
        lines.lines().last().unwrap_or_default().to_owned()
    }

    /// The lines of the log until one has these words.
    pub(crate) fn logged_until(&self, words: &str) -> String {
        let mut text = String::new();
        while !text.contains(words) {
            let line = self.log.recv_timeout(10 * PATIENCE);
            text.extend([&line.unwrap_or_else(|_| panic!("{words}")), "\n"]);
        }
        text
    }

    /// Asks on so many connections that stay, or until there is no answer; answers those that there are.
    fn idle_connections(&self, most: usize) -> Vec<TcpStream> {
        let answered = |_| {
            let mut stream = TcpStream::connect(self.address).unwrap();
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            stream
                .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
                .unwrap();
            stream.read_exact(&mut [0; 12]).is_ok().then_some(stream)
        };
        (0..most).map_while(answered).collect()
    }

    /// A person's visit that is under way.
    pub(crate) fn visit(&self, path: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        stream
    }

    fn tell_to_stop(&self) {
        self.signal("-TERM");
    }

    fn signal(&self, name: &str) {
        let told = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status();
        assert!(told.unwrap().success());
    }

    /// Tells it to stop, and waits until it has; answers what it logged since the last look.
    pub(crate) fn stop(mut self) -> String {
        self.tell_to_stop();
        assert_eq!(self.child.wait().unwrap().code(), Some(0));
        self.log.iter().collect()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// So long an answer may take that needs nothing but a connection.
const PATIENCE: Duration = Duration::from_secs(3);

fn free_address() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

fn read_to_end(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

/// Reads a request's head and gives the document that it asks for.
fn answer_json(mut stream: TcpStream, document: &serde_json::Value) {
    let mut head = BufReader::new(stream.try_clone().unwrap());
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        assert_ne!(
            head.read_line(&mut line).unwrap(),
            0,
            "the request broke off"
        );
    }
    let body = document.to_string();
    let length = body.len();
    let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close";
    write!(stream, "{head}\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
}

#[test]
fn b217_told_to_stop_it_answers_what_is_under_way_and_ends_with_0() {
    let provider = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("http://{}", provider.local_addr().unwrap());
    let mut bff = Running::start(&[("LOGTO_ENDPOINT", &endpoint)]);
    let visit = bff.visit("/sign-in");
    let (discovery, _) = provider.accept().unwrap();
    bff.tell_to_stop();
    while TcpStream::connect(bff.address).is_ok() {
        thread::sleep(Duration::from_millis(1));
    }

    let issuer = format!("{endpoint}/oidc");
    answer_json(
        discovery,
        &json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/auth"),
            "jwks_uri": format!("{issuer}/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES384"],
        }),
    );
    answer_json(provider.accept().unwrap().0, &json!({"keys": []}));
    let answer = read_to_end(visit);
    assert!(answer.starts_with("HTTP/1.1 303"), "{answer}");
    assert_eq!(bff.child.wait().unwrap().code(), Some(0));
}

#[test]
fn both_formats_of_the_log_name_the_request_as_its_answer_does() {
    for (format, event, name) in [
        ("text", "event=\"request\"", "request_id={id}}"),
        ("json", "\"event\":\"request\"", "\"request_id\":\"{id}\""),
    ] {
        let bff = Running::start(&[("LOG_FORMAT", format)]);
        let answer = read_to_end(bff.visit("/sign-in-failed"));
        let (_, rest) = answer.split_once("x-request-id: ").unwrap();
        let (id, _) = rest.split_once("\r\n").unwrap();
        let line = bff.logged(event);
        assert!(line.contains(&name.replace("{id}", id)), "{line}");
    }
}

#[test]
fn idle_connections_leave_descriptors_for_operators() {
    let bff = Running::start_with_limit("-n 192");
    bff.logged("places=32");
    let mut idle = bff.idle_connections(300);
    assert_eq!(idle.len(), 32);
    let mut health = TcpStream::connect(bff.admin_address).unwrap();
    health.set_read_timeout(Some(PATIENCE)).unwrap();
    health
        .write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        .unwrap();
    assert!(read_to_end(health).starts_with("HTTP/1.1 200"));
    idle.clear();
    assert_eq!(bff.idle_connections(1).len(), 1);
}

#[test]
fn the_soft_limit_of_descriptors_is_raised() {
    let bff = Running::start_with_limit("-S -n 64");
    assert_eq!(bff.idle_connections(100).len(), 100);
}

#[test]
fn a_proxy_of_the_environment_does_not_come_between_us_and_the_provider() {
    let (provider, proxy) = (
        TcpListener::bind("127.0.0.1:0").unwrap(),
        TcpListener::bind("127.0.0.1:0").unwrap(),
    );
    let endpoint = format!("http://{}", provider.local_addr().unwrap());
    let proxy_url = format!("http://{}", proxy.local_addr().unwrap());
    let names = ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"];
    let mut settings = names.map(|name| (name, &*proxy_url)).to_vec();
    settings.push(("LOGTO_ENDPOINT", &endpoint));
    let bff = Running::start(&settings);
    let visit = bff.visit("/sign-in");
    drop(provider.accept().unwrap());
    assert!(read_to_end(visit).starts_with("HTTP/1.1 503"));
    proxy.set_nonblocking(true).unwrap();
    assert!(proxy.accept().is_err(), "the proxy was asked");
}

#[test]
fn q45_a_stop_turns_readiness_first_and_a_second_signal_hurries() {
    let mut bff = Running::start(&[("SHUTDOWN_DELAY_SECONDS", "600")]);
    bff.signal("-HUP");
    bff.tell_to_stop();
    bff.logged("stopping");
    let ready = |address| {
        let mut stream = TcpStream::connect(address).unwrap();
        let request = b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
        stream.write_all(request).unwrap();
        read_to_end(stream)
    };
    let answer = ready(bff.admin_address);
    assert!(
        answer.starts_with("HTTP/1.1 503") && answer.contains(r#""stopping":true"#),
        "{answer}"
    );
    let visit = read_to_end(bff.visit("/api/auth/status"));
    assert!(
        visit.starts_with("HTTP/1.1 200"),
        "new connections are accepted: {visit}"
    );
    bff.tell_to_stop();
    assert_eq!(bff.child.wait().unwrap().code(), Some(0));
}

#[test]
fn q47_sockets_that_a_supervisor_passes_are_refused_by_name() {
    let complete: Vec<_> = SETTINGS.to_vec();
    for (variables, refused) in [
        (&[("LISTEN_FDS", "1")][..], true),
        (&[("LISTEN_FDS", "2"), ("LISTEN_PID", "1")], false),
        (&[("LISTEN_FDS", "0")], false),
    ] {
        let output = bff(&["check"], &[&complete[..], variables].concat(), "");
        if refused {
            assert_refused(
                &output,
                "bff: LISTEN_FDS is set, but sockets that are passed are not supported; remove the .socket unit and set LISTEN",
            );
        } else {
            assert_eq!(output.status.code(), Some(0), "{variables:?}");
        }
    }
}
