//! How much memory one more session takes in the store in memory.

use super::{
    measurement::count,
    variant::{resident, sign_in},
};
use crate::{
    binaries,
    instance::{Common, Instance},
    instant_provider::InstantProvider,
};
use anyhow::{Context as _, Result};
use std::time::Duration;

/// After so many everything else has its size.
const BEFORE: usize = 2_000;
const COUNTED: usize = 8_000;

/// Bytes of resident memory for each of many sessions, with tokens of the shape of Logto's.
///
/// # Errors
/// When something does not start, or somebody cannot sign in.
pub(crate) fn session_memory() -> Result<f64> {
    let folder = tempfile::Builder::new().prefix("bench-").tempdir()?;
    let provider = InstantProvider::start(Duration::from_hours(1))?;
    let store = "memory:".to_owned();
    let common = Common::new(binaries::release("bff")?, &provider, store, folder.path())?;
    let instance = Instance::start(common, "bff")?;
    let mebibytes = || resident(instance.process_id()).context("no process");
    for number in 0..BEFORE {
        sign_in(&provider, instance.port, number)?;
    }
    let before = mebibytes()?;
    for number in BEFORE..BEFORE + COUNTED {
        sign_in(&provider, instance.port, number)?;
    }
    Ok((mebibytes()? - before) * 1_048_576.0 / count(COUNTED))
}
