//! Discovery (OpenID Connect Discovery 1.0, section 4; RFC 8414): only what works here.

use crate::{Provider, domain::scope, endpoints::answer, keys};
use axum::{extract::State, response::Response};
use http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct Metadata {
    authorization_endpoint: String,
    claims_parameter_supported: bool,
    claims_supported: &'static [&'static str],
    code_challenge_methods_supported: [&'static str; 1],
    end_session_endpoint: String,
    grant_types_supported: [&'static str; 2],
    issuer: String,
    jwks_uri: String,
    authorization_response_iss_parameter_supported: bool,
    response_modes_supported: [&'static str; 3],
    response_types_supported: [&'static str; 1],
    scopes_supported: [&'static str; 11],
    subject_types_supported: [&'static str; 1],
    token_endpoint_auth_methods_supported: [&'static str; 2],
    token_endpoint: String,
    id_token_signing_alg_values_supported: [&'static str; 1],
    request_parameter_supported: bool,
    request_uri_parameter_supported: bool,
    userinfo_endpoint: String,
    revocation_endpoint: String,
    backchannel_logout_supported: bool,
    backchannel_logout_session_supported: bool,
    claim_types_supported: [&'static str; 1],
}

const CLAIMS: [&str; 21] = [
    "sub",
    "name",
    "picture",
    "updated_at",
    "username",
    "created_at",
    "email",
    "email_verified",
    "phone_number",
    "phone_number_verified",
    "custom_data",
    "identities",
    "sso_identities",
    "roles",
    "organizations",
    "organization_data",
    "organization_roles",
    "sid",
    "auth_time",
    "nonce",
    "iss",
];

/// The metadata document.
pub(crate) async fn get(State(provider): State<Provider>) -> Response {
    let issuer = provider.issuer();
    let below = |path: &str| format!("{issuer}{path}");
    let metadata = Metadata {
        authorization_endpoint: below("/auth"),
        claims_parameter_supported: false,
        claims_supported: &CLAIMS,
        code_challenge_methods_supported: ["S256"],
        end_session_endpoint: below("/session/end"),
        grant_types_supported: ["authorization_code", "refresh_token"],
        issuer: issuer.to_owned(),
        jwks_uri: below("/jwks"),
        authorization_response_iss_parameter_supported: true,
        response_modes_supported: ["form_post", "fragment", "query"],
        response_types_supported: ["code"],
        scopes_supported: scope::SUPPORTED,
        subject_types_supported: ["public"],
        token_endpoint_auth_methods_supported: ["client_secret_basic", "client_secret_post"],
        token_endpoint: below("/token"),
        id_token_signing_alg_values_supported: [keys::ALGORITHM],
        request_parameter_supported: false,
        request_uri_parameter_supported: false,
        userinfo_endpoint: below("/me"),
        revocation_endpoint: below("/token/revocation"),
        backchannel_logout_supported: false,
        backchannel_logout_session_supported: false,
        claim_types_supported: ["normal"],
    };
    answer::json(StatusCode::OK, &metadata)
}
