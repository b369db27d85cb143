//! Lists, whole or page by page.

use crate::{
    Provider,
    domain::management::page::{Page, Query},
    error::ErrorResponse,
};
use axum::{extract::FromRequestParts, response::Response};
use http::{HeaderName, HeaderValue, Uri, header::LINK, request::Parts};
use serde::Serialize;

const TOTAL_NUMBER: HeaderName = HeaderName::from_static("total-number");

/// What a request asks of a list.
pub(crate) struct Asked {
    pub(crate) query: Query,
    page: Option<Page>,
    uri: Uri,
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = ErrorResponse;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ErrorResponse> {
        let uri = parts.uri.clone();
        let query: Query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        let page = Page::of(&query)?;
        Ok(Self { query, page, uri })
    }
}

impl Asked {
    /// The page that was asked for, or the whole list.
    pub(super) fn show(&self, provider: &Provider, list: &[impl Serialize]) -> Response {
        let Some(page) = self.page else {
            return super::ok(&list);
        };
        let total = list.len();
        let mut response = super::ok(&&list[page.range(total)]);
        let headers = response.headers_mut();
        headers.insert(TOTAL_NUMBER, HeaderValue::from(total));
        let path = self.uri.path();
        let path = path.strip_prefix("/api").unwrap_or(path);
        let address = provider.endpoint.address(path);
        for link in page.links(&address, &self.query, total) {
            if let Ok(link) = HeaderValue::from_str(&link) {
                headers.append(LINK, link);
            }
        }
        response
    }
}
