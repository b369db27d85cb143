//! index.html with the auth status and the first paint inside, so that what a person sees first is right, and works,
//! without a request and without a script.

pub(crate) mod audience;
pub(crate) mod painted;
pub(crate) mod problem;

use crate::{
    error::{mark_retry, status_of},
    page::{
        audience::Visitor,
        painted::{Painting, Prepared},
    },
};
use axum::response::{Html, IntoResponse, Response};
use http::{StatusCode, header::RETRY_AFTER};
use serde::Serialize;
use shared::{AuthStatus, FirstPaint, Problem, path};
use std::{fs, io, path::Path};

/// The frontend's page, if it is built.
pub(crate) struct Page(Option<Built>);

struct Built {
    template: Template,
    prepared: Prepared,
}

/// index.html, cut at the places that are filled in: `<html lang="`… language … title … auth status … problem … paint …
struct Template {
    before_language: String,
    before_title: String,
    title: String,
    before_status: String,
    before_problem: String,
    before_paint: String,
    rest: String,
}

impl Page {
    /// Reads `index.html` and the pages prepared beside it. A folder without them is no fault: in development
    /// `trunk serve` shows the page.
    pub(crate) fn read(dist: &Path) -> Result<Self, String> {
        let path = dist.join("index.html");
        let Some(index) = read_if_there(&path)? else {
            tracing::warn!(
                event = "frontend.missing",
                "no {}: build it with `cargo xtask dist`",
                path.display()
            );
            return Ok(Self(None));
        };
        let template = Template::cut(&index).ok_or_else(|| other_version(&path))?;
        let path = dist.join(FirstPaint::FILE);
        let prepared = match read_if_there(&path)? {
            Some(text) => Prepared::read(text.as_bytes()).map_err(|_| other_version(&path))?,
            None => Prepared::default(),
        };
        Ok(Self(Some(Built { template, prepared })))
    }

    /// Whether the folder had a page.
    pub(crate) fn is_there(&self) -> bool {
        self.0.is_some()
    }

    /// The page for a person who is signed in or not.
    pub(crate) fn show(&self, visitor: &Visitor, status: &AuthStatus) -> Response {
        self.fill(StatusCode::OK, visitor, Some(status), None)
    }

    /// The page as the answer to a request that did not work.
    pub(crate) fn show_problem(
        &self,
        visitor: &Visitor,
        status: Option<&AuthStatus>,
        problem: &Problem,
    ) -> Response {
        let mut response = self.fill(status_of(problem), visitor, status, Some(problem));
        mark_retry(problem, &mut response);
        response
    }

    fn fill(
        &self,
        code: StatusCode,
        visitor: &Visitor,
        status: Option<&AuthStatus>,
        problem: Option<&Problem>,
    ) -> Response {
        let Some(built) = &self.0 else {
            let advice =
                "The frontend is not built: run `cargo xtask dist` and start the bff again.";
            return (
                StatusCode::SERVICE_UNAVAILABLE,
                [(RETRY_AFTER, "5")],
                advice,
            )
                .into_response();
        };
        let painting = Painting {
            path: visitor.uri.path(),
            query: visitor.uri.query().unwrap_or_default(),
            status,
            problem: problem.map(|problem| problem.code),
        };
        let template = &built.template;
        let paint = built.prepared.get(visitor.language, &painting);
        let (status, problem) = (status.map(data_block), problem.map(data_block));
        let parts = [
            template.before_language.as_str(),
            visitor.language.tag(),
            &template.before_title,
            paint.map_or(&template.title, |paint| &paint.title),
            &template.before_status,
            status.as_deref().unwrap_or_default(),
            &template.before_problem,
            problem.as_deref().unwrap_or_default(),
            &template.before_paint,
            &paint.map(|paint| paint.fill(&painting)).unwrap_or_default(),
            &template.rest,
        ];
        (code, Html(parts.concat())).into_response()
    }
}

fn other_version(path: &Path) -> String {
    let path = path.display();
    format!("{path} is not this version's page: build it with `cargo xtask dist`")
}

fn read_if_there(path: &Path) -> Result<Option<String>, String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("cannot read {}: {error}", path.display())),
    }
}

impl Template {
    fn cut(text: &str) -> Option<Self> {
        let block = |id: &str| format!(r#"<script type="application/json" id="{id}">"#);
        let (before_language, text) = cut_after(text, r#"<html lang=""#)?;
        let (before_title, text) = cut_after(text.strip_prefix("en")?, "<title>")?;
        let (title, text) = text.split_once("</title>")?;
        let (before_status, text) = cut_after(text, &block(path::AUTH_STATUS_ELEMENT))?;
        let (before_problem, text) = cut_after(text, &block(path::PROBLEM_ELEMENT))?;
        let root = format!(r#"<div id="{}">"#, path::ROOT_ELEMENT);
        let (before_paint, rest) = cut_after(text, &root)?;
        Some(Self {
            before_language,
            before_title,
            title: title.to_owned(),
            before_status: format!("</title>{before_status}"),
            before_problem,
            before_paint,
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
    use crate::request::language::Language;
    use shared::{Claims, ProblemCode, SessionTimes};

    const INDEX: &str = r#"<!doctype html><html lang="en"><head><title>Shop</title><script type="application/json" id="auth-status"></script><script type="application/json" id="problem"></script></head><div id="app"></div></html>"#;
    const PREPARED: &str =
        r#"{"ja":{"home signed-out":{"title":"本","html":"<h1>ようこそ</h1>"}}}"#;

    fn page() -> Page {
        Page(Some(Built {
            template: Template::cut(INDEX).unwrap(),
            prepared: Prepared::read(PREPARED.as_bytes()).unwrap(),
        }))
    }

    fn visitor(language: Language) -> Visitor {
        Visitor {
            wants_page: true,
            language,
            uri: "/".parse().unwrap(),
        }
    }

    async fn text(response: Response) -> String {
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap();
        String::from_utf8(bytes.to_vec()).unwrap()
    }

    #[tokio::test]
    async fn language_title_status_and_paint_are_filled_in() {
        let shown = text(page().show(&visitor(Language::Ja), &AuthStatus::SignedOut)).await;
        assert_eq!(
            shown,
            r#"<!doctype html><html lang="ja"><head><title>本</title><script type="application/json" id="auth-status">{"isAuthenticated":false}</script><script type="application/json" id="problem"></script></head><div id="app"><h1>ようこそ</h1></div></html>"#
        );
    }

    #[tokio::test]
    async fn without_a_prepared_page_the_app_paints() {
        let shown = text(page().show(&visitor(Language::En), &AuthStatus::SignedOut)).await;
        assert!(shown.contains("<title>Shop</title>"), "{shown}");
        assert!(shown.contains(r#"<div id="app"></div>"#), "{shown}");
    }

    fn ada() -> AuthStatus {
        AuthStatus::SignedIn {
            claims: Box::new(Claims {
                sub: "a".to_owned(),
                name: Some("</script><script>alert(1)</script>".to_owned()),
                ..Claims::default()
            }),
            session: SessionTimes {
                expires_in: 1,
                idle_expires_in: 1,
            },
            scopes: Vec::new(),
        }
    }

    #[tokio::test]
    async fn b077_a_claim_cannot_leave_the_data_block() {
        let shown = text(page().show(&visitor(Language::En), &ada())).await;
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
        let response = page().show_problem(
            &visitor(Language::En),
            Some(&AuthStatus::SignedOut),
            &problem,
        );
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
        for mark in [
            r#" lang="en""#,
            "<title>",
            r#" id="auth-status""#,
            r#" id="problem""#,
            r#" id="app""#,
        ] {
            assert!(Template::cut(&INDEX.replace(mark, "")).is_none(), "{mark}");
        }
    }

    #[test]
    fn the_projects_own_page_has_the_places_to_fill() {
        assert!(Template::cut(include_str!("../../index.html")).is_some());
    }
}
