//! The authorization endpoint, `/oidc/auth` (OpenID Connect Core 1.0, section 3.1.2).

use crate::{
    Provider, cookies,
    domain::{
        authorization_request::{AuthorizationError, AuthorizationRequest},
        next_step::Done,
        oidc_error::OidcError,
    },
    endpoints::{query_or_form::QueryOrForm, response, shown_error::shown},
    error::ErrorResponse,
    flows::{authorize as flow, hint, pushed_request},
};
use axum::{extract::State, http::HeaderMap, response::Response};

/// Begins a sign-in, or responds at once.
pub(crate) async fn authorize(
    State(provider): State<Provider>,
    headers: HeaderMap,
    QueryOrForm(parameters): QueryOrForm,
) -> Response {
    let client_id = parameters.optional("client_id").ok().flatten();
    let client_id = client_id.map(str::to_owned);
    let parameters = match pushed_request::resolve(&provider, parameters).await {
        Ok(parameters) => parameters,
        Err(error) => {
            let body = ErrorResponse::from(error.clone()).of_authorization(None, provider.issuer());
            return shown(&provider, &headers, client_id.as_deref(), &error, body);
        }
    };
    let user_of_hint = |hint: &str, client_id: &str| hint::user(&provider, hint, client_id);
    let tenant = provider.tenant();
    let request = match AuthorizationRequest::parse(&parameters, &tenant.applications, user_of_hint)
    {
        Ok(request) => request,
        Err(AuthorizationError::Sent { error, target }) => {
            return response::authorization_response(target.error(&error, provider.issuer()));
        }
        Err(AuthorizationError::Shown { error, state }) => {
            let body =
                ErrorResponse::from(error.clone()).of_authorization(state, provider.issuer());
            return shown(&provider, &headers, client_id.as_deref(), &error, body);
        }
    };
    begin(&provider, &headers, &request)
        .await
        .unwrap_or_else(|error| {
            response::authorization_response(request.target.error(&error, provider.issuer()))
        })
}

async fn begin(
    provider: &Provider,
    headers: &HeaderMap,
    request: &AuthorizationRequest,
) -> Result<Response, OidcError> {
    let secret = cookies::read(headers, cookies::SESSION);
    let session = flow::session(provider, secret).await?;
    let step = flow::proceed(provider, request, session.as_ref(), Done::default()).await?;
    let secret = secret.filter(|_| session.is_some());
    Ok(response::of_step(provider, step, secret))
}
