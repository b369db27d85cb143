//! The language that a person reads: the one chosen on the page, else the browser's, else English.

use crate::request::cookies::Cookies;
use http::{HeaderMap, header::ACCEPT_LANGUAGE};
use shared::{Language, path::LANGUAGE_COOKIE};

pub(crate) fn of_reader(headers: &HeaderMap, cookies: &Cookies) -> Language {
    let chosen = cookies.only(LANGUAGE_COOKIE).and_then(Language::from_tag);
    let accepted = || Language::accepted(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?);
    chosen.or_else(accepted).unwrap_or(Language::English)
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::COOKIE;

    #[test]
    fn the_choice_comes_before_the_browser_and_the_browser_before_english() {
        for (accept, cookie, expected) in [
            ("ja-JP,ja;q=0.9,en;q=0.8", "", "ja"),
            ("fr, zh-TW;q=0.5, en;q=0.4", "", "zh-CN"),
            ("fr", "", "en"),
            ("", "", "en"),
            ("ja", "language=zh-CN", "zh-CN"),
            ("ja", "language=tlh", "ja"),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(ACCEPT_LANGUAGE, accept.parse().unwrap());
            headers.insert(COOKIE, cookie.parse().unwrap());
            let language = of_reader(&headers, &Cookies::read(&headers));
            assert_eq!(language.tag(), expected, "{accept} {cookie}");
        }
    }
}
