//! The pages that people see. Templates are in `pages/html`, sentences in `pages/texts`, scripts and styles in
//! `pages/assets`. No page has an inline script or style, and none asks another host for anything.

mod layout;
mod sign_in;
mod template;
mod texts;

pub(crate) use sign_in::{SignInPage, sign_in};

use crate::{
    domain::{application::Application, language::Language, oidc_error::OidcError, response_mode},
    flows::end_session::Question,
};
use axum::response::Response;
use http::StatusCode;
use layout::Page;
use template::fill;
use texts::Texts;

/// A request that cannot go on, with a way on.
pub(crate) fn error(
    status: StatusCode,
    language: Language,
    application: Option<&Application>,
    error: &OidcError,
) -> Response {
    let texts = Texts::of(language);
    let kind = match error {
        OidcError::SessionNotFound(_) => "session_over",
        OidcError::UnknownRoute { .. } => "not_found",
        _ => "request_error",
    };
    let part = |name: &str| texts.get(&format!("{kind}_{name}"));
    let description = error.description().unwrap_or_default();
    let body = fill(
        include_str!("pages/html/error.html"),
        &[
            ("title", part("title")),
            ("lead", part("lead")),
            ("code", error.code()),
            ("description", &description),
        ],
    );
    Page {
        title: part("title"),
        body: &format!("{body}{}", way_on(texts, application)),
        ..Page::new(language)
    }
    .response(status)
}

/// The question whether to sign out; when there is nothing to ask, the page answers itself.
pub(crate) fn sign_out(language: Language, action: &str, question: &Question) -> Response {
    let texts = Texts::of(language);
    let (template, title) = if question.is_settled {
        (
            include_str!("pages/html/signing_out.html"),
            "signing_out_title",
        )
    } else {
        (include_str!("pages/html/sign_out.html"), "sign_out_title")
    };
    let application = question.application_name.as_deref().unwrap_or_default();
    let body = fill(
        template,
        &[
            ("action", action),
            ("xsrf", &question.xsrf),
            ("application", application),
            ("initial", &initial(application)),
            ("title", texts.get(title)),
            ("lead", texts.get("sign_out_lead")),
            ("sign_out", texts.get("sign_out")),
            ("stay", texts.get("stay_signed_in")),
            ("continue", texts.get("continue")),
        ],
    );
    let origin = question
        .redirect_uri
        .as_deref()
        .and_then(response_mode::origin);
    Page {
        title: texts.get(title),
        body: &body,
        script: question.is_settled.then_some("submit.js"),
        form_target: origin.as_deref(),
        has_own_form: true,
        ..Page::new(language)
    }
    .response(StatusCode::OK)
}

/// After a sign-out that leads nowhere else.
pub(crate) fn signed_out(language: Language, application: Option<&Application>) -> Response {
    let texts = Texts::of(language);
    let body = fill(
        include_str!("pages/html/signed_out.html"),
        &[
            ("title", texts.get("signed_out_title")),
            ("lead", texts.get("signed_out_lead")),
        ],
    );
    Page {
        title: texts.get("signed_out_title"),
        body: &format!("{body}{}", way_on(texts, application)),
        ..Page::new(language)
    }
    .response(StatusCode::OK)
}

/// An authorization response that the browser posts (OAuth 2.0 Form Post Response Mode, section 2).
pub(crate) fn form_post(action: &str, fields: &[(&'static str, String)]) -> Response {
    let language = Language::English;
    let texts = Texts::of(language);
    let inputs: String = fields
        .iter()
        .map(|(name, value)| {
            fill(
                r#"<input type="hidden" name="{{name}}" value="{{value}}"/>"#,
                &[("name", name), ("value", value)],
            )
        })
        .collect();
    let body = fill(
        include_str!("pages/html/form_post.html"),
        &[
            ("action", action),
            ("title", texts.get("returning_title")),
            ("continue", texts.get("continue")),
        ],
    )
    .replace("<!-- fields -->", &inputs);
    Page {
        title: texts.get("returning_title"),
        body: &body,
        script: Some("submit.js"),
        form_target: response_mode::origin(action).as_deref(),
        ..Page::new(language)
    }
    .response(StatusCode::OK)
}

/// The letter on the tile beside an application's name.
fn initial(name: &str) -> String {
    name.chars()
        .next()
        .map(|first| first.to_uppercase().to_string())
        .unwrap_or_default()
}

/// A link back to the application, when it is known which one.
fn way_on(texts: &Texts, application: Option<&Application>) -> String {
    let Some((application, home)) =
        application.and_then(|application| Some((application, application.home()?)))
    else {
        return String::new();
    };
    let label = texts
        .get("back_to")
        .replace("{application}", &application.name);
    fill(
        r#"<a class="button" href="{{home}}">{{label}}</a>"#,
        &[("home", &home), ("label", &label)],
    )
}
