//! The page on which a sign-in begins, so that a sign-in, and a second try after a failure, leads back there.

use crate::{browser, safe_url};
use shared::View;

/// The key in the tab's storage.
const KEY: &str = "return-to";

/// The page to return to from this view: the page itself, or, after a failure, the one where the sign-in began.
pub(crate) fn from_view(view: View) -> String {
    match view {
        View::SignInFailed(_) => {
            remembered(browser::query_parameter("returnTo"), browser::stored(KEY))
        }
        _ => browser::address(),
    }
}

/// Keeps the page for a second try.
pub(crate) fn remember(return_to: &str) {
    browser::store(KEY, return_to);
}

/// What the bff knows, else what was kept, when it is a page of ours; else home.
fn remembered(known: Option<String>, stored: Option<String>) -> String {
    let mut pages = [known, stored].into_iter().flatten();
    pages
        .find(|path| safe_url::is_local_path(path))
        .unwrap_or_else(|| "/".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_try_returns_to_where_the_first_began() {
        let stored = Some("/books?page=2#top".to_owned());
        assert_eq!(remembered(None, stored.clone()), "/books?page=2#top");
        assert_eq!(
            remembered(Some("/known".to_owned()), stored.clone()),
            "/known"
        );
        let evil = Some("//evil.example".to_owned());
        assert_eq!(remembered(evil, stored), "/books?page=2#top");
    }

    #[test]
    fn what_is_not_a_page_of_ours_leads_home() {
        for stored in [
            None,
            Some("https://evil.example/"),
            Some("//evil.example"),
            Some(""),
        ] {
            let stored = stored.map(str::to_owned);
            assert_eq!(remembered(stored.clone(), stored), "/");
        }
    }
}
