//! Whether this browser is signed in, and the answers around it.

use crate::Claims;
use serde::{Deserialize, Serialize, Serializer};

/// The answer of `GET /api/auth/status`, and the data block in index.html.
///
/// On the wire `{"isAuthenticated":false}` or
/// `{"isAuthenticated":true,"claims":{…},"session":{"expiresIn":s,"idleExpiresIn":s},"scopes":[…]}`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(try_from = "Wire")]
pub enum AuthStatus {
    /// Nobody is signed in here.
    SignedOut,
    /// A person is signed in here.
    SignedIn {
        /// What the OpenID Provider says about the person.
        claims: Box<Claims>,
        /// How long the session still lasts.
        session: SessionTimes,
        /// What the access token allows, by the provider's word (RFC 6749, section 3.3). A hint for what to show: the API
        /// behind the bff decides.
        scopes: Vec<String>,
    },
}

/// How long a session still lasts, seen from the bff's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionTimes {
    /// Seconds until the session ends whatever happens.
    pub expires_in: i64,
    /// Seconds until the session ends if the person does nothing.
    pub idle_expires_in: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    is_authenticated: bool,
    claims: Option<Box<Claims>>,
    session: Option<SessionTimes>,
    #[serde(default)]
    scopes: Vec<String>,
}

/// The same to be written, without a copy.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireRef<'a> {
    is_authenticated: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    claims: Option<&'a Claims>,
    #[serde(skip_serializing_if = "Option::is_none")]
    session: Option<SessionTimes>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    scopes: &'a [String],
}

impl Serialize for AuthStatus {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let wire = match self {
            Self::SignedOut => WireRef {
                is_authenticated: false,
                claims: None,
                session: None,
                scopes: &[],
            },
            Self::SignedIn {
                claims,
                session,
                scopes,
            } => WireRef {
                is_authenticated: true,
                claims: Some(claims),
                session: Some(*session),
                scopes,
            },
        };
        wire.serialize(serializer)
    }
}

impl TryFrom<Wire> for AuthStatus {
    type Error = &'static str;

    fn try_from(wire: Wire) -> Result<Self, Self::Error> {
        match (wire.is_authenticated, wire.claims, wire.session) {
            (false, ..) => Ok(Self::SignedOut),
            (true, Some(claims), Some(session)) => Ok(Self::SignedIn {
                claims,
                session,
                scopes: wire.scopes,
            }),
            (true, ..) => Err("`isAuthenticated` is true but `claims` or `session` is missing"),
        }
    }
}

/// The body of `POST /sign-out`; all of it may be left out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignOutRequest {
    /// End every session of this person, not only this browser's.
    #[serde(default)]
    pub everywhere: bool,
}

/// The answer of `POST /sign-out`: the session here has ended, go there to end it at the OpenID Provider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignOutResponse {
    /// The provider's end session URL, or `/` when there is none to visit.
    pub redirect_to: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn signed_out_is_one_member() {
        assert_eq!(
            serde_json::to_value(AuthStatus::SignedOut).unwrap(),
            json!({"isAuthenticated": false})
        );
        assert_eq!(
            serde_json::from_value::<AuthStatus>(json!({"isAuthenticated": false})).unwrap(),
            AuthStatus::SignedOut
        );
    }

    #[test]
    fn signed_in_survives_a_round_trip_with_the_names_of_the_wire() {
        let wire = json!({
            "isAuthenticated": true,
            "claims": {"sub": "rm551g7117ni", "phone_number": "8613944668173"},
            "session": {"expiresIn": 1_209_600, "idleExpiresIn": 86_400},
            "scopes": ["openid", "phone"]
        });
        let status: AuthStatus = serde_json::from_value(wire.clone()).unwrap();
        assert!(
            matches!(&status, AuthStatus::SignedIn { session, .. } if session.idle_expires_in == 86_400)
        );
        assert_eq!(serde_json::to_value(status).unwrap(), wire);
    }

    #[test]
    fn signed_in_without_claims_is_refused() {
        let error =
            serde_json::from_value::<AuthStatus>(json!({"isAuthenticated": true})).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`isAuthenticated` is true but `claims` or `session` is missing"
        );
    }

    #[test]
    fn a_sign_out_request_may_be_empty_but_not_misspelt() {
        assert_eq!(
            serde_json::from_str::<SignOutRequest>("{}").unwrap(),
            SignOutRequest { everywhere: false }
        );
        assert!(serde_json::from_str::<SignOutRequest>(r#"{"everwhere":true}"#).is_err());
    }
}
