pub(crate) mod idempotence;
pub(crate) mod model;
mod shown;

use super::*;
use crate::desired::desired;
use model::Model;
use tenant::Tenant;

const FILE: &str = include_str!("../../tests/tenants/everything.toml");

fn objects(file: &str) -> Vec<Object> {
    desired(&Tenant::parse(file, |name| Some(format!("value of {name}"))).unwrap())
}

/// The steps, each in a line.
fn lines(plan: &Plan) -> Vec<String> {
    plan.steps.iter().map(line).collect()
}

fn line(step: &Step) -> String {
    match step {
        Step::Record { application, .. } => format!("record in {application}"),
        Step::Create(object) => format!("create {}", object.key),
        Step::Update {
            key, differences, ..
        } => {
            let paths: Vec<_> = differences.iter().map(|each| each.path.as_str()).collect();
            format!("update {key}: {}", paths.join(", "))
        }
        Step::SetLinks { key, link, .. } => format!("link {key}: {}", link.name()),
    }
}

fn reasons(plan: &Plan) -> Vec<String> {
    let reason = |conflict: &Conflict| match conflict {
        Conflict::NotOurs {
            key, differences, ..
        } => {
            let paths: Vec<_> = differences.iter().map(|each| each.path.as_str()).collect();
            format!("not ours: {key}: {}", paths.join(", "))
        }
        Conflict::Ambiguous { key, ids } => format!("ambiguous: {key}: {}", ids.join(", ")),
        Conflict::OtherConnector { key, other } => format!("{other} instead of {key}"),
        Conflict::NoConnector { missing, .. } => format!("no {missing} connector"),
        Conflict::CannotChange {
            key, difference, ..
        } => format!("cannot change {} of {key}", difference.path),
        Conflict::BuiltIn { key } => format!("built in: {key}"),
    };
    plan.conflicts.iter().map(reason).collect()
}

/// An empty tenant after the file was applied.
fn applied(file: &str) -> Model {
    let mut model = Model::empty();
    model.apply_all(&plan(&objects(file), &model.actual(), false));
    model
}

#[test]
fn an_empty_tenant_gets_all_in_order() {
    let plan = plan(&objects(FILE), &Model::empty().actual(), false);
    assert_eq!(reasons(&plan), [""; 0]);
    assert_eq!(
        lines(&plan),
        [
            "create application Bookstore",
            "create application Stock keeper",
            "create connector aliyun-short-message-service",
            "update sign-in experience: agreeToTermsPolicy, branding.logoUrl, color.primaryColor, forgotPasswordMethods, \
             languageInfo.fallbackLanguage, passwordPolicy.length.min, passwordPolicy.rejects.pwned, passwordPolicy.rejects.words, \
             signIn.methods, signUp.identifiers, signUp.secondaryIdentifiers, signUp.verify, termsOfUseUrl",
            "create API resource https://api.bookstore.example",
            "create scope read:books of https://api.bookstore.example",
            "create scope write:books of https://api.bookstore.example",
            "create role librarian",
            "link role librarian: scopes",
            "create organization scope invite:member",
            "create organization role owner",
            "link organization role owner: scopes",
            "link organization role owner: resourceScopes",
            "create organization Acme",
            "link organization Acme: jit.emailDomains",
            "link organization Acme: jit.roles",
            "create webhook bookstore",
            "update account center: enabled, fields.name, fields.phone",
        ]
    );
}

#[test]
fn the_first_application_lists_what_this_program_creates() {
    let plan = plan(&objects(FILE), &Model::empty().actual(), false);
    let created = |position: usize| match &plan.steps[position] {
        Step::Create(object) => object.fields.get("customData").cloned(),
        other => panic!("{}", line(other)),
    };
    let list = created(0).unwrap()[CREATED]["created"].clone();
    assert_eq!(
        list.as_array().unwrap().len(),
        11,
        "all but the single kinds"
    );
    assert_eq!(list[0], "API resource https://api.bookstore.example");
    assert_eq!(created(1).unwrap(), json!({CREATED: {"created": []}}));
    assert_eq!(created(2), None, "a connector has no customData");
    let acme = plan.steps.iter().find_map(|step| match step {
        Step::Create(object) if object.key.kind == Kind::Organization => Some(object),
        _ => None,
    });
    assert_eq!(
        acme.unwrap().fields["customData"],
        json!({"plan": "pro", "seats": 5, CREATED: {"created": []}})
    );
}

#[test]
fn a_tenant_that_is_as_the_file_says_needs_nothing() {
    let actual = applied(FILE).actual();
    for adopt in [false, true] {
        let plan = plan(&objects(FILE), &actual, adopt);
        assert_eq!((lines(&plan), reasons(&plan)), (vec![], vec![]));
    }
}

#[test]
fn changes_of_the_file_are_made_and_the_rest_stays() {
    let actual = applied(FILE).actual();
    for (right, wrong, expected) in [
        (
            "SMS_5",
            "SMS_6",
            "update connector aliyun-short-message-service: config.templates",
        ),
        (
            "accessTokenTtl = 1800",
            "accessTokenTtl = 60",
            "update API resource https://api.bookstore.example: accessTokenTtl",
        ),
        (
            "[\"read:books\", \"write:books\"]",
            "[\"read:books\"]",
            "link role librarian: scopes",
        ),
        (
            "emailDomains = [\"acme.example\"]",
            "emailDomains = []",
            "link organization Acme: jit.emailDomains",
        ),
        (
            "fields = { name = \"Edit\"",
            "fields = { name = \"Off\"",
            "update account center: fields.name",
        ),
    ] {
        let changed = FILE.replace(right, wrong);
        assert_ne!(changed, FILE);
        let plan = plan(&objects(&changed), &actual, false);
        assert_eq!(
            (lines(&plan), reasons(&plan)),
            (vec![expected.to_owned()], vec![])
        );
    }
}

#[test]
fn a_new_object_is_recorded_before_it_is_created() {
    let actual = applied(FILE).actual();
    let file = FILE.replace(
        "[[hooks]]",
        "[[organizations]]\nname = \"Other\"\n\n[[hooks]]",
    );
    let plan = plan(&objects(&file), &actual, false);
    assert_eq!(
        lines(&plan),
        [
            "record in application Bookstore",
            "create organization Other"
        ]
    );
    let Step::Record { created, .. } = &plan.steps[0] else {
        panic!()
    };
    assert!(created.contains("organization Other") && created.contains("role librarian"));
}

#[test]
fn what_the_file_no_longer_names_is_left_alone() {
    let actual = applied(FILE).actual();
    let (before, rest) = FILE.split_once("[[hooks]]").unwrap();
    let (_, after) = rest.split_once("[accountCenter]").unwrap();
    let plan = plan(
        &objects(&format!("{before}[accountCenter]{after}")),
        &actual,
        false,
    );
    assert_eq!(lines(&plan), [""; 0]);
    assert_eq!(plan.left_alone, [Key::new(Kind::Hook, "bookstore")]);
}

#[test]
fn an_object_of_somebody_else_is_changed_only_when_it_is_adopted() {
    let mut model = Model::empty();
    let key = Key::new(Kind::Application, "Bookstore");
    let fields = json!({"name": "Bookstore", "type": "Traditional", "description": "mine", "customData": {"a": 1}});
    let id = model.add(key.clone(), fields, []);
    let refused = plan(&objects(FILE), &model.actual(), false);
    assert_eq!(
        reasons(&refused),
        [
            "not ours: application Bookstore: customClientMetadata.refreshTokenTtlInDays, customClientMetadata.rotateRefreshToken, \
          description, oidcClientMetadata.backchannelLogoutSessionRequired, oidcClientMetadata.backchannelLogoutUri, \
          oidcClientMetadata.postLogoutRedirectUris, oidcClientMetadata.redirectUris"
        ]
    );
    let adopted = plan(&objects(FILE), &model.actual(), true);
    assert_eq!(reasons(&adopted), [""; 0]);
    assert_eq!(lines(&adopted)[0], "record in application Bookstore");
    model.apply_all(&adopted);
    let bookstore = model.find(&key);
    assert_eq!(
        (
            bookstore.id.as_str(),
            &bookstore.object.fields["customData"]["a"]
        ),
        (id.as_str(), &json!(1))
    );
    assert_eq!(
        lines(&plan(&objects(FILE), &model.actual(), false)),
        [""; 0]
    );
}

#[test]
fn an_equal_object_of_somebody_else_is_used_and_not_changed() {
    let mut model = Model::empty();
    let scope = Key::new(Kind::OrganizationScope, "invite:member");
    model.add(
        scope,
        json!({"name": "invite:member", "description": "Invite members"}),
        [],
    );
    let first = plan(&objects(FILE), &model.actual(), false);
    assert_eq!(reasons(&first), [""; 0]);
    assert!(!lines(&first).contains(&"create organization scope invite:member".to_owned()));
    model.apply_all(&first);
    assert!(
        !model
            .actual()
            .created
            .contains("organization scope invite:member")
    );
    // A link is part of the object.
    let role = Key::new(Kind::Role, "librarian");
    let mut model = Model::empty();
    let fields = json!({"name": "librarian", "description": "Keeps the books", "type": "User", "isDefault": false});
    model.add(role, fields, []);
    let refused = plan(&objects(FILE), &model.actual(), false);
    assert_eq!(reasons(&refused), ["not ours: role librarian: scopes"]);
}

#[test]
fn of_several_objects_of_a_name_the_marked_one_is_meant() {
    let mut model = applied(FILE);
    let key = Key::new(Kind::Organization, "Acme");
    model.add(key.clone(), json!({"name": "Acme", "description": "x"}), []);
    let same = plan(&objects(FILE), &model.actual(), false);
    assert_eq!((lines(&same), reasons(&same)), (vec![], vec![]));
    let mut model = Model::empty();
    for _ in 0..2 {
        model.add(key.clone(), json!({"name": "Acme"}), []);
    }
    for adopt in [false, true] {
        let ambiguous = plan(&objects(FILE), &model.actual(), adopt);
        assert_eq!(
            reasons(&ambiguous),
            ["ambiguous: organization Acme: id-1, id-2"]
        );
    }
}

#[test]
fn another_connector_of_the_type_is_replaced_only_when_asked() {
    let mut model = Model::empty();
    let other = Key::new(Kind::Connector, "http-sms");
    model.add(
        other.clone(),
        json!({"connectorId": "http-sms", "type": "Sms", "config": {}}),
        [],
    );
    let email = Key::new(Kind::Connector, "http-email");
    model.add(
        email,
        json!({"connectorId": "http-email", "type": "Email", "config": {}}),
        [],
    );
    let refused = plan(&objects(FILE), &model.actual(), false);
    assert_eq!(
        reasons(&refused),
        ["http-sms instead of connector aliyun-short-message-service"]
    );
    let adopted = plan(&objects(FILE), &model.actual(), true);
    assert_eq!(reasons(&adopted), [""; 0]);
    model.apply_all(&adopted);
    assert!(
        model
            .actual()
            .objects
            .iter()
            .all(|existing| existing.object.key != other)
    );
}

#[test]
fn a_code_needs_a_connector() {
    let (before, rest) = FILE.split_once("[[connectors]]").unwrap();
    let (_, after) = rest.split_once("[signInExperience]").unwrap();
    let file = format!("{before}[signInExperience]{after}");
    let refused = plan(&objects(&file), &Model::empty().actual(), false);
    assert_eq!(reasons(&refused), ["no SMS connector"]);
    let mut model = Model::empty();
    let key = Key::new(Kind::Connector, "some-new-connector");
    model.add(key, json!({"type": "Sms"}), []);
    assert_eq!(
        reasons(&plan(&objects(&file), &model.actual(), false)),
        [""; 0],
        "the tenant has one"
    );
    let email = file.replace(
        "identifiers = [\"phone\"]",
        "identifiers = [\"email\", \"phone\"]",
    );
    assert_eq!(
        reasons(&plan(&objects(&email), &model.actual(), false)),
        ["no email connector"]
    );
    // Logto deletes a connector that is in use. A sign-in experience that is as the file says is not sent again.
    let mut model = applied(FILE);
    model
        .objects()
        .retain(|existing| existing.object.key.kind != Kind::Connector);
    let terms = file.replace(
        "https://bookstore.example/terms",
        "https://bookstore.example/rules",
    );
    let plan = plan(&objects(&terms), &model.actual(), false);
    assert_eq!(
        (lines(&plan), reasons(&plan)),
        (
            vec!["update sign-in experience: termsOfUseUrl".to_owned()],
            vec![]
        )
    );
}

#[test]
fn a_type_that_logto_fixes_is_a_conflict() {
    let actual = applied(FILE).actual();
    let file = FILE.replace(
        "type = \"User\"\nisDefault",
        "type = \"MachineToMachine\"\nisDefault",
    );
    let refused = plan(&objects(&file), &actual, true);
    assert_eq!(reasons(&refused), ["cannot change type of role librarian"]);
}

#[test]
fn what_logto_made_itself_is_never_changed() {
    let indicator = "https://default.logto.app/api";
    let resource = format!(
        "\n[[resources]]\nname = \"Mine\"\nindicator = \"{indicator}\"\nscopes = [{{ name = \"all\" }}, {{ name = \"some\" }}]\n"
    );
    let role = "\n[[roles]]\nname = \"Logto Management API access\"\ndescription = \"Mine\"\n";
    for adopt in [false, true] {
        let refused = plan(
            &objects(&format!("{FILE}{resource}{role}")),
            &Model::empty().actual(),
            adopt,
        );
        assert_eq!(
            reasons(&refused),
            [
                "built in: API resource https://default.logto.app/api",
                "built in: scope some of https://default.logto.app/api",
                "built in: role Logto Management API access",
            ]
        );
    }
    // A role of one's own may grant its scope.
    let role = format!(
        "\n[[roles]]\nname = \"robot\"\ndescription = \"x\"\ntype = \"MachineToMachine\"\nscopes = {{ \"{indicator}\" = [\"all\"] }}\n"
    );
    let model = applied(&format!("{FILE}{role}"));
    let robot = model.find(&Key::new(Kind::Role, "robot"));
    assert_eq!(
        robot.object.links[&Link::RoleScopes],
        BTreeSet::from([Key::scope(indicator, "all")])
    );
}
