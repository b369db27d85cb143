//! What a page shows: chosen by its address, and by the problem that the bff found. One choice for both sides of the
//! wire, so that what the bff paints first is what the app shows then.

use crate::{AuthStatus, Language, ProblemCode, path};

/// What a page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum View {
    /// `/`: a welcome, or a greeting.
    Home,
    /// `/account`: what is known of the person.
    Account,
    /// `/sessions`: where the person is signed in.
    Sessions,
    /// A sign-in did not work; `None` when the reason is none that we know.
    SignInFailed(Option<ProblemCode>),
    /// There is nothing at this address.
    NotFound,
}

impl View {
    /// Chooses the view from the path, the query with or without its `?`, and the problem that the bff found.
    ///
    /// `/sign-in` and `/callback` are pages only when the bff could not begin or end the sign-in, and `/sign-out` only
    /// when a form could not be taken.
    #[must_use]
    pub fn of(path: &str, query: &str, problem: Option<ProblemCode>) -> Self {
        match path {
            path::HOME | path::SIGN_OUT => Self::Home,
            path::ACCOUNT => Self::Account,
            path::SESSIONS_PAGE => Self::Sessions,
            path::SIGN_IN | path::CALLBACK => Self::SignInFailed(problem),
            path::SIGN_IN_FAILED => Self::SignInFailed(reason(query)),
            _ => Self::NotFound,
        }
    }

    /// Whether the page is about who is signed in: without knowing that, there is nothing to show on it.
    #[must_use]
    pub const fn needs_status(self) -> bool {
        matches!(self, Self::Home | Self::Account | Self::Sessions)
    }

    /// Every view.
    pub fn all() -> impl Iterator<Item = Self> {
        let reasons = ProblemCode::ALL.iter().copied().map(Some).chain([None]);
        [Self::Home, Self::Account, Self::Sessions, Self::NotFound]
            .into_iter()
            .chain(reasons.map(Self::SignInFailed))
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

/// A page as far as it is the same for everyone who sees it: the bff paints it before the app runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Paint {
    /// The page for somebody of whom it is known that nobody, or somebody, is signed in.
    Page {
        /// What it shows.
        view: View,
        /// Whether somebody is signed in.
        is_authenticated: bool,
    },
    /// A page that is about who is signed in, when that could not be found out.
    StatusUnknown(ProblemCode),
}

impl Paint {
    /// The paint of an answer. A status is absent when it could not be found out; then there is a problem.
    #[must_use]
    pub fn of(view: View, status: Option<&AuthStatus>, problem: Option<ProblemCode>) -> Self {
        match status {
            None if view.needs_status() => {
                Self::StatusUnknown(problem.unwrap_or(ProblemCode::Internal))
            }
            status => Self::Page {
                view,
                is_authenticated: matches!(status, Some(AuthStatus::SignedIn { .. })),
            },
        }
    }

    /// Every paint.
    pub fn all() -> impl Iterator<Item = Self> {
        let page = |is_authenticated| {
            move |view| Self::Page {
                view,
                is_authenticated,
            }
        };
        let codes = ProblemCode::ALL.iter().copied();
        View::all()
            .map(page(false))
            .chain(View::all().map(page(true)))
            .chain(codes.map(Self::StatusUnknown))
    }

    /// The file of the prepared page, in the folder of the built frontend: `pages/ja/home-signed-out.html`.
    #[must_use]
    pub fn file(self, language: Language) -> String {
        format!("pages/{}/{}.html", language.tag(), self.name())
    }

    fn name(self) -> String {
        let (view, is_authenticated) = match self {
            Self::StatusUnknown(code) => return format!("status-unknown-{}", code.as_str()),
            Self::Page {
                view,
                is_authenticated,
            } => (view, is_authenticated),
        };
        let view = match view {
            View::Home => "home",
            View::Account => "account",
            View::Sessions => "sessions",
            View::NotFound => "not-found",
            View::SignInFailed(None) => "sign-in-failed",
            View::SignInFailed(Some(code)) => {
                return named("sign-in-failed", is_authenticated) + "-" + code.as_str();
            }
        };
        named(view, is_authenticated)
    }
}

fn named(view: &str, is_authenticated: bool) -> String {
    let who = if is_authenticated {
        "signed-in"
    } else {
        "signed-out"
    };
    format!("{view}-{who}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_path_leads_to_its_view() {
        for (path, view) in [
            ("/", View::Home),
            ("/account", View::Account),
            ("/sessions", View::Sessions),
            ("/sign-in-failed", View::SignInFailed(None)),
            ("/sign-in", View::SignInFailed(None)),
            ("/callback", View::SignInFailed(None)),
            ("/sign-in-failed/", View::NotFound),
            ("/account/", View::NotFound),
            ("/books", View::NotFound),
            ("", View::NotFound),
        ] {
            assert_eq!(View::of(path, "", None), view, "{path}");
        }
    }

    #[test]
    fn every_reason_is_understood_and_an_unknown_one_is_none() {
        for &code in ProblemCode::ALL {
            for query in [
                format!("?reason={}", code.as_str()),
                format!("reason={}", code.as_str()),
            ] {
                let view = View::of(path::SIGN_IN_FAILED, &query, None);
                assert_eq!(view, View::SignInFailed(Some(code)));
            }
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
        let query = "?x=1&reason=access_denied&reason=internal";
        let view = View::of(path::SIGN_IN_FAILED, query, None);
        assert_eq!(view, View::SignInFailed(Some(ProblemCode::AccessDenied)));
    }

    #[test]
    fn a_sign_in_that_could_not_begin_or_end_shows_its_problem() {
        let problem = Some(ProblemCode::ProviderUnavailable);
        for (path, query) in [
            ("/sign-in", "?returnTo=%2F"),
            ("/callback", "?code=x&state=x"),
        ] {
            assert_eq!(View::of(path, query, problem), View::SignInFailed(problem));
        }
    }

    #[test]
    fn without_a_status_only_pages_that_need_none_are_painted() {
        let problem = Some(ProblemCode::StoreUnavailable);
        assert_eq!(
            Paint::of(View::Account, None, problem),
            Paint::StatusUnknown(ProblemCode::StoreUnavailable)
        );
        let not_found = Paint::Page {
            view: View::NotFound,
            is_authenticated: false,
        };
        assert_eq!(Paint::of(View::NotFound, None, problem), not_found);
        assert_eq!(
            Paint::of(View::NotFound, Some(&AuthStatus::SignedOut), None),
            not_found
        );
    }

    #[test]
    fn every_paint_has_a_file_of_its_own() {
        let file = |paint: Paint| paint.file(Language::Japanese);
        let files: BTreeSet<_> = Paint::all().map(file).collect();
        assert_eq!(files.len(), Paint::all().count());
        assert!(files.contains("pages/ja/home-signed-out.html"));
    }
}
