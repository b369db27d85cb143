//! What is measured: the route without a session, and auth status on each store.

use super::{
    generator::{self, Client},
    measurement::Measurement,
    table::Row,
};
use crate::{
    binaries,
    http::client::Question,
    instance::{Common, Instance},
    instant_provider::InstantProvider,
    interrupt,
    program::{self, cargo},
    stores::DurableStore,
    visitor::{Visitor, Whom},
};
use anyhow::{Context as _, Result, anyhow, bail};
use std::{fs, path::PathBuf, process::Command, time::Duration};
use tempfile::TempDir;

/// Connections at a time, each of a person of its own.
const CLIENTS: usize = 32;
/// No token is renewed while it is measured.
const ACCESS_TOKEN_LIFE: Duration = Duration::from_hours(1);
/// What is not counted, and what is.
const WARM_UP: Duration = Duration::from_millis(500);
const ROUND: Duration = Duration::from_secs(2);

const STATUS: &str = "/api/auth/status";
const PLAIN: &str = "/plain";
/// As many sessions as a small site has.
pub(super) const FEW: u32 = 1_000;

/// One instance, and who asks it.
struct Variant {
    name: String,
    sessions: String,
    clients: Vec<Client>,
    process: u32,
    rounds: Vec<Measurement>,
}

/// All that runs while it is measured, in the order in which it ends.
pub(crate) struct Bench {
    variants: Vec<Variant>,
    instances: Vec<Instance>,
    stores: Vec<DurableStore>,
    provider: InstantProvider,
    program: PathBuf,
    folder: TempDir,
}

/// Builds the bff and the server of the bench as they are shipped.
///
/// # Errors
/// When cargo does not succeed; it has said why.
fn build() -> Result<()> {
    program::run(&mut cargo(&[
        "build",
        "--release",
        "--package=bff",
        "--bins",
        "--example=bench_server",
    ]))
}

impl Bench {
    /// Builds, starts and fills everything.
    ///
    /// # Errors
    /// When something cannot be built, started or filled.
    pub(crate) fn prepare(many: u32) -> Result<Self> {
        build()?;
        let mut bench = Self {
            variants: Vec::new(),
            instances: Vec::new(),
            stores: Vec::new(),
            provider: InstantProvider::start(ACCESS_TOKEN_LIFE)?,
            program: binaries::release("examples/bench_server")?,
            folder: tempfile::Builder::new().prefix("bench-").tempdir()?,
        };
        bench.add("memory", "memory:".to_owned(), 0, "warn")?;
        bench.add("memory, with its log", "memory:".to_owned(), 0, "info")?;
        for sessions in [FEW, many] {
            let file = bench.folder.path().join(format!("{sessions}.sqlite"));
            bench.add(
                "sqlite",
                format!("sqlite:{}", file.display()),
                sessions,
                "warn",
            )?;
            for (name, store) in [
                ("postgres", DurableStore::postgres()?),
                ("redis", DurableStore::redis()?),
            ] {
                let url = store.url();
                bench.stores.push(store);
                bench.add(name, url, sessions, "warn")?;
            }
        }
        Ok(bench)
    }

    /// One more instance on a store, with so many made-up sessions in it and some real ones.
    fn add(&mut self, name: &str, store: String, filled: u32, log: &'static str) -> Result<()> {
        eprintln!("  {name} with {filled} made-up sessions");
        let folder = self.folder.path().join(self.instances.len().to_string());
        fs::create_dir(&folder)?;
        let common = Common {
            log,
            ..Common::new(self.program.clone(), &self.provider, store.clone(), &folder)?
        };
        let instance = Instance::start(common, "bench-server")?;
        let port = instance.port;
        if filled > 0 {
            let mut fill = Command::new(&self.program);
            program::run(fill.args(["fill", &store, &filled.to_string()]))?;
        }
        let visitors = (0..CLIENTS)
            .map(|number| sign_in(&self.provider, port, number))
            .collect::<Result<Vec<_>>>()?;
        let process = instance.process_id();
        self.instances.push(instance);
        let clients = |target| {
            let client = |visitor: &Visitor| Client {
                port,
                target,
                cookie: visitor.cookie().to_owned(),
            };
            visitors.iter().map(client).collect()
        };
        if self.variants.is_empty() {
            // The first of all is the measure of the others.
            put_plain(port, visitors.first().context("nobody signed in")?)?;
            self.variants
                .push(Variant::new("no session", "", clients(PLAIN), process));
        }
        let sessions = if filled == 0 {
            String::new()
        } else {
            filled.to_string()
        };
        let variant = Variant::new(name, &sessions, clients(STATUS), process);
        self.variants.push(variant);
        Ok(())
    }

    /// Measures everybody so often, in turns: what else the machine does then hits all of them alike.
    ///
    /// # Errors
    /// When an answer is wrong, or somebody wants this program to end.
    pub(crate) fn measure(&mut self, rounds: u32) -> Result<()> {
        for round in 1..=rounds {
            eprintln!("  round {round} of {rounds}");
            for variant in &mut self.variants {
                if interrupt::was_asked() {
                    bail!("asked to end before round {round} was done");
                }
                variant.measure()?;
            }
        }
        Ok(())
    }

    pub(crate) fn rows(&self) -> Vec<Row> {
        let first = self.variants.first();
        let plain = first.map_or(&[][..], |plain| &plain.rounds);
        let rows = self.variants.iter().map(|variant| {
            let Variant {
                name,
                sessions,
                process,
                rounds,
                ..
            } = variant;
            Row::of(name, sessions, rounds, plain, resident(*process))
        });
        rows.collect()
    }
}

impl Variant {
    fn new(name: &str, sessions: &str, clients: Vec<Client>, process: u32) -> Self {
        Self {
            name: name.to_owned(),
            sessions: sessions.to_owned(),
            clients,
            process,
            rounds: Vec::new(),
        }
    }

    fn measure(&mut self) -> Result<()> {
        let failed = || format!("{} {}", self.name, self.sessions);
        generator::ask_for(WARM_UP, &self.clients).with_context(failed)?;
        let latencies = generator::ask_for(ROUND, &self.clients).with_context(failed)?;
        self.rounds.push(Measurement::of(latencies, ROUND));
        Ok(())
    }
}

/// Signs in a person of this number.
pub(super) fn sign_in(provider: &InstantProvider, port: u16, number: usize) -> Result<Visitor> {
    let sub = format!("person-{number:05}");
    let sid = format!("{sub}-{:030x}", rand::random::<u64>());
    Visitor::sign_in([port; 2], provider.port(), &Whom { sub, sid })
        .map_err(|why| anyhow!("cannot sign in: {why}"))
}

/// Lets the plain route answer what auth status answers this person.
fn put_plain(port: u16, visitor: &Visitor) -> Result<()> {
    let status = visitor.get(port, STATUS);
    let status = status.map_err(|_| anyhow!("no auth status"))?;
    let body = String::from_utf8(status.body)?;
    let put = Question {
        method: "PUT",
        target: PLAIN,
        headers: &[("Content-Type", "application/json")],
        body: &body,
    }
    .ask(port);
    let put = put.map_err(|_| anyhow!("the plain route does not answer"))?;
    if put.status() != Some(200) {
        bail!("the plain route answered {}", put.first_line);
    }
    Ok(())
}

/// The resident memory of a process in MiB, as the system says.
pub(super) fn resident(process: u32) -> Option<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: f64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes / 1_024.0)
}
