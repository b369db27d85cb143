//! From a start to the first answer, and what the process takes then.

use super::{
    measurement::{median, milliseconds},
    process, site,
    table::Start,
};
use crate::{instance::Common, provider::Provider};
use anyhow::{Result, bail};
use dev_system::{binaries, ports, readiness::Readiness, server::Server, stores::DurableStore};
use std::{
    path::Path,
    thread,
    time::{Duration, Instant},
};
use tokio::task::block_in_place;

/// How often each is started.
const TIMES: usize = 7;
const LOOK_AGAIN: Duration = Duration::from_micros(200);
const TIMEOUT: Duration = Duration::from_secs(20);

/// Starts the bff on each store, several times in turns; the first start of each makes the tables and is not counted.
///
/// # Errors
/// When something does not start.
pub(super) async fn starts() -> Result<Vec<Start>> {
    let folder = tempfile::Builder::new().prefix("bench-").tempdir()?;
    let provider = Provider::start(site::ACCESS_TOKEN_LIFE).await?;
    block_in_place(|| {
        let (postgres, redis) = (DurableStore::postgres()?, DurableStore::redis()?);
        let file = folder.path().join("sessions.sqlite");
        let stores = [
            ("memory", "memory:".to_owned()),
            ("sqlite", format!("sqlite:{}", file.display())),
            ("postgres", postgres.url()),
            ("redis", redis.url()),
        ];
        let mut seen = vec![Vec::new(); stores.len()];
        for _ in 0..=TIMES {
            for (seen, (_, store)) in seen.iter_mut().zip(&stores) {
                seen.push(start(&provider, store, folder.path())?);
            }
        }
        let starts = stores.iter().zip(seen).map(|((name, _), seen)| Start {
            store: name,
            first_answer: median(seen.iter().skip(1).map(|one: &(f64, f64)| one.0)),
            resident: median(seen.iter().skip(1).map(|one| one.1)),
        });
        Ok(starts.collect())
    })
}

/// Milliseconds until `/api/auth/status` is answered, and the resident memory then.
fn start(provider: &Provider, store: &str, folder: &Path) -> Result<(f64, f64)> {
    let program = binaries::release("bff")?;
    let common = Common::new(program, provider, store.to_owned(), folder)?;
    let (port, admin_port) = (ports::free()?, ports::free()?);
    let mut command = common.command(port, admin_port);
    let log = folder.join("start.log");
    let answers = Readiness::new(port, "/api/auth/status");
    let begin = Instant::now();
    let mut server = Server::start("bff", &mut command, Some(&log))?;
    while !answers.is_reached() {
        if let Some(end) = server.ended() {
            bail!("{end}");
        }
        if begin.elapsed() > TIMEOUT {
            bail!("the bff does not answer on {store}");
        }
        thread::sleep(LOOK_AGAIN);
    }
    let took = milliseconds(begin.elapsed());
    Ok((took, process::resident(server.process_id())?))
}
