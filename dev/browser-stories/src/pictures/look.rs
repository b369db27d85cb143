//! In which ways a page is looked at, and what its picture is called then.

/// Every language of the app (BCP 47).
pub(super) const LANGUAGES: [&str; 3] = ["en", "ja", "zh-CN"];

/// One way to look at a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Look {
    /// What the person's system prefers (`prefers-color-scheme`).
    pub(super) scheme: &'static str,
    /// The window, in CSS pixels.
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Look {
    /// A phone and a desk, by day and by night.
    pub(super) const ALL: [Self; 4] = [
        Self::phone("light"),
        Self::phone("dark"),
        Self::desk("light"),
        Self::desk("dark"),
    ];

    const fn phone(scheme: &'static str) -> Self {
        Self {
            scheme,
            width: 360,
            height: 640,
        }
    }

    const fn desk(scheme: &'static str) -> Self {
        Self {
            scheme,
            width: 1280,
            height: 720,
        }
    }

    /// The file of a page's picture.
    pub(super) fn file(self, page: &str, language: &str) -> String {
        let Self { scheme, width, .. } = self;
        format!("{page}-{language}-{scheme}-{width}.png")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_picture_is_named_by_page_language_scheme_and_width() {
        assert_eq!(
            Look::desk("dark").file("sign-in-failed", "zh-CN"),
            "sign-in-failed-zh-CN-dark-1280.png"
        );
    }

    #[test]
    fn no_two_looks_have_one_file() {
        let files: BTreeSet<_> = LANGUAGES
            .iter()
            .flat_map(|language| Look::ALL.map(|look| look.file("home", language)))
            .collect();
        assert_eq!(files.len(), LANGUAGES.len() * Look::ALL.len());
    }
}
