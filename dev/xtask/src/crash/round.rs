//! Rounds: load, a kill at a random moment, a start, a check.

use super::{
    ACCESS_TOKEN_LIFE,
    check::check,
    ledger::Ledger,
    load::{Round, lock},
    report::Report,
    site::{Kind, Site},
};
use crate::{instant_provider::InstantProvider, interrupt};
use anyhow::{Result, bail};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

/// Clients at a time.
const CLIENTS: u64 = 8;
/// Load before the kill, death, and load after the start, in milliseconds: up to so long, by chance.
const BEFORE: u64 = 1_500;
const DEAD: u64 = 500;
const AFTER: u64 = 500;

/// Does rounds on a store of this kind. The seed decides who is killed, when, and what clients ask; how threads and
/// processes take turns it cannot decide.
///
/// # Errors
/// When something cannot be started, ends by itself, or somebody wants this program to end. A violation is in the report.
pub(crate) fn rounds(kind: Kind, rounds: u64, seed: u64) -> Result<Report> {
    let mut folder = tempfile::Builder::new().prefix("crash-").tempdir()?;
    let provider = InstantProvider::start(ACCESS_TOKEN_LIFE)?;
    let mut site = Site::start(kind, &provider, folder.path())?;
    let ports = site.ports();
    let victims = site.victims();
    let mut random = StdRng::seed_from_u64(seed);
    let ledger = Mutex::new(Ledger::default());
    let report = Mutex::new(Report::default());
    for (number, victim) in (1..=rounds).zip(victims.iter().copied().cycle()) {
        if interrupt::was_asked() {
            bail!("asked to end before round {number}");
        }
        let over = AtomicBool::new(false);
        let round = Round {
            ports: &ports,
            provider: &provider,
            ledger: &ledger,
            report: &report,
            over: &over,
        };
        thread::scope(|scope| {
            for _ in 0..CLIENTS {
                let (round, seed) = (&round, random.random());
                scope.spawn(move || round.make_requests(seed));
            }
            let mut pause =
                |most| thread::sleep(Duration::from_millis(random.random_range(0..most)));
            pause(BEFORE);
            site.kill(victim);
            pause(DEAD);
            let started = site.start_again(victim);
            pause(AFTER);
            over.store(true, Ordering::Relaxed);
            started
        })?;
        lock(&report).rounds += 1;
        lock(&report).killed(victim);
        check(&round, &format!("{kind}, round {number}, {victim} killed"));
    }
    let mut report = report.into_inner().unwrap_or_else(PoisonError::into_inner);
    (report.refreshes, report.reuses) = (provider.refreshes(), provider.reuses());
    if report.violations() > 0 {
        folder.disable_cleanup(true);
        eprintln!("  logs of the bff: {}", folder.path().display());
    }
    Ok(report)
}
