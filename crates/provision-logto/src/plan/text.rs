//! A plan for people: one block for each object, secrets hidden, and what to do next.

use super::{Conflict, Difference, Plan, Step, difference::is_secret};
use crate::object::{CREATED, Key, Link};
use crate::visible::visible;
use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// What is shown instead of a secret.
pub(super) const SECRET: &str = "(secret)";

/// Each change, each conflict, and how many there are.
impl fmt::Display for Plan {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut last = None;
        for step in &self.steps {
            let key = step.key();
            if last != Some(key) {
                writeln!(formatter, "{} {key}", step.verb())?;
            }
            last = Some(key);
            step.details(formatter)?;
        }
        for conflict in &self.conflicts {
            write!(formatter, "{conflict}")?;
        }
        for key in &self.left_alone {
            writeln!(
                formatter,
                "  left alone: {key}, which an earlier file had. Remove it in Logto's console if nothing needs it."
            )?;
        }
        if !(self.steps.is_empty() && self.conflicts.is_empty() && self.left_alone.is_empty()) {
            writeln!(formatter)?;
        }
        match self.conflicts.len() {
            0 => formatter.write_str(&self.counts()),
            1 => formatter.write_str("1 conflict prevents every change."),
            count => write!(formatter, "{count} conflicts prevent every change."),
        }
    }
}

impl Plan {
    /// The plan, and what to run next.
    pub(crate) fn to_text(&self) -> String {
        if self.steps.is_empty() || !self.conflicts.is_empty() {
            self.to_string()
        } else {
            format!("{self}\nRun `provision-logto apply` to make these changes.")
        }
    }

    fn counts(&self) -> String {
        if self.steps.is_empty() {
            return "Nothing to do: the tenant is as the file says.".to_owned();
        }
        let keys = self.steps.iter().map(Step::key);
        let all: BTreeSet<_> = keys.collect();
        let created = self.steps.iter().filter(|step| step.creates()).count();
        match (created, all.len() - created) {
            (0, changed) => format!("{changed} to change."),
            (created, 0) => format!("{created} to create."),
            (created, changed) => format!("{created} to create, {changed} to change."),
        }
    }
}

impl Step {
    fn key(&self) -> &Key {
        match self {
            Self::Record {
                application: key, ..
            }
            | Self::Update { key, .. }
            | Self::SetLinks { key, .. } => key,
            Self::Create(object) => &object.key,
        }
    }

    /// What it does, in a few words.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::Record { application, .. } => format!("record in {application}"),
            Self::Create(object) => format!("create {}", object.key),
            Self::Update { key, .. } => format!("change {key}"),
            Self::SetLinks { key, link, .. } => format!("change {} of {key}", link.name()),
        }
    }

    fn creates(&self) -> bool {
        matches!(self, Self::Create(_))
    }

    fn verb(&self) -> &'static str {
        if self.creates() {
            "+ create"
        } else {
            "~ change"
        }
    }

    fn details(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record { created, .. } => {
                writeln!(
                    formatter,
                    "    customData: the list of what this program creates ({} objects)",
                    created.len()
                )
            }
            Self::Create(object) => {
                show_new(formatter, "", "", &Value::Object(object.fields.clone()))
            }
            Self::Update { differences, .. } => show_all(formatter, differences),
            Self::SetLinks {
                link, add, remove, ..
            } => {
                show_links(formatter, *link, '+', add)?;
                show_links(formatter, *link, '-', remove)
            }
        }
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotOurs {
                key,
                id,
                differences,
            } => {
                writeln!(
                    formatter,
                    "! conflict: {key} (id {id}) exists, differs, and was not created by this program"
                )?;
                show_all(formatter, differences)?;
                writeln!(
                    formatter,
                    "    To change it, run this command with --adopt. To leave it alone, name another one in the file."
                )
            }
            Self::Ambiguous { key, ids } => {
                writeln!(
                    formatter,
                    "! conflict: {key} exists {} times: ids {}",
                    ids.len(),
                    ids.join(", ")
                )?;
                writeln!(
                    formatter,
                    "    Rename or remove all but one of them in Logto's console."
                )
            }
            Self::OtherConnector { key, other } => {
                writeln!(
                    formatter,
                    "! conflict: {key} would replace the connector {other}, for Logto has one of each type"
                )?;
                writeln!(
                    formatter,
                    "    To replace it, run this command with --adopt. To keep it, describe {other} in the file instead."
                )
            }
            Self::NoConnector { key, missing } => {
                writeln!(
                    formatter,
                    "! conflict: the {key} needs an {missing} connector, and neither the file nor Logto has one"
                )?;
                writeln!(formatter, "    Add one under [[connectors]] in the file.")
            }
            Self::CannotChange {
                key,
                id,
                difference,
            } => {
                writeln!(
                    formatter,
                    "! conflict: Logto cannot change the {} of {key} (id {id})",
                    difference.path
                )?;
                show(formatter, difference)?;
                writeln!(
                    formatter,
                    "    Give it another name in the file, so that a new one is created, or remove the old one in Logto's console."
                )
            }
            Self::BuiltIn { key } => {
                writeln!(
                    formatter,
                    "! conflict: {key} is Logto's own, and is never changed"
                )?;
                writeln!(formatter, "    Remove it from the file.")
            }
        }
    }
}

fn show_all(formatter: &mut fmt::Formatter<'_>, differences: &[Difference]) -> fmt::Result {
    differences
        .iter()
        .try_for_each(|difference| show(formatter, difference))
}

fn show(formatter: &mut fmt::Formatter<'_>, difference: &Difference) -> fmt::Result {
    let Difference {
        path,
        from,
        to,
        is_secret,
    } = difference;
    let from = from
        .as_ref()
        .map_or("not set".to_owned(), |from| value_text(from, *is_secret));
    writeln!(
        formatter,
        "    {path}: {from} → {}",
        value_text(to, *is_secret)
    )
}

/// The fields of a new object, each in a line, without the mark of this program.
fn show_new(
    formatter: &mut fmt::Formatter<'_>,
    path: &str,
    name: &str,
    value: &Value,
) -> fmt::Result {
    let Value::Object(members) = value else {
        return writeln!(
            formatter,
            "    {path}: {}",
            value_text(value, is_secret(name, value))
        );
    };
    for (name, value) in sorted(members) {
        if name == CREATED {
            continue;
        }
        let path = if path.is_empty() {
            name.clone()
        } else {
            format!("{path}.{name}")
        };
        show_new(formatter, &path, name, value)?;
    }
    Ok(())
}

fn show_links(
    formatter: &mut fmt::Formatter<'_>,
    link: Link,
    sign: char,
    keys: &BTreeSet<Key>,
) -> fmt::Result {
    keys.iter()
        .try_for_each(|key| writeln!(formatter, "    {}: {sign} {key}", link.name()))
}

fn value_text(value: &Value, is_secret: bool) -> String {
    if is_secret {
        SECRET.to_owned()
    } else {
        visible(&ordered(value).to_string())
    }
}

/// Members in the order of their names, whatever the order in the file or in a response.
fn sorted(members: &Map<String, Value>) -> BTreeMap<&String, &Value> {
    members.iter().collect()
}

/// The same value, with all members in the order of their names.
pub(crate) fn ordered(value: &Value) -> Value {
    match value {
        Value::Array(list) => list.iter().map(ordered).collect(),
        Value::Object(members) => {
            let members = sorted(members).into_iter();
            members
                .map(|(name, value)| (name.clone(), ordered(value)))
                .collect()
        }
        value => value.clone(),
    }
}
