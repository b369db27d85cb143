//! What a prepared page is filled with for one request.

use serde::Serialize;
use shared::{AuthStatus, Marker, Paint, Problem, View, path};
use std::borrow::Cow;
use url::form_urlencoded;

/// Bytes. A page without the status lets the app ask for it.
const LARGEST_STATUS: usize = 16 * 1024;

/// What a page shows to one person.
pub(crate) struct Painted<'a> {
    pub(crate) path: &'a str,
    /// Without its `?`.
    pub(crate) query: &'a str,
    /// `None` if it is not known whether somebody is signed in.
    pub(crate) status: Option<&'a AuthStatus>,
    pub(crate) problem: Option<&'a Problem>,
}

impl Painted<'_> {
    /// Which of the prepared pages is shown.
    pub(crate) fn paint(&self) -> Paint {
        let code = self.problem.map(|problem| problem.code);
        Paint::of(self.view(), self.status, code)
    }

    /// What stands in the page instead of this marker.
    pub(crate) fn text(&self, marker: Marker) -> String {
        match marker {
            Marker::AuthStatus => {
                let status = self.status.map(json);
                let small = status.filter(|json| json.len() <= LARGEST_STATUS);
                small.unwrap_or_default()
            }
            Marker::Problem => self.problem.map(json).unwrap_or_default(),
            Marker::Name => escaped(&self.name()),
            Marker::ReturnTo => {
                form_urlencoded::byte_serialize(self.return_to().as_bytes()).collect()
            }
        }
    }

    fn view(&self) -> View {
        let code = self.problem.map(|problem| problem.code);
        View::of(self.path, self.query, code)
    }

    /// The page itself; after a failure home, for the query may hold what is not for other pages.
    fn return_to(&self) -> Cow<'_, str> {
        match (self.view(), self.query) {
            (View::SignInFailed(_), _) => path::HOME.into(),
            (_, "") => self.path.into(),
            (_, query) => format!("{}?{query}", self.path).into(),
        }
    }

    fn name(&self) -> String {
        match self.status {
            Some(AuthStatus::SignedIn { claims, .. }) => claims.display_name(),
            _ => String::new(),
        }
    }
}

/// JSON that cannot end its `<script>`: `<` only occurs in strings, where `\u003c` means the same.
fn json(data: &impl Serialize) -> String {
    serde_json::to_string(data)
        .unwrap_or_default()
        .replace('<', "\\u003c")
}

/// A text in HTML, between tags or in an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{Claims, ProblemCode, SessionTimes};

    fn ada() -> AuthStatus {
        AuthStatus::SignedIn {
            claims: Box::new(Claims {
                sub: "a".to_owned(),
                name: Some("</script><b> & \"Ada'".to_owned()),
                ..Claims::default()
            }),
            session: SessionTimes {
                expires_in: 1,
                idle_expires_in: 1,
            },
            scopes: Vec::new(),
        }
    }

    #[test]
    fn name_and_page_are_text() {
        let painted = Painted {
            path: "/",
            query: "a=1&b=\"2",
            status: Some(&ada()),
            problem: None,
        };
        assert_eq!(
            painted.text(Marker::Name),
            "&lt;/script&gt;&lt;b&gt; &amp; &quot;Ada&#39;"
        );
        assert_eq!(painted.text(Marker::ReturnTo), "%2F%3Fa%3D1%26b%3D%222");
        assert_eq!(painted.text(Marker::Problem), "");
    }

    #[test]
    fn b077_a_claim_cannot_leave_the_data_block() {
        let painted = Painted {
            path: "/",
            query: "",
            status: Some(&ada()),
            problem: None,
        };
        let block = painted.text(Marker::AuthStatus);
        assert!(!block.contains('<'), "{block}");
        assert!(block.contains(r"\u003c/script>\u003cb>"), "{block}");
        let read: AuthStatus = serde_json::from_str(&block).unwrap();
        assert_eq!(read, ada());
    }

    #[test]
    fn a_failed_sign_in_leads_home_and_keeps_its_query_to_itself() {
        let painted = Painted {
            path: "/callback",
            query: "code=secret&state=secret",
            status: Some(&AuthStatus::SignedOut),
            problem: Some(&Problem::new(ProblemCode::Internal)),
        };
        assert_eq!(painted.text(Marker::ReturnTo), "%2F");
    }

    #[test]
    fn the_page_follows_from_address_status_and_problem() {
        let paint = |path, status, problem: Option<&Problem>| {
            Painted {
                path,
                query: "",
                status,
                problem,
            }
            .paint()
        };
        let not_found = Paint::Page {
            view: View::NotFound,
            is_authenticated: false,
        };
        assert_eq!(
            paint("/no/page", Some(&AuthStatus::SignedOut), None),
            not_found
        );
        let problem = Problem::new(ProblemCode::StoreUnavailable);
        assert_eq!(
            paint("/account", None, Some(&problem)),
            Paint::StatusUnknown(ProblemCode::StoreUnavailable)
        );
    }
}
