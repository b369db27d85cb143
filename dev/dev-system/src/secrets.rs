//! The secrets of a local run: random, made once per checkout.

use anyhow::{Context as _, Result};
use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write as _},
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _},
    path::Path,
};

const MANAGEMENT_SECRET: &str = "LOGTO_MANAGEMENT_APP_SECRET";
const COOKIE_SECRET: &str = "COOKIE_SECRET";
const ACCESS_KEY_ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
const ACCESS_KEY_SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";

/// A secret as a process gets it: environment variable and value.
pub type Variable<'a> = (&'static str, &'a str);

/// The secrets of a local run. There is no `Debug` and no `Display`, so that none is printed by mistake.
///
/// The application's own secret is not among them: the provider makes it, and `provision-logto` hands it to the bff.
pub struct Secrets {
    management_secret: String,
    cookie_secret: String,
    access_key_id: String,
    access_key_secret: String,
}

/// A new random secret: 24 bytes in hexadecimal digits.
#[must_use]
pub fn random() -> String {
    hex::encode(rand::random::<[u8; 24]>())
}

impl Secrets {
    /// New random ones.
    #[must_use]
    pub fn random() -> Self {
        Self::known_or_random(|_| None)
    }

    /// Those kept in `folder`. What is not there yet is made now. Only the owner can read the file.
    ///
    /// # Errors
    /// When the file cannot be read or written.
    pub fn kept_in(folder: &Path) -> Result<Self> {
        let file = folder.join("secrets.env");
        let shown = crate::workspace::shown(&file);
        let text = match fs::read_to_string(&file) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            text => text.with_context(|| format!("cannot read {shown}"))?,
        };
        let secrets = Self::known_or_random(|name| value_in(&text, name).map(str::to_owned));
        let made = secrets.variables().into_iter();
        let made: String = made
            .filter(|(name, _)| value_in(&text, name).is_none())
            .flat_map(|(name, value)| [name, "=", value, "\n"])
            .collect();
        let is_line_open = !text.is_empty() && !text.ends_with('\n');
        let lines = if is_line_open { "\n" } else { "" }.to_owned() + &made;
        append(&file, &lines).with_context(|| format!("cannot write {shown}"))?;
        Ok(secrets)
    }

    fn known_or_random(known: impl Fn(&str) -> Option<String>) -> Self {
        let value = |name| known(name).unwrap_or_else(random);
        Self {
            management_secret: value(MANAGEMENT_SECRET),
            cookie_secret: value(COOKIE_SECRET),
            access_key_id: value(ACCESS_KEY_ID),
            access_key_secret: value(ACCESS_KEY_SECRET),
        }
    }

    /// What the provider and `provision-logto` share: the secret of the Management API's client.
    #[must_use]
    pub fn management_secret(&self) -> Variable<'_> {
        (MANAGEMENT_SECRET, &self.management_secret)
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
        [self.management_secret(), self.cookie_secret(), id, secret]
    }
}

fn value_in<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let mut lines = text.lines().filter_map(|line| line.split_once('='));
    let line = lines.find(|(known, value)| *known == name && !value.is_empty());
    line.map(|(_, value)| value)
}

fn append(file: &Path, lines: &str) -> std::io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(folder)?;
    }
    let mut file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(file)?;
    file.write_all(lines.as_bytes())
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
    fn a_file_of_an_older_build_keeps_its_secrets_and_gets_those_that_it_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("secrets.env");
        let old =
            "LOGTO_APP_SECRET=of-an-older-build\nALIBABA_CLOUD_ACCESS_KEY_ID=\nCOOKIE_SECRET=kept";
        fs::write(&file, old).unwrap();

        let filled = Secrets::kept_in(folder.path()).unwrap();
        let read = Secrets::kept_in(folder.path()).unwrap();

        assert!(filled.variables() == read.variables());
        assert_eq!(filled.cookie_secret(), (COOKIE_SECRET, "kept"));
        assert!(
            filled
                .variables()
                .iter()
                .all(|(_, value)| !value.is_empty())
        );
        let text = fs::read_to_string(&file).unwrap();
        assert!(text.starts_with(&format!("{old}\n")));
        assert_eq!(text.lines().count(), 6);
    }
}
