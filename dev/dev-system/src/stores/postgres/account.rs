//! Whose processes PostgreSQL's are: it refuses to run as root.

use crate::program;
use anyhow::{Context as _, Result};
use std::{
    os::unix::{fs::chown, process::CommandExt as _},
    path::Path,
    process::Command,
};

/// Who runs PostgreSQL and owns its files.
#[derive(Clone, Copy)]
pub(super) enum Account {
    /// The user who runs this program.
    Ours,
    /// The user `postgres` of Debian's packages and others.
    Postgres { user: u32, group: u32 },
}

impl Account {
    pub(super) fn for_postgres() -> Result<Self> {
        if !rustix::process::geteuid().is_root() {
            return Ok(Self::Ours);
        }
        Ok(Self::Postgres {
            user: id("-u")?,
            group: id("-g")?,
        })
    }

    /// Makes this account the owner of a folder.
    pub(super) fn own(self, folder: &Path) -> Result<()> {
        if let Self::Postgres { user, group } = self {
            chown(folder, Some(user), Some(group))?;
        }
        Ok(())
    }

    /// A program that runs as this account, in a folder where it may be.
    pub(super) fn command(self, program: &Path, folder: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(folder);
        if let Self::Postgres { user, group } = self {
            command.uid(user).gid(group);
        }
        command
    }
}

fn id(which: &str) -> Result<u32> {
    program::output(Command::new("id").args([which, "postgres"]))
        .and_then(|number| Ok(number.trim().parse()?))
        .context("PostgreSQL does not run as root, and there is no user `postgres` for it")
}
