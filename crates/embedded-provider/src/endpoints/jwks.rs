//! The public keys, `/oidc/jwks` (RFC 7517, section 5).

use crate::Provider;
use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::json;

/// The key set.
pub(crate) async fn get(State(provider): State<Provider>) -> Response {
    let headers = [
        (CONTENT_TYPE, "application/jwk-set+json; charset=utf-8"),
        (CACHE_CONTROL, "no-cache, max-age=0, must-revalidate"),
    ];
    let keys = json!({"keys": [provider.keys.public()]});
    (headers, keys.to_string()).into_response()
}
