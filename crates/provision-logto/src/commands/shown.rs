//! A plan as text and as JSON.

use crate::{
    object::Key,
    plan::{Conflict, Difference, Plan, Step},
};
use serde_json::{Value, json};
use std::fmt;

/// A plan as text.
pub(super) struct Shown<'a>(pub(super) &'a Plan);

impl Step {
    /// What it does, in one line.
    pub(crate) fn title(&self) -> String {
        match self {
            Self::Record { application, .. } => {
                format!("record what this program creates in {application}")
            }
            Self::Create(object) => format!("create {}", object.key),
            Self::Update { key, .. } => format!("update {key}"),
            Self::SetLinks { key, link, .. } => format!("set {} of {key}", link.name()),
        }
    }

    fn details(&self) -> Vec<String> {
        match self {
            Self::Record { .. } | Self::Create(_) => Vec::new(),
            Self::Update { differences, .. } => differences.iter().map(line).collect(),
            Self::SetLinks { add, remove, .. } => {
                let added = add.iter().map(|key| format!("+ {}", key.name));
                let removed = remove.iter().map(|key| format!("- {}", key.name));
                added.chain(removed).collect()
            }
        }
    }
}

fn line(difference: &Difference) -> String {
    let Difference {
        path,
        from,
        to,
        is_secret,
    } = difference;
    if *is_secret {
        return format!("{path}: (secret)");
    }
    let from = from.as_ref().unwrap_or(&Value::Null);
    format!("{path}: {from} -> {to}")
}

impl Conflict {
    fn lines(&self) -> (String, Vec<String>) {
        match self {
            Self::NotOurs {
                key,
                id,
                differences,
            } => (
                format!("{key} ({id}) was not created by this program; --adopt takes it over"),
                differences.iter().map(line).collect(),
            ),
            Self::Ambiguous { key, ids } => (
                format!("{key} exists several times: {}", ids.join(", ")),
                Vec::new(),
            ),
            Self::OtherConnector { key, other } => (
                format!("{key} would replace {other}; --adopt does it"),
                Vec::new(),
            ),
            Self::NoConnector { key, missing } => (
                format!("{key} needs a connector of type {missing:?}"),
                Vec::new(),
            ),
            Self::CannotChange {
                key,
                id,
                difference,
            } => (
                format!("{key} ({id}) cannot be changed in"),
                vec![line(difference)],
            ),
            Self::BuiltIn { key } => (format!("{key} is Logto's own"), Vec::new()),
        }
    }
}

impl fmt::Display for Shown<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Plan {
            steps,
            conflicts,
            left_alone,
        } = self.0;
        let steps = steps.iter().map(|step| (step.title(), step.details()));
        let conflicts = conflicts.iter().map(|conflict| {
            let (title, details) = conflict.lines();
            (format!("conflict: {title}"), details)
        });
        let left = left_alone
            .iter()
            .map(|key: &Key| (format!("left alone: {key}"), Vec::new()));
        for (title, details) in steps.chain(conflicts).chain(left) {
            writeln!(formatter, "{title}")?;
            for detail in details {
                writeln!(formatter, "    {detail}")?;
            }
        }
        Ok(())
    }
}

pub(super) fn json_of(plan: &Plan) -> Value {
    let steps: Vec<_> = plan.steps.iter().map(Step::title).collect();
    let conflicts: Vec<_> = plan
        .conflicts
        .iter()
        .map(|conflict| conflict.lines().0)
        .collect();
    let left: Vec<_> = plan.left_alone.iter().map(Key::to_string).collect();
    json!({ "steps": steps, "conflicts": conflicts, "leftAlone": left })
}
