//! What stories share.

mod relay;
mod tenant;

pub(crate) use relay::{Fault, Relay};
pub(crate) use tenant::TestTenant;

use std::{
    borrow::Cow,
    path::{Path, PathBuf},
    process::{Command, Output},
};
use tempfile::TempDir;

/// No output may have one of them.
pub(crate) const SECRETS: [(&str, &str); 5] = [
    ("LOGTO_MANAGEMENT_APP_SECRET", "the-management-secret"),
    ("LOGTO_APP_SECRET", "the-client-secret"),
    ("ALIBABA_CLOUD_ACCESS_KEY_ID", "the-access-key-id"),
    ("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "the-access-key-secret"),
    ("HOOK_TOKEN", "the-hook-token"),
];

/// The access token of a tenant that is not there.
pub(crate) const TOKEN: &str = "the-access-token";

pub(crate) fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tenant.toml")
}

/// A file with every section.
pub(crate) fn everything() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tenants/everything.toml")
}

/// The program in a folder of its own, with settings for a tenant.
pub(crate) struct Program {
    pub(crate) folder: TempDir,
    pub(crate) tenant: PathBuf,
    settings: Vec<(&'static str, String)>,
}

impl Program {
    /// For the tenant behind these relays: the one of the API, and the one that issues tokens.
    pub(crate) fn at(endpoint: &str, admin_endpoint: &str) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            tenant: example(),
            settings: vec![
                ("LOGTO_ENDPOINT", endpoint.to_owned()),
                ("LOGTO_ADMIN_ENDPOINT", admin_endpoint.to_owned()),
                ("LOGTO_MANAGEMENT_APP_ID", "m-default".to_owned()),
            ],
        }
    }

    /// The same with this tenant file.
    pub(crate) fn with_file(mut self, tenant: PathBuf) -> Self {
        self.tenant = tenant;
        self
    }

    /// The same with a tenant file that is another one changed.
    pub(crate) fn with_changed(self, file: &Path, change: impl FnOnce(String) -> String) -> Self {
        let text = change(std::fs::read_to_string(file).unwrap());
        let tenant = self.folder.path().join("changed.toml");
        std::fs::write(&tenant, text).unwrap();
        self.with_file(tenant)
    }

    /// Runs to the end, on a thread of its own: the tenant runs in this process.
    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_provision-logto"));
        command
            .arg("--tenant")
            .arg(&self.tenant)
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(SECRETS)
            .envs(self.settings.iter().cloned());
        let output = tokio::task::spawn_blocking(move || command.output().unwrap());
        Ran(output.await.unwrap())
    }
}

/// How a run ended.
pub(crate) struct Ran(Output);

impl Ran {
    pub(crate) fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    pub(crate) fn stdout(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0.stdout)
    }

    pub(crate) fn stderr(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0.stderr)
    }

    /// Asserts the exit code, and that no secret was shown.
    #[track_caller]
    pub(crate) fn expect(self, code: i32) -> Self {
        let (stdout, stderr) = (self.stdout(), self.stderr());
        assert_eq!(self.code(), code, "{stdout}{stderr}");
        for secret in SECRETS.iter().map(|(_, secret)| *secret).chain([TOKEN]) {
            assert!(
                !stdout.contains(secret) && !stderr.contains(secret),
                "{stdout}{stderr}"
            );
        }
        self
    }

    /// The one line that says why it failed.
    #[track_caller]
    pub(crate) fn error(&self) -> String {
        let stderr = self.stderr();
        let errors: Vec<_> = stderr
            .lines()
            .filter_map(|line| line.strip_prefix("error: "))
            .collect();
        errors
            .first()
            .unwrap_or_else(|| panic!("no error: {stderr}"))
            .to_string()
    }
}
