//! A rendered page as a response, with the headers that every page has.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_FRAME_OPTIONS},
};

/// The targets of a page's forms, for its content security policy.
#[derive(Default)]
pub(super) struct Forms<'a> {
    /// Another origin that a form posts or redirects to. Chromium applies `form-action` to redirects as well.
    pub(super) other_origin: Option<&'a str>,
    /// Whether a form posts to this provider. The browser must then send `Origin`, which it leaves out under the referrer
    /// policy `no-referrer`.
    pub(super) post_here: bool,
}

/// Renders a page.
pub(super) fn response(status: StatusCode, page: &impl Template, forms: &Forms<'_>) -> Response {
    let html = match page.render() {
        Ok(html) => html,
        Err(error) => {
            tracing::error!(%error, "a page cannot be rendered");
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        }
    };
    let mut response = (status, html).into_response();
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    if forms.post_here {
        headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    }
    if let Ok(policy) = HeaderValue::from_str(&content_security_policy(forms)) {
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    response
}

fn content_security_policy(forms: &Forms<'_>) -> String {
    let other_origin = forms
        .other_origin
        .map_or_else(String::new, |origin| format!(" {origin}"));
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
         form-action 'self'{other_origin}; frame-ancestors 'none'; base-uri 'none'"
    )
}
