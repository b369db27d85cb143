//! Discovery (OpenID Connect Discovery 1.0, section 4; RFC 8414). It lists only what this provider supports.

use crate::{
    Provider,
    domain::{client_assertion, scope},
    endpoints::response,
    keys,
};
use axum::{extract::State, response::Response};
use http::{HeaderMap, StatusCode, header::HOST, uri::Authority};
use serde_json::json;
use url::Url;

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

/// The metadata document. As at a Logto, the endpoints are at the host that the client asks, and the issuer stays.
pub(crate) async fn get(State(provider): State<Provider>, headers: HeaderMap) -> Response {
    let issuer = provider.issuer();
    let asked = asked_at(issuer, &headers).unwrap_or_else(|| issuer.to_owned());
    let below = |path: &str| format!("{asked}{path}");
    let metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": below("/auth"),
        "token_endpoint": below("/token"),
        "userinfo_endpoint": below("/me"),
        "jwks_uri": below("/jwks"),
        "pushed_authorization_request_endpoint": below("/request"),
        "introspection_endpoint": below("/token/introspection"),
        "revocation_endpoint": below("/token/revocation"),
        "end_session_endpoint": below("/session/end"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["form_post", "fragment", "query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": [
            "client_secret_basic", "client_secret_jwt", "client_secret_post",
        ],
        "token_endpoint_auth_signing_alg_values_supported": [client_assertion::ALGORITHM],
        "id_token_signing_alg_values_supported": [keys::ALGORITHM],
        "subject_types_supported": ["public"],
        "claim_types_supported": ["normal"],
        "scopes_supported": scope::SUPPORTED,
        "claims_supported": CLAIMS,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
    });
    response::json(StatusCode::OK, &metadata)
}

fn asked_at(issuer: &str, headers: &HeaderMap) -> Option<String> {
    let host: Authority = headers.get(HOST)?.to_str().ok()?.parse().ok()?;
    let mut url = Url::parse(issuer).ok()?;
    url.set_host(Some(host.host())).ok()?;
    url.set_port(host.port_u16()).ok()?;
    Some(url.into())
}
