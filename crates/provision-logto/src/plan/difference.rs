//! Comparing fields: only what the file says, recursively in objects, arrays as a whole.

use crate::object::{Key, Link};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use tenant::is_secret_key;

/// One field that differs.
#[derive(Clone)]
pub(crate) struct Difference {
    /// The path of the field, e.g. `oidcClientMetadata.redirectUris`.
    pub(crate) path: String,
    /// `None` if it is not set.
    pub(crate) from: Option<Value>,
    pub(crate) to: Value,
    /// Whether the values must not be shown.
    pub(crate) is_secret: bool,
}

impl Difference {
    pub(super) fn of_links(link: Link, from: Option<&BTreeSet<Key>>, to: &BTreeSet<Key>) -> Self {
        let names = |keys: &BTreeSet<Key>| keys.iter().map(Key::to_string).collect::<Value>();
        Self {
            path: link.name().to_owned(),
            from: from.map(names),
            to: names(to),
            is_secret: false,
        }
    }
}

/// The fields that differ from what the file says, by path.
pub(super) fn fields(wanted: &Map<String, Value>, actual: &Map<String, Value>) -> Vec<Difference> {
    let mut found = Vec::new();
    for (name, value) in wanted {
        compare(name, name, value, actual.get(name), &mut found);
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    found
}

fn compare(
    path: &str,
    name: &str,
    wanted: &Value,
    actual: Option<&Value>,
    found: &mut Vec<Difference>,
) {
    let actual = actual.filter(|value| !value.is_null());
    if let (Value::Object(members), None | Some(Value::Object(_))) = (wanted, actual) {
        for (name, value) in members {
            let actual = actual.and_then(|value| value.get(name));
            compare(&format!("{path}.{name}"), name, value, actual, found);
        }
    } else if !is_said_by(wanted, actual) {
        found.push(Difference {
            path: path.to_owned(),
            from: actual.cloned(),
            to: wanted.clone(),
            is_secret: is_secret(name, wanted)
                || actual.is_some_and(|value| is_secret(name, value)),
        });
    }
}

/// Whether a value contains a text that must not be shown.
pub(crate) fn is_secret(name: &str, value: &Value) -> bool {
    match value {
        Value::String(_) => is_secret_key(name),
        Value::Array(list) => list.iter().any(|value| is_secret(name, value)),
        Value::Object(members) => members.iter().any(|(name, value)| is_secret(name, value)),
        _ => false,
    }
}

/// Whether the tenant has what the file says. An empty text is how a file says that a field is not set.
fn is_said_by(wanted: &Value, actual: Option<&Value>) -> bool {
    match actual {
        Some(actual) => is_same(wanted, actual),
        None => wanted.as_str() == Some(""),
    }
}

/// Whether two values are equal, whichever way numbers are written, and without members that are null.
fn is_same(left: &Value, right: &Value) -> bool {
    match (left, right) {
        (Value::Number(left), Value::Number(right)) => {
            left == right || left.as_f64() == right.as_f64()
        }
        (Value::Array(left), Value::Array(right)) => {
            left.len() == right.len()
                && left
                    .iter()
                    .zip(right)
                    .all(|(left, right)| is_same(left, right))
        }
        (Value::Object(left), Value::Object(right)) => {
            let has_all = |left: &Map<String, Value>, right: &Map<String, Value>| {
                left.iter().all(|(name, value)| {
                    value.is_null() || right.get(name).is_some_and(|other| is_same(value, other))
                })
            };
            has_all(left, right) && has_all(right, left)
        }
        (left, right) => left == right,
    }
}

/// The body of a change: each differing field whole. `PATCH` replaces a field, so it has the members that the file leaves out.
pub(super) fn body(wanted: &Map<String, Value>, actual: &Map<String, Value>) -> Map<String, Value> {
    let mut body = Map::new();
    for (name, value) in wanted {
        let mut found = Vec::new();
        compare(name, name, value, actual.get(name), &mut found);
        if !found.is_empty() {
            body.insert(name.clone(), merged(value, actual.get(name)));
        }
    }
    body
}

fn merged(wanted: &Value, actual: Option<&Value>) -> Value {
    let (Value::Object(wanted), Some(Value::Object(actual))) = (wanted, actual) else {
        return wanted.clone();
    };
    let kept = actual.iter().filter(|(_, value)| !value.is_null());
    let mut members: Map<_, _> = kept
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    for (name, value) in wanted {
        members.insert(name.clone(), merged(value, actual.get(name)));
    }
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().unwrap().clone()
    }

    /// `path: from → to` of each difference.
    fn compared(wanted: Value, actual: Value) -> Vec<String> {
        fields(&map(wanted), &map(actual))
            .into_iter()
            .map(|each| {
                format!(
                    "{}: {} → {}",
                    each.path,
                    each.from.unwrap_or_default(),
                    each.to
                )
            })
            .collect()
    }

    #[test]
    fn only_what_the_file_says_is_compared() {
        let actual = json!({
            "name": "Bookstore", "tenantId": "default", "description": null, "ttl": 5, "termsOfUseUrl": null,
            "metadata": {"uris": ["a", "b"], "more": 1, "list": [{"name": "x", "note": null}]},
        });
        for wanted in [
            json!({"name": "Bookstore"}),
            json!({"metadata": {"uris": ["a", "b"]}}),
            json!({"metadata": {}, "unknown": {}}),
            json!({"ttl": 5.0}),
            json!({"termsOfUseUrl": "", "supportEmail": ""}),
            json!({"metadata": {"list": [{"name": "x"}]}}),
        ] {
            assert_eq!(
                compared(wanted.clone(), actual.clone()),
                [""; 0],
                "{wanted}"
            );
        }
        for (wanted, difference) in [
            (json!({"name": "Shop"}), "name: \"Bookstore\" → \"Shop\""),
            (json!({"description": "x"}), "description: null → \"x\""),
            (
                json!({"metadata": {"uris": ["b", "a"]}}),
                "metadata.uris: [\"a\",\"b\"] → [\"b\",\"a\"]",
            ),
            (
                json!({"metadata": {"uris": ["a"]}}),
                "metadata.uris: [\"a\",\"b\"] → [\"a\"]",
            ),
            (
                json!({"metadata": {"sid": true}}),
                "metadata.sid: null → true",
            ),
            (
                json!({"metadata": {"list": [{"name": "x", "note": ""}]}}),
                "metadata.list: [{\"name\":\"x\",\"note\":null}] → [{\"name\":\"x\",\"note\":\"\"}]",
            ),
            (
                json!({"name": {"en": "x"}}),
                "name: \"Bookstore\" → {\"en\":\"x\"}",
            ),
            (json!({"new": {"deep": 1}}), "new.deep: null → 1"),
        ] {
            assert_eq!(compared(wanted, actual.clone()), [difference]);
        }
    }

    #[test]
    fn a_body_has_each_differing_field_whole() {
        let wanted = json!({"name": "Shop", "description": "same", "metadata": {"uris": ["a"], "deep": {"x": 2}}});
        let actual = json!({
            "name": "Bookstore", "description": "same",
            "metadata": {"uris": ["b", "c"], "sid": true, "gone": null, "deep": {"x": 1, "y": 1}},
        });
        assert_eq!(
            Value::Object(body(&map(wanted), &map(actual))),
            json!({"name": "Shop", "metadata": {"uris": ["a"], "sid": true, "deep": {"x": 2, "y": 1}}})
        );
    }

    #[test]
    fn secrets_are_known_by_their_names_at_any_depth() {
        for (wanted, secret) in [
            (json!({"config": {"accessKeySecret": "x"}}), true),
            (json!({"config": {"headers": {"Authorization": "x"}}}), true),
            (json!({"config": {"accounts": [{"password": "x"}]}}), true),
            (json!({"config": {"tokens": ["x"]}}), true),
            (json!({"config": {"signName": "x"}}), false),
            (json!({"rotateRefreshToken": true}), false),
        ] {
            let found = fields(&map(wanted.clone()), &Map::new());
            assert_eq!(
                found.iter().map(|each| each.is_secret).collect::<Vec<_>>(),
                [secret],
                "{wanted}"
            );
        }
        let actual = map(json!({"config": {"list": [{"password": "old"}]}}));
        let found = fields(&map(json!({"config": {"list": []}})), &actual);
        assert!(found[0].is_secret, "the old value is one");
    }
}
