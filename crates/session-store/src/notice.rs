//! Notices: what happened to sessions, published to all processes that share a database. A notice names sessions by
//! hashes, so a reader of the database's channel learns nobody's name.

use crate::key::{Group, Index, Realm, SessionKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something happened to one or more sessions. The same JSON goes to every process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Which sessions.
    pub audience: Audience,
    /// What happened, in the application's own words.
    pub message: Value,
}

/// The sessions that a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// One session.
    Session(SessionKey),
    /// All sessions of a group.
    Group(Group),
}

impl Notice {
    pub(crate) fn translated(self, realm: Realm) -> Self {
        let audience = match self.audience {
            Audience::Session(key) => Audience::Session(key.translated(realm)),
            Audience::Group(group) => Audience::Group(group.translated(realm)),
        };
        Self { audience, ..self }
    }
}

/// The names of one session: everything that an [`Audience`] can name it by.
#[derive(Clone, Copy, Debug)]
pub struct SessionNames {
    /// The key under which it is stored.
    pub session: SessionKey,
    /// The groups that it belongs to.
    pub index: Index,
}

impl SessionNames {
    /// Whether the session belongs to the audience.
    #[must_use]
    pub fn are_in(&self, audience: Audience) -> bool {
        match audience {
            Audience::Session(session) => session == self.session,
            Audience::Group(group) => self.index.groups().any(|own| own == group),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use tower_sessions::session::Id;

    #[test]
    fn a_notice_survives_its_way_to_another_instance() {
        for audience in [
            Audience::Session(SessionKey::from(&Id(1))),
            Audience::Group(Group::subject("ada")),
            Audience::Group(Group::provider_session("sid")),
        ] {
            let notice = Notice {
                audience,
                message: json!({"event": "claims-changed", "data": {}}),
            };
            let text = serde_json::to_string(&notice).unwrap();
            assert_eq!(serde_json::from_str::<Notice>(&text).unwrap(), notice);
        }
    }

    #[test]
    fn other_words_are_no_notice() {
        let hash = "01".repeat(16);
        for text in [
            String::new(),
            "{}".to_owned(),
            format!(r#"{{"audience":{{"session":"{hash}"}}}}"#),
            format!(r#"{{"audience":{{"person":"{hash}"}},"message":1}}"#),
            format!(
                r#"{{"audience":{{"session":"{}00"}},"message":1}}"#,
                &hash[..16]
            ),
            format!(r#"{{"audience":{{"group":"{hash}"}},"message":1}}"#),
        ] {
            assert!(serde_json::from_str::<Notice>(&text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_session_is_found_by_each_of_its_names_and_by_no_other() {
        let names = SessionNames {
            session: SessionKey::from(&Id(1)),
            index: Index::new("ada", Some("sid")),
        };
        let own = [
            Audience::Session(SessionKey::from(&Id(1))),
            Audience::Group(Group::subject("ada")),
            Audience::Group(Group::provider_session("sid")),
        ];
        assert!(own.into_iter().all(|audience| names.are_in(audience)));
        let others = [
            Audience::Session(SessionKey::from(&Id(2))),
            Audience::Group(Group::subject("sid")),
            Audience::Group(Group::provider_session("ada")),
            Audience::Group(Group::without_sid("ada")),
        ];
        assert!(!others.into_iter().any(|audience| names.are_in(audience)));
    }
}
