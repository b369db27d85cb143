//! Installing the packages: at the versions of the lock file, with the hashes that it contains, into `.data`. None of their
//! scripts is run.

use anyhow::{Context as _, Result};
use dev_system::{environment, lock_file::when_changed, npm::Npm, workspace};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// What is installed, and where.
pub(super) struct Installed {
    node: PathBuf,
    pub(super) folder: PathBuf,
}

impl Installed {
    /// Runs one of our scripts, with an environment of its own.
    pub(super) fn script(&self, name: &str) -> Command {
        let mut command = Command::new(&self.node);
        command.arg(name).current_dir(&self.folder);
        environment::bare(&mut command);
        command
    }
}

/// Copies the scripts beside the packages, which are installed when the lock file has changed.
pub(super) fn install() -> Result<Installed> {
    let npm = Npm::ensure()?;
    let folder = workspace::data_dir().join("logto-sdks");
    fs::create_dir_all(&folder)?;
    for name in [
        ".npmrc",
        "package.json",
        "package-lock.json",
        "apps.mjs",
        "provider.mjs",
    ] {
        let source = sources().join(name);
        fs::copy(&source, folder.join(name))
            .with_context(|| format!("cannot copy {}", workspace::shown(&source)))?;
    }
    when_changed(&folder, &["package-lock.json"], || npm.ci(&folder))?;
    Ok(Installed {
        node: npm.node,
        folder,
    })
}

fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("node")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_package_has_a_hash_and_no_registry() {
        let lock = fs::read_to_string(sources().join("package-lock.json")).unwrap();
        let packages = lock.matches("\"node_modules/").count();
        assert!(packages > 50);
        assert_eq!(lock.matches("\"integrity\": \"sha512-").count(), packages);
        assert!(!lock.contains("\"resolved\""));
    }
}
