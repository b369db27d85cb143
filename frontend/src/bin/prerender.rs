//! Writes the prepared pages (`first-paint.json`) to standard output; `cargo xtask dist` runs it.

use std::io::{self, Write as _};

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let paints = frontend::first_paints().await;
    io::stdout().write_all(&serde_json::to_vec(&paints)?)
}
