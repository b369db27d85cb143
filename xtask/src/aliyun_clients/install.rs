//! Installing the clients: at the versions of the lock files, with the hashes that stand there, into `.data`.

use crate::{debian, program, tools::SearchPath, workspace};
use anyhow::{Context as _, Result, bail};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// Where the clients' programs and lock files are.
pub(super) const FOLDER: &str = "connector-aliyun-sms/clients";

/// What is installed, and where.
pub(super) struct Installed {
    pub(super) node: PathBuf,
    /// That of the virtual environment.
    pub(super) python: PathBuf,
    pub(super) folder: PathBuf,
}

/// The folder [`FOLDER`].
pub(super) fn sources() -> PathBuf {
    workspace::root().join(FOLDER)
}

/// Copies the clients' programs beside their libraries, which are installed when a lock file has changed.
pub(super) fn install() -> Result<Installed> {
    let path = SearchPath::of_this_machine();
    let (node, npm) = debian::ensure("Node.js", &["nodejs", "npm"], || {
        let found = path.find("node").zip(path.find("npm"));
        found.context("the clients of npm need Node.js 18 or newer, and npm: install them")
    })?;
    let python = debian::ensure("Python", &["python3", "python3-venv"], || {
        find_python(&path)
    })?;
    let folder = workspace::data_dir().join("aliyun-clients");
    fs::create_dir_all(&folder)?;
    for entry in fs::read_dir(sources())? {
        let file = entry?.path();
        fs::copy(&file, folder.join(file.file_name().unwrap_or_default()))?;
    }
    when_changed(&folder, "package-lock.json", || {
        let mut ci = Command::new(&npm);
        ci.args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ]);
        program::run(ci.current_dir(&folder))
    })?;
    let environment = folder.join("venv");
    let in_environment = environment.join("bin/python");
    when_changed(&folder, "requirements.txt", || {
        program::run(
            Command::new(&python)
                .args(["-m", "venv", "--clear"])
                .arg(&environment),
        )?;
        let mut pip = Command::new(&in_environment);
        pip.args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "-r",
            "requirements.txt",
        ]);
        program::run(pip.current_dir(&folder))
    })?;
    Ok(Installed {
        node,
        python: in_environment,
        folder,
    })
}

/// Debian has what makes virtual environments in a package of its own.
fn find_python(path: &SearchPath) -> Result<PathBuf> {
    let Some(python) = path.find("python3") else {
        bail!("the client of PyPI needs Python 3.10 or newer: install it");
    };
    program::output(Command::new(&python).args(["-c", "import venv, ensurepip"]))
        .context("the client of PyPI needs Python's modules venv and ensurepip: install them")?;
    Ok(python)
}

/// Does `work` unless it was done for this lock file.
fn when_changed(folder: &Path, lock: &str, work: impl FnOnce() -> Result<()>) -> Result<()> {
    let wanted = fs::read(folder.join(lock))?;
    let done = folder.join(format!("{lock}.done"));
    if fs::read(&done).is_ok_and(|done| done == wanted) {
        return Ok(());
    }
    work().with_context(|| format!("cannot install what {FOLDER}/{lock} lists"))?;
    fs::write(done, wanted)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lock_files_pin_with_hashes_and_name_no_other_registry() {
        let read = |name: &str| fs::read_to_string(sources().join(name)).unwrap();
        let npm = read("package-lock.json");
        let packages = npm.matches("\"node_modules/").count();
        assert!(packages > 10);
        assert_eq!(npm.matches("\"integrity\": \"sha512-").count(), packages);
        let resolved = npm.lines().filter(|line| line.contains("\"resolved\""));
        for line in resolved {
            assert!(line.contains("\"https://registry.npmjs.org/"), "{line}");
        }
        let pypi = read("requirements.txt");
        assert!(pypi.contains("alibabacloud-dysmsapi20170525==4.6.0"));
        assert!(pypi.contains("--hash=sha256:") && !pypi.contains("://"));
    }

    #[test]
    fn work_is_done_once_for_a_lock_file_and_again_when_it_changes() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("lock");
        let mut count = 0;
        for (content, expected) in [("a", 1), ("a", 1), ("b", 2)] {
            fs::write(&lock, content).unwrap();
            let work = || {
                count += 1;
                Ok(())
            };
            when_changed(folder.path(), "lock", work).unwrap();
            assert_eq!(count, expected);
        }
        fs::write(&lock, "c").unwrap();
        when_changed(folder.path(), "lock", || bail!("no network")).unwrap_err();
        when_changed(folder.path(), "lock", || {
            count += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!(count, 3, "what failed is tried again");
    }
}
