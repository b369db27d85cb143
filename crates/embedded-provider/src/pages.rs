//! The pages that people see. Templates are in `templates`, texts in `pages/texts`, scripts and styles in `pages/assets`.
//! No page has an inline script or style, and none loads anything from another host.

mod response;
mod sign_in;
mod texts;

pub(crate) use sign_in::{SignInPage, sign_in};

use crate::{
    domain::{application::Application, language::Language, oidc_error::OidcError, response_mode},
    flows::end_session::Question,
};
use askama::Template;
use axum::response::Response;
use http::StatusCode;
use response::{Forms, response};
use texts::Texts;

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    texts: &'a Texts,
    title: &'a str,
    lead: &'a str,
    code: &'a str,
    description: &'a str,
    home: Option<LinkHome>,
}

/// The page for a request that fails, with a link back to the application.
pub(crate) fn error(
    status: StatusCode,
    language: Language,
    application: Option<&Application>,
    error: &OidcError,
) -> Response {
    let texts = Texts::of(language);
    let (title, lead) = match error {
        OidcError::SessionNotFound(_) => (texts.session_over_title, texts.session_over_lead),
        OidcError::UnknownRoute { .. } => (texts.not_found_title, texts.not_found_lead),
        OidcError::NotSetUp(_) => (texts.not_set_up_title, texts.not_set_up_lead),
        _ => (texts.request_error_title, texts.request_error_lead),
    };
    let page = ErrorPage {
        texts,
        title,
        lead,
        code: error.code(),
        description: &error.description().unwrap_or_default(),
        home: LinkHome::new(texts, application),
    };
    response(status, &page, &Forms::default())
}

#[derive(Template)]
#[template(path = "sign_out.html")]
struct SignOutPage<'a> {
    texts: &'a Texts,
    application: Brand<'a>,
    action: &'a str,
    xsrf: &'a str,
}

/// The same form, which the page's script submits at once. While there is a session, only the button says `logout=yes`,
/// so that the form without its button means "stay", as in Logto.
#[derive(Template)]
#[template(path = "signing_out.html")]
struct SigningOutPage<'a> {
    texts: &'a Texts,
    application: Brand<'a>,
    action: &'a str,
    xsrf: &'a str,
    has_session: bool,
}

/// Asks whether to sign out. If the question is settled, the page submits itself.
pub(crate) fn sign_out(language: Language, action: &str, question: &Question) -> Response {
    let texts = Texts::of(language);
    let application = Brand(question.application_name.as_deref().unwrap_or_default());
    let xsrf = &question.xsrf;
    let origin = question
        .redirect_uri
        .as_deref()
        .and_then(response_mode::origin);
    let forms = Forms {
        other_origin: origin.as_deref(),
        post_here: true,
    };
    if question.is_settled {
        let page = SigningOutPage {
            texts,
            application,
            action,
            xsrf,
            has_session: question.has_session,
        };
        response(StatusCode::OK, &page, &forms)
    } else {
        let page = SignOutPage {
            texts,
            application,
            action,
            xsrf,
        };
        response(StatusCode::OK, &page, &forms)
    }
}

#[derive(Template)]
#[template(path = "signed_out.html")]
struct SignedOutPage<'a> {
    texts: &'a Texts,
    home: Option<LinkHome>,
}

/// The page after a sign-out that names no other address.
pub(crate) fn signed_out(language: Language, application: Option<&Application>) -> Response {
    let texts = Texts::of(language);
    let page = SignedOutPage {
        texts,
        home: LinkHome::new(texts, application),
    };
    response(StatusCode::OK, &page, &Forms::default())
}

#[derive(Template)]
#[template(path = "form_post.html")]
struct FormPostPage<'a> {
    texts: &'a Texts,
    action: &'a str,
    fields: &'a [(&'static str, String)],
}

/// An authorization response that the browser posts (OAuth 2.0 Form Post Response Mode, section 2).
pub(crate) fn form_post(action: &str, fields: &[(&'static str, String)]) -> Response {
    let page = FormPostPage {
        texts: Texts::of(Language::English),
        action,
        fields,
    };
    let origin = response_mode::origin(action);
    let forms = Forms {
        other_origin: origin.as_deref(),
        post_here: false,
    };
    response(StatusCode::OK, &page, &forms)
}

/// An application's name, with the tile before it.
#[derive(Clone, Copy)]
struct Brand<'a>(&'a str);

impl Brand<'_> {
    const fn name(&self) -> &str {
        self.0
    }

    /// The letter on the tile.
    fn initial(&self) -> String {
        let first = self.0.chars().next();
        first.map_or_else(String::new, |first| first.to_uppercase().to_string())
    }
}

/// A link back to the application.
struct LinkHome {
    address: String,
    label: String,
}

impl LinkHome {
    /// `None` if the application or its address is not known.
    fn new(texts: &Texts, application: Option<&Application>) -> Option<Self> {
        let application = application?;
        Some(Self {
            address: application.home()?,
            label: texts.back_to.replace("{application}", &application.name),
        })
    }
}
