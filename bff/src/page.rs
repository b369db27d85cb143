//! index.html with the auth status inside, so that the first paint is right without a request.

use crate::{
    error::{mark_retry, status_of},
    language::Language,
};
use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header::RETRY_AFTER};
use serde::Serialize;
use shared::{AuthStatus, Problem, path};
use std::{fs, io, path::Path};

/// The frontend's page, cut at the places that are filled in.
pub(crate) struct Page(Option<Template>);

/// `<head>`… language … auth status … problem …
struct Template {
    before_language: String,
    before_status: String,
    before_problem: String,
    rest: String,
}

impl Page {
    /// Reads `index.html`. A folder without one is no fault: in development `trunk serve` shows the page.
    pub(crate) fn read(dist: &Path) -> Result<Self, String> {
        let path = dist.join("index.html");
        match fs::read_to_string(&path) {
            Ok(text) => {
                let template = Template::cut(&text)
                    .ok_or_else(|| format!("{} is not this version's page", path.display()))?;
                Ok(Self(Some(template)))
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                tracing::warn!(
                    event = "frontend.missing",
                    "no {}: build it with `cargo xtask dist`",
                    path.display()
                );
                Ok(Self(None))
            }
            Err(error) => Err(format!("cannot read {}: {error}", path.display())),
        }
    }

    /// Whether the folder had a page.
    pub(crate) fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// The page for a person who is signed in or not.
    pub(crate) fn show(&self, language: Language, status: &AuthStatus) -> Response {
        self.fill(StatusCode::OK, language, Some(status), None)
    }

    /// The page as the answer to a request that did not work.
    pub(crate) fn show_problem(
        &self,
        language: Language,
        status: Option<&AuthStatus>,
        problem: &Problem,
    ) -> Response {
        let mut response = self.fill(status_of(problem), language, status, Some(problem));
        mark_retry(problem, &mut response);
        response
    }

    fn fill(
        &self,
        code: StatusCode,
        language: Language,
        status: Option<&AuthStatus>,
        problem: Option<&Problem>,
    ) -> Response {
        let Some(template) = &self.0 else {
            let advice =
                "The frontend is not built: run `cargo xtask dist` and start the bff again.";
            return (
                StatusCode::SERVICE_UNAVAILABLE,
                [(RETRY_AFTER, "5")],
                advice,
            )
                .into_response();
        };
        let (status, problem) = (status.map(data_block), problem.map(data_block));
        let parts = [
            template.before_language.as_str(),
            language.tag(),
            &template.before_status,
            status.as_deref().unwrap_or_default(),
            &template.before_problem,
            problem.as_deref().unwrap_or_default(),
            &template.rest,
        ];
        (code, Html(parts.concat())).into_response()
    }
}

impl Template {
    fn cut(text: &str) -> Option<Self> {
        let opening = |id: &str| format!(r#"<script type="application/json" id="{id}">"#);
        let (before_language, text) = cut_after(text, r#"<html lang=""#)?;
        let (before_status, text) = cut_after(
            text.strip_prefix("en")?,
            &opening(path::AUTH_STATUS_ELEMENT),
        )?;
        let (before_problem, rest) = cut_after(text, &opening(path::PROBLEM_ELEMENT))?;
        Some(Self {
            before_language,
            before_status,
            before_problem,
            rest: rest.to_owned(),
        })
    }
}

fn cut_after<'a>(text: &'a str, mark: &str) -> Option<(String, &'a str)> {
    let end = text.find(mark)? + mark.len();
    Some((text[..end].to_owned(), &text[end..]))
}

/// JSON that cannot end its `<script>`: `<` only occurs in strings, where `\u003c` means the same.
fn data_block(data: &impl Serialize) -> String {
    serde_json::to_string(data)
        .unwrap_or_default()
        .replace('<', "\\u003c")
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{Claims, ProblemCode, SessionTimes};

    const INDEX: &str = r#"<!doctype html><html lang="en"><head><script type="application/json" id="auth-status"></script><script type="application/json" id="problem"></script></head></html>"#;

    fn page() -> Page {
        Page(Some(Template::cut(INDEX).unwrap()))
    }

    async fn text(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn language_and_status_are_filled_in() {
        let shown = text(page().show(Language::Ja, &AuthStatus::SignedOut)).await;
        assert_eq!(
            shown,
            r#"<!doctype html><html lang="ja"><head><script type="application/json" id="auth-status">{"isAuthenticated":false}</script><script type="application/json" id="problem"></script></head></html>"#
        );
    }

    #[tokio::test]
    async fn b077_a_claim_cannot_leave_the_data_block() {
        let status = AuthStatus::SignedIn {
            claims: Box::new(Claims {
                sub: "a".to_owned(),
                name: Some("</script><script>alert(1)</script>".to_owned()),
                ..Claims::default()
            }),
            session: SessionTimes {
                expires_in: 1,
                idle_expires_in: 1,
            },
        };
        let shown = text(page().show(Language::En, &status)).await;
        assert_eq!(shown.matches("<script").count(), 2, "{shown}");
        assert_eq!(shown.matches("</script").count(), 2, "{shown}");
        assert!(
            shown.contains(r"\u003c/script>\u003cscript>alert(1)"),
            "{shown}"
        );
    }

    #[tokio::test]
    async fn a_problem_has_its_own_status_and_says_when_to_come_back() {
        let problem = Problem::new(ProblemCode::ProviderUnavailable);
        let response = page().show_problem(Language::En, Some(&AuthStatus::SignedOut), &problem);
        assert_eq!(
            (
                response.status(),
                response.headers()[RETRY_AFTER].to_str().unwrap()
            ),
            (StatusCode::SERVICE_UNAVAILABLE, "5")
        );
        assert!(
            text(response)
                .await
                .contains(r#"id="problem">{"type":"urn:problem:provider_unavailable""#)
        );
    }

    #[test]
    fn a_page_without_the_places_to_fill_is_refused() {
        for mark in [r#" lang="en""#, r#" id="auth-status""#, r#" id="problem""#] {
            assert!(Template::cut(&INDEX.replace(mark, "")).is_none(), "{mark}");
        }
    }

    #[test]
    fn the_projects_own_page_has_the_places_to_fill() {
        assert!(Template::cut(include_str!("../../index.html")).is_some());
    }
}
