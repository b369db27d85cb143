//! The dist step: from the files of the app to what the bff serves.
//!
//! Every asset gets a name by its **final** content, so that a browser may keep it for ever. A name that changes changes
//! the files that mention it, so assets are finished in the order of their references: WebAssembly, then its JavaScript,
//! then the loader, then `index.html`. The page keeps its name and is not compressed, because the bff fills it for each
//! request. The same is true of the pages that are made from it.

mod assets;
mod compression;
mod references;

use anyhow::{Context as _, Result, bail};
use assets::{Asset, Finished};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
};

const INDEX: &str = "index.html";
/// The folder of the assets, below the root of the app.
const ASSETS: &str = "assets";

/// The names of the assets of this build and, on a second line, of the build before, in the folder of `index.html`.
const BUILDS: &str = "builds.txt";

/// Finishes a folder of files that mention each other; `dist` is replaced as a whole, but for the assets of the build before:
/// pages that people have open still load them. `prepare` makes the pages from the
/// `index.html` in the folder that it gets, and puts them beside.
///
/// # Errors
/// When files cannot be read or written, there is no `index.html`, or assets mention each other in a circle.
pub(super) fn finish(
    unhashed: &Path,
    prepare: impl FnOnce(&Path) -> Result<()>,
    dist: &Path,
) -> Result<Vec<Asset>> {
    let mut files =
        read_folder(unhashed).with_context(|| format!("cannot read {}", unhashed.display()))?;
    let Some(index) = files.remove(INDEX) else {
        bail!("{} has no {INDEX}", unhashed.display());
    };
    let finished = assets::finish(files)?;
    let index = references::rewrite(&index, finished.values());

    let unfinished = dist.with_extension("unfinished");
    remove(&unfinished)?;
    let written = write(&unfinished, &index, finished.values())
        .with_context(|| format!("cannot write {}", unfinished.display()))?;
    prepare(&unfinished)?;
    keep_assets(dist, &unfinished).with_context(|| format!("cannot read {}", dist.display()))?;
    remove(dist)?;
    fs::rename(&unfinished, dist).with_context(|| format!("cannot write {}", dist.display()))?;
    Ok(written)
}

/// Copies the assets of the build in `dist` that the new one does not have; if both are the same build, those of the build
/// before.
fn keep_assets(dist: &Path, new: &Path) -> Result<()> {
    let names: BTreeSet<_> = read_folder(&new.join(ASSETS))?.into_keys().collect();
    let builds = fs::read_to_string(dist.join(BUILDS)).unwrap_or_default();
    let mut builds = builds
        .lines()
        .map(|line| line.split(' ').map(str::to_owned));
    let mut next = || builds.next().into_iter().flatten().collect::<BTreeSet<_>>();
    let (last, older) = (next(), next());
    let previous = if last == names { older } else { last };
    for name in previous.difference(&names).filter(|name| !name.is_empty()) {
        fs::copy(dist.join(ASSETS).join(name), new.join(ASSETS).join(name))?;
    }
    let line = |names: BTreeSet<String>| names.into_iter().collect::<Vec<_>>().join(" ");
    fs::write(
        new.join(BUILDS),
        format!("{}\n{}", line(names), line(previous)),
    )?;
    Ok(())
}

fn write<'a>(
    dist: &Path,
    index: &[u8],
    assets: impl Iterator<Item = &'a Finished>,
) -> io::Result<Vec<Asset>> {
    let folder = dist.join(ASSETS);
    fs::create_dir_all(&folder)?;
    fs::write(dist.join(INDEX), index)?;
    assets.map(|asset| asset.write(&folder)).collect()
}

fn remove(folder: &Path) -> Result<()> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}", folder.display()))
        }
        _ => Ok(()),
    }
}

/// Every file below a folder, by its path from there.
fn read_folder(folder: &Path) -> Result<BTreeMap<String, Vec<u8>>> {
    let mut files = BTreeMap::new();
    let mut waiting: Vec<PathBuf> = vec![folder.to_owned()];
    while let Some(path) = waiting.pop() {
        if path.is_dir() {
            for entry in fs::read_dir(&path)? {
                waiting.push(entry?.path());
            }
            continue;
        }
        let name = path.strip_prefix(folder)?;
        let name = name.to_str().context("a file name is not UTF-8")?;
        files.insert(name.to_owned(), fs::read(&path)?);
    }
    Ok(files)
}

#[cfg(test)]
mod tests;
