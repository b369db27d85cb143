//! Fills `index.html` as trunk does: each tag with `data-trunk` names a file, and a browser gets what trunk puts in the
//! place of the tag; styles are minified. Only the kinds of tags that our page has are known.

use anyhow::{Context as _, Result, bail};
use minifier::css;
use std::{fs, path::Path};

const TAG: &str = "<link data-trunk ";

/// Writes the page of the folder `root`, and the files that it needs beside the app, into `folder`.
///
/// # Errors
/// When a file cannot be read or written, or a tag is of an unknown kind.
pub(super) fn fill(root: &Path, folder: &Path) -> Result<()> {
    let read = |file: &str| {
        let path = root.join(file);
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))
    };
    let settings: toml::Table = read("Trunk.toml")?.parse()?;
    let script = settings
        .get("build")
        .and_then(|build| build.get("pattern_script"));
    let script = script.and_then(toml::Value::as_str);
    let script = script.context("Trunk.toml has no `pattern_script`")?;
    let page = replace_tags(&read("index.html")?, |tag| {
        let file = attribute(tag, "href").context("a tag without `href`")?;
        let name = file.rsplit('/').next().unwrap_or(file);
        Ok(match (attribute(tag, "rel"), attribute(tag, "data-bin")) {
            (Some("rust"), Some(app)) => script
                .replace("{base}", "/")
                .replace("{js}", &format!("{app}.js"))
                .replace("{wasm}", &format!("{app}_bg.wasm")),
            (Some("inline"), _) if matches!(name.rsplit_once('.'), Some((_, "css"))) => {
                let style = read(file)?;
                let style = css::minify(&style).map_err(anyhow::Error::msg)?;
                format!("<style>{style}</style>")
            }
            (Some("icon"), _) => {
                fs::write(folder.join(name), read(file)?)?;
                format!("{tag}>")
                    .replace(" data-trunk", "")
                    .replace(file, &format!("/{name}"))
            }
            (Some("copy-file"), _) => {
                fs::write(folder.join(name), read(file)?)?;
                String::new()
            }
            _ => bail!("a tag of an unknown kind"),
        })
    })?;
    fs::write(folder.join("index.html"), page)?;
    Ok(())
}

fn replace_tags(page: &str, mut replace: impl FnMut(&str) -> Result<String>) -> Result<String> {
    let mut filled = String::new();
    let mut rest = page;
    while let Some(at) = rest.find(TAG) {
        let (before, tag) = rest.split_at(at);
        let (tag, after) = tag
            .split_once('>')
            .context("index.html has a tag without an end")?;
        filled.push_str(before);
        filled += &replace(tag).with_context(|| format!("in index.html: {tag}>"))?;
        rest = after;
    }
    Ok(filled + rest)
}

/// The value of ` name="value"` in a tag.
fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUNK: &str = r#"[build]
pattern_script = '<script src="{base}boot.js" data-app="{base}{js} {base}{wasm}"></script>'
"#;

    /// The page that this one becomes, and the names of the files beside it.
    fn filled(page: &str) -> Result<(String, Vec<String>)> {
        let (root, folder) = (tempfile::tempdir()?, tempfile::tempdir()?);
        for (name, content) in [
            ("index.html", page),
            ("Trunk.toml", TRUNK),
            ("style.css", "body {\n  margin: 0; /* none */\n}\n"),
            ("boot.js", "start();"),
            ("icon.svg", "<svg/>"),
        ] {
            fs::write(root.path().join(name), content)?;
        }
        fill(root.path(), folder.path())?;
        let page = fs::read_to_string(folder.path().join("index.html"))?;
        let names = fs::read_dir(folder.path())?
            .map(|entry| Ok(entry?.file_name().display().to_string()))
            .filter(|name| name.as_ref().is_ok_and(|name| name != "index.html"));
        Ok((page, names.collect::<Result<_>>()?))
    }

    #[test]
    fn each_kind_of_tag_becomes_what_trunk_makes_of_it() {
        let cases = [
            (
                r#"<link data-trunk rel="icon" href="icon.svg" type="image/svg+xml">"#,
                r#"<link rel="icon" href="/icon.svg" type="image/svg+xml">"#,
                vec!["icon.svg"],
            ),
            (
                r#"<link data-trunk rel="inline" href="style.css">"#,
                "<style>body{margin:0;}</style>",
                vec![],
            ),
            (
                r#"<link data-trunk rel="copy-file" href="boot.js">"#,
                "",
                vec!["boot.js"],
            ),
            (
                r#"<link data-trunk rel="rust" href="frontend/Cargo.toml" data-bin="shop" data-wasm-opt="0">"#,
                r#"<script src="/boot.js" data-app="/shop.js /shop_bg.wasm"></script>"#,
                vec![],
            ),
            (
                r#"<link rel="canonical" href="/">"#,
                r#"<link rel="canonical" href="/">"#,
                vec![],
            ),
        ];
        for (tag, expected, files) in cases {
            let (page, names) = filled(&format!("<p>{tag}</p>")).unwrap();
            assert_eq!(page, format!("<p>{expected}</p>"));
            assert_eq!(names, files, "{tag}");
        }
    }

    #[test]
    fn a_tag_that_is_not_understood_is_shown() {
        let tag = r#"<link data-trunk rel="sass" href="a.scss">"#;
        let error = format!("{:#}", filled(tag).unwrap_err());
        assert_eq!(
            error,
            format!("in index.html: {tag}: a tag of an unknown kind")
        );
    }
}
