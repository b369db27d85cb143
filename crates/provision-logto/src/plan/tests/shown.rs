//! Whole plans as people and programs see them.

use super::{super::*, FILE, Model, applied, objects};
use crate::snapshot::assert_snapshot;

fn assert_shown(name: &str, text: &str, json: &str, plan: &Plan) {
    let (shown, program) = (plan.to_text() + "\n", plan.to_json() + "\n");
    for shown in [&shown, &program] {
        assert!(!shown.contains("value of"), "a secret: {shown}");
    }
    assert_snapshot(&format!("{name}.txt"), text, &shown);
    assert_snapshot(&format!("{name}.json"), json, &program);
}

#[test]
fn a_plan_for_an_empty_tenant() {
    let plan = plan(&objects(FILE), &Model::empty().actual(), false);
    assert_shown(
        "empty_tenant",
        include_str!("../../snapshots/empty_tenant.txt"),
        include_str!("../../snapshots/empty_tenant.json"),
        &plan,
    );
}

#[test]
fn a_plan_for_a_changed_file() {
    let mut model = applied(FILE);
    model.forget("organization scope invite:member");
    let file = FILE
        .replace("${ALIBABA_CLOUD_ACCESS_KEY_SECRET}", "${OTHER}")
        .replace("Keeps the books", "Keeps all books")
        .replace("[\"read:books\", \"write:books\"]", "[\"write:books\"]")
        .replace("accessTokenTtl = 1800\n", "accessTokenTtl = 600\n")
        .replace(
            "[[hooks]]\nname = \"bookstore\"",
            "[[hooks]]\nname = \"other\"",
        );
    let plan = plan(&objects(&file), &model.actual(), false);
    assert_shown(
        "changed_file",
        include_str!("../../snapshots/changed_file.txt"),
        include_str!("../../snapshots/changed_file.json"),
        &plan,
    );
}

#[test]
fn a_plan_with_every_conflict() {
    let mut model = Model::empty();
    let sms = json!({"connectorId": "http-sms", "type": "Sms", "config": {}});
    model.add(Key::new(Kind::Connector, "http-sms"), sms, []);
    let hook = json!({"name": "bookstore", "events": ["PostSignIn"], "config": {"url": "https://old.example", "headers": {"Authorization": "value of old"}}});
    model.add(Key::new(Kind::Hook, "bookstore"), hook, []);
    for _ in 0..2 {
        model.add(
            Key::new(Kind::Organization, "Acme"),
            json!({"name": "Acme"}),
            [],
        );
    }
    model.add(
        Key::new(Kind::Role, "librarian"),
        json!({"name": "librarian", "type": "MachineToMachine"}),
        [],
    );
    model.mark_as_created("role librarian");
    let own = "\n[[roles]]\nname = \"Logto Management API access\"\ndescription = \"Mine\"\n";
    let file = FILE.replace(
        "identifiers = [\"phone\"]",
        "identifiers = [\"email\", \"phone\"]",
    );
    let plan = plan(&objects(&format!("{file}{own}")), &model.actual(), false);
    assert_eq!(plan.conflicts.len(), 6);
    assert_shown(
        "conflicts",
        include_str!("../../snapshots/conflicts.txt"),
        include_str!("../../snapshots/conflicts.json"),
        &plan,
    );
}

#[test]
fn a_plan_with_nothing_to_do() {
    let same = plan(&objects(FILE), &applied(FILE).actual(), false);
    assert_eq!(
        same.to_text(),
        "Nothing to do: the tenant is as the file says."
    );
    assert_eq!(
        same.to_json(),
        "{\n  \"conflicts\": [],\n  \"leftAlone\": [],\n  \"steps\": []\n}"
    );
}
