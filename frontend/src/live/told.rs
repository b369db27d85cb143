//! What one page tells the others: short texts, for all pages of this site can read them.

use shared::{ClaimsChanged, SessionEvent, SessionTimes, SignedOut, SignedOutReason};

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
const SIGNED_OUT: &str = "signed-out";
const EXPIRING: &str = "expiring";
const CLAIMS_CHANGED: &str = "claims-changed";
const UNSURE: &str = "unsure";

impl Told {
    /// The person signed out on this page.
    pub(crate) const fn signed_out_here() -> Self {
        Self::Event(SessionEvent::SignedOut(SignedOut {
            reason: SignedOutReason::SignedOut,
        }))
    }

    /// As it is sent to another page: words, and numbers, with spaces between.
    pub(super) fn to_message(self) -> String {
        match self {
            Self::SignedIn => SIGNED_IN.to_owned(),
            Self::Unsure => UNSURE.to_owned(),
            Self::Event(SessionEvent::SignedOut(SignedOut { reason })) => {
                format!("{SIGNED_OUT} {}", reason.as_str())
            }
            Self::Event(SessionEvent::Expiring(times)) => {
                format!("{EXPIRING} {} {}", times.expires_in, times.idle_expires_in)
            }
            Self::Event(SessionEvent::ClaimsChanged(_)) => CLAIMS_CHANGED.to_owned(),
        }
    }

    /// What another page has sent.
    pub(super) fn read(message: &str) -> Option<Self> {
        let mut words = message.split(' ');
        Some(match words.next()? {
            SIGNED_IN => Self::SignedIn,
            UNSURE => Self::Unsure,
            SIGNED_OUT => {
                let reason = SignedOutReason::from_name(words.next()?)?;
                Self::Event(SessionEvent::SignedOut(SignedOut { reason }))
            }
            EXPIRING => Self::Event(SessionEvent::Expiring(SessionTimes {
                expires_in: words.next()?.parse().ok()?,
                idle_expires_in: words.next()?.parse().ok()?,
            })),
            CLAIMS_CHANGED => Self::Event(SessionEvent::ClaimsChanged(ClaimsChanged {})),
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sent_is_read() {
        let expiring = SessionTimes {
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
        for message in [
            "",
            "nope",
            "signed-out",
            "signed-out {}",
            "expiring",
            "expiring 5 x",
        ] {
            assert_eq!(Told::read(message), None, "{message}");
        }
    }
}
