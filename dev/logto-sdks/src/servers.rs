//! The servers of both stories, on free ports.

use crate::install::Installed;
use anyhow::Result;
use dev_system::{
    binaries, environment,
    ports::{self, Ports},
    readiness::Readiness,
    secrets::{self, Secrets},
    server::Server,
    workspace,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Where everything listens. The servers end when this value is dropped.
pub(super) struct Servers {
    /// The apps with Logto's SDKs.
    pub(super) apps: String,
    pub(super) embedded_provider: String,
    pub(super) sandbox: String,
    pub(super) bff: String,
    /// `oidc-provider` from npm.
    pub(super) engine: String,
    _running: Vec<Server>,
}

/// What the servers share.
struct Setting {
    secrets: Secrets,
    /// The client secret of the application.
    app_secret: String,
    /// A new folder for databases.
    folder: PathBuf,
}

impl Servers {
    pub(super) fn start(installed: &Installed) -> Result<Self> {
        let folder = installed.folder.join("run");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        let setting = Setting {
            secrets: Secrets::random(),
            app_secret: secrets::random(),
            folder,
        };
        let ports = Ports::free()?;
        let (apps, engine) = (ports::free()?, ports::free()?);
        let running = vec![
            setting.sandbox(ports)?,
            setting.embedded_provider(ports, apps)?,
            setting.apps(installed, apps, ports)?,
            setting.engine(installed, engine, ports)?,
            setting.bff(ports, engine)?,
        ];
        Ok(Self {
            apps: url(apps),
            embedded_provider: url(ports.provider),
            sandbox: url(ports.sandbox),
            bff: url(ports.bff),
            engine: url(engine),
            _running: running,
        })
    }
}

impl Setting {
    fn sandbox(&self, ports: Ports) -> Result<Server> {
        let port = ports.sandbox;
        let mut command = program("aliyun-sms-sandbox")?;
        command
            .args(["--listen", &loopback(port), "--config"])
            .arg(workspace::tenant())
            .envs(self.secrets.access_key());
        start(
            "aliyun-sms-sandbox",
            command,
            Readiness::new(port, "/inbox"),
        )
    }

    /// The provider with the example tenant, whose app is the one with the SDKs.
    fn embedded_provider(&self, ports: Ports, apps: u16) -> Result<Server> {
        let port = ports.provider;
        let tenant = self.folder.join("tenant.toml");
        fs::write(&tenant, tenant_of(&url(apps))?)?;
        let mut command = program("embedded-provider")?;
        command
            .args(["--listen", &loopback(port), "--endpoint", &url(port)])
            .args(["--sms-endpoint", &url(ports.sandbox), "--tenant"])
            .arg(tenant)
            .arg("--data")
            .arg(self.folder.join("provider.sqlite"))
            .env("LOGTO_APP_SECRET", &self.app_secret)
            .envs(self.secrets.access_key());
        start(
            "embedded-provider",
            command,
            Readiness::new(port, "/oidc/jwks"),
        )
    }

    fn apps(&self, installed: &Installed, port: u16, ports: Ports) -> Result<Server> {
        let mut command = installed.script("apps.mjs");
        command
            .env("PORT", port.to_string())
            .env("ENDPOINT", url(ports.provider))
            .env("APP_SECRET", &self.app_secret);
        start("logto-sdks", command, Readiness::new(port, "/"))
    }

    fn engine(&self, installed: &Installed, port: u16, ports: Ports) -> Result<Server> {
        let mut command = installed.script("provider.mjs");
        command
            .env("PORT", port.to_string())
            .env("APP", url(ports.bff))
            .env("APP_SECRET", &self.app_secret);
        start("oidc-provider", command, Readiness::new(port, "/jwks"))
    }

    fn bff(&self, ports: Ports, engine: u16) -> Result<Server> {
        let port = ports.bff;
        let dist = self.folder.join("dist");
        fs::create_dir_all(&dist)?;
        fs::copy(
            workspace::root().join("index.html"),
            dist.join("index.html"),
        )?;
        let sessions = self.folder.join("sessions.sqlite");
        let mut command = program("bff")?;
        command
            .current_dir(&self.folder)
            .env("LISTEN", loopback(port))
            .env("ADMIN_LISTEN", loopback(ports.bff_admin))
            .env("BASE_URL", url(port))
            .env("LOGTO_ENDPOINT", url(engine))
            .env("OIDC_ISSUER", url(engine))
            .env("LOGTO_APP_ID", "bookstore")
            .env("SESSION_STORE", format!("sqlite:{}", sessions.display()))
            .env("FRONTEND_DIST", dist)
            .env("LOGTO_APP_SECRET", &self.app_secret)
            .envs([self.secrets.cookie_secret()]);
        start("bff", command, Readiness::new(port, "/api/auth/status"))
    }
}

/// The example tenant with the addresses of these apps.
fn tenant_of(apps: &str) -> Result<String> {
    let text = fs::read_to_string(workspace::tenant())?;
    let callbacks = [
        "node/callback",
        "express/sign-in-callback",
        "next/callback",
        "edge/callback",
    ]
    .map(|path| format!("\"{apps}/{path}\""))
    .join(", ");
    let lines = text.lines().map(|line| match line.split_once(" = ") {
        Some(("redirectUris", _)) => format!("redirectUris = [{callbacks}]"),
        Some(("postLogoutRedirectUris", _)) => format!("postLogoutRedirectUris = [\"{apps}/\"]"),
        // These apps have no such endpoint.
        Some(("backchannelLogoutUri", _)) => String::new(),
        _ => line.to_owned(),
    });
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

fn program(name: &str) -> Result<Command> {
    let mut command = Command::new(binaries::path(name)?);
    environment::bare(&mut command);
    Ok(command)
}

fn start(name: &'static str, mut command: Command, readiness: Readiness) -> Result<Server> {
    let log = Path::new("logs").join(format!("logto-sdks-{name}.log"));
    let log = workspace::data_dir().join(log);
    let mut server = Server::start(name, &mut command, Some(&log))?;
    server.wait_until_ready(readiness)?;
    Ok(server)
}

fn loopback(port: u16) -> String {
    format!("127.0.0.1:{port}")
}

fn url(port: u16) -> String {
    format!("http://localhost:{port}")
}
