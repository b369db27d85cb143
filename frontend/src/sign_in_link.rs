//! The link that begins a sign-in: a plain address, because only a top-level navigation may begin one.

use crate::language::Language;
use shared::{SignInOptions, path};

/// The address of a sign-in that returns to this page and speaks this language.
pub(crate) fn href(return_to: &str, language: Language) -> String {
    let options = SignInOptions {
        return_to: Some(return_to.to_owned()),
        ui_locales: Some(language.tag().to_owned()),
        ..SignInOptions::default()
    };
    // Two plain strings always serialize; without a query the sign-in would still work.
    let query = serde_urlencoded::to_string(options).unwrap_or_default();
    format!("{}?{query}", path::SIGN_IN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_link_says_where_to_return_and_which_language() {
        assert_eq!(
            href("/", Language::Japanese),
            "/sign-in?returnTo=%2F&uiLocales=ja"
        );
    }

    #[test]
    fn the_page_to_return_to_cannot_add_parameters() {
        let href = href("/本?a=1&prompt=none#x y", Language::SimplifiedChinese);
        let query = href.strip_prefix("/sign-in?").unwrap();
        let options: SignInOptions = serde_urlencoded::from_str(query).unwrap();
        assert_eq!(
            options,
            SignInOptions {
                return_to: Some("/本?a=1&prompt=none#x y".to_owned()),
                ui_locales: Some("zh-CN".to_owned()),
                ..SignInOptions::default()
            }
        );
    }
}
