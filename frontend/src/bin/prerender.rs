//! Writes the prepared pages beside the `index.html` of this folder; `cargo xtask dist` runs it.

use std::{env, fs, io, path::PathBuf};

#[tokio::main(flavor = "current_thread")]
async fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map(PathBuf::from);
    let folder = folder.ok_or_else(|| io::Error::other("say in which folder index.html is"))?;
    let index = fs::read_to_string(folder.join("index.html"))?;
    let documents = frontend::documents(&index).await;
    for (file, document) in documents.map_err(io::Error::other)? {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap_or(&folder))?;
        fs::write(path, document)?;
    }
    Ok(())
}
