//! Whatever the file says and whatever is in the tenant: after a plan was applied there is nothing left to do, and a run that
//! was interrupted at any step is completed by the next one, without doubles.

use super::{super::*, model::Model};
use crate::desired::desired;
use proptest::prelude::*;
use std::collections::BTreeMap;
use tenant::Tenant;

/// Decisions, which shrink towards 0.
struct Choices(std::vec::IntoIter<u8>);

impl Choices {
    /// 0 to `below - 1`.
    fn next(&mut self, below: u8) -> u8 {
        self.0.next().unwrap_or_default() % below
    }

    fn some<'a>(&mut self, of: &[&'a str]) -> Vec<&'a str> {
        of.iter().copied().filter(|_| self.next(2) == 1).collect()
    }
}

pub(crate) fn choices() -> impl Strategy<Value = Vec<u8>> {
    prop::collection::vec(0..12_u8, 0..160)
}

const API: &str = "https://api.example";

/// A small file, with names out of few, so that files share objects.
fn file(choices: &mut Choices) -> Vec<Object> {
    let applications: Vec<_> = match choices.next(3) {
        0 => vec!["Shop"],
        1 => vec!["Shop", "Office"],
        _ => vec!["Office", "Shop"],
    };
    let applications: Vec<_> = applications
        .iter()
        .map(|name| {
            json!({
                "name": name, "type": "Traditional", "description": format!("{}", choices.next(2)),
                "oidcClientMetadata": {"redirectUris": ["https://a.example/callback"], "postLogoutRedirectUris": []},
            })
        })
        .collect();
    let connector = ["aliyun-short-message-service", "http-sms"][usize::from(choices.next(2))];
    let scopes = choices.some(&["read", "write"]);
    let described = |names: &[&str], choices: &mut Choices| -> Value {
        names
            .iter()
            .map(|name| json!({"name": name, "description": format!("{}", choices.next(2))}))
            .collect()
    };
    let organization_scopes = choices.some(&["invite", "remove"]);
    let organization_roles = choices.some(&["owner", "guest"]);
    let granted = choices.some(&scopes);
    let granted = if granted.is_empty() {
        json!({})
    } else {
        json!({API: granted})
    };
    let has_api = choices.next(2) == 1 || granted != json!({});
    let resource = json!({"name": "API", "indicator": API, "scopes": described(&scopes, choices)});
    let terms = ["", "https://a.example"][usize::from(choices.next(2))];
    let tenant = json!({
        "applications": applications,
        "connectors": [{"connectorId": connector, "config": {"signName": format!("{}", choices.next(2))}}],
        "signInExperience": {
            "signInMode": "SignInAndRegister",
            "termsOfUseUrl": terms,
            "signUp": {"identifiers": ["phone"], "password": false, "verify": true},
            "signIn": {"methods": []},
        },
        "resources": if has_api { json!([resource]) } else { json!([]) },
        "roles": choices.some(&["reader", "writer"]).into_iter()
            .map(|name| json!({"name": name, "description": "x", "scopes": granted})).collect::<Value>(),
        "organizationScopes": described(&organization_scopes, choices),
        "organizationRoles": organization_roles.iter()
            .map(|name| json!({"name": name, "scopes": organization_scopes})).collect::<Value>(),
        "organizations": choices.some(&["Acme", "Beta"]).into_iter()
            .map(|name| json!({
                "name": name, "customData": {"plan": choices.next(2)},
                "jit": {"emailDomains": ["a.example"], "roles": organization_roles},
            })).collect::<Value>(),
        "hooks": choices.some(&["events"]).into_iter()
            .map(|name| json!({"name": name, "events": ["User.Deleted"], "config": {"url": "https://a.example"}})).collect::<Value>(),
    });
    let tenant: Tenant = serde_json::from_value(tenant).unwrap();
    tenant.check().unwrap();
    desired(&tenant)
}

/// Somebody works in the console: changes objects, removes some, and makes others of the same names.
fn by_hand(model: &mut Model, wanted: &[Object], choices: &mut Choices) {
    for position in (0..model.objects().len()).rev() {
        let existing = &mut model.objects()[position];
        let is_leaf = matches!(
            existing.object.key.kind,
            Kind::Application | Kind::Organization | Kind::Hook | Kind::Connector
        );
        match choices.next(12) {
            9 if !existing.is_built_in() => {
                existing
                    .object
                    .fields
                    .insert("description".to_owned(), "by hand".into());
            }
            10 if existing.object.key.kind.is_marked() => {
                existing
                    .object
                    .fields
                    .insert("customData".to_owned(), json!({"mine": 1}));
            }
            11 if is_leaf => {
                model.objects().remove(position);
            }
            _ => {}
        }
    }
    for object in wanted.iter().filter(|object| !object.key.kind.is_single()) {
        let exists = model
            .objects()
            .iter()
            .any(|existing| existing.object.key == object.key);
        let copies = !exists || !object.key.kind.has_unique_name();
        // Scopes come after their resource, and a tenant has one connector of a type.
        let is_loose = !matches!(object.key.kind, Kind::Scope | Kind::Connector);
        if copies && is_loose && choices.next(12) == 11 {
            let mut fields = object.fields.clone();
            if choices.next(2) == 1 {
                fields.insert("description".to_owned(), "by hand".into());
            }
            model.add(object.key.clone(), Value::Object(fields), []);
        }
    }
}

/// A tenant to which files were applied, and which was changed by hand.
pub(crate) fn some_tenant(choices: Vec<u8>) -> Model {
    let mut choices = Choices(choices.into_iter());
    let mut model = Model::empty();
    model.apply_all(&plan(&file(&mut choices), &model.actual(), false));
    let wanted = file(&mut choices);
    by_hand(&mut model, &wanted, &mut choices);
    model
}

fn counts(model: &mut Model) -> BTreeMap<Key, usize> {
    let mut counts = BTreeMap::new();
    for existing in model.objects() {
        *counts.entry(existing.object.key.clone()).or_default() += 1;
    }
    counts
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, max_global_rejects: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_applied_plan_leaves_nothing_and_an_interrupted_one_is_completed(choices in choices()) {
        let mut choices = Choices(choices.into_iter());
        let mut model = Model::empty();
        model.apply_all(&plan(&file(&mut choices), &model.actual(), false));
        let wanted = file(&mut choices);
        by_hand(&mut model, &wanted, &mut choices);
        let adopt = choices.next(2) == 1;
        let whole = plan(&wanted, &model.actual(), adopt);
        prop_assume!(whole.conflicts.is_empty());

        let mut done = model.clone();
        done.apply_all(&whole);
        for adopt in [false, adopt] {
            let next = plan(&wanted, &done.actual(), adopt);
            prop_assert!(next.conflicts.is_empty());
            prop_assert_eq!(super::lines(&next), Vec::<String>::new());
        }
        let before = counts(&mut model);
        for (key, count) in counts(&mut done) {
            prop_assert!(count <= before.get(&key).copied().unwrap_or(1).max(1), "{} is there {} times", key, count);
        }
        for cut in 0..whole.steps.len() {
            let mut interrupted = model.clone();
            for step in &whole.steps[..cut] {
                interrupted.apply(step);
            }
            interrupted.apply_all(&plan(&wanted, &interrupted.actual(), adopt));
            prop_assert_eq!(interrupted.state(), done.state(), "after {} steps", cut);
        }
    }
}
