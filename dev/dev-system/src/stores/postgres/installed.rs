//! Where PostgreSQL's programs are.

use crate::search_path::SearchPath;
use anyhow::{Context as _, Result};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Debian keeps several versions beside each other here, and none of their servers on the `PATH`.
const VERSIONS: &str = "/usr/lib/postgresql";

/// The two programs, of one version.
pub(in crate::stores) struct Installed {
    pub(super) initdb: PathBuf,
    pub(super) postgres: PathBuf,
}

impl Installed {
    /// Finds those on the `PATH`, or the newest of Debian's.
    pub(in crate::stores) fn find() -> Result<Self> {
        let path = SearchPath::of_this_machine();
        let on_path = path
            .find("initdb")
            .and_then(|initdb| Self::in_folder(initdb.parent()?));
        on_path.or_else(|| newest(Path::new(VERSIONS))).context(
            "the tests of the session stores need PostgreSQL: install your system's package of it \
             (Debian: postgresql)",
        )
    }

    fn in_folder(folder: &Path) -> Option<Self> {
        let found = Self {
            initdb: folder.join("initdb"),
            postgres: folder.join("postgres"),
        };
        (found.initdb.is_file() && found.postgres.is_file()).then_some(found)
    }
}

/// The programs of the newest version with a server: of one, Debian may have installed the client only.
fn newest(versions: &Path) -> Option<Installed> {
    let entries = fs::read_dir(versions).ok()?.flatten();
    let found = entries.filter_map(|entry| {
        let version: u32 = entry.file_name().to_str()?.parse().ok()?; // a whole number since 10
        Some((version, Installed::in_folder(&entry.path().join("bin"))?))
    });
    let (_, newest) = found.max_by_key(|(version, _)| *version)?;
    Some(newest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_version_that_has_a_server_is_taken() {
        let versions = tempfile::tempdir().unwrap();
        assert!(newest(versions.path()).is_none());
        let server = ["initdb", "postgres"];
        for (version, programs) in [
            ("9", &server[..]),
            ("10", &server),
            ("9.6", &server),
            ("17", &["psql"]),
            ("common", &server),
        ] {
            let folder = versions.path().join(version).join("bin");
            fs::create_dir_all(&folder).unwrap();
            for program in programs {
                fs::write(folder.join(program), "").unwrap();
            }
        }
        let found = newest(versions.path()).unwrap();
        assert_eq!(found.postgres, versions.path().join("10/bin/postgres"));
        assert_eq!(found.initdb, versions.path().join("10/bin/initdb"));
        assert!(newest(&versions.path().join("nowhere")).is_none());
    }
}
