//! The link that begins a sign-in: a plain address, because only a top-level navigation may begin one.

use shared::{SignInOptions, path};

/// The address of a sign-in with these options.
pub(crate) fn href(options: &SignInOptions) -> String {
    // These options always serialize; without a query the sign-in would still work.
    let query = serde_urlencoded::to_string(options).unwrap_or_default();
    format!("{}?{query}", path::SIGN_IN)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options(return_to: &str) -> SignInOptions {
        SignInOptions {
            return_to: Some(return_to.to_owned()),
            ui_locales: Some("ja".to_owned()),
            ..SignInOptions::default()
        }
    }

    #[test]
    fn the_link_says_where_to_return_and_which_language() {
        assert_eq!(href(&options("/")), "/sign-in?returnTo=%2F&uiLocales=ja");
    }

    #[test]
    fn the_page_to_return_to_cannot_add_parameters() {
        let page = options("/本?a=1&prompt=none#x y");
        let href = href(&page);
        let query = href.strip_prefix("/sign-in?").unwrap();
        assert_eq!(serde_urlencoded::from_str(query), Ok(page));
    }
}
