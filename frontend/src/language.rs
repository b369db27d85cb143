//! Which language the person reads, and how the choice is remembered.

mod provider;
mod switch;

pub use provider::{LanguageHandle, LanguageProvider, LanguageProviderProps, use_language};
pub(crate) use provider::{use_chosen_language, use_texts};
pub(crate) use switch::language_switch;

use crate::browser;
use shared::{Language, path::LANGUAGE_COOKIE};

/// How long the choice is remembered, in seconds: a year.
const COOKIE_LIFETIME: u32 = 365 * 24 * 60 * 60;

/// The language that the person of this browser reads.
pub(crate) fn of_the_person() -> Language {
    let preferred = browser::languages();
    at_start(&browser::cookies(), preferred.iter().map(String::as_str))
}

/// The cookie that remembers this language.
fn cookie(language: Language) -> String {
    let tag = language.tag();
    format!("{LANGUAGE_COOKIE}={tag}; Path=/; Max-Age={COOKIE_LIFETIME}; SameSite=Lax")
}

/// The language at the start: the one that was chosen, else the first that the person reads, else English.
fn at_start<'a>(cookies: &str, preferred: impl IntoIterator<Item = &'a str>) -> Language {
    chosen(cookies)
        .or_else(|| preferred.into_iter().find_map(Language::for_reader_of))
        .unwrap_or(Language::English)
}

fn chosen(cookies: &str) -> Option<Language> {
    let (_, tag) = cookies
        .split(';')
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find(|(name, _)| *name == LANGUAGE_COOKIE)?;
    Language::from_tag(tag)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Japanese, SimplifiedChinese};

    #[test]
    fn the_choice_counts_before_the_browser() {
        assert_eq!(at_start("language=ja", ["en"]), Japanese);
        assert_eq!(
            at_start("a=b; language=zh-CN; c=d", ["ja"]),
            SimplifiedChinese
        );
    }

    #[test]
    fn without_a_choice_the_first_language_that_we_have_is_taken() {
        for (preferred, expected) in [
            (vec!["ja-JP", "en"], Japanese),
            (vec!["fr", "zh-TW", "ja"], SimplifiedChinese),
            (vec!["ZH-Hans-CN"], SimplifiedChinese),
            (vec!["de", "en-GB", "ja"], English),
            (vec!["fr", "jam"], English),
            (vec![], English),
        ] {
            assert_eq!(at_start("", preferred.clone()), expected, "{preferred:?}");
        }
    }

    #[test]
    fn a_cookie_that_is_none_of_our_languages_is_ignored() {
        for cookies in [
            "",
            "language",
            "language=",
            "language=fr",
            "xlanguage=ja",
            "language=zh",
        ] {
            assert_eq!(at_start(cookies, []), English, "{cookies}");
        }
    }

    #[test]
    fn the_cookie_is_read_back() {
        for language in Language::ALL {
            let cookie = cookie(language);
            let (sent_back, attributes) = cookie.split_once(';').unwrap();
            assert_eq!(at_start(sent_back, []), language);
            assert_eq!(attributes, " Path=/; Max-Age=31536000; SameSite=Lax");
        }
    }
}
