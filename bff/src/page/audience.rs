//! Who asks: for a page or for data, in which language, for which address.

use crate::request::{cookies::Cookies, fetch_metadata::wants_page, language::Language};
use axum::extract::{FromRequestParts, Request};
use http::{HeaderMap, Uri, request::Parts};
use std::convert::Infallible;

/// What an answer in words depends on.
pub(crate) struct Visitor {
    /// A person's browser shows the answer; else a program reads it.
    pub(crate) wants_page: bool,
    pub(crate) language: Language,
    pub(crate) uri: Uri,
}

impl Visitor {
    fn of(headers: &HeaderMap, cookies: &Cookies, uri: &Uri) -> Self {
        Self {
            wants_page: wants_page(headers),
            language: Language::of(headers, cookies),
            uri: uri.clone(),
        }
    }

    /// For layers outside of those that read cookies; only of whoever wants a page, for a program reads no words.
    pub(crate) fn who_wants_a_page(request: &Request) -> Option<Self> {
        let headers = request.headers();
        wants_page(headers).then(|| Self::of(headers, &Cookies::read(headers), request.uri()))
    }
}

impl<S: Sync> FromRequestParts<S> for Visitor {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Infallible> {
        let cookies = Cookies::from_request_parts(parts, state).await?;
        Ok(Self::of(&parts.headers, &cookies, &parts.uri))
    }
}
