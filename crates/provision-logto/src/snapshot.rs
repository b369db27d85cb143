//! Whole texts that tests compare, with a failure that shows the first line that differs.

/// Asserts that a text is that of a file of `src/snapshots`. With `UPDATE_SNAPSHOTS=1` it writes the file.
pub(crate) fn assert_snapshot(file: &str, expected: &str, actual: &str) {
    if actual == expected {
        return;
    }
    let path = format!("{}/src/snapshots/{file}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        std::fs::write(&path, actual).unwrap();
        return;
    }
    let lines = expected.lines().zip(actual.lines());
    let same = lines.take_while(|(left, right)| left == right).count();
    let line = |text: &str| text.lines().nth(same).unwrap_or("(the end)").to_owned();
    panic!(
        "{path}, line {}:\n  expected: {}\n    actual: {}\nThe whole text:\n{actual}\nUPDATE_SNAPSHOTS=1 writes it.",
        same + 1,
        line(expected),
        line(actual)
    );
}
