//! Which page an address shows.

use shared::{ProblemCode, path};

/// The addresses that the app knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Route {
    /// `/`
    Home,
    /// `/sign-in` and `/callback`: a page only when the bff could not begin or end the sign-in.
    SignIn,
    /// `/sign-in-failed?reason=…`
    SignInFailed,
    /// Any other path.
    NotFound,
}

impl Route {
    pub(crate) fn from_path(path: &str) -> Self {
        match path {
            "/" => Self::Home,
            path::SIGN_IN | path::CALLBACK => Self::SignIn,
            path::SIGN_IN_FAILED => Self::SignInFailed,
            _ => Self::NotFound,
        }
    }
}

/// What the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum View {
    /// The home page.
    Home,
    /// A sign-in did not work; `None` when the reason is none that we know.
    SignInFailed(Option<ProblemCode>),
    /// There is nothing at this address.
    NotFound,
}

impl View {
    /// Chooses the view from the address and the problem that the bff wrote into an error page.
    pub(crate) fn of(path: &str, query: &str, problem: Option<ProblemCode>) -> Self {
        match Route::from_path(path) {
            Route::Home => Self::Home,
            Route::SignIn => Self::SignInFailed(problem),
            Route::SignInFailed => Self::SignInFailed(reason(query)),
            Route::NotFound => Self::NotFound,
        }
    }
}

/// The value of `reason` in the query. Codes are plain words, so there is nothing to percent-decode.
fn reason(query: &str) -> Option<ProblemCode> {
    query
        .trim_start_matches('?')
        .split('&')
        .find_map(|pair| pair.strip_prefix("reason="))
        .and_then(|name| name.parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_to_its_view() {
        for (path, view) in [
            ("/", View::Home),
            ("/sign-in-failed", View::SignInFailed(None)),
            ("/sign-in", View::SignInFailed(None)),
            ("/callback", View::SignInFailed(None)),
            ("/sign-in-failed/", View::NotFound),
            ("/books", View::NotFound),
            ("", View::NotFound),
        ] {
            assert_eq!(View::of(path, "", None), view, "{path}");
        }
    }

    #[test]
    fn every_reason_is_understood_and_an_unknown_one_is_none() {
        for &code in ProblemCode::ALL {
            let query = format!("?reason={}", code.as_str());
            let view = View::of(path::SIGN_IN_FAILED, &query, None);
            assert_eq!(view, View::SignInFailed(Some(code)));
        }
        for query in [
            "",
            "?",
            "?reason",
            "?reason=",
            "?reason=nope",
            "?Reason=internal",
        ] {
            let view = View::of(path::SIGN_IN_FAILED, query, None);
            assert_eq!(view, View::SignInFailed(None), "{query}");
        }
    }

    #[test]
    fn other_parameters_do_not_hide_the_reason() {
        let view = View::of(
            path::SIGN_IN_FAILED,
            "?x=1&reason=access_denied&reason=internal",
            None,
        );
        assert_eq!(view, View::SignInFailed(Some(ProblemCode::AccessDenied)));
    }

    #[test]
    fn a_sign_in_that_could_not_begin_shows_its_problem() {
        let problem = Some(ProblemCode::ProviderUnavailable);
        assert_eq!(
            View::of("/sign-in", "?returnTo=%2F", problem),
            View::SignInFailed(problem)
        );
    }

    #[test]
    fn a_callback_that_was_cut_off_shows_its_problem() {
        let problem = Some(ProblemCode::RateLimited);
        assert_eq!(
            View::of("/callback", "?code=x&state=x", problem),
            View::SignInFailed(problem)
        );
    }
}
