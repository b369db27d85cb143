//! A plan for programs.
//!
//! ```json
//! {
//!   "steps": [
//!     {"action": "record", "object": {"kind": "application", "name": "Bookstore"}, "id": "…", "created": ["role librarian"]},
//!     {"action": "create", "object": {"kind": "scope", "name": "read:books", "of": "https://api.example"}, "fields": {"name": "read:books"}},
//!     {"action": "update", "object": {"kind": "role", "name": "librarian"}, "id": "…",
//!      "differences": [{"path": "description", "from": "Reads", "to": "Keeps the books"}]},
//!     {"action": "link", "object": {"kind": "role", "name": "librarian"}, "link": "scopes",
//!      "add": [{"kind": "scope", "name": "read:books", "of": "https://api.example"}], "remove": []}
//!   ],
//!   "conflicts": [
//!     {"reason": "notOurs", "object": {"kind": "role", "name": "librarian"}, "ids": ["…"], "differences": []}
//!   ],
//!   "leftAlone": [{"kind": "webhook", "name": "Bookstore"}]
//! }
//! ```
//!
//! Steps are in the order in which they are made. While there is a conflict, none is. The reasons are `notOurs`, `ambiguous`,
//! `otherConnector` (with `other`), `noConnector` (with `missing`: `Sms` or `Email`), `cannotChange` and `builtIn`. A secret is
//! `"(secret)"`. `from` is `null` if the field is not set.

use super::{
    Conflict, Difference, Plan, Step,
    difference::is_secret,
    text::{SECRET, ordered},
};
use crate::object::Key;
use serde_json::{Value, json};
use std::collections::BTreeSet;

impl Plan {
    /// The plan as JSON.
    pub(crate) fn to_json(&self) -> String {
        let plan = json!({
            "steps": self.steps.iter().map(step).collect::<Value>(),
            "conflicts": self.conflicts.iter().map(conflict).collect::<Value>(),
            "leftAlone": self.left_alone.iter().map(key).collect::<Value>(),
        });
        format!("{:#}", ordered(&plan))
    }
}

fn step(step: &Step) -> Value {
    match step {
        Step::Record {
            application,
            id,
            created,
        } => {
            json!({"action": "record", "object": key(application), "id": id, "created": created})
        }
        Step::Create(object) => {
            let fields = Value::Object(object.fields.clone());
            json!({"action": "create", "object": key(&object.key), "fields": hidden("", &fields)})
        }
        Step::Update {
            key: of,
            id,
            differences,
            ..
        } => {
            json!({"action": "update", "object": key(of), "id": id, "differences": all(differences)})
        }
        Step::SetLinks {
            key: of,
            link,
            add,
            remove,
            ..
        } => {
            json!({"action": "link", "object": key(of), "link": link.name(), "add": keys(add), "remove": keys(remove)})
        }
    }
}

fn conflict(conflict: &Conflict) -> Value {
    match conflict {
        Conflict::NotOurs {
            key: of,
            id,
            differences,
        } => {
            json!({"reason": "notOurs", "object": key(of), "ids": [id], "differences": all(differences)})
        }
        Conflict::Ambiguous { key: of, ids } => {
            json!({"reason": "ambiguous", "object": key(of), "ids": ids})
        }
        Conflict::OtherConnector { key: of, other } => {
            json!({"reason": "otherConnector", "object": key(of), "other": other})
        }
        Conflict::NoConnector { key: of, missing } => {
            json!({"reason": "noConnector", "object": key(of), "missing": missing.name()})
        }
        Conflict::CannotChange {
            key: of,
            id,
            difference,
        } => {
            json!({"reason": "cannotChange", "object": key(of), "ids": [id], "differences": [one(difference)]})
        }
        Conflict::BuiltIn { key: of } => json!({"reason": "builtIn", "object": key(of)}),
    }
}

fn key(key: &Key) -> Value {
    let mut object = json!({"kind": key.kind.name(), "name": key.name});
    if let Some(parent) = &key.parent {
        object["of"] = parent.as_str().into();
    }
    object
}

fn keys(keys: &BTreeSet<Key>) -> Value {
    keys.iter().map(key).collect()
}

fn all(differences: &[Difference]) -> Value {
    differences.iter().map(one).collect()
}

fn one(difference: &Difference) -> Value {
    let Difference {
        path,
        from,
        to,
        is_secret,
    } = difference;
    if *is_secret {
        let from = from.as_ref().map(|_| SECRET);
        json!({"path": path, "from": from, "to": SECRET})
    } else {
        json!({"path": path, "from": from, "to": to})
    }
}

/// The value without its secrets.
fn hidden(name: &str, value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter();
            members
                .map(|(name, value)| (name.clone(), hidden(name, value)))
                .collect()
        }
        value if is_secret(name, value) => SECRET.into(),
        value => value.clone(),
    }
}
