//! The sentences of the pages, in three languages: one JSON file each, with the same keys.

use crate::domain::language::Language;
use std::{collections::BTreeMap, sync::LazyLock};

/// The sentences of one language.
pub(super) struct Texts(BTreeMap<&'static str, &'static str>);

impl Texts {
    pub(super) fn of(language: Language) -> &'static Self {
        static ENGLISH: LazyLock<Texts> = LazyLock::new(|| Texts::parse(Language::English));
        static JAPANESE: LazyLock<Texts> = LazyLock::new(|| Texts::parse(Language::Japanese));
        static CHINESE: LazyLock<Texts> =
            LazyLock::new(|| Texts::parse(Language::SimplifiedChinese));
        match language {
            Language::English => &ENGLISH,
            Language::Japanese => &JAPANESE,
            Language::SimplifiedChinese => &CHINESE,
        }
    }

    /// The sentence of this key. A test rules out that there is none.
    pub(super) fn get(&self, key: &str) -> &'static str {
        self.0.get(key).copied().unwrap_or_default()
    }

    fn parse(language: Language) -> Self {
        let texts = serde_json::from_str(source(language));
        Self(texts.unwrap_or_else(|error| unreachable!("a test reads the texts: {error}")))
    }
}

/// The file of a language, as it is sent to the script.
pub(super) const fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("texts/en.json"),
        Language::Japanese => include_str!("texts/ja.json"),
        Language::SimplifiedChinese => include_str!("texts/zh-CN.json"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(text: &str) -> Vec<&str> {
        let mut places: Vec<_> = text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect();
        places.sort_unstable();
        places
    }

    #[test]
    fn all_languages_say_the_same_things() {
        let english = &Texts::of(Language::English).0;
        for language in Language::ALL {
            let texts = &Texts::of(language).0;
            assert!(texts.keys().eq(english.keys()), "{}", language.tag());
            for (key, text) in texts {
                assert!(!text.is_empty(), "{} {key}", language.tag());
                assert_eq!(
                    places(text),
                    places(english[key]),
                    "{} {key}",
                    language.tag()
                );
            }
        }
    }

    /// Everything that names a sentence by its key.
    const USERS: [&str; 7] = [
        include_str!("../pages.rs"),
        include_str!("sign_in.rs"),
        include_str!("layout.rs"),
        include_str!("html/sign_in.html"),
        include_str!("assets/experience-api.js"),
        include_str!("assets/sign-in.js"),
        include_str!("assets/texts.js"),
    ];

    #[test]
    fn every_sentence_that_is_named_exists() {
        let known = &Texts::of(Language::English).0;
        for user in USERS {
            for before in [
                "get(\"",
                "text(\"",
                "data-text=\"",
                "data-label=\"",
                "ApiError(\"",
            ] {
                for rest in user.split(before).skip(1) {
                    let key = rest.split('"').next().unwrap();
                    assert!(known.contains_key(key) || key.starts_with("{{"), "{key}");
                }
            }
        }
    }

    #[test]
    fn every_sentence_is_used() {
        let users = USERS.concat();
        for key in Texts::of(Language::English).0.keys() {
            let by_part = key
                .strip_suffix("_title")
                .or_else(|| key.strip_suffix("_lead"))
                .is_some_and(|kind| users.contains(&format!("\"{kind}\"")));
            // Keys with a dot are error codes, which the server sends.
            let is_error = key.contains('.');
            assert!(users.contains(key) || by_part || is_error, "{key}");
        }
    }
}
