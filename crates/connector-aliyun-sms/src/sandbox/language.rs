//! The language of a page.

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Language {
    English,
    Japanese,
    Chinese,
}

impl Language {
    pub(super) const ALL: [Self; 3] = [Self::English, Self::Japanese, Self::Chinese];

    /// The BCP 47 tag.
    pub(super) fn tag(self) -> &'static str {
        match self {
            Self::Japanese => "ja",
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language's own name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Japanese => "日本語",
            Self::English => "English",
            Self::Chinese => "中文",
        }
    }

    /// The language that the person chose, else the one that the browser prefers (RFC 9110, section 12.5.4), else
    /// English.
    pub(super) fn choose(chosen: Option<&str>, accept_language: &str) -> Self {
        chosen
            .and_then(Self::from_tag)
            .or_else(|| Self::preferred(accept_language))
            .unwrap_or(Self::English)
    }

    fn preferred(accept_language: &str) -> Option<Self> {
        let mut best: Option<(f32, Self)> = None;
        for item in accept_language.split(',') {
            let (tag, weight) = item.split_once(';').unwrap_or((item, "q=1"));
            let weight = weight.trim().strip_prefix("q=").unwrap_or("1");
            let weight: f32 = weight.parse().unwrap_or(0.0);
            if let Some(language) = Self::from_tag(tag.trim())
                && weight > best.map_or(0.0, |(best, _)| best)
            {
                best = Some((weight, language));
            }
        }
        best.map(|(_, language)| language)
    }

    /// Finds a language by the primary subtag, so `zh-TW` and `zh-Hans-CN` get Simplified Chinese.
    fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| {
            let own = language.tag().split('-').next();
            own.is_some_and(|own| own.eq_ignore_ascii_case(primary))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{Chinese, English, Japanese};

    #[test]
    fn the_choice_comes_first_then_the_browser_then_english() {
        let cases = [
            (None, "", English),
            (None, "*", English),
            (None, "fr, de;q=0.8", English),
            (None, "ja", Japanese),
            (None, "fr, ja;q=0.5, en;q=0.9", English),
            (None, "en;q=0.1, zh-TW;q=0.2", Chinese),
            (None, "ja;q=0, zh-Hans-CN;q=0.1", Chinese),
            (None, "JA-jp;q=nonsense, zh", Chinese),
            (None, "ja,en", Japanese),
            (Some("zh-CN"), "ja", Chinese),
            (Some("fr"), "ja", Japanese),
        ];
        for (chosen, accept_language, expected) in cases {
            let language = Language::choose(chosen, accept_language);
            assert_eq!(language, expected, "{chosen:?} {accept_language}");
        }
    }
}
