//! A Logto tenant in memory: what the Management API does with each step of a plan.

use super::super::{Plan, Step, needed_connector::is_of_type, ordered};
use crate::object::{Actual, CREATED, Existing, Key, Kind, Link, Object};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use tenant::ConnectorType;

#[derive(Clone)]
pub(crate) struct Model {
    objects: Vec<Existing>,
    next_id: usize,
}

impl Model {
    /// A fresh tenant.
    pub(crate) fn empty() -> Self {
        let mut model = Self {
            objects: Vec::new(),
            next_id: 1,
        };
        let api = "https://default.logto.app/api";
        model.add_with_id(
            "",
            Key::new(Kind::SignInExperience, ""),
            sign_in_experience(),
            [],
        );
        model.add_with_id(
            "",
            Key::new(Kind::AccountCenter, ""),
            json!({"enabled": false, "fields": {}}),
            [],
        );
        let resource = json!({"name": "Logto Management API", "indicator": api});
        model.add_with_id(
            "management-api",
            Key::new(Kind::Resource, api),
            resource,
            [],
        );
        let all = Key::scope(api, "all");
        model.add_with_id(
            "management-api-all",
            all.clone(),
            json!({"name": "all"}),
            [],
        );
        let name = "Logto Management API access";
        let role = json!({"name": name, "description": "…", "type": "MachineToMachine"});
        let links = [(Link::RoleScopes, BTreeSet::from([all]))];
        model.add_with_id("built-in", Key::new(Kind::Role, name), role, links);
        model
    }

    pub(crate) fn actual(&self) -> Actual {
        let lists = self
            .objects
            .iter()
            .filter_map(|existing| existing.mark()?.get("created")?.as_array());
        Actual {
            objects: self.objects.clone(),
            created: lists
                .flatten()
                .map(|key| key.as_str().unwrap().to_owned())
                .collect(),
        }
    }

    pub(crate) fn find(&self, key: &Key) -> &Existing {
        let mut found = self
            .objects
            .iter()
            .filter(|existing| existing.object.key == *key);
        let one = found.next().unwrap_or_else(|| panic!("no {key}"));
        assert!(found.next().is_none(), "two of {key}");
        one
    }

    /// Takes an object off the list of what this program created.
    pub(crate) fn forget(&mut self, key: &str) {
        self.change_lists(|list| list.retain(|each| each != key));
    }

    /// Puts an object on that list, in an application of its own.
    pub(crate) fn mark_as_created(&mut self, key: &str) {
        let fields =
            json!({"name": "Old", "type": "Traditional", "customData": {CREATED: {"created": []}}});
        self.add(Key::new(Kind::Application, "Old"), fields, []);
        self.change_lists(|list| list.push(key.into()));
    }

    fn change_lists(&mut self, mut change: impl FnMut(&mut Vec<Value>)) {
        for existing in &mut self.objects {
            let mark = existing
                .object
                .fields
                .get_mut("customData")
                .and_then(|data| data.get_mut(CREATED));
            if let Some(Value::Array(list)) = mark.and_then(|mark| mark.get_mut("created")) {
                change(list);
            }
        }
    }

    /// Objects made or changed by hand.
    pub(crate) fn objects(&mut self) -> &mut Vec<Existing> {
        &mut self.objects
    }

    pub(crate) fn add<const LINKS: usize>(
        &mut self,
        key: Key,
        fields: Value,
        links: [(Link, BTreeSet<Key>); LINKS],
    ) -> String {
        let id = format!("id-{}", self.next_id);
        self.next_id += 1;
        self.add_with_id(&id, key, fields, links);
        id
    }

    fn add_with_id<const LINKS: usize>(
        &mut self,
        id: &str,
        key: Key,
        fields: Value,
        links: [(Link, BTreeSet<Key>); LINKS],
    ) {
        let Value::Object(mut fields) = fields else {
            panic!()
        };
        if key.kind.is_marked() {
            fields.entry("customData").or_insert_with(|| json!({}));
        }
        fields.insert("tenantId".to_owned(), "default".into());
        self.objects.push(Existing {
            id: id.to_owned(),
            created_at: None,
            object: Object {
                key,
                fields,
                links: links.into(),
            },
        });
    }

    pub(crate) fn apply_all(&mut self, plan: &Plan) {
        assert!(plan.conflicts.is_empty());
        for step in &plan.steps {
            self.apply(step);
        }
    }

    pub(crate) fn apply(&mut self, step: &Step) {
        match step {
            Step::Record {
                application,
                id,
                created,
            } => {
                let fields = self.fields(application, id);
                fields["customData"][CREATED] = json!({ "created": created });
            }
            Step::Create(object) => self.create(object),
            Step::Update { key, id, body, .. } => {
                let fields = self.fields(key, id);
                for (name, value) in body {
                    let is_null = value == "" && name.ends_with("Url");
                    fields.insert(
                        name.clone(),
                        if is_null { Value::Null } else { value.clone() },
                    );
                }
            }
            Step::SetLinks {
                key,
                link,
                add,
                remove,
                wanted,
            } => {
                for target in wanted {
                    let exists = self
                        .objects
                        .iter()
                        .any(|existing| existing.object.key == *target);
                    assert!(
                        exists || target.kind == Kind::EmailDomain,
                        "{key} names {target} too early"
                    );
                }
                let existing = self.ours(key);
                let links = existing.object.links.entry(*link).or_default();
                assert!(links.is_disjoint(add) && links.is_superset(remove), "{key}");
                links.clone_from(wanted);
            }
        }
    }

    fn create(&mut self, object: &Object) {
        if object.key.kind.has_unique_name() {
            let taken = self
                .objects
                .iter()
                .any(|existing| existing.object.key == object.key);
            assert!(!taken, "{} is taken", object.key);
        }
        if let Some(kind) = ConnectorType::of(&object.key.name)
            && object.key.kind == Kind::Connector
        {
            self.objects.retain(|existing| {
                existing.object.key.kind != Kind::Connector || !is_of_type(&existing.object, kind)
            });
        }
        self.add(object.key.clone(), Value::Object(object.fields.clone()), []);
    }

    fn fields(&mut self, key: &Key, id: &str) -> &mut Map<String, Value> {
        let mut objects = self.objects.iter_mut();
        let found = objects.find(|existing| existing.object.key == *key && existing.id == id);
        &mut found
            .unwrap_or_else(|| panic!("no {key} with id {id}"))
            .object
            .fields
    }

    /// The object of a key; of several the marked one.
    fn ours(&mut self, key: &Key) -> &mut Existing {
        let mut all: Vec<_> = self
            .objects
            .iter_mut()
            .filter(|existing| existing.object.key == *key)
            .collect();
        if all.len() > 1 {
            all.retain(|existing| existing.mark().is_some());
        }
        assert_eq!(all.len(), 1, "{key}");
        all.remove(0)
    }

    /// All objects without their ids, in order.
    pub(crate) fn state(&self) -> Vec<String> {
        let show = |existing: &Existing| {
            let Object { key, fields, links } = &existing.object;
            let links: BTreeMap<_, Vec<_>> = links
                .iter()
                .filter(|(_, keys)| !keys.is_empty())
                .map(|(link, keys)| (link, keys.iter().map(Key::to_string).collect()))
                .collect();
            format!(
                "{key} {} {links:?}",
                ordered(&Value::Object(fields.clone()))
            )
        };
        let mut state: Vec<_> = self.objects.iter().map(show).collect();
        state.sort();
        state
    }
}

fn sign_in_experience() -> Value {
    json!({
        "color": {"primaryColor": "#6139F6", "isDarkModeEnabled": false, "darkPrimaryColor": "#8768F8"},
        "branding": {"logoUrl": "https://logto.io/logo.svg", "darkLogoUrl": "https://logto.io/logo-dark.svg"},
        "languageInfo": {"autoDetect": true, "fallbackLanguage": "en"},
        "termsOfUseUrl": null,
        "privacyPolicyUrl": null,
        "agreeToTermsPolicy": "Automatic",
        "signIn": {"methods": [{"identifier": "username", "password": true, "verificationCode": false, "isPasswordPrimary": true}]},
        "signUp": {"identifiers": ["username"], "password": true, "verify": false},
        "socialSignIn": {},
        "signInMode": "SignInAndRegister",
        "passwordPolicy": {},
        "mfa": {"factors": [], "policy": "UserControlled"},
        "forgotPasswordMethods": [],
    })
}
