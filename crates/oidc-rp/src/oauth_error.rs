//! What the error codes of OAuth mean, wherever the provider sends one: in the authorization response (RFC 6749, section
//! 4.1.2.1; OpenID Connect Core 1.0, section 3.1.2.6) and at the token endpoint (RFC 6749, section 5.2).

use std::fmt;

/// An error code of the provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OAuthError(String);

/// Who can do something about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorKind {
    /// The code or the refresh token is spent, expired or revoked.
    Grant,
    /// The person or a policy of the provider declined.
    Denied,
    /// The person has to sign in at the provider, or to choose there.
    Interaction,
    /// It passes by itself.
    Passing,
    /// An operator must act; or the code is one that no specification names.
    Other,
}

impl OAuthError {
    /// Reads a code. A text that is no code is not kept, because logs repeat it.
    #[must_use]
    pub fn read(unverified: &str) -> Self {
        let is_code =
            |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-.".contains(&byte);
        let is_code = (1..=64).contains(&unverified.len()) && unverified.bytes().all(is_code);
        Self(if is_code { unverified } else { "another error" }.to_owned())
    }

    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.0
    }

    /// What the code means.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match self.code() {
            "invalid_grant" => ErrorKind::Grant,
            "access_denied" => ErrorKind::Denied,
            "login_required"
            | "interaction_required"
            | "consent_required"
            | "account_selection_required" => ErrorKind::Interaction,
            "server_error" | "temporarily_unavailable" | "slow_down" => ErrorKind::Passing,
            _ => ErrorKind::Other,
        }
    }

    /// Whether a refresh that is refused with this code never works again.
    pub(crate) fn is_final(&self) -> bool {
        matches!(
            self.kind(),
            ErrorKind::Grant | ErrorKind::Denied | ErrorKind::Interaction
        )
    }
}

impl fmt::Display for OAuthError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q24_an_error_says_who_can_act_and_whether_a_session_ends() {
        for (code, kind, is_final) in [
            ("invalid_grant", ErrorKind::Grant, true),
            ("access_denied", ErrorKind::Denied, true),
            ("login_required", ErrorKind::Interaction, true),
            ("interaction_required", ErrorKind::Interaction, true),
            ("consent_required", ErrorKind::Interaction, true),
            ("temporarily_unavailable", ErrorKind::Passing, false),
            ("server_error", ErrorKind::Passing, false),
            ("invalid_client", ErrorKind::Other, false),
            ("unauthorized_client", ErrorKind::Other, false),
            ("invalid_request", ErrorKind::Other, false),
            ("invalid_scope", ErrorKind::Other, false),
            ("invalid_target", ErrorKind::Other, false),
            ("Access_Denied", ErrorKind::Other, false),
            ("access_denied ", ErrorKind::Other, false),
        ] {
            let error = OAuthError::read(code);
            assert_eq!((error.kind(), error.is_final()), (kind, is_final), "{code}");
        }
    }

    #[test]
    fn a_code_is_named_and_no_other_text_is_repeated() {
        for (text, code) in [
            ("invalid_target", "invalid_target"),
            ("oidc.invalid-grant2", "oidc.invalid-grant2"),
            ("a secret", "another error"),
            (&"a".repeat(65), "another error"),
            ("a\nb", "another error"),
        ] {
            assert_eq!(OAuthError::read(text).to_string(), code);
        }
    }
}
