//! The documents name only what exists.

use std::{collections::BTreeSet, fs, path::Path};

const DOCUMENTS: [&str; 8] = [
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "README.ja.md",
    "README.md",
    "SECURITY.md",
    "docs/errors.md",
    "docs/evidence.md",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .unwrap()
}

fn read(document: &str) -> String {
    fs::read_to_string(root().join(document)).unwrap()
}

/// The texts between single back-ticks, outside of code blocks.
fn code_spans(markdown: &str) -> BTreeSet<String> {
    let prose: String = markdown.split("```").step_by(2).collect();
    prose
        .split('`')
        .skip(1)
        .step_by(2)
        .map(str::to_owned)
        .collect()
}

/// Whether a code span means a file or folder of this repository: it begins with a room's name, or has a file's ending.
fn is_path(span: &str) -> bool {
    let plain = span
        .chars()
        .all(|character| character.is_ascii_alphanumeric() || "./_-".contains(character));
    let first = span.split('/').next().unwrap_or_default();
    let in_a_room = span.contains('/') && root().join(first).join("Cargo.toml").exists();
    let ending = [".md", ".rs", ".toml", ".example", ".html", ".css"]
        .iter()
        .any(|ending| span.ends_with(ending));
    plain && !span.starts_with('/') && (in_a_room || ending)
}

/// Targets of links that stay in this repository.
fn local_links(markdown: &str) -> BTreeSet<String> {
    let targets = markdown
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split_once(')'));
    targets
        .map(|(target, _)| target.to_owned())
        .filter(|target| !target.contains("://"))
        .collect()
}

#[test]
fn every_path_in_a_document_exists() {
    let mut named = 0;
    for document in DOCUMENTS {
        let text = read(document);
        // A link begins where its document is, a path in back-ticks at the root.
        let folder = root().join(document);
        let folder = folder.parent().unwrap();
        let links = local_links(&text).into_iter().map(|link| folder.join(link));
        let paths = code_spans(&text)
            .into_iter()
            .filter(|span| is_path(span))
            .map(|span| root().join(span));
        for path in links.chain(paths) {
            assert!(path.exists(), "{document} names {}", path.display());
            named += 1;
        }
    }
    assert!(named > 30, "only {named} paths were found");
}

/// The blocks of Rust in a document.
fn rust_blocks(markdown: &str) -> Vec<&str> {
    markdown
        .split("```rust\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect()
}

#[test]
fn rust_in_a_document_is_code_that_compiles_here() {
    // The crate's own example, which is compiled as a test.
    let example: String = read("frontend/src/lib.rs")
        .lines()
        .filter_map(|line| line.strip_prefix("//!"))
        .flat_map(|line| [line.strip_prefix(' ').unwrap_or(line), "\n"])
        .collect();
    for document in ["README.md", "README.ja.md"] {
        let text = read(document);
        let blocks = rust_blocks(&text);
        assert!(!blocks.is_empty(), "{document}");
        for block in blocks {
            assert!(
                example.contains(block),
                "{document} quotes what is not in frontend/src/lib.rs:\n{block}"
            );
        }
    }
}

#[test]
fn the_architecture_lists_every_room() {
    let architecture = read("ARCHITECTURE.md");
    let workspace = read("Cargo.toml");
    let members = workspace
        .split("members = [")
        .nth(1)
        .and_then(|rest| rest.split(']').next())
        .unwrap();
    for member in members.split('"').skip(1).step_by(2) {
        for name in crates_of(member) {
            assert!(
                architecture.contains(&format!("| `{name}` |")),
                "no line for {name}"
            );
        }
    }
}

/// The names of the crates that an entry of `members` stands for.
fn crates_of(member: &str) -> Vec<String> {
    let Some(folder) = member.strip_suffix("/*") else {
        return vec![member.to_owned()];
    };
    let entries = fs::read_dir(root().join(folder)).unwrap();
    let crates: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(!crates.is_empty(), "{member}");
    crates
}

#[test]
fn an_english_and_a_japanese_reader_get_the_same_commands() {
    let commands = |document: &str| -> BTreeSet<String> {
        let text = read(document);
        let words = text.split("cargo xtask ").skip(1);
        words
            .map(|rest| rest.chars().take_while(char::is_ascii_alphabetic).collect())
            .collect()
    };
    let japanese = commands("README.ja.md");
    assert!(japanese.is_subset(&commands("README.md")), "{japanese:?}");
    assert!(
        ["run", "test", "dev"]
            .iter()
            .all(|&command| japanese.contains(command)),
        "{japanese:?}"
    );
}
