//! `export`: the tenant as a file.

use super::print;
use crate::{
    actual::{self, Wanted},
    env_file::EnvFile,
    export::export,
    management_api::ManagementApi,
    settings::Settings,
};
use secrecy::ExposeSecret as _;
use std::{path::Path, process::ExitCode};

pub(super) async fn run(settings: Settings, write_env: Option<&Path>) -> anyhow::Result<ExitCode> {
    let env = write_env.map(EnvFile::read).transpose()?;
    let mut api = ManagementApi::connect(settings).await?;
    let actual = actual::read(&mut api, Wanted::Everything).await?;
    let exported = export(&actual)?;
    if let Some(env) = env {
        let secrets: Vec<_> = exported
            .secrets
            .iter()
            .map(|(name, secret)| (name.as_str(), secret.expose_secret()))
            .collect();
        env.write(&secrets)?;
    }
    print(exported.text.trim_end())?;
    Ok(ExitCode::SUCCESS)
}
