//! Writes settings into a file such as `.env`, and keeps everything else in it.

use std::{
    fs, io,
    io::Write as _,
    path::{Path, PathBuf},
};
use tempfile::NamedTempFile;

/// A file of settings, read before anything is changed at Logto, so that a wrong path is found out early.
pub(crate) struct EnvFile {
    /// Symbolic links are resolved: they stay.
    path: PathBuf,
    text: String,
}

/// Why the file cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EnvFileError {
    #[error("cannot read {}: {error}", path.display())]
    Unreadable { path: PathBuf, error: io::Error },
    #[error("cannot write {}: {error}", path.display())]
    Unwritable { path: PathBuf, error: io::Error },
    /// A quoted value has several lines, or a line is no setting.
    #[error("cannot change {} safely: each line must be NAME=value, and a value with spaces needs quotes", path.display())]
    NotLines { path: PathBuf },
}

impl EnvFile {
    /// Reads the file. One that does not exist yet is empty.
    pub(crate) fn read(path: &Path) -> Result<Self, EnvFileError> {
        let resolved = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let text = match fs::read_to_string(&resolved) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            Err(error) => {
                return Err(EnvFileError::Unreadable {
                    path: path.to_owned(),
                    error,
                });
            }
        };
        let file = Self {
            path: resolved,
            text,
        };
        // The folder must exist and be writable.
        file.temporary()?;
        Ok(file)
    }

    /// Writes the settings: each in the line that it has, or in a new one at the end. Nobody else may read the file, and a
    /// reader sees the old one or the new one.
    pub(crate) fn write(&self, settings: &[(&str, &str)]) -> Result<(), EnvFileError> {
        let text = with_settings(&self.text, settings);
        if !is_read_as(&text, settings) {
            return Err(EnvFileError::NotLines {
                path: self.path.clone(),
            });
        }
        let mut file = self.temporary()?; // mode 0600
        let written = file
            .write_all(text.as_bytes())
            .and_then(|()| file.as_file().sync_all());
        let renamed = written.and_then(|()| file.persist(&self.path).map_err(|error| error.error));
        renamed.map(|_| ()).map_err(|error| self.unwritable(error))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    fn temporary(&self) -> Result<NamedTempFile, EnvFileError> {
        let folder = self.path.parent();
        let folder = folder.filter(|folder| !folder.as_os_str().is_empty());
        let file = NamedTempFile::new_in(folder.unwrap_or(Path::new(".")));
        file.map_err(|error| self.unwritable(error))
    }

    fn unwritable(&self, error: io::Error) -> EnvFileError {
        EnvFileError::Unwritable {
            path: self.path.clone(),
            error,
        }
    }
}

fn with_settings(text: &str, settings: &[(&str, &str)]) -> String {
    let mut missing = settings.to_vec();
    let mut changed = String::new();
    for line in text.split_inclusive('\n') {
        match settings.iter().find(|(name, _)| is_line_of(name, line)) {
            Some((name, value)) => {
                missing.retain(|(other, _)| other != name);
                let end = line.trim_start_matches(|character| !matches!(character, '\r' | '\n'));
                changed.extend([name, "=", &quoted(value), end]);
            }
            None => changed.push_str(line),
        }
    }
    for (name, value) in missing {
        if !changed.is_empty() && !changed.ends_with('\n') {
            changed.push('\n');
        }
        changed.extend([name, "=", &quoted(value), "\n"]);
    }
    changed
}

/// Whether a line sets a name: `NAME=…` or `export NAME=…`.
fn is_line_of(name: &str, line: &str) -> bool {
    let line = line.trim_start();
    let line = line.strip_prefix("export ").unwrap_or(line).trim_start();
    let value = line.strip_prefix(name);
    value.is_some_and(|value| value.trim_start().starts_with('='))
}

/// The value as `dotenvy` reads it. Shells read it, too, and must not run a part of it: in single quotes they run nothing. A
/// value that no quotes can hold for both becomes an empty one, which [`is_read_as`] finds.
fn quoted(value: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:/@%+".contains(&byte);
    if value.bytes().all(is_plain) {
        return value.to_owned();
    }
    if !value.contains(['\'', '\\', '\n', '\r']) {
        return format!("'{value}'");
    }
    if value.contains('`') {
        return String::new();
    }
    let mut quoted = String::from("\"");
    for character in value.chars() {
        match character {
            '"' | '\\' | '$' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str("\\n"),
            _ => quoted.push(character),
        }
    }
    quoted.push('"');
    quoted
}

/// Whether the bff will read these values from the text. The first line of a name counts.
fn is_read_as(text: &str, settings: &[(&str, &str)]) -> bool {
    let lines: Result<Vec<_>, _> = dotenvy::from_read_iter(text.as_bytes()).collect();
    let Ok(lines) = lines else {
        return false;
    };
    settings.iter().all(|(name, value)| {
        let first = lines.iter().find(|(other, _)| other == name);
        first.is_some_and(|(_, read)| read == value)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    const SETTINGS: [(&str, &str); 2] = [("APP_ID", "abc"), ("APP_SECRET", "x$y \"z\\'#")];

    #[test]
    fn lines_of_others_and_comments_stay() {
        let before = "# ours\r\nBASE_URL=http://localhost:3000\r\nexport APP_ID = old\r\n# APP_SECRET=\nMY_APP_ID=1\nLAST=\"a b\"";
        let after = with_settings(before, &SETTINGS);
        assert_eq!(
            after,
            "# ours\r\nBASE_URL=http://localhost:3000\r\nAPP_ID=abc\r\n# APP_SECRET=\nMY_APP_ID=1\nLAST=\"a b\"\nAPP_SECRET=\"x\\$y \\\"z\\\\'#\"\n"
        );
        assert!(is_read_as(&after, &SETTINGS));
        assert_eq!(with_settings(&after, &SETTINGS), after);
    }

    #[test]
    fn each_value_is_read_back() {
        for value in [
            "", "plain", "a b", "a#b", "#", "'", "\"", "\\", "$HOME", "${HOME}", "a\nb", " x ",
            "日本",
        ] {
            let settings = [("NAME", value)];
            let text = with_settings("", &settings);
            assert!(is_read_as(&text, &settings), "{text:?}");
        }
    }

    #[test]
    fn a_shell_that_reads_the_file_runs_nothing() {
        let text = with_settings("", &[("NAME", "`touch x` $(touch x)")]);
        assert_eq!(text, "NAME='`touch x` $(touch x)'\n");
        let settings = [("NAME", "it's `touch x`")];
        assert!(
            !is_read_as(&with_settings("", &settings), &settings),
            "no quotes hold it"
        );
    }

    #[test]
    fn the_file_is_private_and_a_link_to_it_stays() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("real"), folder.path().join(".env"));
        fs::write(&file, "A=1\n").unwrap();
        symlink(&file, &link).unwrap();
        EnvFile::read(&link).unwrap().write(&SETTINGS).unwrap();
        assert!(fs::read_link(&link).is_ok());
        assert!(
            fs::read_to_string(&file)
                .unwrap()
                .starts_with("A=1\nAPP_ID=abc\n")
        );
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_value_of_several_lines_is_not_torn() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(".env");
        for before in [
            "KEY=\"first\nAPP_ID=second\"\n",
            "APP_ID=\"first\nsecond\"\n",
        ] {
            fs::write(&path, before).unwrap();
            let error = EnvFile::read(&path).unwrap().write(&SETTINGS).unwrap_err();
            assert!(matches!(error, EnvFileError::NotLines { .. }), "{error}");
            assert_eq!(fs::read_to_string(&path).unwrap(), before);
        }
    }

    #[test]
    fn a_folder_that_does_not_exist_is_found_out_early() {
        let error = EnvFile::read(Path::new("/no/such/folder/.env"))
            .err()
            .unwrap();
        assert!(
            error
                .to_string()
                .starts_with("cannot write /no/such/folder/.env")
        );
    }
}
