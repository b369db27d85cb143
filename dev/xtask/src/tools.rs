//! The programs that this workspace needs from crates.io, at pinned versions, installed on first use.

pub use dev_system::search_path::SearchPath;

use crate::{program, step, workspace};
use anyhow::{Context as _, Result, bail};
use std::{path::Path, process::Command};

/// A program from crates.io.
#[derive(Clone, Copy, Debug)]
pub struct Tool {
    package: &'static str,
    program: &'static str,
    version: &'static str,
    features: &'static [&'static str],
}

/// Serves the frontend in development. 0.22 needs a newer Rust.
pub const TRUNK: Tool = Tool {
    package: "trunk",
    program: "trunk",
    version: "0.21.14",
    features: &["--no-default-features", "--features=rustls"],
};

/// Licences, banned crates, known vulnerabilities: `deny.toml`.
pub const CARGO_DENY: Tool = Tool {
    package: "cargo-deny",
    program: "cargo-deny",
    version: "0.20.2",
    features: &[],
};

/// Dependencies that nobody uses.
pub const CARGO_MACHETE: Tool = Tool {
    package: "cargo-machete",
    program: "cargo-machete",
    version: "0.9.2",
    features: &[],
};

/// Runs libFuzzer.
pub const CARGO_FUZZ: Tool = Tool {
    package: "cargo-fuzz",
    program: "cargo-fuzz",
    version: "0.13.2",
    features: &[],
};

/// What is on the search path now.
#[derive(Debug, PartialEq, Eq)]
enum Found {
    Pinned,
    Other,
    Nothing,
}

impl Tool {
    /// Installs the tool at its pinned version unless it is there.
    ///
    /// Into cargo's usual folder, which other checkouts share; but when a person has another version of it, into
    /// `.data/tools` of this checkout, so that theirs stays.
    ///
    /// # Errors
    /// When cargo cannot install it, for example without a network.
    pub fn ensure(self, path: &SearchPath) -> Result<()> {
        let found = self.find(path);
        if found == Found::Pinned {
            return Ok(());
        }
        let what = format!("Installing {} {} (once)", self.package, self.version);
        step::step(&what, || {
            program::run(&mut self.install(&found)).with_context(|| {
                let Self {
                    package, version, ..
                } = self;
                format!("cannot install {package} {version}; is the network there? then try again")
            })
        })?;
        if self.find(path) != Found::Pinned {
            let Self {
                program, version, ..
            } = self;
            bail!("{program} {version} was installed, but is not found in {path}");
        }
        Ok(())
    }

    /// A command that runs the tool in the workspace.
    #[must_use]
    pub fn command(self, path: &SearchPath) -> Command {
        let mut command = Command::new(self.program);
        command.current_dir(workspace::root());
        path.hand_to(&mut command);
        command
    }

    fn find(self, path: &SearchPath) -> Found {
        match path.find(self.program) {
            None => Found::Nothing,
            Some(program) if self.is_pinned(&program) => Found::Pinned,
            Some(_) => Found::Other,
        }
    }

    fn is_pinned(self, program: &Path) -> bool {
        program::output(Command::new(program).arg("--version"))
            .is_ok_and(|words| says_version(&words, self.version))
    }

    fn install(self, found: &Found) -> Command {
        let mut command = program::cargo(&["install", "--locked", self.package, "--version"]);
        command.arg(self.version).args(self.features);
        if *found == Found::Other {
            command
                .arg("--force")
                .arg("--root")
                .arg(dev_system::search_path::own_tools());
        }
        // Half the time of the tools' own profiles (fat LTO); they are fast enough without.
        command.envs([
            ("CARGO_PROFILE_RELEASE_LTO", "off"),
            ("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16"),
            ("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1"),
        ]);
        command
    }
}

/// Whether the answer to `--version` (`trunk 0.21.14`, or only `0.9.2`) is this version.
fn says_version(words: &str, version: &str) -> bool {
    words.split_whitespace().any(|word| word == version)
}

/// Adds the compilation target of the frontend unless it is there.
///
/// # Errors
/// When rustup cannot add it, for example without a network.
pub fn ensure_wasm_target() -> Result<()> {
    const TARGET: &str = "wasm32-unknown-unknown";
    let library = program::output(Command::new("rustc").args([
        "--print",
        "target-libdir",
        "--target",
        TARGET,
    ]))?;
    if Path::new(library.trim()).is_dir() {
        return Ok(());
    }
    step::step(
        "Adding the compilation target wasm32-unknown-unknown",
        || {
            program::run(Command::new("rustup").args(["target", "add", TARGET])).with_context(|| {
            format!("cannot add {TARGET}: add it as your Rust was installed, or check the network")
        })
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_a_whole_word() {
        let cases = [
            ("trunk 0.21.14\n", true),
            ("0.21.14", true),
            ("trunk 0.21.14-beta.1", false),
            ("trunk 0.21.1", false),
            ("", false),
        ];
        for (words, expected) in cases {
            assert_eq!(says_version(words, "0.21.14"), expected, "{words}");
        }
    }

    #[test]
    fn another_version_of_a_person_is_not_overwritten() {
        let arguments = |found| {
            let command = TRUNK.install(&found);
            let words = command
                .get_args()
                .map(|word| word.to_string_lossy().into_owned());
            words.collect::<Vec<_>>().join(" ")
        };
        let fresh =
            "install --locked trunk --version 0.21.14 --no-default-features --features=rustls";
        assert_eq!(arguments(Found::Nothing), fresh);
        let aside = format!(
            "{fresh} --force --root {}",
            dev_system::search_path::own_tools().display()
        );
        assert_eq!(arguments(Found::Other), aside);
    }
}
