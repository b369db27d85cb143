//! A shop of its own for each story: sandbox, provider and bff on free ports, with nothing in their databases.

use crate::Phone;
use anyhow::{Context as _, Result, ensure};
use dev_system::{
    binaries,
    local_system::{LocalSystem, Settings},
    ports::Ports,
    secrets::Secrets,
    workspace,
};
use reqwest::redirect::Policy;
use serde_json::Value;
use std::{
    fs,
    path::{Path, PathBuf},
};
use tempfile::TempDir;

/// A running shop. It ends, and forgets everything, when this value is dropped.
pub struct Bookstore {
    system: LocalSystem,
    _data: TempDir,
}

impl Bookstore {
    /// Opens a shop.
    ///
    /// # Errors
    /// When something is not built, or a process does not start.
    pub fn open() -> Result<Self> {
        Self::open_with(binaries::path("bff")?)
    }

    /// Opens a shop with this program as its bff.
    ///
    /// # Errors
    /// As [`Bookstore::open`].
    pub fn open_with(bff: PathBuf) -> Result<Self> {
        require_built(&bff)?;
        let data = tempfile::tempdir()?;
        let ports = Ports::free()?;
        let base_url = format!("http://localhost:{}", ports.bff);
        let tenant = data.path().join("tenant.toml");
        fs::write(&tenant, tenant_for(&base_url)?)?;
        let system = LocalSystem::start(Settings {
            ports,
            base_url,
            tenant,
            data_dir: data.path().to_owned(),
            bff,
            dist: workspace::dist(),
            secrets: Secrets::random(),
        })?;
        Ok(Self {
            system,
            _data: data,
        })
    }

    /// The address of a page of the app.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.system.settings().base_url)
    }

    /// The address of the provider.
    #[must_use]
    pub fn provider_url(&self) -> String {
        self.system.settings().provider_url()
    }

    /// The client id that the shop has at the provider.
    ///
    /// # Errors
    /// When a sign-in does not lead to the provider.
    pub async fn application(&self) -> Result<String> {
        let no_redirects = reqwest::Client::builder().redirect(Policy::none());
        let answer = no_redirects
            .build()?
            .get(self.url("/sign-in"))
            .send()
            .await?;
        let location = answer.headers().get("location");
        let location = location.context("a sign-in leads nowhere")?.to_str()?;
        let mut parameters = location.split(['?', '&']);
        let id = parameters.find_map(|parameter| parameter.strip_prefix("client_id="));
        Ok(id
            .context("no client id is sent to the provider")?
            .to_owned())
    }

    /// The provider fails.
    pub fn stop_provider(&mut self) {
        self.system.stop_provider();
    }

    /// The provider is back.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_provider(&mut self) -> Result<()> {
        self.system.start_provider()
    }

    /// The bff fails.
    pub fn stop_bff(&mut self) {
        self.system.stop_bff();
    }

    /// The bff is back, and so are the sessions.
    ///
    /// # Errors
    /// When it does not start.
    pub fn start_bff(&mut self) -> Result<()> {
        self.system.start_bff()
    }

    /// The verification code in the newest message on a phone, by the sandbox's API.
    ///
    /// # Errors
    /// When there is no message.
    pub async fn newest_code(&self, phone: Phone) -> Result<String> {
        let digits = phone.number.trim_start_matches('+');
        let port = self.system.settings().ports.sandbox;
        let url = format!("http://localhost:{port}/api/messages?phone={digits}");
        let answer = reqwest::get(url).await?.error_for_status()?;
        let messages: Value = answer.json().await?;
        let code = messages[0]["param"]["code"].as_str();
        let code = code.context("no message for this phone in the sandbox")?;
        Ok(code.to_owned())
    }
}

/// The example tenant, with the redirect URIs of this shop instead of the first ones.
fn tenant_for(base_url: &str) -> Result<String> {
    const USUAL: &str = "http://localhost:3000/";
    let example = fs::read_to_string(workspace::tenant()).context("cannot read tenant.toml")?;
    ensure!(
        example.contains(USUAL),
        "tenant.toml has no redirect URI at {USUAL}"
    );
    Ok(example.replace(USUAL, &format!("{base_url}/")))
}

fn require_built(bff: &Path) -> Result<()> {
    let mut needed = vec![workspace::dist().join("index.html"), bff.to_owned()];
    for program in ["aliyun-sms-sandbox", "embedded-provider", "provision-logto"] {
        needed.push(binaries::path(program)?);
    }
    for file in needed {
        ensure!(
            file.is_file(),
            "{} is not there: `cargo xtask test` builds what the stories need",
            workspace::shown(&file)
        );
    }
    Ok(())
}
