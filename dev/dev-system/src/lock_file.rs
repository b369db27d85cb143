//! Installing what a lock file lists, once for each of its contents.

use anyhow::{Context as _, Result};
use std::{fs, path::Path};

/// Does `work` unless it was done for these lock files. The last gives its name to the record of it.
///
/// # Errors
/// Those of `work`, and when a lock file cannot be read.
pub fn when_changed(
    folder: &Path,
    locks: &[&str],
    work: impl FnOnce() -> Result<()>,
) -> Result<()> {
    let mut wanted = Vec::new();
    for lock in locks {
        wanted.extend(fs::read(folder.join(lock))?);
    }
    let lock = locks.last().context("there is a lock file")?;
    let done = folder.join(format!("{lock}.done"));
    if fs::read(&done).is_ok_and(|done| done == wanted) {
        return Ok(());
    }
    work().with_context(|| {
        format!(
            "cannot install what {} lists",
            crate::workspace::shown(&folder.join(lock))
        )
    })?;
    fs::write(done, wanted)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use anyhow::bail;

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
            when_changed(folder.path(), &["lock"], work).unwrap();
            assert_eq!(count, expected);
        }
        fs::write(&lock, "c").unwrap();
        when_changed(folder.path(), &["lock"], || bail!("no network")).unwrap_err();
        when_changed(folder.path(), &["lock"], || {
            count += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!(count, 3, "what failed is tried again");
    }
}
