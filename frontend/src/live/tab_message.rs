//! What one tab of this site sends to the others, as JSON.

use crate::wire::{self, Read, Value};
use shared::{SessionEvent, SignOutRequest, SignedOut, SignedOutReason};

/// A message to the other tabs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum TabMessage {
    /// This happened to the session, says the bff or a tab that has signed out.
    Event(SessionEvent),
    /// A person has signed in.
    SignedIn,
    /// Something may have happened: the stream has just been opened, or broke.
    Unsure,
}

impl TabMessage {
    /// The person signed out on this page: in this browser, or everywhere.
    pub(crate) const fn signed_out(options: SignOutRequest) -> Self {
        let reason = if options.everywhere {
            SignedOutReason::Everywhere
        } else {
            SignedOutReason::SignedOut
        };
        Self::Event(SessionEvent::SignedOut(SignedOut { reason }))
    }

    /// The message on the wire: an event as everywhere, or another one in the same form.
    pub(super) fn to_json(self) -> String {
        match self {
            // A closed list of types without maps always serializes.
            Self::Event(event) => serde_json::to_string(&event).unwrap_or_default(),
            Self::SignedIn => r#"{"event":"signed-in"}"#.to_owned(),
            Self::Unsure => r#"{"event":"unsure"}"#.to_owned(),
        }
    }

    /// A message that another tab has sent. `None` if another program sent it.
    pub(super) fn read(json: &str) -> Option<Self> {
        wire::parse(json)
    }
}

impl Read for TabMessage {
    fn read(value: &Value) -> Option<Self> {
        match value.text("event")?.as_str() {
            "signed-in" => Some(Self::SignedIn),
            "unsure" => Some(Self::Unsure),
            _ => SessionEvent::read(value).map(Self::Event),
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests {
    use super::*;
    use shared::{ClaimsChanged, SessionTimes};
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn what_is_sent_is_read() {
        let expiring = SessionTimes {
            expires_in: 600,
            idle_expires_in: 60,
        };
        for message in [
            TabMessage::SignedIn,
            TabMessage::Unsure,
            TabMessage::signed_out(SignOutRequest::default()),
            TabMessage::signed_out(SignOutRequest { everywhere: true }),
            TabMessage::Event(SessionEvent::Expiring(expiring)),
            TabMessage::Event(SessionEvent::ClaimsChanged(ClaimsChanged {})),
        ] {
            assert_eq!(TabMessage::read(&message.to_json()), Some(message));
        }
    }

    #[wasm_bindgen_test]
    fn what_nobody_of_us_sends_is_not_understood() {
        for message in [
            "",
            "nope",
            "signed-out",
            "{}",
            r#"{"event":"nope"}"#,
            r#"{"event":"signed-out"}"#,
            r#"{"event":"signed-out","data":{}}"#,
            r#"{"event":"expiring","data":{"expiresIn":5}}"#,
        ] {
            assert_eq!(TabMessage::read(message), None, "{message}");
        }
    }
}
