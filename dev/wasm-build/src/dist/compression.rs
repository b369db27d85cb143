//! Compression, once when building instead of at every request.

use flate2::{Compression, write::GzEncoder};
use std::io::{Result, Write as _};

/// Whether a file of this name gets smaller: pictures and fonts are compressed already.
pub(super) fn pays_for(name: &str) -> bool {
    let compressible = [
        "css",
        "js",
        "json",
        "map",
        "mjs",
        "svg",
        "txt",
        "wasm",
        "webmanifest",
    ];
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| compressible.contains(&extension))
}

/// Brotli at its highest quality, 11.
pub(super) fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: 11,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
    Ok(compressed)
}

/// Gzip at its highest level, 9; without a time in it, so that the same content gives the same bytes.
pub(super) fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn what_is_compressed_can_be_read_again_and_is_smaller() {
        let content = "font-family: sans-serif; ".repeat(100).into_bytes();

        let compressed = brotli(&content).unwrap();
        let mut read = Vec::new();
        brotli::BrotliDecompress(&mut &*compressed, &mut read).unwrap();
        assert!(read == content && compressed.len() < content.len() / 10);

        let compressed = gzip(&content).unwrap();
        let mut read = Vec::new();
        flate2::read::GzDecoder::new(&*compressed)
            .read_to_end(&mut read)
            .unwrap();
        assert!(read == content && compressed.len() < content.len() / 10);
    }

    #[test]
    fn pictures_are_not_compressed_again() {
        assert!(pays_for("frontend_bg.wasm") && pays_for("favicon.svg"));
        assert!(!pays_for("book.png") && !pays_for("sans.woff2") && !pays_for("LICENSE"));
    }
}
