//! Proof Key for Code Exchange (RFC 7636), with S256 only.

use crate::domain::{oidc_error::OidcError, parameters::Parameters};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// A code challenge made with S256.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct CodeChallenge(String);

impl CodeChallenge {
    /// Reads `code_challenge` and `code_challenge_method` of an authorization request.
    pub(crate) fn from_request(parameters: &Parameters) -> Result<Option<Self>, OidcError> {
        let challenge = parameters.optional("code_challenge")?;
        match (challenge, parameters.optional("code_challenge_method")?) {
            (None, None) => Ok(None),
            (Some(_), None) => Err(OidcError::invalid_request(
                "code_challenge_method must be provided",
            )),
            (_, Some(method)) if method != "S256" => Err(OidcError::invalid_request(
                "not supported value of code_challenge_method",
            )),
            (None, Some(_)) => Err(OidcError::invalid_request(
                "code_challenge must be provided with code_challenge_method",
            )),
            (Some(challenge), Some(_)) => {
                check_format(challenge, "code_challenge")?;
                Ok(Some(Self(challenge.to_owned())))
            }
        }
    }

    /// A challenge from the store.
    pub(crate) const fn from_store(text: String) -> Self {
        Self(text)
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    fn matches(&self, verifier: &str) -> bool {
        let made = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        made.as_bytes().ct_eq(self.0.as_bytes()).into()
    }
}

/// Whether the verifier of a token request matches the challenge of the authorization request. A challenge needs its
/// verifier. A verifier without a challenge is a sign of a downgrade attack (RFC 9700, section 2.1.1).
pub(crate) fn verify(
    challenge: Option<&CodeChallenge>,
    verifier: Option<&str>,
) -> Result<(), OidcError> {
    if let Some(verifier) = verifier {
        check_format(verifier, "code_verifier")?;
    }
    let fits = match (challenge, verifier) {
        (None, None) => true,
        (Some(challenge), Some(verifier)) => challenge.matches(verifier),
        _ => false,
    };
    if fits {
        Ok(())
    } else {
        Err(OidcError::InvalidGrant)
    }
}

/// 43 to 128 unreserved characters (RFC 7636, section 4.1).
fn check_format(value: &str, name: &str) -> Result<(), OidcError> {
    let problem = if value.len() < 43 {
        "must be a string with a minimum length of 43 characters"
    } else if value.len() > 128 {
        "must be a string with a maximum length of 128 characters"
    } else if !value.bytes().all(is_unreserved) {
        "contains invalid characters"
    } else {
        return Ok(());
    };
    Err(OidcError::invalid_request(format!("{name} {problem}")))
}

const fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

#[cfg(test)]
mod tests {
    use super::*;

    // RFC 7636, appendix B
    const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

    fn from(query: &str) -> Result<Option<CodeChallenge>, OidcError> {
        CodeChallenge::from_request(&Parameters::parse(query))
    }

    #[test]
    fn a_challenge_is_read_or_refused() {
        let long = "a".repeat(129);
        let (short, spoiled) = (&CHALLENGE[1..], CHALLENGE.replace('-', "%2B"));
        let cases = [
            (
                format!("code_challenge={CHALLENGE}"),
                "code_challenge_method must be provided",
            ),
            (
                format!("code_challenge={CHALLENGE}&code_challenge_method=plain"),
                "not supported value of code_challenge_method",
            ),
            (
                format!("code_challenge={CHALLENGE}&code_challenge_method=s256"),
                "not supported value of code_challenge_method",
            ),
            (
                "code_challenge=&code_challenge_method=S256".to_owned(),
                "code_challenge must be provided with code_challenge_method",
            ),
            (
                format!("code_challenge={short}&code_challenge_method=S256"),
                "code_challenge must be a string with a minimum length of 43 characters",
            ),
            (
                format!("code_challenge={long}&code_challenge_method=S256"),
                "code_challenge must be a string with a maximum length of 128 characters",
            ),
            (
                format!("code_challenge={spoiled}&code_challenge_method=S256"),
                "code_challenge contains invalid characters",
            ),
        ];
        for (query, description) in cases {
            assert_eq!(
                from(&query),
                Err(OidcError::invalid_request(description)),
                "{query}"
            );
        }
        assert_eq!(from("state=x"), Ok(None));
        assert!(
            from(&format!(
                "code_challenge={CHALLENGE}&code_challenge_method=S256"
            ))
            .is_ok()
        );
    }

    #[test]
    fn only_the_right_verifier_fits() {
        let challenge = CodeChallenge(CHALLENGE.to_owned());
        let wrong = VERIFIER.replace('d', "e");
        let cases = [
            (Some(&challenge), Some(VERIFIER), true),
            (Some(&challenge), Some(wrong.as_str()), false),
            (Some(&challenge), Some(CHALLENGE), false),
            (Some(&challenge), None, false),
            (None, Some(VERIFIER), false),
            (None, None, true),
        ];
        for (challenge, verifier, fits) in cases {
            assert_eq!(verify(challenge, verifier).is_ok(), fits, "{verifier:?}");
        }
        assert!(verify(Some(&challenge), Some(&VERIFIER[1..])).is_err());
    }
}
