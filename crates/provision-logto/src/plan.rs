//! What has to change so that a tenant is as the file says. Pure: it reads nothing and changes nothing.

use crate::object::{Actual, Key, Link, Object};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The changes, in the order in which they are made, and what stands against them.
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
    Record {
        application: Key,
        /// The application's id.
        id: String,
        created: BTreeSet<String>,
    },
    /// Creates an object. Its links are steps of their own.
    Create(Object),
    /// Changes fields of an object.
    Update {
        key: Key,
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

/// One field that differs.
pub(crate) struct Difference {
    /// The path of the field, e.g. `oidcClientMetadata.redirectUris`.
    pub(crate) path: String,
    /// `None` if it is not set.
    pub(crate) from: Option<Value>,
    pub(crate) to: Value,
    /// Whether the values must not be shown.
    pub(crate) is_secret: bool,
}

/// Why the file cannot be applied.
pub(crate) enum Conflict {
    /// An object of this name exists, differs, and was not created by this program. `--adopt` takes it over.
    NotOurs { key: Key, id: String, differences: Vec<Difference> },
    /// Several objects have the name, and nothing says which one is meant.
    Ambiguous { key: Key, ids: Vec<String> },
    /// Another SMS (or email) connector is set up. Logto has one of each type: creating ours would replace it.
    OtherConnector { key: Key, other: String },
}

/// Compares what should be with what is. `adopt`: take over objects that this program did not create.
pub(crate) fn plan(desired: &[Object], actual: &Actual, adopt: bool) -> Plan {
    todo!()
}
