//! The authorization response (OpenID Connect Core 1.0, section 3.1.2.5): the query of the callback.

use crate::{Client, MetadataError, OAuthError};
use openidconnect::AuthorizationCode;
use std::fmt;
use url::form_urlencoded;

/// The parameters of the query. Do not trust them until `state` has found the request that they respond to.
pub struct AuthorizationResponse {
    /// Finds the request that this is the response to. `None` when it is missing, or a parameter came twice.
    pub unverified_state: Option<String>,
    /// The issuer (RFC 9207).
    pub unverified_iss: Option<String>,
    /// How the request ended.
    pub outcome: Outcome,
}

/// How an authorization request ended.
pub enum Outcome {
    /// A code to exchange.
    Code(AuthorizationCode),
    /// The provider's error.
    Refused(OAuthError),
    /// Neither a code nor an error, or a parameter twice.
    Malformed,
}

impl AuthorizationResponse {
    /// Reads a query. A repeated parameter makes the response malformed (RFC 6749, section 3.1), and an `error` wins over a
    /// code.
    #[must_use]
    pub fn read(query: &str) -> Self {
        let mut twice = false;
        let mut only = |wanted: &str| {
            let mut values =
                form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == wanted);
            let value = values.next().map(|(_, value)| value.into_owned());
            twice |= values.next().is_some();
            value
        };
        let (state, iss, error, code) = (only("state"), only("iss"), only("error"), only("code"));
        let outcome = match (error.as_deref(), code) {
            _ if twice => Outcome::Malformed,
            (Some(error), _) => Outcome::Refused(OAuthError::read(error)),
            (None, Some(code)) if !code.is_empty() => Outcome::Code(AuthorizationCode::new(code)),
            (None, _) => Outcome::Malformed,
        };
        Self {
            unverified_state: state.filter(|_| !twice),
            unverified_iss: iss,
            outcome,
        }
    }
}

impl Client {
    /// Whether the response comes from the issuer (RFC 9207): a provider that promises `iss` must send it, and any `iss`
    /// must be that of the issuer.
    ///
    /// # Errors
    /// As [`Client::metadata`].
    pub async fn is_from_issuer(
        &self,
        response: &AuthorizationResponse,
    ) -> Result<bool, MetadataError> {
        match &response.unverified_iss {
            Some(iss) => Ok(iss == self.config.issuer.as_str()),
            None => Ok(!self
                .metadata()
                .await?
                .additional_metadata()
                .authorization_response_iss_parameter_supported),
        }
    }
}

impl fmt::Debug for Outcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Code(_) => formatter.write_str("Code"),
            Self::Refused(error) => write!(formatter, "Refused({error})"),
            Self::Malformed => formatter.write_str("Malformed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_read_as_what_it_is() {
        for (query, expected) in [
            (
                "code=abc&state=s&iss=https%3A%2F%2Flogto.example%2Foidc",
                "Code",
            ),
            (
                "state=s&error=access_denied&error_description=no",
                "Refused(access_denied)",
            ),
            ("state=s&error=login_required", "Refused(login_required)"),
            (
                "state=s&error=consent_required",
                "Refused(consent_required)",
            ),
            ("state=s&error=server_error", "Refused(server_error)"),
            (
                "state=s&error=server_error&code=abc",
                "Refused(server_error)",
            ),
            ("state=s&code=", "Malformed"),
            ("state=s", "Malformed"),
            ("state=s&code=a&code=b", "Malformed"),
            ("state=s&access_token=a", "Malformed"),
            ("", "Malformed"),
        ] {
            let response = AuthorizationResponse::read(query);
            assert_eq!(format!("{:?}", response.outcome), expected, "{query}");
        }
    }

    #[test]
    fn a_state_that_comes_twice_is_none() {
        assert_eq!(
            AuthorizationResponse::read("state=a&state=a&code=c").unverified_state,
            None
        );
        assert_eq!(
            AuthorizationResponse::read("state=a%20&code=c")
                .unverified_state
                .as_deref(),
            Some("a ")
        );
    }
}
