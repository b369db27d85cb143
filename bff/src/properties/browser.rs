//! A model of where a browser goes from a page of ours (WHATWG URL, section 4.4), as far as a local path needs it.
//! The `url` crate is the second opinion; it calls `///host` an error where browsers go to that host.

/// The path on our site to which a browser takes this reference; `None` when it leads elsewhere, and also when
/// that depends on the page where the browser is.
pub(super) fn path_on_our_site(reference: &str) -> Option<String> {
    let reference: String = reference
        .trim_matches(|character| character <= ' ')
        .chars()
        .filter(|character| !matches!(character, '\t' | '\n' | '\r'))
        .map(|character| if character == '\\' { '/' } else { character })
        .collect();
    let end = reference.find(['?', '#']).unwrap_or(reference.len());
    let path = reference[..end].strip_prefix('/')?;
    // Two slashes begin a host, and browsers skip any number of further ones.
    (!path.starts_with('/')).then(|| without_dots(path))
}

fn without_dots(path: &str) -> String {
    let mut walked = Vec::new();
    let mut segments = path.split('/').peekable();
    while let Some(segment) = segments.next() {
        let dots = segment.to_ascii_lowercase().replace("%2e", ".");
        match dots.as_str() {
            ".." => drop(walked.pop()),
            "." => {}
            _ => {
                walked.push(segment);
                continue;
            }
        }
        if segments.peek().is_none() {
            walked.push("");
        }
    }
    format!("/{}", walked.join("/"))
}

#[cfg(test)]
mod tests {
    use super::path_on_our_site;

    #[test]
    fn t13_browsers_go_where_the_url_crate_sees_an_error_or_our_own_site() {
        for elsewhere in [
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "\\/evil.example",
            "/\t/evil.example",
            "\n//evil.example",
            "https://evil.example",
            "javascript:alert(1)",
        ] {
            assert_eq!(path_on_our_site(elsewhere), None, "{elsewhere:?}");
        }
        for (reference, path) in [
            ("/", "/"),
            ("/a/b?x#y", "/a/b"),
            ("/a/./b/../c", "/a/c"),
            ("/a/..", "/"),
            ("/a/%2E", "/a/"),
            ("/.//evil.example", "//evil.example"),
            ("/x/..//evil.example", "//evil.example"),
            ("/%2e//evil.example", "//evil.example"),
        ] {
            assert_eq!(path_on_our_site(reference).as_deref(), Some(path));
        }
    }
}
