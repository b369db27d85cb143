//! Rounds: load, a kill at a random moment, a start, a check.

use super::{
    ACCESS_TOKEN_LIFE,
    check::check,
    ledger::Ledger,
    load::{Load, lock},
    report::Report,
    site::{Kind, Site, Victim},
};
use crate::{provider::Provider, test_browser::Http};
use anyhow::Result;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use std::{
    mem,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    task::{JoinSet, block_in_place},
    time::sleep,
};

/// Clients at a time.
const CLIENTS: u64 = 8;
/// The longest times of load before the kill, of death, and of load after the start, in milliseconds. Each is random.
const BEFORE: u64 = 1_500;
const DEAD: u64 = 500;
const AFTER: u64 = 500;

/// Does rounds on a store of this kind. The seed decides who is killed, when, and what clients ask; how tasks and
/// processes take turns it cannot decide.
///
/// # Errors
/// When something cannot be started, or ends by itself. A violation is in the report.
pub(super) async fn rounds(kind: Kind, rounds: u64, seed: u64) -> Result<Report> {
    let mut folder = tempfile::Builder::new().prefix("crash-").tempdir()?;
    let provider = Provider::start(ACCESS_TOKEN_LIFE).await?;
    let mut site = block_in_place(|| Site::start(kind, &provider, folder.path()))?;
    let victims = site.victims();
    let mut random = StdRng::seed_from_u64(seed);
    let load = Arc::new(Load {
        ports: site.ports(),
        provider,
        http: Http::without_keep_alive()?,
        ledger: Mutex::new(Ledger::default()),
        report: Mutex::new(Report::default()),
        over: AtomicBool::new(false),
    });
    for (number, victim) in (1..=rounds).zip(victims.iter().copied().cycle()) {
        load.over.store(false, Ordering::Relaxed);
        let mut clients = JoinSet::new();
        for _ in 0..CLIENTS {
            let (load, seed) = (load.clone(), random.random());
            clients.spawn(async move { load.make_requests(seed).await });
        }
        let [before, dead, after] =
            [BEFORE, DEAD, AFTER].map(|most| Duration::from_millis(random.random_range(0..most)));
        sleep(before).await;
        block_in_place(|| site.kill(victim));
        if let Victim::Bff(index) = victim {
            lock(&load.ledger).killed(load.ports[index]);
        }
        sleep(dead).await;
        block_in_place(|| site.start_again(victim))?;
        sleep(after).await;
        load.over.store(true, Ordering::Relaxed);
        clients.join_all().await;
        lock(&load.report).rounds += 1;
        lock(&load.report).killed(victim);
        check(&load, &format!("{kind}, round {number}, {victim} killed")).await;
    }
    let mut report = mem::take(&mut *lock(&load.report));
    let provider = &load.provider.at;
    (report.refreshes, report.reuses) = (provider.refreshes(), provider.reuses());
    if report.violations() > 0 {
        folder.disable_cleanup(true);
        eprintln!("  logs of the bff: {}", folder.path().display());
    }
    Ok(report)
}
