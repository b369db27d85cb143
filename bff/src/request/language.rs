//! Which language a person reads: the one chosen on the page, else the browser's, else English.

use crate::request::cookies::Cookies;
use http::{HeaderMap, header::ACCEPT_LANGUAGE};
use shared::path::LANGUAGE_COOKIE;

/// A language of the pages, as it stands in `<html lang>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Language {
    En,
    Ja,
    ZhCn,
}

impl Language {
    pub(crate) const ALL: [Self; 3] = [Self::En, Self::Ja, Self::ZhCn];

    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::Ja => "ja",
            Self::ZhCn => "zh-CN",
        }
    }

    pub(crate) fn of(headers: &HeaderMap, cookies: &Cookies) -> Self {
        let chosen = cookies
            .only(LANGUAGE_COOKIE)
            .and_then(|tag| Self::ALL.into_iter().find(|language| language.tag() == tag));
        let accepted = || {
            headers
                .get(ACCEPT_LANGUAGE)
                .and_then(|list| Self::best(list.to_str().ok()?))
        };
        chosen.or_else(accepted).unwrap_or(Self::En)
    }

    /// The first of ours in a list such as `ja-JP, en;q=0.8` (RFC 9110, section 12.5.4), by weight.
    fn best(list: &str) -> Option<Self> {
        let mut ranges: Vec<(f32, &str)> = list.split(',').map(weighted).collect();
        ranges.sort_by(|(left, _), (right, _)| right.total_cmp(left));
        ranges
            .into_iter()
            .filter(|(weight, _)| *weight > 0.0)
            .find_map(|(_, range)| Self::from_range(range))
    }

    fn from_range(range: &str) -> Option<Self> {
        match range.split('-').next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::En),
            "ja" => Some(Self::Ja),
            "zh" => Some(Self::ZhCn),
            _ => None,
        }
    }
}

fn weighted(item: &str) -> (f32, &str) {
    let (range, parameters) = item.split_once(';').unwrap_or((item, ""));
    let weight = parameters
        .trim()
        .strip_prefix("q=")
        .map_or(Some(1.0), |weight| weight.parse().ok());
    (weight.unwrap_or(0.0), range.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::COOKIE;

    fn language(accept: &str, cookie: &str) -> &'static str {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT_LANGUAGE, accept.parse().unwrap());
        headers.insert(COOKIE, cookie.parse().unwrap());
        Language::of(&headers, &Cookies::read(&headers)).tag()
    }

    #[test]
    fn the_languages_are_those_of_the_frontend() {
        assert_eq!(Language::ALL.map(Language::tag), shared::path::LANGUAGES);
    }

    #[test]
    fn the_choice_comes_before_the_browser_and_the_browser_before_english() {
        for (accept, cookie, expected) in [
            ("ja-JP,ja;q=0.9,en;q=0.8", "", "ja"),
            ("fr, zh-TW;q=0.5, en;q=0.4", "", "zh-CN"),
            ("en;q=0.3, ja;q=0.7", "", "ja"),
            ("ja;q=0, en", "", "en"),
            ("ja;q=x, en;q=0.1", "", "en"),
            ("fr", "", "en"),
            ("", "", "en"),
            ("ja", "language=zh-CN", "zh-CN"),
            ("ja", "language=tlh", "ja"),
        ] {
            assert_eq!(language(accept, cookie), expected, "{accept} {cookie}");
        }
    }
}
