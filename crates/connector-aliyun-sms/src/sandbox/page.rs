//! The inbox page. The template has its texts, its script loads the messages.

use super::{language::Language, texts::Texts};
use askama::Template;
use axum::{
    extract::Query,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            ACCEPT_LANGUAGE, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY,
            VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    response::{Html, IntoResponse, Response},
};
use serde::Deserialize;

const STYLE: &str = include_str!("inbox/inbox.css");
const STYLE_OF_PHONES: &str = include_str!("inbox/phones.css");
const SCRIPT: &str = include_str!("inbox/inbox.js");
const ICON: &str = include_str!("inbox/icon.svg");

/// The headers of every page and API response: load own files only, never be framed, never be cached.
const SECURITY: [(HeaderName, &str); 6] = [
    (
        CONTENT_SECURITY_POLICY,
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    (REFERRER_POLICY, "no-referrer"),
    (CACHE_CONTROL, "no-store"),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

#[derive(Template)]
#[template(path = "inbox.html")]
struct InboxPage {
    language: Language,
    texts: &'static Texts,
}

impl InboxPage {
    fn new(language: Language) -> Self {
        Self {
            language,
            texts: Texts::of(language),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct PageQuery {
    lang: Option<String>,
}

pub(super) async fn inbox(Query(query): Query<PageQuery>, headers: HeaderMap) -> Response {
    let accept_language = headers
        .get(ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let language = Language::choose(query.lang.as_deref(), accept_language);
    match InboxPage::new(language).render() {
        Ok(page) => ([(VARY, "accept-language")], Html(page)).into_response(),
        Err(error) => {
            tracing::error!(%error, "the inbox page cannot be rendered");
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

pub(super) async fn style() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE)
}

pub(super) async fn style_of_phones() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], STYLE_OF_PHONES)
}

pub(super) async fn script() -> impl IntoResponse {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], SCRIPT)
}

pub(super) async fn icon() -> impl IntoResponse {
    ([(CONTENT_TYPE, "image/svg+xml")], ICON)
}

pub(super) async fn secured(mut response: Response) -> Response {
    for (name, value) in SECURITY {
        response
            .headers_mut()
            .insert(name, HeaderValue::from_static(value));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_marks_its_language_among_all_languages() {
        for language in Language::ALL {
            let page = InboxPage::new(language).render().unwrap();
            assert!(page.contains(&format!("<html lang=\"{}\"", language.tag())));
            assert_eq!(page.matches("aria-current=\"true\"").count(), 1);
            assert_eq!(page.matches("aria-current=\"false\"").count(), 2);
        }
    }

    #[test]
    fn the_page_needs_nothing_inline_and_nothing_from_elsewhere() {
        let page = InboxPage::new(Language::English).render().unwrap();
        for forbidden in [
            "<style", "style=", "onclick", "http://", "https://", "<script>",
        ] {
            assert!(!page.contains(forbidden), "{forbidden}");
        }
        assert!(!SCRIPT.contains("innerHTML"));
    }
}
