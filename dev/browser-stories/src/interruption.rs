//! Ending early and in order: what was started must not be left running.

use anyhow::{Result, bail};
use dev_system::interrupt;
use std::time::Duration;

const LOOK_AGAIN: Duration = Duration::from_millis(100);

/// Does the work; when somebody wants this program to end (Ctrl-C) meanwhile, drops it with all that it has opened.
///
/// # Errors
/// Those of the work, or that it was broken off.
pub async fn unless_asked_to_end<T>(work: impl Future<Output = Result<T>>) -> Result<T> {
    interrupt::watch()?;
    tokio::select! {
        done = work => done,
        () = asked_to_end() => bail!("asked to end before it was done"),
    }
}

async fn asked_to_end() {
    while !interrupt::was_asked() {
        tokio::time::sleep(LOOK_AGAIN).await;
    }
}
