use super::*;
use crate::{
    desired::desired,
    object::Object,
    plan::{
        plan,
        tests::{idempotence, model::Model},
    },
};
use proptest::prelude::*;
use secrecy::ExposeSecret as _;
use serde_json::json;

const FILE: &str = include_str!("../../tests/tenants/everything.toml");

fn read(export: &Written) -> Vec<Object> {
    let variable = |name: &str| Some(export.secrets.get(name)?.expose_secret().to_owned());
    desired(&Tenant::parse(&export.text, variable).unwrap())
}

/// A tenant to which the file was applied.
fn everything() -> Model {
    let mut model = Model::empty();
    let tenant = Tenant::parse(FILE, |name| Some(format!("value of {name}"))).unwrap();
    model.apply_all(&plan(&desired(&tenant), &model.actual(), false));
    model
}

fn assert_needs_nothing(export: &Written, actual: &Actual) {
    let plan = plan(&read(export), actual, false);
    assert!(
        plan.steps.is_empty() && plan.conflicts.is_empty(),
        "{plan}\n{}",
        export.text
    );
}

#[test]
fn a_tenant_is_written_as_a_file_that_finds_nothing_to_do() {
    let actual = everything().actual();
    let export = export(&actual).unwrap();
    crate::snapshot::assert_snapshot(
        "everything.toml",
        include_str!("../snapshots/everything.toml"),
        &export.text,
    );
    assert_needs_nothing(&export, &actual);
}

#[test]
fn no_secret_is_in_the_file_and_each_has_a_variable() {
    let export = export(&everything().actual()).unwrap();
    let secrets: Vec<_> = export
        .secrets
        .iter()
        .map(|(name, secret)| (name.as_str(), secret.expose_secret()))
        .collect();
    assert_eq!(
        secrets,
        [
            (
                "ALIBABA_CLOUD_ACCESS_KEY_ID",
                "value of ALIBABA_CLOUD_ACCESS_KEY_ID"
            ),
            (
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                "value of ALIBABA_CLOUD_ACCESS_KEY_SECRET"
            ),
            ("BOOKSTORE_AUTHORIZATION", "Bearer value of HOOK_TOKEN"),
        ]
    );
    assert!(!export.text.contains("value of"), "{}", export.text);
    assert!(
        export.text.contains("#   BOOKSTORE_AUTHORIZATION\n"),
        "{}",
        export.text
    );
}

#[test]
fn what_the_file_cannot_have_is_named_and_left_out() {
    let mut model = everything();
    let application = |name: &str, kind: &str| {
        (
            Key::new(Kind::Application, name),
            json!({"name": name, "type": kind}),
        )
    };
    for (key, fields) in [
        application("Page", "SPA"),
        application("No address", "Traditional"),
        application("Twice\n[[applications]]", "Traditional"),
        application("Twice\n[[applications]]", "Traditional"),
    ] {
        model.add(key, fields, []);
    }
    let lost = BTreeSet::from([Key::scope("https://gone.example", "read")]);
    let role = json!({"name": "lost", "description": "x", "type": "User"});
    model.add(
        Key::new(Kind::Role, "lost"),
        role,
        [(Link::RoleScopes, lost)],
    );
    model.add(
        Key::new(Kind::Hook, ""),
        json!({"name": "", "events": ["PostSignIn"], "config": {"url": "https://a.example"}}),
        [],
    );
    let actual = model.actual();
    let export = export(&actual).unwrap();
    let left_out: Vec<_> = export
        .text
        .lines()
        .filter_map(|line| line.strip_prefix("# Left out: "))
        .collect();
    assert_eq!(left_out.len(), 5, "{left_out:?}");
    for (line, expected) in left_out.iter().zip([
        "application Twice\\u{a}[[applications]]: several objects have this name",
        "application Page: unknown variant `SPA`",
        "application No address: `applications.2.oidcClientMetadata.redirectUris`: needs at least one address",
        "webhook: `hooks.1.name`: must not be empty",
        "role lost: `roles.1.scopes.https://gone.example`: is the indicator of no resource",
    ]) {
        assert!(line.starts_with(expected), "{line}");
    }
    assert_needs_nothing(&export, &actual);
}

#[test]
fn what_logto_has_and_the_file_does_not_know_is_left_out() {
    let mut model = everything();
    for existing in model.objects() {
        let fields = &mut existing.object.fields;
        fields.insert("someNewField".to_owned(), json!({"deep": [1, null]}));
        fields.insert("createdAt".to_owned(), json!(1_795_374_156_838_u64));
        if let Some(Value::Object(metadata)) = fields.get_mut("oidcClientMetadata") {
            metadata.insert("another".to_owned(), json!(true));
            metadata.insert("backchannelLogoutUri".to_owned(), Value::Null);
        }
        if let Some(Value::Object(config)) = fields.get_mut("config") {
            config.insert("text".to_owned(), json!("Your code is ${code}"));
            config.insert("none".to_owned(), Value::Null);
            config.insert("list".to_owned(), json!([{"name": "x", "note": null}]));
        }
    }
    let actual = model.actual();
    let export = export(&actual).unwrap();
    for unknown in ["someNewField", "createdAt", "another", "tenantId", CREATED] {
        assert!(!export.text.contains(unknown), "{}", export.text);
    }
    assert_needs_nothing(&export, &actual);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_tenant_is_written_as_a_file_that_finds_nothing_to_do(choices in idempotence::choices()) {
        let actual = idempotence::some_tenant(choices).actual();
        assert_needs_nothing(&export(&actual).unwrap(), &actual);
    }
}
