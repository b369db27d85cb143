//! Where things are in this checkout.

use std::path::{Path, PathBuf};

/// The folder of the workspace's `Cargo.toml`.
#[must_use]
pub fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.ancestors().nth(2).unwrap_or(package)
}

/// What a local run keeps: secrets, databases, logs, tools. Git ignores it.
#[must_use]
pub fn data_dir() -> PathBuf {
    root().join(".data")
}

/// The finished frontend, as the bff serves it.
#[must_use]
pub fn dist() -> PathBuf {
    root().join("dist")
}

/// The example tenant.
#[must_use]
pub fn tenant() -> PathBuf {
    root().join("tenant.toml")
}

/// A path as a person in the workspace would write it: without the part that leads to the workspace.
#[must_use]
pub fn shown(path: &Path) -> String {
    path.strip_prefix(root())
        .unwrap_or(path)
        .display()
        .to_string()
}
