//! The languages of the app, and which one a person reads.

mod provider;
mod switch;

pub use provider::{LanguageHandle, LanguageProvider, LanguageProviderProps, use_language};
pub(crate) use provider::{use_chosen_language, use_texts};
pub(crate) use switch::language_switch;

use crate::browser;
use shared::path::LANGUAGE_COOKIE;

/// A language of the app.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English, and the language for everybody who reads none of the others.
    English,
    /// Japanese.
    Japanese,
    /// Chinese in simplified characters.
    SimplifiedChinese,
}

/// How long the choice is remembered, in seconds: a year.
const COOKIE_LIFETIME: u32 = 365 * 24 * 60 * 60;

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::English, Self::Japanese, Self::SimplifiedChinese];

    /// The language tag (BCP 47): the cookie's value, `<html lang>` and `uiLocales`.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
            Self::SimplifiedChinese => "zh-CN",
        }
    }

    /// The language's own name for itself.
    #[must_use]
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Japanese => "日本語",
            Self::SimplifiedChinese => "中文",
        }
    }

    /// The language at the start: the one that was chosen, else the first that the person reads, else English.
    pub(crate) fn at_start<'a>(
        cookies: &str,
        preferred: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        Self::chosen(cookies)
            .or_else(|| preferred.into_iter().find_map(Self::read_by))
            .unwrap_or(Self::English)
    }

    /// What the person of this browser reads.
    pub(crate) fn of_the_person() -> Self {
        let preferred = browser::languages();
        Self::at_start(&browser::cookies(), preferred.iter().map(String::as_str))
    }

    /// The language of this tag, written as [`Language::tag`] writes it.
    pub(crate) fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The cookie that remembers this language.
    pub(crate) fn cookie(self) -> String {
        let tag = self.tag();
        format!("{LANGUAGE_COOKIE}={tag}; Path=/; Max-Age={COOKIE_LIFETIME}; SameSite=Lax")
    }

    fn chosen(cookies: &str) -> Option<Self> {
        let (_, tag) = cookies
            .split(';')
            .filter_map(|cookie| cookie.trim().split_once('='))
            .find(|(name, _)| *name == LANGUAGE_COOKIE)?;
        Self::from_tag(tag)
    }

    /// The language for a reader of this tag, by its primary subtag (RFC 5646, section 2.2.1).
    fn read_by(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        match primary.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "ja" => Some(Self::Japanese),
            "zh" => Some(Self::SimplifiedChinese),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Japanese, SimplifiedChinese};

    #[test]
    fn the_languages_are_those_that_the_bff_paints() {
        assert_eq!(Language::ALL.map(Language::tag), shared::path::LANGUAGES);
    }

    #[test]
    fn the_choice_counts_before_the_browser() {
        assert_eq!(Language::at_start("language=ja", ["en"]), Japanese);
        assert_eq!(
            Language::at_start("a=b; language=zh-CN; c=d", ["ja"]),
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
            assert_eq!(
                Language::at_start("", preferred.clone()),
                expected,
                "{preferred:?}"
            );
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
            assert_eq!(Language::at_start(cookies, []), English, "{cookies}");
        }
    }

    #[test]
    fn the_cookie_is_read_back() {
        for language in Language::ALL {
            let cookie = language.cookie();
            let (sent_back, attributes) = cookie.split_once(';').unwrap();
            assert_eq!(Language::at_start(sent_back, []), language);
            assert_eq!(attributes, " Path=/; Max-Age=31536000; SameSite=Lax");
        }
    }
}
