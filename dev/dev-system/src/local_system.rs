//! A whole local system: the SMS sandbox, the OpenID Provider and the bff as processes that know each other.

mod settings;

pub use settings::Settings;

use crate::{
    program,
    readiness::Readiness,
    server::{End, Server},
    step::step,
};
use anyhow::Result;

/// The three processes. They end together when this value is dropped.
pub struct LocalSystem {
    settings: Settings,
    sandbox: Server,
    provider: Option<Server>,
    bff: Option<Server>,
}

impl LocalSystem {
    /// Starts the three, each when the one before answers. The provider's tenant is provisioned before the bff starts.
    ///
    /// # Errors
    /// When one is not built, ends at once, or does not answer, or the tenant cannot be provisioned; the text has the last
    /// lines of its log.
    pub fn start(settings: Settings) -> Result<Self> {
        let sandbox = step("Starting the sandbox", || start_sandbox(&settings))?;
        let provider = start_provider(&settings)?;
        let bff = start_bff(&settings)?;
        Ok(Self {
            settings,
            sandbox,
            provider: Some(provider),
            bff: Some(bff),
        })
    }

    /// What the system was started with.
    #[must_use]
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The first process found to have ended by itself.
    pub fn ended(&mut self) -> Option<End> {
        let servers = [
            Some(&mut self.sandbox),
            self.provider.as_mut(),
            self.bff.as_mut(),
        ];
        servers.into_iter().flatten().find_map(Server::ended)
    }

    /// Ends the provider only, as if it had failed.
    pub fn stop_provider(&mut self) {
        self.provider = None;
    }

    /// Starts the provider again, with the data that it had, and provisions it again.
    ///
    /// # Errors
    /// As [`LocalSystem::start`].
    pub fn start_provider(&mut self) -> Result<()> {
        self.provider = Some(start_provider(&self.settings)?);
        Ok(())
    }

    /// Ends the bff only, as if it had failed.
    pub fn stop_bff(&mut self) {
        self.bff = None;
    }

    /// Starts the bff again, with the sessions that it had.
    ///
    /// # Errors
    /// As [`LocalSystem::start`].
    pub fn start_bff(&mut self) -> Result<()> {
        self.bff = Some(start_bff(&self.settings)?);
        Ok(())
    }
}

impl Drop for LocalSystem {
    /// Asks all three first, so that they end side by side; each [`Server`] then waits for its own process.
    fn drop(&mut self) {
        let servers = [
            self.bff.as_mut(),
            self.provider.as_mut(),
            Some(&mut self.sandbox),
        ];
        servers.into_iter().flatten().for_each(Server::ask_to_end);
    }
}

fn start_sandbox(settings: &Settings) -> Result<Server> {
    let log = settings.log("aliyun-sms-sandbox");
    let mut sandbox = Server::start("aliyun-sms-sandbox", &mut settings.sandbox()?, Some(&log))?;
    sandbox.wait_until_ready(Readiness::new(settings.ports.sandbox, "/inbox"))?;
    Ok(sandbox)
}

fn start_provider(settings: &Settings) -> Result<Server> {
    let log = settings.log("embedded-provider");
    let provider = step("Starting the provider", || {
        let mut provider =
            Server::start("embedded-provider", &mut settings.provider()?, Some(&log))?;
        provider.wait_until_ready(Readiness::new(settings.ports.provider, settings::DISCOVERY))?;
        Ok(provider)
    })?;
    step("Provisioning the tenant", || {
        program::run_with_log(&mut settings.provision()?, &settings.log("provision-logto"))
    })?;
    Ok(provider)
}

fn start_bff(settings: &Settings) -> Result<Server> {
    step("Starting the bff", || {
        let log = settings.log("bff");
        let mut bff = Server::start("bff", &mut settings.bff()?, Some(&log))?;
        bff.wait_until_ready(Readiness::new(settings.ports.bff_admin, "/healthz"))?;
        Ok(bff)
    })
}
