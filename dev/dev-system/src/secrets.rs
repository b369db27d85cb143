//! The secrets of a local run: random, made once per checkout.

use anyhow::{Context as _, Result};
use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

const CLIENT_SECRET: &str = "LOGTO_APP_SECRET";
const COOKIE_SECRET: &str = "COOKIE_SECRET";
const ACCESS_KEY_ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const ACCESS_KEY_SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";

/// A secret as a process gets it: environment variable and value.
pub type Variable<'a> = (&'static str, &'a str);

/// The secrets of a local run. There is no `Debug` and no `Display`, so that none is printed by mistake.
pub struct Secrets {
    client_secret: String,
    cookie_secret: String,
    access_key_id: String,
    access_key_secret: String,
}

impl Secrets {
    /// New random ones.
    #[must_use]
    pub fn random() -> Self {
        let random = || hex::encode(rand::random::<[u8; 24]>());
        Self {
            client_secret: random(),
            cookie_secret: random(),
            access_key_id: random(),
            access_key_secret: random(),
        }
    }

    /// Those kept in `folder`, made now if there are none. Only the owner can read the file.
    ///
    /// # Errors
    /// When the file cannot be read or written, or lacks a secret.
    pub fn kept_in(folder: &Path) -> Result<Self> {
        let file = folder.join("secrets.env");
        let shown = crate::workspace::shown(&file);
        match fs::read_to_string(&file) {
            Ok(text) => Self::parse(&text)
                .with_context(|| format!("{shown} is damaged: delete it, new ones will be made")),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                let secrets = Self::random();
                secrets
                    .write(&file)
                    .with_context(|| format!("cannot write {shown}"))?;
                Ok(secrets)
            }
            Err(error) => Err(error).with_context(|| format!("cannot read {shown}")),
        }
    }

    /// What the provider and the bff share: the client secret of the application.
    #[must_use]
    pub fn client_secret(&self) -> Variable<'_> {
        (CLIENT_SECRET, &self.client_secret)
    }

    /// The key of the bff's cookies and sessions.
    #[must_use]
    pub fn cookie_secret(&self) -> Variable<'_> {
        (COOKIE_SECRET, &self.cookie_secret)
    }

    /// What the connector and the SMS sandbox share: the access key pair.
    #[must_use]
    pub fn access_key(&self) -> [Variable<'_>; 2] {
        [
            (ACCESS_KEY_ID, &self.access_key_id),
            (ACCESS_KEY_SECRET, &self.access_key_secret),
        ]
    }

    fn variables(&self) -> [Variable<'_>; 4] {
        let [id, secret] = self.access_key();
        [self.client_secret(), self.cookie_secret(), id, secret]
    }

    fn parse(text: &str) -> Option<Self> {
        let value = |name: &str| {
            text.lines()
                .filter_map(|line| line.split_once('='))
                .find(|(known, value)| *known == name && !value.is_empty())
                .map(|(_, value)| value.to_owned())
        };
        Some(Self {
            client_secret: value(CLIENT_SECRET)?,
            cookie_secret: value(COOKIE_SECRET)?,
            access_key_id: value(ACCESS_KEY_ID)?,
            access_key_secret: value(ACCESS_KEY_SECRET)?,
        })
    }

    fn write(&self, file: &Path) -> std::io::Result<()> {
        if let Some(folder) = file.parent() {
            fs::DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(folder)?;
        }
        let mut file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(file)?;
        for (name, value) in self.variables() {
            writeln!(file, "{name}={value}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn secrets_are_made_once_and_only_the_owner_reads_them() {
        let folder = tempfile::tempdir().unwrap();
        let data_dir = folder.path().join("data");

        let made = Secrets::kept_in(&data_dir).unwrap();
        let read = Secrets::kept_in(&data_dir).unwrap();

        assert!(made.variables() == read.variables());
        let file = fs::metadata(data_dir.join("secrets.env")).unwrap();
        assert_eq!(file.permissions().mode() & 0o777, 0o600);
        assert_eq!(
            fs::metadata(&data_dir).unwrap().permissions().mode() & 0o777,
            0o700
        );
    }

    #[test]
    fn secrets_are_long_and_differ_from_each_other_and_between_checkouts() {
        let (here, there) = (Secrets::random(), Secrets::random());
        let mut values: Vec<_> = here
            .variables()
            .into_iter()
            .chain(there.variables())
            .map(|(_, value)| value)
            .collect();
        assert!(values.iter().all(|value| value.len() >= 32));
        values.sort_unstable();
        values.dedup();
        assert_eq!(values.len(), 8);
    }

    #[test]
    fn a_damaged_file_is_named_with_what_to_do_and_without_its_content() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("secrets.env"), "COOKIE_SECRET=hunter2\n").unwrap();
        let error = Secrets::kept_in(folder.path()).err().unwrap().to_string();
        assert!(
            error.ends_with("secrets.env is damaged: delete it, new ones will be made"),
            "{error}"
        );
    }
}
