//! Access tokens for the Management API.

use crate::domain::management::error::ManagementError;
use serde::{Deserialize, Serialize};

/// The API resource of the Management API.
pub(crate) const RESOURCE: &str = "https://default.logto.app/api";
/// The only scope of it.
pub(crate) const ALL: &str = "all";
/// The type in the header of a token (RFC 9068, section 2.1).
pub(crate) const TYPE: &str = "at+jwt";

/// The claims of a token.
#[derive(Serialize, Deserialize)]
pub(crate) struct AccessTokenClaims {
    pub(crate) jti: String,
    pub(crate) sub: String,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<String>,
    pub(crate) client_id: String,
    pub(crate) iss: String,
    pub(crate) aud: String,
}

impl AccessTokenClaims {
    /// Whether the token gives access now. `issuers` are those of this installation. The signature is checked before.
    pub(crate) fn check(&self, issuers: &[&str], now: i64) -> Result<(), ManagementError> {
        if self.exp <= now {
            return Err(ManagementError::BadToken("ERR_JWT_EXPIRED", "JWTExpired"));
        }
        if self.aud != RESOURCE || !issuers.contains(&self.iss.as_str()) {
            return Err(ManagementError::BadToken(
                "ERR_JWT_CLAIM_VALIDATION_FAILED",
                "JWTClaimValidationFailed",
            ));
        }
        let scope = self.scope.as_deref().unwrap_or_default();
        if scope.split(' ').any(|scope| scope == ALL) {
            Ok(())
        } else {
            Err(ManagementError::Forbidden)
        }
    }
}

/// The granted part of the requested scopes.
pub(crate) fn granted(requested: Option<&str>) -> Option<String> {
    requested?
        .split(' ')
        .any(|scope| scope == ALL)
        .then(|| ALL.to_owned())
}
