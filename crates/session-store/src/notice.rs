//! Notices: what happened to sessions, published to all processes that share a database. A notice names sessions by
//! hashes, so a reader of the database's channel learns nobody's name.

use crate::key::{Group, Index, Realm, SessionKey};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something happened to one or more sessions. The same JSON goes to every process.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Notice {
    /// Which sessions.
    pub affected: Affected,
    /// What happened, in the application's own words.
    pub message: Value,
}

/// The sessions that a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Affected {
    /// One session.
    Session(SessionKey),
    /// All sessions of a group.
    Group(Group),
}

impl Notice {
    pub(crate) fn translated(self, realm: Realm) -> Self {
        let affected = match self.affected {
            Affected::Session(key) => Affected::Session(key.translated(realm)),
            Affected::Group(group) => Affected::Group(group.translated(realm)),
        };
        Self { affected, ..self }
    }
}

/// The names of one session: everything that [`Affected`] can name it by.
#[derive(Clone, Copy, Debug)]
pub struct SessionNames {
    /// The key under which it is stored.
    pub session: SessionKey,
    /// The groups that it belongs to.
    pub index: Index,
}

impl SessionNames {
    /// Whether the session is one of those that a notice affects.
    #[must_use]
    pub fn are_in(&self, affected: Affected) -> bool {
        match affected {
            Affected::Session(session) => session == self.session,
            Affected::Group(group) => self.index.groups().any(|own| own == group),
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
        for affected in [
            Affected::Session(SessionKey::from(&Id(1))),
            Affected::Group(Group::subject("ada")),
            Affected::Group(Group::provider_session("sid")),
        ] {
            let notice = Notice {
                affected,
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
            format!(r#"{{"affected":{{"session":"{hash}"}}}}"#),
            format!(r#"{{"affected":{{"person":"{hash}"}},"message":1}}"#),
            format!(
                r#"{{"affected":{{"session":"{}00"}},"message":1}}"#,
                &hash[..16]
            ),
            format!(r#"{{"affected":{{"group":"{hash}"}},"message":1}}"#),
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
            Affected::Session(SessionKey::from(&Id(1))),
            Affected::Group(Group::subject("ada")),
            Affected::Group(Group::provider_session("sid")),
        ];
        assert!(own.into_iter().all(|affected| names.are_in(affected)));
        let others = [
            Affected::Session(SessionKey::from(&Id(2))),
            Affected::Group(Group::subject("sid")),
            Affected::Group(Group::provider_session("ada")),
            Affected::Group(Group::without_sid("ada")),
        ];
        assert!(!others.into_iter().any(|affected| names.are_in(affected)));
    }
}
