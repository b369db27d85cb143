//! The frontend's pages. The bff fills each with the auth status, so that the first page that a person sees is right, and
//! works, before any script runs.

pub(crate) mod painted;
pub(crate) mod problem;
pub(crate) mod reader;
pub(crate) mod template;

use crate::{
    error::{mark_retry, status_of},
    page::{painted::Painted, reader::Reader, template::Template},
};
use axum::response::{Html, IntoResponse, Response};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{Extensions, HeaderMap, StatusCode, Version, header::RETRY_AFTER};
use sha2::{Digest as _, Sha256};
use shared::{AuthStatus, Language, Marker, Paint, Problem};
use std::{collections::HashMap, fs, io, path::Path, sync::Arc};
use tower_http::compression::CompressionLayer;

/// Every page in every language.
pub(crate) struct Pages {
    /// Empty if the frontend is not built.
    templates: HashMap<(Language, Paint), Arc<Template>>,
    style_source: String,
}

impl Pages {
    /// Reads `index.html` and the pages that were prepared from it. In place of a page that was not prepared it takes
    /// `index.html`, and the app paints the page. The folder may lack `index.html`: in development, `trunk serve` shows the page.
    pub(crate) fn read(dist: &Path) -> Result<Self, String> {
        let path = dist.join("index.html");
        let Some(index) = read_if_there(&path)? else {
            tracing::warn!(
                event = "frontend.missing",
                "no {}: build it with `cargo xtask dist`",
                path.display()
            );
            return Ok(Self {
                templates: HashMap::new(),
                style_source: style_source(None),
            });
        };
        let style = style_of(&index);
        let cut = |document: &str, path: &Path| {
            // The content security policy has one hash, so all pages have one style.
            let template = Template::cut(document).filter(|_| style_of(document) == style);
            template.map(Arc::new).ok_or_else(|| {
                let path = path.display();
                format!("{path} is not this version's page: build it with `cargo xtask dist`")
            })
        };
        let mut templates = HashMap::new();
        for language in Language::ALL {
            let index = index.replace(
                r#"<html lang="en">"#,
                &format!(r#"<html lang="{}">"#, language.tag()),
            );
            let unpainted = cut(&index, &path)?;
            for paint in Paint::all() {
                let path = dist.join(paint.file(language));
                let template = match read_if_there(&path)? {
                    Some(document) => cut(&document, &path)?,
                    None => Arc::clone(&unpainted),
                };
                templates.insert((language, paint), template);
            }
        }
        Ok(Self {
            templates,
            style_source: style_source(style),
        })
    }

    /// Whether the folder has a page.
    pub(crate) fn is_there(&self) -> bool {
        !self.templates.is_empty()
    }

    /// The source of the pages' style, for `style-src` of a content security policy.
    pub(crate) fn style_source(&self) -> &str {
        &self.style_source
    }

    /// The page for a person with this status.
    pub(crate) fn show(&self, reader: &Reader, status: &AuthStatus) -> Response {
        self.fill(StatusCode::OK, reader, Some(status), None)
    }

    /// The page as the response to a request that failed.
    pub(crate) fn show_problem(
        &self,
        reader: &Reader,
        status: Option<&AuthStatus>,
        problem: &Problem,
    ) -> Response {
        let mut response = self.fill(status_of(problem), reader, status, Some(problem));
        mark_retry(problem, &mut response);
        response
    }

    fn fill(
        &self,
        code: StatusCode,
        reader: &Reader,
        status: Option<&AuthStatus>,
        problem: Option<&Problem>,
    ) -> Response {
        let painted = Painted {
            path: reader.uri.path(),
            query: reader.uri.query().unwrap_or_default(),
            status,
            problem,
        };
        let Some(template) = self.templates.get(&(reader.language, painted.paint())) else {
            let advice =
                "The frontend is not built: run `cargo xtask dist` and start the bff again.";
            return (
                StatusCode::SERVICE_UNAVAILABLE,
                [(RETRY_AFTER, "5")],
                advice,
            )
                .into_response();
        };
        let document = template.fill(|marker| painted.text(marker));
        let mut response = (code, Html(document)).into_response();
        let reflects =
            template.has(Marker::ReturnTo) || problem.is_some_and(|it| it.detail.is_some());
        if !reflects || !matches!(status, Some(AuthStatus::SignedIn { .. })) {
            response.extensions_mut().insert(MayBeCompressed);
        }
        response
    }
}

/// Marks a page whose compressed length gives nothing away.
///
/// A page that holds claims and repeats parts of the request is not compressed: an attacker who makes a browser visit chosen
/// addresses and sees the length of the responses could guess a claim letter by letter (BREACH). A visitor's page holds
/// no claim, and the pages of a person who is signed in repeat nothing of the request unless something went wrong.
#[derive(Clone, Copy)]
struct MayBeCompressed;

type Predicate = fn(StatusCode, Version, &HeaderMap, &Extensions) -> bool;

/// Compresses pages. Other responses are compressed by the build, or too short.
pub(crate) fn compression() -> CompressionLayer<Predicate> {
    CompressionLayer::new()
        .compress_when(|_, _, _, extensions| extensions.get::<MayBeCompressed>().is_some())
}

/// The content of the document's style element.
fn style_of(document: &str) -> Option<&str> {
    let (_, style) = document.split_once("<style>")?;
    Some(style.split_once("</style>")?.0)
}

/// The hash of the style element (CSP Level 3, section 2.3.1); without one, style sheets of this site.
fn style_source(style: Option<&str>) -> String {
    style.map_or("'self'".to_owned(), |style| {
        format!("'sha256-{}'", STANDARD.encode(Sha256::digest(style)))
    })
}

fn read_if_there(path: &Path) -> Result<Option<String>, String> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("cannot read {}: {error}", path.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{Claims, ProblemCode, SessionTimes, View};

    const INDEX: &str = r#"<!doctype html><html lang="en"><head><title>Shop</title><style>a{}</style><script type="application/json" id="auth-status">--auth-status--</script><script type="application/json" id="problem">--problem--</script></head><div id="app"></div></html>"#;
    const HOME: Paint = Paint::Page {
        view: View::Home,
        is_authenticated: false,
    };

    /// The page of a folder with one prepared page: the index with these words.
    fn page_with(words: &str) -> Result<Pages, String> {
        let dist = tempfile::tempdir().unwrap();
        fs::write(dist.path().join("index.html"), INDEX).unwrap();
        let path = dist.path().join(HOME.file(Language::Japanese));
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, INDEX.replace("Shop", words)).unwrap();
        Pages::read(dist.path())
    }

    fn page() -> Pages {
        page_with("本").unwrap()
    }

    fn reader(language: Language) -> Reader {
        Reader {
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

    fn ada() -> AuthStatus {
        AuthStatus::SignedIn {
            claims: Box::new(Claims {
                sub: "a".to_owned(),
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
    async fn a_prepared_page_is_shown_with_the_status() {
        let page = page().show(&reader(Language::Japanese), &AuthStatus::SignedOut);
        assert_eq!(
            text(page).await,
            INDEX
                .replace("Shop", "本")
                .replace("--auth-status--", r#"{"isAuthenticated":false}"#)
                .replace("--problem--", "")
        );
    }

    #[tokio::test]
    async fn without_a_prepared_page_the_app_paints_in_the_persons_language() {
        let page = page().show(&reader(Language::SimplifiedChinese), &AuthStatus::SignedOut);
        let shown = text(page).await;
        assert!(shown.contains(r#"<html lang="zh-CN">"#), "{shown}");
        assert!(shown.contains("<title>Shop</title>"), "{shown}");
        assert!(shown.contains(r#"<div id="app"></div>"#), "{shown}");
    }

    #[tokio::test]
    async fn a_problem_has_its_own_status_and_says_when_to_come_back() {
        let problem = Problem::new(ProblemCode::ProviderUnavailable);
        let response = page().show_problem(
            &reader(Language::English),
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
    fn claims_are_not_compressed_beside_what_the_request_said() {
        let page = page_with("--return-to--").unwrap();
        let english = reader(Language::English);
        let japanese = reader(Language::Japanese);
        let problem = Problem::new(ProblemCode::InvalidRequest);
        let with_detail = problem.clone().with_detail("scope=x");
        for (response, expected) in [
            (page.show(&japanese, &AuthStatus::SignedOut), true),
            (page.show(&english, &ada()), true),
            (page.show_problem(&english, Some(&ada()), &problem), true),
            (
                page.show_problem(&english, Some(&ada()), &with_detail),
                false,
            ),
            (page.show_problem(&english, None, &with_detail), true),
        ] {
            let marked = response.extensions().get::<MayBeCompressed>().is_some();
            assert_eq!(marked, expected);
        }
    }

    #[test]
    fn the_policy_names_the_style_that_all_pages_have() {
        let digest = STANDARD.encode(Sha256::digest("a{}"));
        assert_eq!(page().style_source(), format!("'sha256-{digest}'"));
        let other = page_with("</title><style>b{}</style><title>");
        assert!(other.is_err_and(|error| error.ends_with("build it with `cargo xtask dist`")));
        assert_eq!(style_source(None), "'self'");
    }

    #[test]
    fn a_folder_without_a_page_is_no_fault() {
        let dist = tempfile::tempdir().unwrap();
        let page = Pages::read(dist.path()).unwrap();
        assert!(!page.is_there());
        let shown = page.show(&reader(Language::English), &AuthStatus::SignedOut);
        assert_eq!(shown.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
