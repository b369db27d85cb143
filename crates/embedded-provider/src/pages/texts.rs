//! The texts of the pages: one JSON file per language, with the same keys in each. The pages' scripts read the same files.

use crate::domain::language::Language;
use serde::Deserialize;
use std::{collections::BTreeMap, sync::LazyLock};

/// The texts of one language that the templates use. The file has more, which only the scripts use.
#[derive(Deserialize)]
pub(super) struct Texts {
    #[serde(skip)]
    pub(super) language: Language,
    pub(super) language_name: &'static str,
    pub(super) language_label: &'static str,
    pub(super) development: &'static str,
    pub(super) sign_in_title: &'static str,
    pub(super) register_title: &'static str,
    pub(super) phone_lead: &'static str,
    pub(super) country_label: &'static str,
    pub(super) close: &'static str,
    pub(super) search: &'static str,
    pub(super) no_region: &'static str,
    pub(super) phone_label: &'static str,
    pub(super) which_number: &'static str,
    pub(super) send_code: &'static str,
    pub(super) code_title: &'static str,
    pub(super) code_label: &'static str,
    pub(super) verify: &'static str,
    pub(super) change_number: &'static str,
    pub(super) inbox_hint: &'static str,
    pub(super) inbox_link: &'static str,
    pub(super) no_script: &'static str,
    /// Contains `{application}`.
    pub(super) back_to: &'static str,
    #[serde(rename = "continue")]
    pub(super) proceed: &'static str,
    pub(super) session_over_title: &'static str,
    pub(super) session_over_lead: &'static str,
    pub(super) not_found_title: &'static str,
    pub(super) not_found_lead: &'static str,
    pub(super) not_set_up_title: &'static str,
    pub(super) not_set_up_lead: &'static str,
    pub(super) request_error_title: &'static str,
    pub(super) request_error_lead: &'static str,
    pub(super) returning_title: &'static str,
    pub(super) sign_out_title: &'static str,
    pub(super) sign_out_lead: &'static str,
    pub(super) sign_out: &'static str,
    pub(super) stay_signed_in: &'static str,
    pub(super) signing_out_title: &'static str,
    pub(super) signed_out_title: &'static str,
    pub(super) signed_out_lead: &'static str,
}

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

    fn parse(language: Language) -> Self {
        let texts = serde_json::from_str(source(language))
            .unwrap_or_else(|error| unreachable!("a test parses all texts: {error}"));
        Self { language, ..texts }
    }
}

/// Every text of a language by its key, for the scripts.
pub(super) fn all(language: Language) -> BTreeMap<&'static str, &'static str> {
    serde_json::from_str(source(language)).unwrap_or_default()
}

const fn source(language: Language) -> &'static str {
    match language {
        Language::English => include_str!("texts/en.json"),
        Language::Japanese => include_str!("texts/ja.json"),
        Language::SimplifiedChinese => include_str!("texts/zh-CN.json"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placeholders(text: &str) -> Vec<&str> {
        let mut names: Vec<_> = text
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
            .map(|(name, _)| name)
            .collect();
        names.sort_unstable();
        names
    }

    #[test]
    fn all_languages_say_the_same_things() {
        let english = all(Language::English);
        for language in Language::ALL {
            assert_eq!(Texts::of(language).language, language);
            let texts = all(language);
            assert!(texts.keys().eq(english.keys()), "{}", language.tag());
            for (key, text) in texts {
                assert!(!text.is_empty(), "{} {key}", language.tag());
                assert_eq!(
                    placeholders(text),
                    placeholders(english[key]),
                    "{} {key}",
                    language.tag()
                );
            }
        }
    }

    /// The files that name a text by its key.
    const USERS: [&str; 7] = [
        include_str!("texts.rs"),
        include_str!("sign_in.rs"),
        include_str!("../../templates/sign_in.html"),
        include_str!("assets/experience-api.js"),
        include_str!("assets/regions.js"),
        include_str!("assets/sign-in.js"),
        include_str!("assets/texts.js"),
    ];

    #[test]
    fn every_sentence_that_is_named_exists() {
        let known = all(Language::English);
        for user in USERS {
            for before in [
                " text(\"",
                "data-text=\"",
                "data-label=\"",
                "data-placeholder=\"",
                "ApiError(\"",
                "title_key: \"",
            ] {
                for rest in user.split(before).skip(1) {
                    let key = rest.split('"').next().unwrap();
                    assert!(
                        known.contains_key(key) || key.starts_with("{{") || key.starts_with('\\'),
                        "{key}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_sentence_is_used() {
        let users = USERS.concat();
        for key in all(Language::English).keys() {
            // Keys with a dot are error codes, which the server sends.
            let is_error = key.contains('.');
            assert!(users.contains(key) || is_error, "{key}");
        }
    }
}
