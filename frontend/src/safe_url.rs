//! Which addresses from data may become links, pictures or navigations. `javascript:` and its kin never do.

/// Whether a claim may be shown as a link: an address of the web, with its scheme.
pub(crate) fn is_web_address(text: &str) -> bool {
    has_scheme(text, "https://") || has_scheme(text, "http://")
}

/// Whether a claim may be loaded as a picture.
pub(crate) fn is_secure_address(text: &str) -> bool {
    has_scheme(text, "https://")
}

/// Where to go after a sign-out: the bff's answer when it is an address to visit, else home.
pub(crate) fn after_sign_out(redirect_to: &str) -> &str {
    if is_local_path(redirect_to) || is_web_address(redirect_to) {
        redirect_to
    } else {
        "/"
    }
}

/// Whether the text is a path of this site. Browsers read `//host` and `/\host` as another host.
pub(crate) fn is_local_path(text: &str) -> bool {
    text.starts_with('/') && !text[1..].starts_with(['/', '\\'])
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    text.get(..scheme.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOT_ADDRESSES: &[&str] = &[
        "",
        "javascript:alert(1)",
        " javascript:alert(1)",
        "JaVaScRiPt://https://example.com",
        "java\nscript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "blob:https://example.com/x",
        "//example.com",
        "https:/example.com",
        "https:",
        "例え://example.com",
    ];

    #[test]
    fn only_web_addresses_become_links() {
        assert!(is_web_address("https://example.com/a?b#c"));
        assert!(is_web_address("HTTP://example.com"));
        for text in NOT_ADDRESSES {
            assert!(!is_web_address(text), "{text}");
        }
    }

    #[test]
    fn only_https_becomes_a_picture() {
        assert!(is_secure_address("https://example.com/a.png"));
        assert!(!is_secure_address("http://example.com/a.png"));
        for text in NOT_ADDRESSES {
            assert!(!is_secure_address(text), "{text}");
        }
    }

    #[test]
    fn a_sign_out_ends_at_the_provider_or_at_home() {
        for address in ["/", "/bye", "https://id.example/oidc/session/end?x=1"] {
            assert_eq!(after_sign_out(address), address);
        }
        for text in NOT_ADDRESSES {
            assert_eq!(after_sign_out(text), "/", "{text}");
        }
    }

    #[test]
    fn a_path_of_another_host_is_not_local() {
        assert!(is_local_path("/"));
        assert!(is_local_path("/books?page=2#top"));
        for text in [
            "",
            "books",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example",
        ] {
            assert!(!is_local_path(text), "{text}");
        }
    }
}
