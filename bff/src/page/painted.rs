//! What a prepared page is filled with for one request.

use crate::return_to::ReturnTo;
use serde::Serialize;
use shared::{AuthStatus, Marker, Paint, Problem, View};
use std::borrow::Cow;
use url::form_urlencoded;

/// Bytes of a status. The app requests a larger one, as of a person with hundreds of organizations.
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
            Marker::Detail => {
                let detail = self.problem.and_then(|problem| problem.detail.as_deref());
                escaped(detail.unwrap_or_default())
            }
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

    /// The page itself; after a failure the one where the sign-in began, and nothing else of the query, which may hold what
    /// is not for other pages.
    fn return_to(&self) -> Cow<'_, str> {
        match (self.view(), self.query) {
            (View::SignInFailed(_), query) => {
                let mut pairs = form_urlencoded::parse(query.as_bytes());
                let began_at = pairs.find(|(name, _)| name == "returnTo");
                let began_at = began_at.map(|(_, value)| ReturnTo::from_unverified(&value));
                String::from(began_at.unwrap_or_else(ReturnTo::home)).into()
            }
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
    fn q13_a_second_try_returns_to_where_the_first_began() {
        for (path, query, return_to) in [
            (
                "/sign-in-failed",
                "reason=code_refused&returnTo=%2Fbooks%3Fpage%3D2",
                "%2Fbooks%3Fpage%3D2",
            ),
            ("/sign-in", "returnTo=%2Fbooks&prompt=login", "%2Fbooks"),
            ("/sign-in-failed", "reason=internal", "%2F"),
            ("/sign-in-failed", "returnTo=%2F%2Fevil.example", "%2F"),
            (
                "/sign-in-failed",
                "returnTo=https%3A%2F%2Fevil.example%2F",
                "%2F",
            ),
        ] {
            let painted = Painted {
                path,
                query,
                status: None,
                problem: None,
            };
            assert_eq!(painted.text(Marker::ReturnTo), return_to, "{path}?{query}");
        }
    }

    #[test]
    fn q31_a_large_status_is_not_written_into_pages() {
        let organizations = |count| {
            (0..count)
                .map(|at| format!("organization-{at:010}"))
                .collect()
        };
        for (count, is_written) in [(100, true), (1_000, false)] {
            let AuthStatus::SignedIn {
                mut claims,
                session,
                scopes,
            } = ada()
            else {
                unreachable!()
            };
            claims.organizations = Some(organizations(count));
            let status = AuthStatus::SignedIn {
                claims,
                session,
                scopes,
            };
            let painted = Painted {
                path: "/",
                query: "",
                status: Some(&status),
                problem: None,
            };
            assert_eq!(
                !painted.text(Marker::AuthStatus).is_empty(),
                is_written,
                "{count}"
            );
            assert!(painted.text(Marker::Name).contains("Ada"));
        }
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
