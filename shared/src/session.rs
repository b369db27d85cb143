//! A person's sessions: the list of them, and what happens to one while its page is open.

use crate::SessionTimes;
use serde::{Deserialize, Serialize};

/// The answer of `GET /api/auth/sessions`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sessions {
    /// The person's sessions, the last seen first.
    pub sessions: Vec<SessionInfo>,
}

/// One session of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SessionInfo {
    /// Names the session in `DELETE /api/auth/sessions/{id}`. It opens nothing.
    pub id: String,
    /// When the sign-in was, in seconds since 1970.
    pub created_at: i64,
    /// The last visit, to the minute, in seconds since 1970.
    pub last_seen_at: i64,
    /// What signed in.
    pub device: Device,
    /// Whether it is the one that asks.
    pub is_current: bool,
}

/// A device in words, as far as its browser told; names are those of products, the same in every language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Device {
    /// E.g. `Firefox`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<String>,
    /// E.g. `Windows`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
}

/// What happens to a session while its page is open: `{"event":"signed-out","data":{"reason":"provider"}}`.
///
/// A server-sent event of `GET /api/auth/events` has the same name and data in fields of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", content = "data", rename_all = "kebab-case")]
pub enum SessionEvent {
    /// `signed-out`: the session has ended; the stream ends too.
    SignedOut(SignedOut),
    /// `expiring`: the session ends soon if the person does nothing. Sent once for each end.
    Expiring(SessionTimes),
    /// `claims-changed`: `GET /api/auth/status` has newer claims.
    ClaimsChanged(ClaimsChanged),
}

/// The data of `signed-out`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedOut {
    /// Why.
    pub reason: SignedOutReason,
}

/// The data of `claims-changed`: an empty object.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimsChanged {}

/// A session is about to end when it ends within so many seconds unless the person does something.
pub const EXPIRING_SOON: i64 = 300;

/// Why a session has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignedOutReason {
    /// The person signed out in this browser, or signed in anew.
    SignedOut,
    /// The person ended it from another session.
    EndedElsewhere,
    /// The person signed out everywhere.
    Everywhere,
    /// The OpenID Provider ended it (back-channel logout), or no longer renews it.
    Provider,
    /// The account was suspended or deleted.
    AccountClosed,
    /// Its time is over, or it is not there any more for a reason that nobody told.
    Expired,
}

impl SignedOutReason {
    /// All reasons.
    pub const ALL: &[Self] = &[
        Self::SignedOut,
        Self::EndedElsewhere,
        Self::Everywhere,
        Self::Provider,
        Self::AccountClosed,
        Self::Expired,
    ];

    /// The name on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signed_out",
            Self::EndedElsewhere => "ended_elsewhere",
            Self::Everywhere => "everywhere",
            Self::Provider => "provider",
            Self::AccountClosed => "account_closed",
            Self::Expired => "expired",
        }
    }

    /// The reason of this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        let named = |reason: &&Self| reason.as_str() == name;
        Self::ALL.iter().find(named).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn an_event_is_a_name_and_its_data() {
        let mut events: Vec<_> = SignedOutReason::ALL
            .iter()
            .map(|&reason| {
                assert_eq!(SignedOutReason::from_name(reason.as_str()), Some(reason));
                let wire = json!({"event": "signed-out", "data": {"reason": reason.as_str()}});
                (SessionEvent::SignedOut(SignedOut { reason }), wire)
            })
            .collect();
        events.push((
            SessionEvent::Expiring(SessionTimes {
                expires_in: 600,
                idle_expires_in: 60,
            }),
            json!({"event": "expiring", "data": {"expiresIn": 600, "idleExpiresIn": 60}}),
        ));
        events.push((
            SessionEvent::ClaimsChanged(ClaimsChanged {}),
            json!({"event": "claims-changed", "data": {}}),
        ));
        for (event, wire) in events {
            assert_eq!(serde_json::to_value(event).unwrap(), wire);
            assert_eq!(serde_json::from_value::<SessionEvent>(wire).unwrap(), event);
        }
    }

    #[test]
    fn a_session_has_the_names_of_the_wire() {
        let info = SessionInfo {
            id: "5f1c".to_owned(),
            created_at: 1_795_374_720,
            last_seen_at: 1_795_374_780,
            device: Device {
                browser: Some("Firefox".to_owned()),
                system: None,
            },
            is_current: true,
        };
        assert_eq!(
            serde_json::to_value(info).unwrap(),
            json!({
                "id": "5f1c",
                "createdAt": 1_795_374_720,
                "lastSeenAt": 1_795_374_780,
                "device": {"browser": "Firefox"},
                "isCurrent": true
            })
        );
    }
}
