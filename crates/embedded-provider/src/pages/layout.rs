//! What every page has: head, card, and the headers that keep it to itself.

use crate::{
    domain::language::Language,
    pages::{template::fill, texts::Texts},
};
use axum::response::{IntoResponse, Response};
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, X_FRAME_OPTIONS},
};

/// A page to write.
pub(super) struct Page<'a> {
    pub(super) language: Language,
    pub(super) title: &'a str,
    /// HTML: filled templates, never a raw value.
    pub(super) body: &'a str,
    /// A script of ours, by its name below `/assets/`.
    pub(super) script: Option<&'a str>,
    /// Another origin that a form of the page may lead to. Chromium applies `form-action` to redirects as well.
    pub(super) form_target: Option<&'a str>,
    /// Whether a form of the page goes to this provider. Under `no-referrer` a browser would not say in `Origin` that
    /// the form is ours.
    pub(super) has_own_form: bool,
}

impl Page<'_> {
    pub(super) const fn new(language: Language) -> Self {
        Self {
            language,
            title: "",
            body: "",
            script: None,
            form_target: None,
            has_own_form: false,
        }
    }

    /// The answer with its headers.
    pub(super) fn response(&self, status: StatusCode) -> Response {
        let script = self.script.map_or_else(String::new, |name| {
            fill(
                r#"<script type="module" src="/assets/{{name}}"></script>"#,
                &[("name", name)],
            )
        });
        let texts = Texts::of(self.language);
        let html = fill(
            include_str!("html/layout.html"),
            &[
                ("language", self.language.tag()),
                ("title", self.title),
                ("development", texts.get("development")),
            ],
        )
        .replace("<!-- script -->", &script)
        .replace("<!-- body -->", self.body);
        let mut response = (status, html).into_response();
        let headers = response.headers_mut();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/html; charset=utf-8"),
        );
        headers.insert(X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
        if self.has_own_form {
            headers.insert(REFERRER_POLICY, HeaderValue::from_static("same-origin"));
        }
        if let Ok(policy) = HeaderValue::from_str(&self.policy()) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }

    fn policy(&self) -> String {
        let form_target = self
            .form_target
            .map_or_else(String::new, |origin| format!(" {origin}"));
        format!(
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
             form-action 'self'{form_target}; frame-ancestors 'none'; base-uri 'none'"
        )
    }
}
