//! The userinfo endpoint, `/oidc/me` (OpenID Connect Core 1.0, section 5.3).

use crate::{
    Provider,
    domain::oidc_error::OidcError,
    endpoints::{form::Form, response},
    error::ErrorResponse,
    flows::userinfo,
};
use axum::{
    extract::{FromRequest, Request, State},
    response::Response,
};
use http::{
    HeaderMap, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};

/// Takes the token from the header.
pub(crate) async fn get(
    State(provider): State<Provider>,
    headers: HeaderMap,
) -> Result<Response, ErrorResponse> {
    let token = bearer(&headers).map(|token| token.map(str::to_owned));
    claims(&provider, token).await
}

/// Takes the token from the header or from a form (RFC 6750, section 2.2), but not from both.
pub(crate) async fn post(
    State(provider): State<Provider>,
    request: Request,
) -> Result<Response, ErrorResponse> {
    let token = bearer(request.headers()).map(|token| token.map(str::to_owned));
    let posted = if request.headers().contains_key(CONTENT_TYPE) {
        let Form(form) = Form::from_request(request, &()).await?;
        form.optional("access_token")?.map(str::to_owned)
    } else {
        None
    };
    let token = match (token, posted) {
        (Ok(Some(_)), Some(_)) => Err(OidcError::invalid_request(
            "access token must only be provided using one mechanism",
        )),
        (Ok(None), posted) => Ok(posted),
        (token, _) => token,
    };
    claims(&provider, token).await
}

async fn claims(
    provider: &Provider,
    token: Result<Option<String>, OidcError>,
) -> Result<Response, ErrorResponse> {
    let found = async {
        let token = token?.ok_or(OidcError::NoAccessToken)?;
        userinfo::claims(provider, &token).await
    };
    let claims = found
        .await
        .map_err(|error| ErrorResponse::from(error).challenge("Bearer", provider.issuer()))?;
    Ok(response::json(StatusCode::OK, &claims))
}

/// The token of `Authorization: Bearer …`.
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, OidcError> {
    let Some(header) = headers.get(AUTHORIZATION) else {
        return Ok(None);
    };
    header
        .to_str()
        .ok()
        .and_then(|header| header.split_once(' '))
        .filter(|(scheme, token)| scheme.eq_ignore_ascii_case("bearer") && !token.is_empty())
        .map(|(_, token)| Some(token))
        .ok_or(OidcError::InvalidRequest(
            "invalid authorization header value format".into(),
        ))
}
