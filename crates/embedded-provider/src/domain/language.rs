//! The language of the pages: from `ui_locales`, else the person's earlier choice, else from the browser, else from the tenant.

use shared::accepted_tags;
use tenant::LanguageInfo;

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Language {
    #[default]
    English,
    Japanese,
    SimplifiedChinese,
}

impl Language {
    pub(crate) const ALL: [Self; 3] = [Self::English, Self::Japanese, Self::SimplifiedChinese];

    /// The BCP 47 tag.
    pub(crate) const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Japanese => "ja",
            Self::SimplifiedChinese => "zh-CN",
        }
    }

    /// Finds a language by the primary subtag.
    fn from_tag(tag: &str) -> Option<Self> {
        match tag.split('-').next()?.to_ascii_lowercase().as_str() {
            "en" => Some(Self::English),
            "ja" => Some(Self::Japanese),
            "zh" => Some(Self::SimplifiedChinese),
            _ => None,
        }
    }
}

/// The preferred language tags, best first: `ui_locales` (separated by spaces), then the choice that the pages and the
/// application remember in a cookie, then `Accept-Language`, then the tenant's fallback.
pub(crate) fn preferred_tags(
    ui_locales: Option<&str>,
    chosen: Option<&str>,
    accept_language: Option<&str>,
    info: &LanguageInfo,
) -> Vec<String> {
    let mut tags: Vec<String> = ui_locales
        .unwrap_or_default()
        .split_ascii_whitespace()
        .chain(chosen)
        .map(str::to_owned)
        .collect();
    if info.auto_detect {
        let accepted = accepted_tags(accept_language.unwrap_or_default());
        tags.extend(accepted.into_iter().map(str::to_owned));
    }
    tags.push(info.fallback_language.clone());
    tags
}

/// The first preferred language that the pages have.
pub(crate) fn choose(preferred: &[String]) -> Language {
    preferred
        .iter()
        .find_map(|tag| Language::from_tag(tag))
        .unwrap_or(Language::English)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ui_locales_win_then_the_browser_then_the_tenant() {
        let tenant = LanguageInfo {
            auto_detect: true,
            fallback_language: "ja".to_owned(),
        };
        let cases = [
            (Some("zh-CN"), Some("en"), Language::SimplifiedChinese),
            (Some("fr zh-TW"), Some("en"), Language::SimplifiedChinese),
            (Some("fr"), Some("en-GB"), Language::English),
            (
                None,
                Some("fr, en;q=0.2, zh;q=0.8"),
                Language::SimplifiedChinese,
            ),
            (None, Some("en;q=0, ja"), Language::Japanese),
            (None, Some("fr"), Language::Japanese),
            (None, None, Language::Japanese),
            (Some("\"><script>"), Some("*;q=x"), Language::Japanese),
        ];
        for (ui_locales, header, language) in cases {
            let preferred = preferred_tags(ui_locales, None, header, &tenant);
            assert_eq!(choose(&preferred), language, "{ui_locales:?} {header:?}");
        }
    }

    #[test]
    fn a_tenant_may_ignore_the_browser() {
        let tenant = LanguageInfo {
            auto_detect: false,
            fallback_language: "fr".to_owned(),
        };
        assert_eq!(
            choose(&preferred_tags(None, None, Some("ja"), &tenant)),
            Language::English
        );
    }

    #[test]
    fn q07_a_choice_counts_before_the_browser_and_after_the_request() {
        let tenant = LanguageInfo {
            auto_detect: true,
            fallback_language: "en".to_owned(),
        };
        for (ui_locales, chosen, language) in [
            (None, Some("ja"), Language::Japanese),
            (Some("zh-CN"), Some("ja"), Language::SimplifiedChinese),
            (None, Some("tlh"), Language::SimplifiedChinese),
        ] {
            let preferred = preferred_tags(ui_locales, chosen, Some("zh"), &tenant);
            assert_eq!(choose(&preferred), language, "{ui_locales:?} {chosen:?}");
        }
    }
}
