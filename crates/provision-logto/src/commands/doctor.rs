//! `doctor`: looks whether people can sign in with this tenant, and says how to mend what keeps them from it.

mod checks;

use super::{load, print};
use crate::{
    actual::{self, Wanted},
    desired::desired,
    management_api::{ApiError, ManagementApi},
    object::{Key, Object},
    plan::{Conflict, Difference, Plan, Step, plan},
    settings::Settings,
};
use sign_in_checks::Report;
use std::{collections::BTreeMap, path::Path, process::ExitCode};

const APPLY: &str = "run `provision-logto apply`";
const ADOPT: &str = "correct the tenant file, or run `provision-logto apply --adopt`, which makes the object as the file says";

pub(super) async fn run(
    tenant: &Path,
    settings: Result<Settings, ::settings::Error>,
) -> anyhow::Result<ExitCode> {
    let mut report = Report::default();
    let settings = match settings {
        Ok(settings) => Some(settings),
        Err(error) => {
            let found = error.to_string().replace('\n', ", ");
            report.wrong("settings", found, "set what is named");
            None
        }
    };
    let objects = match load(tenant) {
        Ok(tenant) => Some(desired(&tenant)),
        Err(error) => {
            report.wrong("tenant file", error.to_string(), "correct the file");
            None
        }
    };
    if let (Some(settings), Some(objects)) = (settings, objects) {
        report.fine("settings", settings.endpoint.as_str());
        report.fine("tenant file", tenant.display().to_string());
        if let Err(error) = examine(settings, &objects, &mut report).await {
            report.wrong("Management API", error.found(), error.next_step());
        }
    }
    print(report.to_string().trim_end())?;
    Ok(if report.is_well() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

async fn examine(
    settings: Settings,
    objects: &[Object],
    report: &mut Report,
) -> Result<(), ApiError> {
    let mut api = ManagementApi::connect(settings).await?;
    let actual = actual::read(&mut api, Wanted::For(objects)).await?;
    report.fine("Management API", "the token is accepted, and has the right");
    compare(&plan(objects, &actual, false), objects, report);
    checks::run(&mut api, objects, &actual, report).await
}

/// What the tenant lacks, or has otherwise than the file says.
fn compare(plan: &Plan, objects: &[Object], report: &mut Report) {
    let mut wrong: BTreeMap<&Key, Vec<(String, &'static str)>> = BTreeMap::new();
    for conflict in &plan.conflicts {
        let (key, found, mend) = conflict_words(conflict);
        wrong.entry(key).or_default().push((found, mend));
    }
    for (key, found) in plan.steps.iter().filter_map(step_words) {
        wrong.entry(key).or_default().push((found, APPLY));
    }
    for Object { key, .. } in objects {
        let kind = key.kind.name();
        match wrong.get(key) {
            None => report.fine(kind, format!("{} is as the file says", shown(key))),
            Some(findings) => {
                for (found, mend) in findings {
                    report.wrong(kind, format!("{} {found}", shown(key)), *mend);
                }
            }
        }
    }
}

fn conflict_words(conflict: &Conflict) -> (&Key, String, &'static str) {
    match conflict {
        Conflict::NotOurs {
            key, differences, ..
        } => (key, differs(differences), ADOPT),
        Conflict::Ambiguous { key, ids } => (
            key,
            format!("exists several times ({})", ids.join(", ")),
            "delete all but one in Logto's console",
        ),
        Conflict::OtherConnector { key, other } => (
            key,
            format!("is missing, and another connector of its type is there: {other}"),
            ADOPT,
        ),
        Conflict::NoConnector { key, missing } => (
            key,
            format!("asks for codes, and no connector sends them by {missing:?}"),
            "add the connector to the tenant file",
        ),
        Conflict::CannotChange {
            key, difference, ..
        } => (
            key,
            format!("has another {}, which Logto never changes", difference.path),
            "give it another name in the tenant file, or delete it in Logto's console",
        ),
        Conflict::BuiltIn { key } => (
            key,
            "is Logto's own, and otherwise than in the file".to_owned(),
            "remove it from the tenant file",
        ),
    }
}

fn step_words(step: &Step) -> Option<(&Key, String)> {
    Some(match step {
        Step::Record { .. } => return None,
        Step::Create(object) => (&object.key, "is missing".to_owned()),
        Step::Update {
            key, differences, ..
        } => (key, differs(differences)),
        Step::SetLinks { key, link, .. } => {
            (key, format!("has other {} than the file", link.name()))
        }
    })
}

fn differs(differences: &[Difference]) -> String {
    let paths: Vec<_> = differences
        .iter()
        .map(|difference| difference.path.as_str())
        .collect();
    format!("differs from the file in {}", paths.join(", "))
}

/// The name, or that there is only one.
fn shown(key: &Key) -> String {
    match &key.parent {
        Some(parent) => format!("{} of {parent}", key.name),
        None if key.kind.is_single() => "it".to_owned(),
        None => key.name.clone(),
    }
}
