//! Sign-out, `/oidc/session/end` (OpenID Connect RP-Initiated Logout 1.0).

use crate::{
    Provider, cookies,
    domain::{language, oidc_error::OidcError, parameters::Parameters},
    endpoints::{
        answer,
        form::Form,
        query_or_form::QueryOrForm,
        shown_error::{accept_language, shown},
    },
    error::ErrorAnswer,
    flows::end_session::{answer as answer_question, ask},
    pages,
};
use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::Response,
};

/// Asks the person, on a page that answers itself when there is nothing to ask.
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

/// `POST /oidc/session/end/confirm`: the answer of our own page.
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
            let response = answer::see_other(&answered.location);
            answer::with_cookies(response, cookies.into_iter().collect())
        }
        Err(error) => show(&provider, &headers, error),
    }
}

/// `GET /oidc/session/end/success`: where a sign-out ends that has nowhere else to go.
pub(crate) async fn success(
    State(provider): State<Provider>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Response {
    let parameters = Parameters::parse(query.as_deref().unwrap_or_default());
    let language = page_language(&provider, &headers, &parameters);
    pages::signed_out(language, provider.applications.named_or_only(None))
}

fn page_language(
    provider: &Provider,
    headers: &HeaderMap,
    parameters: &Parameters,
) -> language::Language {
    language::choose(&language::wished_tags(
        parameters.optional("ui_locales").ok().flatten(),
        accept_language(headers),
        &provider.experience.language_info,
    ))
}

fn show(provider: &Provider, headers: &HeaderMap, error: OidcError) -> Response {
    let body = ErrorAnswer::from(error.clone());
    shown(provider, headers, None, &error, body)
}
