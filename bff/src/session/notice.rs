//! What happened to sessions, told to every open page, on this instance and on the others. A notice names sessions by
//! hashes, so whoever reads the store's channel learns of nobody.

use shared::SignedOutReason;
use std::{fmt, str::FromStr};

/// The hash of a session's id, of a `sub`, or of a `sid`.
pub(crate) type Hash = [u8; 16];

/// Something happened to one or more sessions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Notice {
    pub(crate) whose: Whose,
    pub(crate) what: What,
}

/// The sessions that a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    Session(Hash),
    Subject(Hash),
    Sid(Hash),
}

/// What happened to them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Ended(SignedOutReason),
    ClaimsChanged,
}

/// One session, by everything that a notice can name it by.
#[derive(Clone, Copy)]
pub(crate) struct Names {
    pub(crate) session: Hash,
    pub(crate) subject: Hash,
    /// The provider's session, whether its `sid` is known or not.
    pub(crate) sid: Hash,
}

impl Names {
    pub(crate) fn are_in(&self, notice: &Notice) -> bool {
        match notice.whose {
            Whose::Session(session) => session == self.session,
            Whose::Subject(subject) => subject == self.subject,
            Whose::Sid(sid) => sid == self.sid,
        }
    }
}

impl fmt::Display for Notice {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (kind, hash) = match self.whose {
            Whose::Session(hash) => ("session", hash),
            Whose::Subject(hash) => ("subject", hash),
            Whose::Sid(hash) => ("sid", hash),
        };
        let what = match self.what {
            What::Ended(reason) => reason.as_str(),
            What::ClaimsChanged => CLAIMS_CHANGED,
        };
        write!(formatter, "{kind} {} {what}", hex::encode(hash))
    }
}

const CLAIMS_CHANGED: &str = "claims_changed";

/// The text is no notice, or one of another version of this program.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Unknown;

impl FromStr for Notice {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Unknown> {
        let mut words = text.split(' ');
        let (Some(kind), Some(hash), Some(what), None) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return Err(Unknown);
        };
        let mut bytes = Hash::default();
        hex::decode_to_slice(hash, &mut bytes).map_err(|_| Unknown)?;
        let whose = match kind {
            "session" => Whose::Session(bytes),
            "subject" => Whose::Subject(bytes),
            "sid" => Whose::Sid(bytes),
            _ => return Err(Unknown),
        };
        let what = match what {
            CLAIMS_CHANGED => What::ClaimsChanged,
            reason => What::Ended(SignedOutReason::from_name(reason).ok_or(Unknown)?),
        };
        Ok(Self { whose, what })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_survives_its_way_to_another_instance() {
        let mut notices = vec![Notice {
            whose: Whose::Session([1; 16]),
            what: What::ClaimsChanged,
        }];
        for whose in [Whose::Subject([2; 16]), Whose::Sid([3; 16])] {
            notices.extend(SignedOutReason::ALL.iter().map(|&reason| Notice {
                whose,
                what: What::Ended(reason),
            }));
        }
        for notice in notices {
            assert_eq!(notice.to_string().parse(), Ok(notice));
        }
    }

    #[test]
    fn other_words_are_no_notice() {
        let hash = "01".repeat(16);
        for text in [
            String::new(),
            format!("session {hash}"),
            format!("session {hash} claims_changed more"),
            format!("person {hash} claims_changed"),
            format!("session {hash} exploded"),
            format!("session {}00 claims_changed", &hash[..16]),
        ] {
            assert_eq!(text.parse::<Notice>(), Err(Unknown), "{text}");
        }
    }

    #[test]
    fn a_session_is_found_by_each_of_its_names_and_by_no_other() {
        let names = Names {
            session: [1; 16],
            subject: [2; 16],
            sid: [3; 16],
        };
        let is_told = |whose| {
            names.are_in(&Notice {
                whose,
                what: What::ClaimsChanged,
            })
        };
        let own = [
            Whose::Session([1; 16]),
            Whose::Subject([2; 16]),
            Whose::Sid([3; 16]),
        ];
        assert!(own.into_iter().all(is_told));
        let others = [
            Whose::Session([2; 16]),
            Whose::Subject([3; 16]),
            Whose::Sid([1; 16]),
        ];
        assert!(!others.into_iter().any(is_told));
    }
}
