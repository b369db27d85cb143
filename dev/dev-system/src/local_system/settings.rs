//! What a local system is started with, and the command line of each process that follows from it.

use crate::{binaries, ports::Ports, secrets::Secrets, workspace};
use anyhow::{Context as _, Result};
use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Where a Logto describes itself, below its endpoint.
pub(super) const DISCOVERY: &str = "/oidc/.well-known/openid-configuration";

/// What the processes know of the caller's environment.
const KEPT: [&str; 4] = ["HOME", "PATH", "RUST_BACKTRACE", "RUST_LOG"];

/// What a local system is started with.
pub struct Settings {
    /// Where the processes listen.
    pub ports: Ports,
    /// The address of the app in a browser, without a slash at the end. The tenant must have redirect URIs for it.
    pub base_url: String,
    /// The file that the provider's tenant is made equal to.
    pub tenant: PathBuf,
    /// Where databases and logs are kept, and where the processes run.
    pub data_dir: PathBuf,
    /// The program of the bff: [`binaries::path`] or [`binaries::release`].
    pub bff: PathBuf,
    /// The frontend that the bff serves.
    pub dist: PathBuf,
    /// What the processes share.
    pub secrets: Secrets,
}

impl Settings {
    /// The address of the provider: Logto's endpoint.
    #[must_use]
    pub fn provider_url(&self) -> String {
        format!("http://localhost:{}", self.ports.provider)
    }

    /// Where the provider describes itself (OpenID Connect Discovery 1.0).
    #[must_use]
    pub fn discovery_url(&self) -> String {
        format!("{}{DISCOVERY}", self.provider_url())
    }

    /// The address of the phone's inbox.
    #[must_use]
    pub fn inbox_url(&self) -> String {
        format!("http://localhost:{}/inbox", self.ports.sandbox)
    }

    /// The log of one process.
    #[must_use]
    pub fn log(&self, name: &str) -> PathBuf {
        self.data_dir.join("logs").join(format!("{name}.log"))
    }

    pub(super) fn sandbox(&self) -> Result<Command> {
        let mut command = self.command(&binaries::path("aliyun-sms-sandbox")?);
        command
            .args(["--listen", &localhost(self.ports.sandbox), "--config"])
            .arg(&self.tenant)
            .envs(self.secrets.access_key());
        Ok(command)
    }

    pub(super) fn provider(&self) -> Result<Command> {
        let mut command = self.command(&binaries::path("embedded-provider")?);
        command
            .args(["--listen", &localhost(self.ports.provider)])
            .args(["--endpoint", &self.provider_url()])
            .args(["--admin-listen", &localhost(self.ports.provider_admin)])
            .arg("--data")
            .arg(self.data_dir.join("provider.sqlite"))
            .arg("--sms-endpoint")
            .arg(format!("http://localhost:{}", self.ports.sandbox))
            .envs([self.secrets.management_secret()]);
        Ok(command)
    }

    /// The tenant is this system's alone, so what an older build put there is adopted.
    pub(super) fn provision(&self) -> Result<Command> {
        let admin_url = format!("http://localhost:{}", self.ports.provider_admin);
        let mut command = self.command(&binaries::path("provision-logto")?);
        command
            .args(["apply", "--adopt", "--tenant"])
            .arg(&self.tenant)
            .arg("--write-env")
            .arg(self.application())
            .env("LOGTO_ENDPOINT", self.provider_url())
            .env("LOGTO_ADMIN_ENDPOINT", admin_url)
            .env("LOGTO_MANAGEMENT_APP_ID", "m-default")
            .envs([self.secrets.management_secret()])
            .envs(self.secrets.access_key());
        Ok(command)
    }

    /// The bff, with what [`Settings::provision`] wrote for it.
    pub(super) fn bff(&self) -> Result<Command> {
        let application = self.application();
        let application = dotenvy::from_path_iter(&application)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .ok() // the error repeats the line, which may hold a secret
            .with_context(|| format!("cannot read {}", workspace::shown(&application)))?;
        let sessions = self.data_dir.join("sessions.sqlite");
        let mut command = self.command(&self.bff);
        command
            .env("LISTEN", localhost(self.ports.bff))
            .env("ADMIN_LISTEN", localhost(self.ports.bff_admin))
            .env("BASE_URL", &self.base_url)
            .env("SESSION_STORE", format!("sqlite:{}", sessions.display()))
            .env("FRONTEND_DIST", &self.dist)
            .envs(application)
            .envs([self.secrets.cookie_secret()]);
        Ok(command)
    }

    /// The bff's settings of the application: `LOGTO_ENDPOINT`, `LOGTO_APP_ID`, `LOGTO_APP_SECRET`,
    /// `LOGTO_WEBHOOK_SIGNING_KEY`.
    fn application(&self) -> PathBuf {
        self.data_dir.join("logto.env")
    }

    /// One of our programs. It gets the variables that are set here and none of this process, nor the
    /// `.env` of the checkout: settings for a real Logto must not change a local run.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        let kept = KEPT
            .iter()
            .filter_map(|name| Some((name, std::env::var_os(name)?)));
        command.env_clear().envs(kept).current_dir(&self.data_dir);
        command
    }
}

/// Both of its addresses: which one a client of `localhost` tries first is the client's choice.
fn localhost(port: u16) -> String {
    format!("localhost:{port}")
}
