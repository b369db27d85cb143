//! Installing the clients: at the versions of the lock files, with the hashes that these contain, into `.data`. Nothing else
//! is run for it: no scripts of npm's packages, and of PyPI's only the one that [`BUILT`] names.

use anyhow::{Context as _, Result, bail};
use dev_system::{
    debian, environment, lock_file::when_changed, npm::Npm, program, search_path::SearchPath,
    workspace,
};
use std::{fs, path::PathBuf, process::Command};

/// Where the clients' programs and lock files are.
pub(super) const FOLDER: &str = "crates/connector-aliyun-sms/clients";

/// The one package that PyPI has as a source archive only, so that it must be built here.
const BUILT: &str = "alibabacloud-tea";
/// The lock file of what builds it.
const BUILDER: &str = "requirements-build.txt";

/// What is installed, and where.
pub(super) struct Installed {
    pub(super) node: PathBuf,
    /// That of the virtual environment.
    pub(super) python: PathBuf,
    pub(super) folder: PathBuf,
    /// The home folder of the clients.
    pub(super) home: PathBuf,
}

/// The folder [`FOLDER`].
pub(super) fn sources() -> PathBuf {
    workspace::root().join(FOLDER)
}

/// Copies the clients' programs beside their libraries, which are installed when a lock file has changed.
pub(super) fn install() -> Result<Installed> {
    let path = SearchPath::of_this_machine();
    let npm = Npm::ensure()?;
    let python = debian::ensure("Python", &["python3", "python3-venv"], || {
        find_python(&path)
    })?;
    let folder = workspace::data_dir().join("aliyun-clients");
    let home = folder.join("home");
    fs::create_dir_all(&home)?;
    for entry in fs::read_dir(sources())? {
        let entry = entry?;
        // Updating the lock files may leave folders of npm's or Python's.
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), folder.join(entry.file_name()))
                .with_context(|| format!("cannot copy {}", entry.path().display()))?;
        }
    }
    when_changed(&folder, &["package-lock.json"], || npm.ci(&folder))?;
    let environment = folder.join("venv");
    let in_environment = environment.join("bin/python");
    when_changed(&folder, &[BUILDER, "requirements.txt"], || {
        let mut venv = Command::new(&python);
        venv.args(["-m", "venv", "--clear"]).arg(&environment);
        program::run(environment::of_installer(&mut venv))?;
        for arguments in [&pip_for_the_builder(), &pip_for_the_client()] {
            let mut pip = Command::new(&in_environment);
            pip.args(["-m", "pip"]).args(arguments);
            program::run(environment::of_installer(&mut pip).current_dir(&folder))?;
        }
        Ok(())
    })?;
    Ok(Installed {
        node: npm.node,
        python: in_environment,
        folder,
        home,
    })
}

/// Arguments of every call of pip. A cache may hold what another builder has built.
const PIP: [&str; 5] = [
    "install",
    "--quiet",
    "--no-cache-dir",
    "--require-hashes",
    "--only-binary=:all:",
];

fn pip_for_the_builder() -> Vec<String> {
    let arguments = PIP.iter().copied().chain(["-r", BUILDER]);
    arguments.map(str::to_owned).collect()
}

/// pip would fetch the newest builder, whatever its hash, for an isolated build.
fn pip_for_the_client() -> Vec<String> {
    let mut arguments: Vec<_> = PIP.map(str::to_owned).into();
    arguments.push(format!("--no-binary={BUILT}"));
    arguments.extend(
        [
            "--no-build-isolation",
            "--use-pep517",
            "-r",
            "requirements.txt",
        ]
        .map(str::to_owned),
    );
    arguments
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(name: &str) -> String {
        fs::read_to_string(sources().join(name)).unwrap()
    }

    #[test]
    fn every_package_of_npm_has_a_hash() {
        let npm = read("package-lock.json");
        let packages = npm.matches("\"node_modules/").count();
        assert!(packages > 10);
        assert_eq!(npm.matches("\"integrity\": \"sha512-").count(), packages);
        // Where it comes from is not said here, so this machine's npm decides.
        assert!(!npm.contains("\"resolved\""));
    }

    #[test]
    fn every_package_of_pypi_has_a_version_and_a_hash() {
        for file in [BUILDER, "requirements.txt"] {
            let text = read(file);
            assert!(!text.contains("://"), "no registry is named");
            let packages = text
                .lines()
                .filter(|line| line.starts_with(|first: char| first.is_ascii_alphanumeric()));
            let mut lines = text.lines().skip_while(|line| line.starts_with('#'));
            for package in packages {
                assert!(
                    package.contains("==") && package.ends_with(" \\"),
                    "{package}"
                );
                assert!(lines.any(|line| line == package));
                let hash = lines.next().unwrap_or_default().trim_start();
                assert!(hash.starts_with("--hash=sha256:"), "{package}: {hash}");
            }
        }
        assert!(read("requirements.txt").contains("alibabacloud-dysmsapi20170525==4.6.0"));
    }

    #[test]
    fn pip_runs_nothing_but_the_builder_of_one_package_at_a_pinned_version() {
        let [builder, client] = [pip_for_the_builder(), pip_for_the_client()];
        for arguments in [&builder, &client] {
            for needed in ["--require-hashes", "--only-binary=:all:", "--no-cache-dir"] {
                assert!(arguments.iter().any(|given| given == needed), "{needed}");
            }
        }
        let is_no_binary = |argument: &&String| argument.starts_with("--no-binary");
        assert_eq!(builder.iter().find(is_no_binary), None);
        let built: Vec<_> = client.iter().filter(is_no_binary).collect();
        assert_eq!(built, ["--no-binary=alibabacloud-tea"]);
        assert!(client.iter().any(|given| given == "--no-build-isolation"));
        assert!(read(BUILDER).contains("\nsetuptools=="));
    }
}
