//! JSON Web Tokens at endpoints for opaque tokens. A JSON Web Token cannot be introspected or revoked, as in Logto.

use crate::domain::oidc_error::OidcError;
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Map, Value};

/// Refuses a token that has the header of a JSON Web Token. `endpoint` is `introspection` or `revocation`.
pub(crate) fn refuse(token: &str, endpoint: &'static str) -> Result<(), OidcError> {
    let parts: Vec<&str> = token.split('.').collect();
    let is_structured = matches!(parts.len(), 3 | 5)
        && BASE64_URL_SAFE_NO_PAD
            .decode(parts[0])
            .is_ok_and(|header| serde_json::from_slice::<Map<String, Value>>(&header).is_ok());
    if is_structured {
        Err(OidcError::StructuredToken(endpoint))
    } else {
        Ok(())
    }
}
