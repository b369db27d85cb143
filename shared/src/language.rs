//! The languages of the pages, and which one a reader gets.

/// A language of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Language {
    /// English, which everyone gets who reads none of the others.
    English,
    /// Japanese.
    Japanese,
    /// Chinese in simplified characters.
    SimplifiedChinese,
}

impl Language {
    /// Every language.
    pub const ALL: [Self; 3] = [Self::English, Self::Japanese, Self::SimplifiedChinese];

    /// The language tag (BCP 47): the value of the cookie, of `<html lang>` and of `uiLocales`.
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

    /// The language of this tag, written as [`Language::tag`] writes it.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.tag() == tag)
    }

    /// The language for a reader of this tag, by its primary subtag (RFC 5646, section 2.2.1).
    #[must_use]
    pub fn for_reader_of(tag: &str) -> Option<Self> {
        let primary = tag.split('-').next()?;
        Self::ALL
            .into_iter()
            .find(|language| language.primary().eq_ignore_ascii_case(primary))
    }

    /// The best language for this `Accept-Language` (RFC 9110, section 12.5.4), if it names one of ours.
    #[must_use]
    pub fn accepted(header: &str) -> Option<Self> {
        accepted_tags(header)
            .into_iter()
            .find_map(Self::for_reader_of)
    }

    fn primary(self) -> &'static str {
        self.tag().split('-').next().unwrap_or_default()
    }
}

/// The tags of an `Accept-Language` header by falling weight (RFC 9110, section 12.5.4), without those of weight 0.
#[must_use]
pub fn accepted_tags(header: &str) -> Vec<&str> {
    let mut weighted: Vec<(f32, &str)> = header.split(',').map(weighted).collect();
    weighted.retain(|(weight, _)| *weight > 0.0);
    weighted.sort_by(|(left, _), (right, _)| right.total_cmp(left));
    weighted.into_iter().map(|(_, tag)| tag).collect()
}

/// An item such as `ja;q=0.8`. Without a weight it counts fully, with an unreadable one not at all.
fn weighted(item: &str) -> (f32, &str) {
    let (tag, parameters) = item.split_once(';').unwrap_or((item, ""));
    let weight = parameters
        .trim()
        .strip_prefix("q=")
        .map_or(Some(1.0), |weight| weight.parse().ok());
    (weight.unwrap_or(0.0), tag.trim())
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, Japanese, SimplifiedChinese};

    #[test]
    fn the_best_language_of_the_header_is_taken() {
        for (header, expected) in [
            ("ja-JP,ja;q=0.9,en;q=0.8", Some(Japanese)),
            ("fr, zh-TW;q=0.5, en;q=0.4", Some(SimplifiedChinese)),
            ("en;q=0.3, ja;q=0.7", Some(Japanese)),
            ("ja;q=0, en", Some(English)),
            ("ja;q=x, en;q=0.1", Some(English)),
            ("fr", None),
            ("*", None),
            ("", None),
        ] {
            assert_eq!(Language::accepted(header), expected, "{header}");
        }
    }

    #[test]
    fn equal_weights_keep_their_order() {
        assert_eq!(accepted_tags("zh-HK, ja;q=0.5, en"), ["zh-HK", "en", "ja"]);
    }

    #[test]
    fn a_reader_is_known_by_the_primary_subtag() {
        for (tag, expected) in [
            ("ZH-Hans-CN", Some(SimplifiedChinese)),
            ("ja", Some(Japanese)),
            ("en-GB", Some(English)),
            ("jam", None),
            ("", None),
        ] {
            assert_eq!(Language::for_reader_of(tag), expected, "{tag}");
        }
    }

    #[test]
    fn a_tag_is_read_back() {
        for language in Language::ALL {
            assert_eq!(Language::from_tag(language.tag()), Some(language));
        }
        for tag in ["", "fr", "zh", "EN"] {
            assert_eq!(Language::from_tag(tag), None, "{tag}");
        }
    }
}
