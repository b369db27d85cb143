//! Whether the built frontend is newer than everything that it is built from.

use crate::workspace;
use anyhow::{Context as _, Result};
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// What the frontend is built from, below the workspace. The dist step is part of it.
const SOURCES: [&str; 9] = [
    "frontend",
    "shared",
    "dev/xtask/src/dist",
    "dev/xtask/src/dist.rs",
    "dev/xtask/src/frontend.rs",
    "index.html",
    "Trunk.toml",
    "Cargo.toml",
    "Cargo.lock",
];

/// The moment at which a build began, as the modification time of a file.
pub(super) struct Stamp {
    begun: PathBuf,
}

impl Stamp {
    pub(super) fn now() -> Result<Self> {
        let begun = file().with_extension("begun");
        fs::create_dir_all(workspace::data_dir())
            .and_then(|()| fs::write(&begun, ""))
            .with_context(|| format!("cannot write {}", workspace::shown(&begun)))?;
        Ok(Self { begun })
    }

    /// The build has succeeded: its beginning is what sources are compared with from now on.
    pub(super) fn keep(self) -> Result<()> {
        fs::rename(&self.begun, file())
            .with_context(|| format!("cannot write {}", workspace::shown(&file())))
    }

    /// Whether the last build that succeeded began after every source was saved, and its result is there.
    pub(super) fn is_fresh(dist: &Path) -> Result<bool> {
        let Ok(built) = fs::metadata(file()).and_then(|metadata| metadata.modified()) else {
            return Ok(false);
        };
        let newest = newest(SOURCES.iter().map(|source| workspace::root().join(source)))
            .context("cannot look at the sources of the frontend")?;
        Ok(dist.join("assets").is_dir() && newest < built)
    }
}

fn file() -> PathBuf {
    workspace::data_dir().join("frontend-built")
}

/// The latest modification time of these files, and of all files and folders in these folders.
fn newest(paths: impl Iterator<Item = PathBuf>) -> io::Result<SystemTime> {
    let mut newest = SystemTime::UNIX_EPOCH;
    let mut waiting: Vec<_> = paths.collect();
    while let Some(path) = waiting.pop() {
        let metadata = fs::metadata(&path)?;
        newest = newest.max(metadata.modified()?);
        if metadata.is_dir() {
            for entry in fs::read_dir(&path)? {
                waiting.push(entry?.path());
            }
        }
    }
    Ok(newest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn the_newest_file_of_a_folder_counts_however_deep() {
        let temporary = tempfile::tempdir().unwrap();
        let deep = temporary.path().join("src/pages");
        fs::create_dir_all(&deep).unwrap();
        let saved = |name: &Path, seconds: u64| {
            let file = fs::File::create(name).unwrap();
            let time = SystemTime::UNIX_EPOCH + Duration::from_secs(seconds);
            file.set_modified(time).unwrap();
            time
        };
        saved(&temporary.path().join("old.rs"), 4_000_000_000);
        let latest = saved(&deep.join("home.rs"), 4_000_000_005);
        let folders = [temporary.path().to_owned()];
        assert_eq!(newest(folders.into_iter()).unwrap(), latest);
    }

    #[test]
    fn every_source_is_there() {
        for source in SOURCES {
            assert!(workspace::root().join(source).exists(), "{source}");
        }
    }
}
