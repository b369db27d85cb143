//! Tests of the dist step with a small folder.

use super::*;
use std::collections::BTreeSet;

const BOOT: &str = "import init from '/frontend.js'; init();";
const GLUE: &str =
    "/* frontend_bg.wasm */ export default () => new URL('frontend_bg.wasm', import.meta.url);";
const STYLE: &str = "body { background: url(/paper.png) }";
const INDEX_PAGE: &str = r#"<link rel="stylesheet" href="/style.css"><link rel="modulepreload" href="/frontend.js">
<link rel="preload" href="/frontend_bg.wasm" type="application/wasm">
<script type="module" src="/boot.js"></script><a href="/account">"#;

/// Puts a copy of the index beside it.
fn prepare(folder: &Path) -> Result<()> {
    fs::copy(folder.join(INDEX), folder.join("page.html"))?;
    Ok(())
}

const WASM: &[u8] = b"\0asm\x01\0\0\0";
/// The same with a section of somebody's own.
const CHANGED_WASM: &[u8] = b"\0asm\x01\0\0\0\0\x02\x01x";

/// A folder of an app, with this WebAssembly in it.
fn app_folder(wasm: &[u8]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: &[u8]| fs::write(folder.path().join(name), content).unwrap();
    write("index.html", INDEX_PAGE.as_bytes());
    write("boot.js", BOOT.as_bytes());
    write("frontend.js", GLUE.as_bytes());
    write("frontend_bg.wasm", wasm);
    write("style.css", STYLE.as_bytes());
    write("paper.png", b"\x89PNG");
    folder
}

/// The finished folder: every file by its path.
fn finished(wasm: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let target = tempfile::tempdir().unwrap();
    let dist = target.path().join("dist");
    finish(app_folder(wasm).path(), prepare, &dist).unwrap();
    read_folder(&dist).unwrap()
}

/// The text of the one file whose name begins and ends like this.
fn text(files: &BTreeMap<String, Vec<u8>>, begin: &str, end: &str) -> String {
    let mut found = files
        .iter()
        .filter(|(name, _)| name.starts_with(begin) && name.ends_with(end));
    let (_, content) = found.next().expect(begin);
    assert!(found.next().is_none(), "two files {begin}…{end}");
    String::from_utf8(content.clone()).unwrap()
}

fn is_compressed(name: &str) -> bool {
    matches!(name.rsplit_once('.'), Some((_, "br" | "gz")))
}

#[test]
fn every_asset_is_named_by_its_final_content_and_found_under_that_name() {
    use sha2::{Digest as _, Sha256};
    let files = finished(WASM);
    let named: BTreeSet<_> = files
        .iter()
        .filter(|(name, _)| !is_compressed(name))
        .filter_map(|(name, content)| Some((name.strip_prefix("assets/")?, content)))
        .map(|(name, content)| {
            let digest = &hex::encode(Sha256::digest(content))[..16];
            assert!(name.contains(&format!("-{digest}.")), "{name}");
            name.to_owned()
        })
        .collect();
    assert_eq!(named.len(), 5, "{named:?}");

    let mentions = [
        (
            "index.html",
            ".html",
            vec!["style", "frontend", "frontend_bg", "boot"],
        ),
        ("assets/boot", ".js", vec!["frontend"]),
        ("assets/frontend", ".js", vec!["frontend_bg"]),
        ("assets/style", ".css", vec!["paper"]),
    ];
    for (begin, end, mentioned) in mentions {
        let text = text(&files, begin, end);
        for stem in mentioned {
            assert!(
                named
                    .iter()
                    .any(|name| name.starts_with(&format!("{stem}-"))
                        && text.contains(&format!("/assets/{name}"))),
                "{begin} does not mention {stem}: {text}"
            );
        }
    }
}

#[test]
fn a_change_of_the_webassembly_reaches_every_name_up_to_the_index() {
    let (before, after) = (finished(WASM), finished(CHANGED_WASM));
    let name = |files: &BTreeMap<String, Vec<u8>>, begin: &str| {
        files
            .keys()
            .find(|name| name.starts_with(begin))
            .unwrap()
            .clone()
    };
    for changed in ["assets/frontend_bg-", "assets/frontend-", "assets/boot-"] {
        assert_ne!(name(&before, changed), name(&after, changed));
    }
    assert_eq!(
        name(&before, "assets/style-"),
        name(&after, "assets/style-")
    );
    assert_ne!(before["index.html"], after["index.html"]);
}

#[test]
fn links_to_pages_stay_and_comments_too() {
    let files = finished(WASM);
    assert!(text(&files, "index.html", "").contains(r#"<a href="/account">"#));
    assert!(text(&files, "assets/frontend-", ".js").starts_with("/* frontend_bg.wasm */"));
}

#[test]
fn compressible_assets_have_two_compressed_ones_beside_and_the_index_has_none() {
    let files = finished(WASM);
    let compressed: Vec<_> = files
        .keys()
        .filter(|name| is_compressed(name))
        .map(|name| name.split('-').next().unwrap())
        .collect();
    let twice = ["boot", "frontend", "frontend_bg", "style"]
        .map(|stem| [format!("assets/{stem}"), format!("assets/{stem}")]);
    assert_eq!(compressed, twice.concat());
}

#[test]
fn the_same_input_gives_the_same_bytes_and_replaces_what_was_there() {
    let app = app_folder(WASM);
    let target = tempfile::tempdir().unwrap();
    let dist = target.path().join("dist");
    finish(app.path(), prepare, &dist).unwrap();
    let first = read_folder(&dist).unwrap();
    fs::write(dist.join("assets/left-over.js"), "").unwrap();

    finish(app.path(), prepare, &dist).unwrap();

    assert!(read_folder(&dist).unwrap() == first);
}

#[test]
fn a_circle_is_refused_with_its_names() {
    let app = app_folder(WASM);
    fs::write(app.path().join("frontend.js"), "import './boot.js'").unwrap();
    let target = tempfile::tempdir().unwrap();
    let error = finish(app.path(), prepare, &target.path().join("dist")).unwrap_err();
    assert_eq!(
        error.to_string(),
        "these assets mention each other in a circle: boot.js, frontend.js"
    );
    assert!(!target.path().join("dist").exists());
}

#[test]
fn a_folder_without_an_index_is_refused() {
    let (app, target) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let error = finish(app.path(), prepare, &target.path().join("dist")).unwrap_err();
    assert!(error.to_string().ends_with(" has no index.html"), "{error}");
}

#[test]
fn q16_the_assets_of_the_build_before_are_kept_and_no_older_ones() {
    let target = tempfile::tempdir().unwrap();
    let dist = target.path().join("dist");
    let build = |wasm: &[u8]| {
        finish(app_folder(wasm).path(), prepare, &dist).unwrap();
        let files = read_folder(&dist.join(ASSETS)).unwrap();
        let modules = files
            .into_iter()
            .filter(|(name, _)| name.contains("_bg-") && !is_compressed(name));
        modules.map(|(_, content)| content).collect::<BTreeSet<_>>()
    };
    let third = b"\0asm\x01\0\0\0\0\x02\x01z";
    let set = |modules: &[&[u8]]| modules.iter().map(|module| module.to_vec()).collect();
    let both: BTreeSet<Vec<u8>> = set(&[WASM, CHANGED_WASM]);
    assert_eq!(build(WASM), set(&[WASM]));
    assert_eq!(build(CHANGED_WASM), both);
    assert_eq!(build(CHANGED_WASM), both, "a build that changes nothing");
    assert_eq!(build(third), set(&[CHANGED_WASM, third]));
}
