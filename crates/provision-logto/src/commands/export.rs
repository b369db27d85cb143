//! `export`: the tenant as a file.

use super::print;
use crate::{
    actual::{self, Wanted},
    export::export,
    management_api::ManagementApi,
    settings::Settings,
};
use std::process::ExitCode;

pub(super) async fn run(settings: Settings) -> anyhow::Result<ExitCode> {
    let mut api = ManagementApi::connect(settings).await?;
    let actual = actual::read(&mut api, Wanted::Everything).await?;
    print(export(&actual)?.text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
