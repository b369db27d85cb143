//! What is measured: the plain route, and the bff on each store with few and with many sessions.

use super::{
    generator::{self, Client},
    measurement::{Measurement, milliseconds, quantile},
    plain, process, seed,
    table::Row,
};
use crate::{
    instance::{Common, Instance},
    provider::Provider,
    test_browser::{Http, TestBrowser, Whom},
};
use anyhow::{Context as _, Result, anyhow};
use dev_system::{
    binaries, ports, readiness::Readiness, server::Server, stores::DurableStore, workspace,
};
use std::{fs, path::PathBuf, process::Command, sync::Arc, time::Duration};
use tempfile::TempDir;
use tokio::task::block_in_place;

/// Browsers at a time, each of a person of its own.
const CLIENTS: u32 = 32;
/// No token is renewed while it is measured.
pub(super) const ACCESS_TOKEN_LIFE: Duration = Duration::from_hours(1);
/// As many sessions as a small site has.
const FEW: u32 = 1_000;

/// What is not counted, and what is.
const WARM_UP: Duration = Duration::from_millis(500);
const ROUND: Duration = Duration::from_secs(2);
/// Requests a second, whether or not they are answered.
const CONSTANT_RATE: u32 = 2_000;
/// Enough that a tick of the system's clock, 10 ms, is nothing beside them.
const PAGE_VIEWS: u32 = 6_400;

const STATUS: &str = "/api/auth/status";
const PAGE: &str = "/";

/// One server, and who asks it.
struct Variant {
    name: &'static str,
    /// Made-up sessions in its store; `None` for the plain route.
    sessions: Option<u32>,
    clients: Vec<Arc<Client>>,
    /// Those of page views; none for the plain route.
    visitors: Vec<Arc<Client>>,
    process: u32,
    rounds: Vec<Measurement>,
}

/// All that runs while it is measured, in the order in which it ends.
pub(super) struct Site {
    variants: Vec<Variant>,
    plain: Option<Server>,
    instances: Vec<Instance>,
    stores: Vec<DurableStore>,
    provider: Provider,
    http: Http,
    folder: TempDir,
}

impl Site {
    /// Starts and fills everything.
    ///
    /// # Errors
    /// When something cannot be started or filled.
    pub(super) async fn start(many: u32) -> Result<Self> {
        let mut site = Self {
            variants: Vec::new(),
            plain: None,
            instances: Vec::new(),
            stores: Vec::new(),
            provider: Provider::start(ACCESS_TOKEN_LIFE).await?,
            http: Http::with_idle_connections(CLIENTS as usize)?,
            folder: tempfile::Builder::new().prefix("bench-").tempdir()?,
        };
        site.add("memory", "memory:".to_owned(), 0).await?;
        for sessions in [FEW, many] {
            let file = site.folder.path().join(format!("{sessions}.sqlite"));
            site.add("sqlite", format!("sqlite:{}", file.display()), sessions)
                .await?;
            for (name, start) in [
                ("postgres", DurableStore::postgres as fn() -> Result<_>),
                ("redis", DurableStore::redis),
            ] {
                let store = block_in_place(start)?;
                let url = store.url();
                site.stores.push(store);
                site.add(name, url, sessions).await?;
            }
        }
        Ok(site)
    }

    /// One more instance on a store, with so many made-up sessions in it and some real ones.
    async fn add(&mut self, name: &'static str, store: String, sessions: u32) -> Result<()> {
        eprintln!("▶ {name} with {sessions} made-up sessions");
        let folder = self.folder.path().join(self.instances.len().to_string());
        fs::create_dir(&folder)?;
        let common = Common {
            log: "warn",
            dist: dist(&folder),
            ..Common::new(
                binaries::release("bff")?,
                &self.provider,
                store.clone(),
                &folder,
            )?
        };
        let instance = block_in_place(|| Instance::start(common, "bff"))?;
        if sessions > 0 {
            seed::fill(&store, sessions).await?;
        }
        let (port, process) = (instance.port, instance.process_id());
        self.instances.push(instance);
        let mut browsers = Vec::new();
        for number in 0..CLIENTS {
            browsers.push(sign_in(&self.http, &self.provider, port, number).await?);
        }
        let clients = |port, target| -> Vec<_> {
            let client = |browser: &TestBrowser| Client {
                http: self.http.clone(),
                port,
                target,
                cookie: browser.cookie().to_owned(),
            };
            browsers
                .iter()
                .map(|browser| Arc::new(client(browser)))
                .collect()
        };
        if self.plain.is_none() {
            let browser = browsers.first().context("nobody signed in")?;
            let status = browser.get(port, STATUS).await;
            let status = status.map_err(|_| anyhow!("no auth status"))?;
            let (plain, port) = start_plain(str::from_utf8(&status.body)?)?;
            self.variants.push(Variant {
                name: "a plain route",
                sessions: None,
                clients: clients(port, plain::PATH),
                visitors: Vec::new(),
                process: plain.process_id(),
                rounds: Vec::new(),
            });
            self.plain = Some(plain);
        }
        self.variants.push(Variant {
            name,
            sessions: Some(sessions),
            clients: clients(port, STATUS),
            visitors: clients(port, PAGE),
            process,
            rounds: Vec::new(),
        });
        Ok(())
    }

    /// Measures everybody once, in turns: what else the machine does then hits all of them alike.
    ///
    /// # Errors
    /// When an answer is wrong.
    pub(super) async fn measure(&mut self) -> Result<()> {
        for variant in &mut self.variants {
            let round = variant.measure().await;
            let round = round.with_context(|| variant.name)?;
            variant.rounds.push(round);
        }
        Ok(())
    }

    pub(super) fn rows(&self) -> Vec<Row> {
        let first = self.variants.first();
        let plain = first.map_or(&[][..], |plain| &plain.rounds);
        let rows = self.variants.iter().map(|variant| {
            let resident = process::resident(variant.process).ok();
            Row::of(
                variant.name,
                variant.sessions,
                &variant.rounds,
                plain,
                resident,
            )
        });
        rows.collect()
    }
}

impl Variant {
    async fn measure(&self) -> Result<Measurement> {
        generator::ask_for(WARM_UP, &self.clients).await?;
        let answers = generator::ask_for(ROUND, &self.clients).await?;
        let latencies = generator::ask_at(CONSTANT_RATE, ROUND, &self.clients).await?;
        let latency = |hundredths| match &latencies {
            Some(latencies) => quantile(latencies, hundredths),
            None => f64::INFINITY,
        };
        let page = if self.visitors.is_empty() {
            None
        } else {
            Some(self.page_view().await?)
        };
        Ok(Measurement {
            rate: f64::from(answers) / ROUND.as_secs_f64(),
            p50: latency(50),
            p99: latency(99),
            page,
        })
    }

    /// Microseconds of the server's processor for one page view.
    async fn page_view(&self) -> Result<f64> {
        let before = process::cpu_time(self.process)?;
        generator::ask_times(PAGE_VIEWS, &self.visitors).await?;
        let spent = process::cpu_time(self.process)?.saturating_sub(before);
        Ok(milliseconds(spent) * 1_000.0 / f64::from(PAGE_VIEWS))
    }
}

/// The frontend as it was built; the page without one, if it was not.
fn dist(folder: &std::path::Path) -> PathBuf {
    let built = workspace::dist();
    if built.join("index.html").is_file() {
        built
    } else {
        folder.join("dist")
    }
}

/// This program again, as the plain route.
fn start_plain(answer: &str) -> Result<(Server, u16)> {
    let port = ports::free()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["plain", &port.to_string(), answer]);
    let mut server = Server::start("the plain route", &mut command, None)?;
    block_in_place(|| server.wait_until_ready(Readiness::new(port, plain::PATH)))?;
    Ok((server, port))
}

/// Signs in a person of this number.
pub(super) async fn sign_in(
    http: &Http,
    provider: &Provider,
    port: u16,
    number: u32,
) -> Result<TestBrowser> {
    let sub = format!("person-{number:05}");
    let sid = format!("{sub}-{:030x}", rand::random::<u64>());
    let signed_in = TestBrowser::sign_in(http, [port; 2], provider, &Whom { sub, sid }).await;
    signed_in.map_err(|why| anyhow!("cannot sign in: {why}"))
}
