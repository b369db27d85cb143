//! `apply`: makes the tenant as the file says, and hands the application's secrets to the bff.

use super::{open, print};
use crate::{
    application_secret,
    apply::{ApplyError, apply},
    env_file::EnvFile,
    management_api::ManagementApi,
    object::{Actual, Existing, Key, Kind, Object},
    settings::Settings,
};
use anyhow::{Context as _, bail};
use clock::Clock;
use secrecy::ExposeSecret as _;
use std::{path::Path, process::ExitCode};

/// Where the application's id and secret go.
pub(super) struct Env {
    file: EnvFile,
    /// The application's name. `None`: the first of the file.
    application: Option<String>,
}

impl Env {
    /// Reads the file before anything is changed at Logto.
    pub(super) fn open(
        path: Option<&Path>,
        application: Option<String>,
    ) -> anyhow::Result<Option<Self>> {
        let file = path.map(EnvFile::read).transpose()?;
        Ok(file.map(|file| Self { file, application }))
    }

    /// The application of the file whose id is written.
    fn application(&self, desired: &[Object]) -> anyhow::Result<Key> {
        let mut applications = desired
            .iter()
            .filter(|object| object.key.kind == Kind::Application);
        let found = match &self.application {
            Some(name) => applications.find(|object| object.key.name == *name),
            None => applications.find(|object| object.fields["type"] == "Traditional"),
        };
        let found = found.map(|object| object.key.clone());
        found.with_context(|| match &self.application {
            Some(name) => format!("--write-env: the file has no application {name}"),
            None => "--write-env: the file has no application of type `Traditional`".to_owned(),
        })
    }
}

pub(super) async fn run(
    tenant: &Path,
    settings: Settings,
    adopt: bool,
    env: Option<Env>,
) -> anyhow::Result<ExitCode> {
    let (desired, mut api) = open(tenant, settings).await?;
    let application = env
        .as_ref()
        .map(|env| env.application(&desired))
        .transpose()?;
    let shown = |plan: &crate::plan::Plan| {
        let _ = print(plan); // a closed stdout is no reason to stop
    };
    let applied = match apply(&mut api, &desired, adopt, shown).await {
        Ok(applied) => applied,
        Err(ApplyError::Conflicts(plan)) => {
            print(&plan)?;
            bail!("nothing was changed");
        }
        Err(ApplyError::Unsettled(plan)) => {
            print(&plan)?;
            bail!("Logto took every change, and the tenant still differs: see above");
        }
        Err(ApplyError::Api { error, changes: 0 }) => return Err(error.into()),
        Err(ApplyError::Api { error, changes }) => {
            bail!("{error}\nChanges made before: {changes}. The next run makes the others.")
        }
    };
    match applied.changes {
        0 => print("Nothing to change: the tenant is as the file says.")?,
        1 => print("The tenant is as the file says, after 1 change.")?,
        changes => print(format_args!(
            "The tenant is as the file says, after {changes} changes."
        ))?,
    }
    if let (Some(env), Some(application)) = (env, application) {
        write_env(&mut api, &env, &application, &desired, &applied.actual).await?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn write_env(
    api: &mut ManagementApi,
    env: &Env,
    application: &Key,
    desired: &[Object],
    actual: &Actual,
) -> anyhow::Result<()> {
    let application = of_key(actual, application).context("the application is gone")?;
    let now = Clock::system().unix_milliseconds();
    let secret = application_secret::newest_valid(api, &application.id, now).await?;
    let secret = secret.with_context(|| {
        format!(
            "{} has no secret that is valid; add one in Logto's console, and run the same command again",
            application.object.key
        )
    })?;
    let endpoint = api
        .settings()
        .endpoint
        .as_str()
        .trim_end_matches('/')
        .to_owned();
    let mut lines = vec![
        ("LOGTO_ENDPOINT", endpoint.as_str()),
        ("LOGTO_APP_ID", &application.id),
        ("LOGTO_APP_SECRET", secret.value.expose_secret()),
    ];
    let hook = desired.iter().find(|object| object.key.kind == Kind::Hook);
    let hook = hook.and_then(|hook| of_key(actual, &hook.key));
    if let Some(key) = hook.and_then(|hook| hook.object.fields.get("signingKey")?.as_str()) {
        lines.push(("LOGTO_WEBHOOK_SIGNING_KEY", key));
    }
    env.file.write(&lines)?;
    let names: Vec<_> = lines.iter().map(|(name, _)| *name).collect();
    print(format_args!(
        "{} written: {}",
        env.file.path().display(),
        names.join(", ")
    ))?;
    Ok(())
}

fn of_key<'a>(actual: &'a Actual, key: &Key) -> Option<&'a Existing> {
    actual
        .objects
        .iter()
        .find(|existing| existing.object.key == *key)
}
