//! Who reads a response: a person in a browser or a program, in which language, at which address.

use crate::request::{cookies::Cookies, fetch_metadata::wants_page, language};
use axum::extract::{FromRequestParts, Request};
use http::{HeaderMap, Uri, request::Parts};
use shared::Language;
use std::convert::Infallible;

/// What the words of a response depend on.
pub(crate) struct Reader {
    /// Whether a browser shows the response to a person; else a program reads it.
    pub(crate) wants_page: bool,
    pub(crate) language: Language,
    pub(crate) uri: Uri,
}

impl Reader {
    fn of(headers: &HeaderMap, cookies: &Cookies, uri: &Uri) -> Self {
        Self {
            wants_page: wants_page(headers),
            language: language::of_reader(headers, cookies),
            uri: uri.clone(),
        }
    }

    /// For layers outside of those that read cookies. `None` for a program, which reads no words.
    pub(crate) fn of_page_request(request: &Request) -> Option<Self> {
        let headers = request.headers();
        wants_page(headers).then(|| Self::of(headers, &Cookies::read(headers), request.uri()))
    }
}

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let cookies = Cookies::from_request_parts(parts, state).await?;
        Ok(Self::of(&parts.headers, &cookies, &parts.uri))
    }
}
