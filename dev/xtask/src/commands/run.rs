//! `cargo xtask run`: the whole product on this machine, with nothing else installed.

use crate::{
    binaries, frontend, interrupt,
    local_system::{LocalSystem, Settings},
    ports::{self, Ports},
    secrets::Secrets,
    server::End,
    step::step,
    workspace,
};
use anyhow::{Result, bail};
use std::{
    io::{self, Write as _},
    path::PathBuf,
    thread,
    time::Duration,
};

/// Builds what has changed, starts the three processes, provisions the tenant, and runs until Ctrl-C or until one of them ends.
///
/// # Errors
/// When a port is taken, a build does not succeed, or a process ends by itself.
pub fn run() -> Result<()> {
    ports::require_free(&Ports::USUAL.all())?;
    step("Compiling the servers", binaries::build)?;
    frontend::build_if_changed()?;
    interrupt::watch()?;
    let mut system = start(Ports::USUAL.bff, workspace::dist())?;
    welcome(system.settings())?;
    wait(|| system.ended())
}

/// Starts the system of this checkout, for a browser that finds the app at this port of `localhost`.
pub(super) fn start(browser_port: u16, dist: PathBuf) -> Result<LocalSystem> {
    let data_dir = workspace::data_dir();
    let settings = Settings {
        ports: Ports::USUAL,
        base_url: format!("http://localhost:{browser_port}"),
        tenant: workspace::tenant(),
        bff: binaries::path("bff")?,
        dist,
        secrets: Secrets::kept_in(&data_dir)?,
        data_dir,
    };
    LocalSystem::start(settings)
}

/// Says what a person who has just started it wants to know.
pub(super) fn welcome(settings: &Settings) -> Result<()> {
    write!(
        io::stdout(),
        "
  Bookstore is running. Sign in with any phone number: no SMS is sent, the code comes to the inbox.

    {app}/
      the app
    {inbox}
      the phone's inbox
    {provider}
      the OpenID Provider, where the app sends you to sign in

  Logs are in {logs}. Ctrl-C ends it.

",
        app = settings.base_url,
        inbox = settings.inbox_url(),
        provider = settings.discovery_url(),
        logs = workspace::shown(&settings.data_dir.join("logs")),
    )?;
    Ok(())
}

/// Waits for Ctrl-C, or for a process that ends by itself. The caller's processes end with the caller.
pub(super) fn wait(mut ended: impl FnMut() -> Option<End>) -> Result<()> {
    while !interrupt::was_asked() {
        if let Some(end) = ended() {
            bail!("{end}");
        }
        thread::sleep(Duration::from_millis(100));
    }
    eprintln!("Ending.");
    Ok(())
}
