//! One instance of the bff in front of the provider: killed like by a crash, and started again where it was.

use crate::provider::{BASE_URL, Provider};
use anyhow::Result;
use dev_system::{ports, readiness::Readiness, server::Server, workspace};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};
use test_provider::{CLIENT_ID, CLIENT_SECRET};

/// What all instances of one site have in common.
#[derive(Clone)]
pub(crate) struct Common {
    /// The bff.
    pub(crate) program: PathBuf,
    pub(crate) provider: String,
    /// `SESSION_STORE`.
    pub(crate) store: String,
    /// The frontend.
    pub(crate) dist: PathBuf,
    /// Where logs are written.
    pub(crate) folder: PathBuf,
    /// `RUST_LOG`.
    pub(crate) log: &'static str,
}

impl Common {
    pub(crate) fn new(
        program: PathBuf,
        provider: &Provider,
        store: String,
        folder: &Path,
    ) -> Result<Self> {
        let dist = folder.join("dist");
        fs::create_dir_all(dist.join("assets"))?;
        let index = workspace::root().join("index.html");
        fs::copy(index, dist.join("index.html"))?;
        Ok(Self {
            program,
            provider: provider.endpoint(),
            store,
            dist,
            folder: folder.to_owned(),
            log: "info,tower_sessions=error",
        })
    }

    /// An instance that listens on these ports.
    pub(crate) fn command(&self, port: u16, admin_port: u16) -> Command {
        let mut command = Command::new(&self.program);
        command
            .env_clear()
            .current_dir(&self.folder)
            .env("RUST_LOG", self.log)
            .env("RUST_BACKTRACE", "1")
            .env("LISTEN", format!("127.0.0.1:{port}"))
            .env("ADMIN_LISTEN", format!("127.0.0.1:{admin_port}"))
            .env("BASE_URL", BASE_URL)
            .env("LOGTO_ENDPOINT", &self.provider)
            .env("LOGTO_APP_ID", CLIENT_ID)
            .env("LOGTO_APP_SECRET", CLIENT_SECRET)
            .env("COOKIE_SECRET", "no secret: it protects made-up sessions")
            .env("SESSION_STORE", &self.store)
            .env("SIGN_IN_REQUESTS_PER_MINUTE", "0")
            .env("FRONTEND_DIST", &self.dist);
        command
    }
}

/// A running instance. It ends when this value is dropped.
pub(crate) struct Instance {
    server: Server,
    common: Common,
    name: String,
    pub(crate) port: u16,
    admin_port: u16,
    starts: u32,
}

impl Instance {
    /// Starts one and waits until it answers.
    pub(crate) fn start(common: Common, name: &str) -> Result<Self> {
        let (port, admin_port) = (ports::free()?, ports::free()?);
        let server = start(&common, name, port, admin_port, 1)?;
        Ok(Self {
            server,
            common,
            name: name.to_owned(),
            port,
            admin_port,
            starts: 1,
        })
    }

    pub(crate) fn kill(&mut self) {
        self.server.kill();
    }

    pub(crate) fn start_again(&mut self) -> Result<()> {
        self.starts += 1;
        let (port, admin_port) = (self.port, self.admin_port);
        self.server = start(&self.common, &self.name, port, admin_port, self.starts)?;
        Ok(())
    }

    /// The id of its process.
    pub(crate) fn process_id(&self) -> u32 {
        self.server.process_id()
    }

    /// Waits until the instance reaches its store and the provider.
    pub(crate) fn wait_until_ready(&mut self) -> Result<()> {
        self.server
            .wait_until_ready(Readiness::new(self.admin_port, "/readyz"))
    }
}

fn start(common: &Common, name: &str, port: u16, admin_port: u16, times: u32) -> Result<Server> {
    let log = common.folder.join(format!("{name}-{times}.log"));
    let mut server = Server::start("bff", &mut common.command(port, admin_port), Some(&log))?;
    server.wait_until_ready(Readiness::new(admin_port, "/healthz"))?;
    Ok(server)
}
