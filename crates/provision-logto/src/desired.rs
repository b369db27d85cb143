//! The objects that a tenant file wants.

use crate::object::{Key, Kind, Link, Object};
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use tenant::{Organization, OrganizationRole, Resource, ResourceScopes, Role, Tenant};

/// All objects of the file, in the order of [`Kind`], and in the order of the file within a kind.
pub(crate) fn desired(tenant: &Tenant) -> Vec<Object> {
    let mut objects = Vec::new();
    for application in &tenant.applications {
        objects.push(plain(Kind::Application, &application.name, application));
    }
    for connector in &tenant.connectors {
        objects.push(plain(Kind::Connector, &connector.connector_id, connector));
    }
    objects.push(plain(
        Kind::SignInExperience,
        "",
        &tenant.sign_in_experience,
    ));
    objects.extend(tenant.resources.iter().map(resource));
    objects.extend(tenant.resources.iter().flat_map(scopes));
    objects.extend(tenant.roles.iter().map(role));
    for scope in &tenant.organization_scopes {
        objects.push(plain(Kind::OrganizationScope, &scope.name, scope));
    }
    objects.extend(tenant.organization_roles.iter().map(organization_role));
    objects.extend(tenant.organizations.iter().map(organization));
    for hook in &tenant.hooks {
        objects.push(plain(Kind::Hook, &hook.name, hook));
    }
    if let Some(center) = &tenant.account_center {
        objects.push(plain(Kind::AccountCenter, "", center));
    }
    objects
}

fn resource(resource: &Resource) -> Object {
    let key = Key::new(Kind::Resource, &resource.indicator);
    linked(key, resource, &["scopes"], [])
}

fn scopes(resource: &Resource) -> impl Iterator<Item = Object> {
    resource.scopes.iter().map(|scope| {
        let key = Key::scope(&resource.indicator, &scope.name);
        linked(key, scope, &[], [])
    })
}

fn role(role: &Role) -> Object {
    let scopes = role.scopes.as_ref().map(resource_scopes);
    let key = Key::new(Kind::Role, &role.name);
    linked(key, role, &["scopes"], [(Link::RoleScopes, scopes)])
}

fn organization_role(role: &OrganizationRole) -> Object {
    let links = [
        (
            Link::OrganizationRoleScopes,
            named(Kind::OrganizationScope, role.scopes.as_deref()),
        ),
        (
            Link::OrganizationRoleResourceScopes,
            role.resource_scopes.as_ref().map(resource_scopes),
        ),
    ];
    let key = Key::new(Kind::OrganizationRole, &role.name);
    linked(key, role, &["scopes", "resourceScopes"], links)
}

fn organization(organization: &Organization) -> Object {
    let jit = organization.jit.clone().unwrap_or_default();
    let links = [
        (
            Link::JitEmailDomains,
            named(Kind::EmailDomain, jit.email_domains.as_deref()),
        ),
        (
            Link::JitRoles,
            named(Kind::OrganizationRole, jit.roles.as_deref()),
        ),
    ];
    let key = Key::new(Kind::Organization, &organization.name);
    linked(key, organization, &["jit"], links)
}

fn plain(kind: Kind, name: &str, section: &impl Serialize) -> Object {
    linked(Key::new(kind, name), section, &[], [])
}

/// An object with the fields of a section, without those that are links.
fn linked<const LINKS: usize>(
    key: Key,
    section: &impl Serialize,
    without: &[&str],
    links: [(Link, Option<BTreeSet<Key>>); LINKS],
) -> Object {
    let mut fields = fields(section);
    for link in without {
        fields.remove(*link);
    }
    let links = links
        .into_iter()
        .filter_map(|(link, keys)| Some((link, keys?)))
        .collect::<BTreeMap<_, _>>();
    Object { key, fields, links }
}

fn fields(section: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(section) {
        Ok(Value::Object(fields)) => fields,
        other => unreachable!("a section of the file is a table: {other:?}"),
    }
}

fn named(kind: Kind, names: Option<&[String]>) -> Option<BTreeSet<Key>> {
    Some(names?.iter().map(|name| Key::new(kind, name)).collect())
}

fn resource_scopes(scopes: &ResourceScopes) -> BTreeSet<Key> {
    let of = |(indicator, names): (&String, &Vec<String>)| {
        let indicator = indicator.clone();
        let keys = names.iter().map(move |name| Key::scope(&indicator, name));
        keys.collect::<Vec<_>>()
    };
    scopes.iter().flat_map(of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const FILE: &str = include_str!("../tests/tenants/everything.toml");

    fn everything() -> Vec<Object> {
        desired(&Tenant::parse(FILE, |name| Some(format!("value of {name}"))).unwrap())
    }

    fn find(objects: &[Object], key: &str) -> Object {
        let found = objects.iter().find(|object| object.key.to_string() == key);
        found.unwrap_or_else(|| panic!("no {key}")).clone()
    }

    #[test]
    fn objects_come_in_the_order_in_which_they_are_made() {
        let objects = everything();
        assert!(objects.is_sorted_by_key(|object| object.key.kind));
        let keys: Vec<_> = objects
            .iter()
            .map(|object| object.key.to_string())
            .collect();
        assert_eq!(
            keys,
            [
                "application Bookstore",
                "application Stock keeper",
                "connector aliyun-short-message-service",
                "sign-in experience",
                "API resource https://api.bookstore.example",
                "scope read:books of https://api.bookstore.example",
                "scope write:books of https://api.bookstore.example",
                "role librarian",
                "organization scope invite:member",
                "organization role owner",
                "organization Acme",
                "webhook bookstore",
                "account center",
            ]
        );
    }

    #[test]
    fn client_ids_and_secrets_of_the_embedded_provider_are_no_fields() {
        let application = find(&everything(), "application Bookstore");
        assert_eq!(application.fields.get("id"), None);
        assert_eq!(application.fields.get("secret"), None);
        assert_eq!(application.fields["type"], "Traditional");
    }

    #[test]
    fn what_a_call_of_its_own_sets_is_a_link_and_no_field() {
        let objects = everything();
        let names = |object: &Object, link| -> Vec<String> {
            object.links[&link].iter().map(Key::to_string).collect()
        };
        let role = find(&objects, "role librarian");
        assert_eq!(
            Value::Object(role.fields.clone()),
            json!({"name": "librarian", "description": "Keeps the books", "type": "User", "isDefault": false})
        );
        assert_eq!(
            names(&role, Link::RoleScopes),
            [
                "scope read:books of https://api.bookstore.example",
                "scope write:books of https://api.bookstore.example",
            ]
        );
        let owner = find(&objects, "organization role owner");
        assert_eq!(
            Value::Object(owner.fields.clone()),
            json!({"name": "owner", "type": "User"})
        );
        assert_eq!(
            names(&owner, Link::OrganizationRoleScopes),
            ["organization scope invite:member"]
        );
        assert_eq!(
            names(&owner, Link::OrganizationRoleResourceScopes),
            ["scope write:books of https://api.bookstore.example"]
        );
        let acme = find(&objects, "organization Acme");
        assert_eq!(acme.fields.get("jit"), None);
        assert_eq!(
            names(&acme, Link::JitEmailDomains),
            ["email domain acme.example"]
        );
        assert_eq!(names(&acme, Link::JitRoles), ["organization role owner"]);
        let resource = find(&objects, "API resource https://api.bookstore.example");
        assert_eq!(resource.fields.get("scopes"), None);
    }

    #[test]
    fn a_link_that_the_file_leaves_out_stays_as_it_is() {
        let file = FILE.replace("scopes = [\"invite:member\"]\n", "");
        let tenant = Tenant::parse(&file, |name| Some(name.to_owned())).unwrap();
        let owner = find(&desired(&tenant), "organization role owner");
        assert_eq!(owner.links.get(&Link::OrganizationRoleScopes), None);
    }
}
