//! References: where one file mentions another.

use super::assets::Finished;
use std::{collections::BTreeSet, ops::Range};

/// Whether a file can mention others.
pub(super) fn is_text(name: &str) -> bool {
    let text = [
        "css",
        "html",
        "js",
        "json",
        "map",
        "mjs",
        "svg",
        "webmanifest",
    ];
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| text.contains(&extension))
}

/// Which of `names` this file mentions.
pub(super) fn mentions(name: &str, content: &[u8], names: &BTreeSet<String>) -> BTreeSet<String> {
    if !is_text(name) {
        return BTreeSet::new();
    }
    let text = String::from_utf8_lossy(content);
    names
        .iter()
        .filter(|other| find(&text, other, 0).is_some())
        .cloned()
        .collect()
}

/// The text with the new path instead of each mention.
pub(super) fn rewrite<'a>(content: &[u8], assets: impl Iterator<Item = &'a Finished>) -> Vec<u8> {
    let mut text = String::from_utf8_lossy(content).into_owned();
    for asset in assets {
        let path = asset.path();
        let mut from = 0;
        while let Some(range) = find(&text, &asset.old_name, from) {
            from = range.start + path.len();
            text.replace_range(range, &path);
        }
    }
    text.into_bytes()
}

/// The next mention: the name, perhaps after `/` or `./`, as a whole string, `url(…)` or attribute value.
fn find(text: &str, name: &str, from: usize) -> Option<Range<usize>> {
    text.get(from..)?
        .match_indices(name)
        .map(|(at, _)| from + at)
        .find_map(|at| {
            let before = &text[..at];
            let before = before
                .strip_suffix("./")
                .or_else(|| before.strip_suffix('/'))
                .unwrap_or(before);
            let begins = before.ends_with(['"', '\'', '`', '(', '=']);
            let end = at + name.len();
            let ends = text[end..].starts_with(['"', '\'', '`', ')', '?', '#', ' ', '>']);
            (begins && ends).then_some(before.len()..end)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mention_is_a_whole_string_url_or_attribute() {
        let mentioned = [
            r#"<link href="/boot.js">"#,
            "<script src=/boot.js></script>",
            "import init from './boot.js';",
            "new URL(`boot.js`, import.meta.url)",
            "url(boot.js)",
            r#"fetch("/boot.js?x")"#,
        ];
        for text in mentioned {
            assert!(find(text, "boot.js", 0).is_some(), "{text}");
        }
        let not_mentioned = [
            "// as boot.js does",
            r#""/other/boot.js""#,
            r#""reboot.js""#,
            r#"".boot.js""#,
            r#""boot.json""#,
            r#""https://elsewhere.example/boot.js""#,
        ];
        for text in not_mentioned {
            assert_eq!(find(text, "boot.js", 0), None, "{text}");
        }
    }

    #[test]
    fn only_text_can_mention() {
        let names = BTreeSet::from(["a.js".to_owned()]);
        assert_eq!(mentions("b.js", b"'a.js'", &names), names);
        assert!(mentions("b.wasm", b"'a.js'", &names).is_empty());
    }
}
