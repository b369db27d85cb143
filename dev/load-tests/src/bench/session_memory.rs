//! How much memory one more session takes in the store in memory.

use super::{process, site};
use crate::{
    instance::{Common, Instance},
    provider::Provider,
    test_browser::Http,
};
use anyhow::Result;
use dev_system::binaries;
use tokio::task::block_in_place;

/// After so many everything else has its size.
const BEFORE: u32 = 2_000;
const COUNTED: u32 = 8_000;

/// Bytes of resident memory for each of many sessions, with tokens of the length of Logto's.
///
/// # Errors
/// When something does not start, or somebody cannot sign in.
pub(super) async fn session_memory() -> Result<f64> {
    let folder = tempfile::Builder::new().prefix("bench-").tempdir()?;
    let provider = Provider::start(site::ACCESS_TOKEN_LIFE).await?;
    let http = Http::with_idle_connections(1)?;
    let store = "memory:".to_owned();
    let common = Common::new(binaries::release("bff")?, &provider, store, folder.path())?;
    let instance = block_in_place(|| Instance::start(common, "bff"))?;
    let mut before = 0.0;
    for number in 0..BEFORE + COUNTED {
        if number == BEFORE {
            before = process::resident(instance.process_id())?;
        }
        site::sign_in(&http, &provider, instance.port, number).await?;
    }
    let mebibytes = process::resident(instance.process_id())? - before;
    Ok(mebibytes * 1_048_576.0 / f64::from(COUNTED))
}
