//! What one page tells the others: short texts, for all pages of this site can read them.

use shared::{SessionEvent, SignedOut, SignedOutReason};

/// What is told.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Told {
    /// The bff, or a sign-out on another tab, says that this happened to the session.
    Event(SessionEvent),
    /// Somebody is signed in, says another tab.
    SignedIn,
    /// Something may have happened that nobody told: the stream has just been opened, or broke.
    Unsure,
}

const SIGNED_IN: &str = "signed-in";
const UNSURE: &str = "unsure";

impl Told {
    /// The person signed out on this page.
    pub(crate) const fn signed_out_here() -> Self {
        Self::Event(SessionEvent::SignedOut(SignedOut {
            reason: SignedOutReason::SignedOut,
        }))
    }

    /// As it is sent to another page: a name, and data of the event (JSON) after a space.
    pub(super) fn to_message(self) -> String {
        let (name, data) = match self {
            Self::SignedIn => return SIGNED_IN.to_owned(),
            Self::Unsure => return UNSURE.to_owned(),
            Self::Event(event) => (event.name(), event.data()),
        };
        format!("{name} {data}")
    }

    /// What another page has sent.
    pub(super) fn read(message: &str) -> Option<Self> {
        match message {
            SIGNED_IN => Some(Self::SignedIn),
            UNSURE => Some(Self::Unsure),
            _ => {
                let (name, data) = message.split_once(' ')?;
                SessionEvent::read(name, data).map(Self::Event)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::{ClaimsChanged, Expiring};

    #[test]
    fn what_is_sent_is_read() {
        let expiring = Expiring {
            expires_in: 600,
            idle_expires_in: 60,
        };
        for told in [
            Told::SignedIn,
            Told::Unsure,
            Told::signed_out_here(),
            Told::Event(SessionEvent::Expiring(expiring)),
            Told::Event(SessionEvent::ClaimsChanged(ClaimsChanged {})),
        ] {
            assert_eq!(Told::read(&told.to_message()), Some(told));
        }
    }

    #[test]
    fn what_nobody_of_us_sends_is_not_understood() {
        for message in ["", "nope", "signed-out", "signed-out {}", "signed-in now", "expiring x"] {
            assert_eq!(Told::read(message), None, "{message}");
        }
    }
}
