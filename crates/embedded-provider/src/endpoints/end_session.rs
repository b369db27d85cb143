//! Sign-out, `/oidc/session/end` (OpenID Connect RP-Initiated Logout 1.0).

use crate::{
    Provider, cookies,
    domain::{language, oidc_error::OidcError, parameters::Parameters},
    endpoints::{
        form::Form,
        query_or_form::QueryOrForm,
        response,
        shown_error::{preferred_languages, shown},
    },
    error::ErrorResponse,
    flows::end_session::{answer as answer_question, ask},
    pages,
};
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};

/// Shows the question. If no answer is needed, the page submits itself.
pub(crate) async fn question(
    State(provider): State<Provider>,
    headers: HeaderMap,
    QueryOrForm(parameters): QueryOrForm,
) -> Response {
    let session = cookies::read(&headers, cookies::SESSION);
    match ask(&provider, &parameters, session).await {
        Ok(question) => pages::sign_out(
            page_language(&provider, &headers, &parameters),
            &provider.endpoint.address("/oidc/session/end/confirm"),
            &question,
        ),
        Err(error) => show(&provider, &headers, error),
    }
}

/// `POST /oidc/session/end/confirm`: the answer from our own page.
pub(crate) async fn confirm(
    State(provider): State<Provider>,
    headers: HeaderMap,
    Form(parameters): Form,
) -> Response {
    let session = cookies::read(&headers, cookies::SESSION);
    match answer_question(&provider, &parameters, session).await {
        Ok(answered) => {
            let gone = provider.cookies.remove(cookies::SESSION, "/");
            let cookies = answered.is_signed_out.then_some(gone);
            let response = response::see_other(&answered.location);
            response::with_cookies(response, cookies.into_iter().collect())
        }
        Err(error) => show(&provider, &headers, error),
    }
}

/// `GET /oidc/session/end/success`: the page after a sign-out without a redirect URI.
pub(crate) async fn success(
    State(provider): State<Provider>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    let language = page_language(&provider, &headers, &parameters);
    let application = provider.tenant().applications.named_or_only(None);
    pages::signed_out(language, application.as_deref())
}

fn page_language(
    provider: &Provider,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> language::Language {
    let ui_locales = parameters.optional("ui_locales").ok().flatten();
    language::choose(&preferred_languages(provider, headers, ui_locales))
}

fn show(provider: &Provider, headers: &HeaderMap, error: OidcError) -> Response {
    let body = ErrorResponse::from(error.clone());
    shown(provider, headers, None, &error, body)
}
