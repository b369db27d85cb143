//! The seeds of fuzzing, which the tests replay.

use std::fs;

/// The names and contents of a target's seeds, sorted by name.
pub(super) fn of(target: &str) -> Vec<(String, Vec<u8>)> {
    let folder = format!("{}/fuzz/seeds/{target}", env!("CARGO_MANIFEST_DIR"));
    let mut seeds: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, fs::read(path).unwrap())
        })
        .collect();
    assert!(!seeds.is_empty(), "{folder}");
    seeds.sort();
    seeds
}
