//! What has to change so that a tenant is as the file says. Pure: it reads nothing and changes nothing.

mod difference;
mod json;
mod needed_connector;
#[cfg(test)]
pub(crate) mod tests;
mod text;

pub(crate) use difference::Difference;
pub(crate) use text::ordered;

use crate::object::{Actual, CREATED, Existing, Key, Kind, Link, Object};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tenant::ConnectorType;

/// The changes, in the order in which they are made, and what prevents them.
pub(crate) struct Plan {
    pub(crate) steps: Vec<Step>,
    /// Nothing may be changed while there is one.
    pub(crate) conflicts: Vec<Conflict>,
    /// What a person should know: objects that this program created and the file no longer names.
    pub(crate) left_alone: Vec<Key>,
}

/// One change.
pub(crate) enum Step {
    /// Records in an application's `customData` what this program is about to create or has adopted, before it does, so that a run
    /// after an interrupted one knows its own objects. Always the first step, or part of the creation of that application.
    /// Other members of `customData` stay (`PATCH /api/applications/{id}/custom-data`).
    Record {
        application: Key,
        /// The application's id.
        id: String,
        created: BTreeSet<String>,
    },
    /// Creates an object. Its links are steps of their own. A connector replaces the one of its type.
    Create(Object),
    /// Changes fields of an object.
    Update {
        key: Key,
        /// Empty for the kinds that a tenant has exactly one of.
        id: String,
        differences: Vec<Difference>,
        /// The request's body: each differing field whole, with the members that the file leaves out as they are.
        body: Map<String, Value>,
    },
    /// Changes what an object refers to.
    SetLinks {
        key: Key,
        link: Link,
        add: BTreeSet<Key>,
        remove: BTreeSet<Key>,
        /// All of them, as they should be.
        wanted: BTreeSet<Key>,
    },
}

/// Why the file cannot be applied.
pub(crate) enum Conflict {
    /// An object of this name exists, differs, and was not created by this program. `--adopt` takes it over.
    NotOurs {
        key: Key,
        id: String,
        differences: Vec<Difference>,
    },
    /// Several objects have the name, and nothing says which one is meant.
    Ambiguous { key: Key, ids: Vec<String> },
    /// Another connector of this type is set up. Logto has one of each type: creating ours would replace it. `--adopt` does.
    OtherConnector { key: Key, other: String },
    /// People sign in with a code, and neither the file nor the tenant has a connector that sends it.
    NoConnector { key: Key, missing: ConnectorType },
    /// A field that Logto fixes when it creates an object.
    CannotChange {
        key: Key,
        id: String,
        difference: Box<Difference>,
    },
    /// An object that Logto made itself and needs, and the file wants it otherwise.
    BuiltIn { key: Key },
}

/// Compares what should be, in the order of [`Kind`], with what is. `adopt`: take over objects that this program did not create.
pub(crate) fn plan(desired: &[Object], actual: &Actual, adopt: bool) -> Plan {
    let mut conflicts = Vec::new();
    let mut ours = Vec::new();
    for object in desired {
        match belongs(object, actual, adopt) {
            Ok(Some(existing)) => ours.push((object, existing)),
            Ok(None) => {}
            Err(conflict) => conflicts.push(conflict),
        }
    }

    let created: BTreeSet<String> = ours
        .iter()
        .map(|(object, _)| &object.key)
        .filter(|key| !key.kind.is_single())
        .map(Key::to_string)
        .chain(actual.created.iter().cloned())
        .collect();
    let mut keys = desired.iter().map(|object| &object.key);
    let first = keys.find(|key| key.kind == Kind::Application);
    let mut steps: Vec<_> = first
        .and_then(|key| record(key, &created, actual))
        .into_iter()
        .collect();
    for (object, existing) in ours {
        match existing {
            None => {
                let list = if first == Some(&object.key) {
                    &created
                } else {
                    &BTreeSet::new()
                };
                steps.push(Step::Create(marked(object, list)));
            }
            Some(existing) => match update(object, existing) {
                Ok(step) => steps.extend(step),
                Err(conflict) => conflicts.push(conflict),
            },
        }
        steps.extend(links(object, existing));
    }
    conflicts.extend(needed_connector::conflicts(&steps, desired, actual));
    Plan {
        steps,
        conflicts,
        left_alone: left_alone(desired, actual),
    }
}

/// Which object is to be made equal: `Some(None)` is a new one. `None` if the existing one is somebody else's and equal.
type Belongs<'a> = Option<Option<&'a Existing>>;

fn belongs<'a>(object: &Object, actual: &'a Actual, adopt: bool) -> Result<Belongs<'a>, Conflict> {
    let key = &object.key;
    let Some(existing) = find(key, actual)? else {
        if is_part_of_built_in(key, actual) {
            return Err(Conflict::BuiltIn { key: key.clone() });
        }
        return match other_connector(key, actual) {
            Some(other) if !adopt => Err(Conflict::OtherConnector {
                key: key.clone(),
                other,
            }),
            _ => Ok(Some(None)),
        };
    };
    let is_built_in = existing.is_built_in();
    let is_ours = key.kind.is_single() || actual.created.contains(&key.to_string()) || adopt;
    if is_ours && !is_built_in {
        return Ok(Some(Some(existing)));
    }
    let mut differences = difference::fields(&object.fields, &existing.object.fields);
    for step in links(object, Some(existing)) {
        if let Step::SetLinks { link, wanted, .. } = step {
            let from = existing.object.links.get(&link);
            differences.push(Difference::of_links(link, from, &wanted));
        }
    }
    if differences.is_empty() {
        return Ok(None);
    }
    Err(if is_built_in {
        Conflict::BuiltIn { key: key.clone() }
    } else {
        Conflict::NotOurs {
            key: key.clone(),
            id: existing.id.clone(),
            differences,
        }
    })
}

/// The object of a key. Of several, the one with the mark of this program.
pub(crate) fn find<'a>(key: &Key, actual: &'a Actual) -> Result<Option<&'a Existing>, Conflict> {
    let all: Vec<_> = of_key(key, actual).collect();
    if all.len() <= 1 {
        return Ok(all.first().copied());
    }
    let mut marked = all.iter().filter(|existing| existing.mark().is_some());
    match (marked.next(), marked.next()) {
        (Some(one), None) => Ok(Some(one)),
        _ => Err(Conflict::Ambiguous {
            key: key.clone(),
            ids: all.iter().map(|existing| existing.id.clone()).collect(),
        }),
    }
}

fn of_key<'a>(key: &Key, actual: &'a Actual) -> impl Iterator<Item = &'a Existing> {
    let objects = actual.objects.iter();
    objects.filter(move |existing| existing.object.key == *key)
}

/// A scope of an API resource that Logto made itself.
fn is_part_of_built_in(key: &Key, actual: &Actual) -> bool {
    key.parent.as_ref().is_some_and(|indicator| {
        let resource = Key::new(Kind::Resource, indicator);
        of_key(&resource, actual).any(Existing::is_built_in)
    })
}

/// The connector that a new one of this key would replace.
fn other_connector(key: &Key, actual: &Actual) -> Option<String> {
    if key.kind != Kind::Connector {
        return None;
    }
    let kind = ConnectorType::of(&key.name)?;
    let mut connectors = actual
        .objects
        .iter()
        .filter(|existing| existing.object.key.kind == Kind::Connector);
    let other = connectors.find(|existing| needed_connector::is_of_type(&existing.object, kind))?;
    Some(other.object.key.name.clone())
}

/// The step that records what this program creates, unless the creation of the application does or all is recorded.
fn record(application: &Key, created: &BTreeSet<String>, actual: &Actual) -> Option<Step> {
    let existing = find(application, actual).ok()??;
    (*created != actual.created).then(|| Step::Record {
        application: application.clone(),
        id: existing.id.clone(),
        created: created.clone(),
    })
}

/// The object with the mark of this program and this list.
fn marked(object: &Object, created: &BTreeSet<String>) -> Object {
    let mut object = object.clone();
    if object.key.kind.is_marked() {
        let data = object
            .fields
            .entry("customData")
            .or_insert_with(|| json!({}));
        data[CREATED] = json!({ "created": created });
    }
    object
}

fn update(object: &Object, existing: &Existing) -> Result<Option<Step>, Conflict> {
    let Object { key, fields, .. } = object;
    let actual = &existing.object.fields;
    let differences = difference::fields(fields, actual);
    if let Some(fixed) = key.kind.fixed_field()
        && let Some(difference) = differences.iter().find(|each| each.path == fixed)
    {
        return Err(Conflict::CannotChange {
            key: key.clone(),
            id: existing.id.clone(),
            difference: difference.clone().into(),
        });
    }
    Ok((!differences.is_empty()).then(|| Step::Update {
        key: key.clone(),
        id: existing.id.clone(),
        differences,
        body: difference::body(fields, actual),
    }))
}

fn links(object: &Object, existing: Option<&Existing>) -> Vec<Step> {
    let none = BTreeMap::new();
    let links = existing.map_or(&none, |existing| &existing.object.links);
    let changes = object.links.iter().map(|(&link, wanted)| {
        let actual = links.get(&link).cloned().unwrap_or_default();
        Step::SetLinks {
            key: object.key.clone(),
            link,
            add: wanted - &actual,
            remove: &actual - wanted,
            wanted: wanted.clone(),
        }
    });
    changes
        .filter(|step| match step {
            Step::SetLinks { add, remove, .. } => !add.is_empty() || !remove.is_empty(),
            _ => false,
        })
        .collect()
}

fn left_alone(desired: &[Object], actual: &Actual) -> Vec<Key> {
    let wanted: BTreeSet<_> = desired.iter().map(|object| &object.key).collect();
    let keys: BTreeSet<_> = actual
        .objects
        .iter()
        .map(|existing| &existing.object.key)
        .collect();
    keys.into_iter()
        .filter(|key| actual.created.contains(&key.to_string()) && !wanted.contains(key))
        .cloned()
        .collect()
}
