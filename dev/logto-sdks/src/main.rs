//! `cargo xtask test-logto-sdks` builds the servers and runs this program.

use anyhow::{Result, bail};
use dev_system::interrupt;
use std::time::Duration;

#[tokio::main]
async fn main() -> Result<()> {
    interrupt::watch()?;
    // What is dropped ends the servers that it has started.
    tokio::select! {
        done = logto_sdks::run() => done,
        () = asked_to_end() => bail!("asked to end before it was done"),
    }
}

async fn asked_to_end() {
    while !interrupt::was_asked() {
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}
