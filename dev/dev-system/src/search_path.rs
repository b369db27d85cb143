//! Where programs are looked for: this checkout's own tools, the `PATH`, cargo's folder.

use std::{
    env,
    ffi::OsString,
    fmt,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Command,
};

/// Folders with programs, in the order of the search.
#[derive(Clone, Debug)]
pub struct SearchPath {
    folders: Vec<PathBuf>,
}

/// Where tools of this checkout only are installed.
#[must_use]
pub fn own_tools() -> PathBuf {
    crate::workspace::data_dir().join("tools")
}

impl SearchPath {
    /// This checkout's own tools first, then the `PATH`, then the folder into which cargo installs: on a fresh
    /// machine it may not be on the `PATH` yet.
    #[must_use]
    pub fn of_this_machine() -> Self {
        let path = env::var_os("PATH").unwrap_or_default();
        let folders = [own_tools().join("bin")]
            .into_iter()
            .chain(env::split_paths(&path))
            .chain(cargo_bin())
            .collect();
        Self { folders }
    }

    /// The program of this name that a command would run.
    #[must_use]
    pub fn find(&self, program: &str) -> Option<PathBuf> {
        self.folders
            .iter()
            .map(|folder| folder.join(program))
            .find(|file| is_executable(file))
    }

    /// Makes a command search here, for itself and for the programs that it starts.
    pub fn hand_to(&self, command: &mut Command) {
        // Only a folder with a colon in its name cannot be joined; then the PATH stays as it was.
        if let Ok(path) = env::join_paths(&self.folders) {
            command.env("PATH", path);
        }
    }
}

impl fmt::Display for SearchPath {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path: OsString = env::join_paths(&self.folders).unwrap_or_default();
        path.display().fmt(formatter)
    }
}

fn cargo_bin() -> Option<PathBuf> {
    env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| Some(env::home_dir()?.join(".cargo")))
        .map(|home| home.join("bin"))
}

fn is_executable(file: &Path) -> bool {
    file.metadata()
        .is_ok_and(|metadata| metadata.is_file() && metadata.permissions().mode() & 0o111 != 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn the_first_folder_with_an_executable_of_the_name_wins() {
        let temporary = tempfile::tempdir().unwrap();
        let folders = ["text", "first", "second"].map(|name| temporary.path().join(name));
        for (folder, mode) in folders.iter().zip([0o644, 0o755, 0o755]) {
            fs::create_dir(folder).unwrap();
            let program = folder.join("trunk");
            fs::write(&program, "").unwrap();
            fs::set_permissions(&program, fs::Permissions::from_mode(mode)).unwrap();
        }
        let path = SearchPath {
            folders: folders.to_vec(),
        };
        assert_eq!(path.find("trunk"), Some(folders[1].join("trunk")));
        assert_eq!(path.find("wasm-bindgen"), None);
    }

    #[test]
    fn a_command_searches_where_we_search() {
        let path = SearchPath {
            folders: vec!["/a".into(), "/b".into()],
        };
        let mut command = Command::new("trunk");
        path.hand_to(&mut command);
        let variable = command.get_envs().find(|(name, _)| *name == "PATH");
        assert_eq!(variable.unwrap().1.unwrap(), "/a:/b");
    }
}
