//! Takes the pictures in `docs/screenshots`. `cargo xtask screenshots` builds what this needs, and runs it.

use anyhow::Result;
use browser_stories::{interruption::unless_asked_to_end, pictures};
use dev_system::workspace;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = workspace::root().join("docs/screenshots");
    unless_asked_to_end(pictures::take(&folder)).await
}
