//! `plan`: what `apply` would change.

use super::{open, print};
use crate::{
    actual::{self, Wanted},
    plan::plan,
    settings::Settings,
};
use std::{path::Path, process::ExitCode};

/// The exit code of a plan with changes.
const CHANGES: u8 = 2;

pub(super) async fn run(
    tenant: &Path,
    settings: Settings,
    json: bool,
    adopt: bool,
) -> anyhow::Result<ExitCode> {
    let (desired, mut api) = open(tenant, settings).await?;
    let actual = actual::read(&mut api, Wanted::For(&desired)).await?;
    let plan = plan(&desired, &actual, adopt);
    if json {
        print(plan.to_json())?;
    } else {
        print(plan.to_text())?;
    }
    Ok(if !plan.conflicts.is_empty() {
        ExitCode::FAILURE
    } else if plan.steps.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(CHANGES)
    })
}
