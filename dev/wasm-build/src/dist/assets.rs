//! Assets: finishing them in the order of their references, and naming each by its final content.

use super::{ASSETS, compression, references};
use anyhow::{Result, bail};
use sha2::{Digest as _, Sha256};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs, io,
    path::Path,
};

/// An asset with its final content.
pub(super) struct Finished {
    /// The name before: a path from the root of the app.
    pub(super) old_name: String,
    /// The name by content, in the folder of the assets.
    pub(super) name: String,
    content: Vec<u8>,
}

/// An asset as it was written, to show to a person.
#[derive(Debug)]
pub(crate) struct Asset {
    /// The name by content.
    name: String,
    /// Bytes as they are, and as a browser that knows brotli downloads them.
    bytes: (usize, Option<usize>),
}

impl fmt::Display for Asset {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (plain, brotli) = self.bytes;
        write!(formatter, "{plain:>8} bytes")?;
        match brotli {
            Some(brotli) => write!(formatter, ", {brotli:>6} with brotli  ")?,
            None => write!(formatter, "{:23}", "")?,
        }
        formatter.write_str(&self.name)
    }
}

impl Finished {
    fn new(old_name: String, content: Vec<u8>) -> Self {
        Self {
            name: name_by_content(&old_name, &content),
            old_name,
            content,
        }
    }

    /// The path under which a browser finds it.
    pub(super) fn path(&self) -> String {
        format!("/{ASSETS}/{}", self.name)
    }

    /// Writes the asset into `folder`, and compressed ones beside it.
    pub(super) fn write(&self, folder: &Path) -> io::Result<Asset> {
        fs::write(folder.join(&self.name), &self.content)?;
        let mut brotli = None;
        if compression::pays_for(&self.name) {
            let compressed = compression::brotli(&self.content)?;
            brotli = Some(compressed.len());
            fs::write(folder.join(format!("{}.br", self.name)), compressed)?;
            let compressed = compression::gzip(&self.content)?;
            fs::write(folder.join(format!("{}.gz", self.name)), compressed)?;
        }
        Ok(Asset {
            name: self.name.clone(),
            bytes: (self.content.len(), brotli),
        })
    }
}

/// Finishes all assets: each after those that it mentions.
///
/// # Errors
/// When assets mention each other in a circle: then no name can follow from the content.
pub(super) fn finish(files: BTreeMap<String, Vec<u8>>) -> Result<BTreeMap<String, Finished>> {
    let names: BTreeSet<_> = files.keys().cloned().collect();
    let mut waiting: BTreeMap<_, _> = files
        .into_iter()
        .map(|(name, content)| {
            let mentions = references::mentions(&name, &content, &names);
            (name, (content, mentions))
        })
        .collect();
    let mut finished = BTreeMap::new();
    while !waiting.is_empty() {
        let (ready, not_ready): (BTreeMap<_, _>, _) =
            waiting.into_iter().partition(|(_, (_, mentions))| {
                mentions.iter().all(|name| finished.contains_key(name))
            });
        if ready.is_empty() {
            let names: Vec<_> = not_ready.into_keys().collect();
            bail!(
                "these assets mention each other in a circle: {}",
                names.join(", ")
            );
        }
        for (name, (old, _)) in ready {
            let content = if references::is_text(&name) {
                references::rewrite(&old, finished.values())
            } else {
                old
            };
            finished.insert(name.clone(), Finished::new(name, content));
        }
        waiting = not_ready;
    }
    Ok(finished)
}

/// `pages/boot.js` becomes `boot-<first 16 hex digits of its SHA-256>.js`.
fn name_by_content(old_name: &str, content: &[u8]) -> String {
    let digest = &hex::encode(Sha256::digest(content))[..16];
    let (_, file) = old_name.rsplit_once('/').unwrap_or(("", old_name));
    match file.rsplit_once('.') {
        Some((stem, extension)) => format!("{stem}-{digest}.{extension}"),
        None => format!("{file}-{digest}"),
    }
}
