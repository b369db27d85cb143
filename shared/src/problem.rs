//! What can go wrong between the browser and the bff: one closed list.

use serde::{Deserialize, Serialize};

/// An error answer (RFC 9457, `application/problem+json`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Identifies the kind of problem: `urn:problem:` and the code.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in one English sentence; pages show their own words, chosen by `code`.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// The stable name of the kind.
    pub code: ProblemCode,
    /// What was wrong with this very request, when the caller can mend it. Never an internal error's text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
}

impl Problem {
    /// The problem of this kind, without detail.
    #[must_use]
    pub fn new(code: ProblemCode) -> Self {
        Self {
            kind: format!("urn:problem:{}", code.as_str()),
            title: code.title().to_owned(),
            status: code.status(),
            code,
            detail: None,
        }
    }

    /// The same problem with words for whoever made the request.
    #[must_use]
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self {
            detail: Some(detail.into()),
            ..self
        }
    }
}

/// Declares the closed list: variant, name on the wire, HTTP status, English title.
macro_rules! problem_codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $name:literal, $status:literal, $title:literal;)+) => {
        /// Every way in which the bff can refuse. The names are stable: pages, clients and operators rely on them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
        pub enum ProblemCode {
            $($(#[doc = $doc])+ #[serde(rename = $name)] $variant,)+
        }

        impl ProblemCode {
            /// All codes, in the order of the list.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// The name on the wire.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The HTTP status of an answer with this code.
            #[must_use]
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// The kind in one English sentence.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }
    };
}

problem_codes! {
    /// The person, or the provider's policy, declined (`error=access_denied`).
    AccessDenied = "access_denied", 403, "The sign-in was declined";
    /// No pending sign-in of this browser has this `state`: used, older than 10 minutes, or begun elsewhere.
    UnknownSignIn = "unknown_sign_in", 400, "This sign-in was not begun in this browser, or has expired or been used";
    /// `prompt=none` found that the person would have to act (`login_required`, `consent_required`, `interaction_required`, …).
    InteractionRequired = "interaction_required", 403, "The sign-in needs the person";
    /// The provider answered with another error.
    ProviderRefused = "provider_refused", 502, "The provider refused the sign-in";
    /// The authorization response is not one that this provider would send (`iss` of another, no code).
    InvalidResponse = "invalid_response", 400, "The answer did not come from the provider";
    /// The provider did not exchange the authorization code for tokens.
    CodeRefused = "code_refused", 502, "The provider did not accept the authorization code";
    /// The ID token failed verification.
    InvalidIdToken = "invalid_id_token", 502, "The identity in the answer could not be verified";
    /// The userinfo endpoint speaks of another person.
    InvalidUserInfo = "invalid_user_info", 502, "The answer was about another person";
    /// The provider cannot be reached or does not answer properly.
    ProviderUnavailable = "provider_unavailable", 503, "The provider cannot be reached";
    /// The session store cannot be reached.
    StoreUnavailable = "store_unavailable", 503, "Sessions cannot be read or written";
    /// The request needs a session and there is none.
    NotSignedIn = "not_signed_in", 401, "Nobody is signed in";
    /// A state-changing request without `X-CSRF: 1`, or from another origin.
    CrossSite = "cross_site", 403, "The request did not come from this site";
    /// A sign-in starts by a top-level navigation, not by a prefetch or a script.
    NotANavigation = "not_a_navigation", 403, "A sign-in starts by visiting this address";
    /// A parameter or body is wrong; `detail` says which.
    InvalidRequest = "invalid_request", 400, "The request is wrong";
    /// A back-channel logout request without a valid logout token.
    InvalidLogoutToken = "invalid_logout_token", 400, "The logout token is not valid";
    /// A webhook call without a valid signature, or too old.
    InvalidWebhook = "invalid_webhook", 401, "The webhook call is not valid";
    /// There is nothing at this path.
    NotFound = "not_found", 404, "There is nothing here";
    /// The path exists, this method does not.
    MethodNotAllowed = "method_not_allowed", 405, "This method is not allowed here";
    /// Too many sign-ins, or refused logout tokens, from one address, or event streams of one session; `Retry-After` says
    /// when to come back.
    RateLimited = "rate_limited", 429, "Too many requests from this address";
    /// As many event streams are open as there can be; `Retry-After` says when to come back.
    Busy = "busy", 503, "There is no room for more at the moment";
    /// The body is too large.
    PayloadTooLarge = "payload_too_large", 413, "The request is too large";
    /// The answer took too long to make.
    TimedOut = "timed_out", 504, "The answer took too long";
    /// A fault of the bff itself; the log has the cause.
    Internal = "internal", 500, "Something went wrong here";
}

impl std::str::FromStr for ProblemCode {
    type Err = UnknownCode;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|code| code.as_str() == name)
            .ok_or(UnknownCode)
    }
}

/// The text is no [`ProblemCode`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCode;

impl std::fmt::Display for UnknownCode {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("not a problem code")
    }
}

impl std::error::Error for UnknownCode {}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_problem_is_rfc_9457_with_a_stable_code() {
        let problem = Problem::new(ProblemCode::InvalidRequest)
            .with_detail("`prompt` is not one of none, consent, login");
        assert_eq!(
            serde_json::to_value(&problem).unwrap(),
            json!({
                "type": "urn:problem:invalid_request",
                "title": "The request is wrong",
                "status": 400,
                "code": "invalid_request",
                "detail": "`prompt` is not one of none, consent, login"
            })
        );
    }

    #[test]
    fn every_code_is_read_from_its_own_name() {
        for &code in ProblemCode::ALL {
            assert_eq!(code.as_str().parse(), Ok(code));
            assert_eq!(serde_json::to_value(code).unwrap(), json!(code.as_str()));
            assert!((400..600).contains(&code.status()));
        }
        assert_eq!("nope".parse::<ProblemCode>(), Err(UnknownCode));
    }
}
