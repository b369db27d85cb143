//! A tenant as a file. Pure: it reads nothing and changes nothing.

use crate::visible::visible;
use crate::{
    object::{Actual, CREATED, Existing, Key, Kind, Link},
    plan::{find, ordered},
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use std::{collections::BTreeSet, fmt::Write as _};
use tenant::{
    Application, Jit, LoadError, Organization, OrganizationRole, Resource, ResourceScopes, Role,
    Tenant, WriteError, Written,
};

/// Why a tenant cannot be written as a file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ExportError {
    /// Its sign-in experience has a form that this program does not know.
    #[error("the sign-in experience has a form that this program does not know: {0}")]
    SignInExperience(serde_json::Error),
    /// A value that is in no section with a name.
    #[error(transparent)]
    Refused(LoadError),
    #[error(transparent)]
    Write(#[from] WriteError),
}

/// Writes what the file can express. The rest, Logto's own objects, people, and members of organizations are left out.
/// A plan with the file finds nothing to do for the same tenant.
pub(crate) fn export(actual: &Actual) -> Result<Written, ExportError> {
    let mut exported = Exported {
        actual,
        left_out: Vec::new(),
    };
    let mut tenant = exported.tenant()?;
    exported.leave_out_what_is_refused(&mut tenant)?;
    let Written { text, secrets } = tenant.to_toml()?;
    let mut head = String::from(
        "# This Logto tenant, without its people. `provision-logto plan` with this file finds nothing to do.\n",
    );
    if !secrets.is_empty() {
        head.push_str("# Its secrets are not in the file. Set these variables, or NAME_FILE to the path of a file with the secret:\n");
        for name in secrets.keys() {
            let _ = writeln!(head, "#   {name}");
        }
    }
    for left_out in exported.left_out {
        let _ = writeln!(head, "# Left out: {}", one_line(&left_out));
    }
    Ok(Written {
        text: format!("{head}\n{text}"),
        secrets,
    })
}

struct Exported<'a> {
    actual: &'a Actual,
    /// Objects, and why the file does not have them.
    left_out: Vec<String>,
}

impl<'a> Exported<'a> {
    fn tenant(&mut self) -> Result<Tenant, ExportError> {
        let experience = self
            .all(Kind::SignInExperience)
            .first()
            .map(|found| fields(found, &[]));
        let experience = serde_json::from_value(Value::Object(experience.unwrap_or_default()));
        Ok(Tenant {
            applications: self.applications(),
            connectors: self.sections(Kind::Connector, &[], |_, _| {}),
            sign_in_experience: experience.map_err(ExportError::SignInExperience)?,
            resources: self.resources(),
            roles: self.sections(Kind::Role, &["scopes"], |role: &mut Role, found| {
                role.scopes = resource_scopes(found, Link::RoleScopes);
            }),
            organization_scopes: self.sections(Kind::OrganizationScope, &[], |_, _| {}),
            organization_roles: self.sections(
                Kind::OrganizationRole,
                &["scopes", "resourceScopes"],
                |role: &mut OrganizationRole, found| {
                    role.scopes = names(found, Link::OrganizationRoleScopes);
                    role.resource_scopes =
                        resource_scopes(found, Link::OrganizationRoleResourceScopes);
                },
            ),
            organizations: self.sections(
                Kind::Organization,
                &["jit"],
                |organization: &mut Organization, found| {
                    let email_domains = names(found, Link::JitEmailDomains);
                    let roles = names(found, Link::JitRoles);
                    organization.jit =
                        (email_domains.is_some() || roles.is_some()).then_some(Jit {
                            email_domains,
                            roles,
                        });
                },
            ),
            hooks: self.sections(Kind::Hook, &[], |_, _| {}),
            account_center: self
                .sections(Kind::AccountCenter, &[], |_, _| {})
                .into_iter()
                .next(),
        })
    }

    /// The application with the list of what this program created comes first, where the next run looks for it.
    fn applications(&mut self) -> Vec<Application> {
        let has_list = |name: &str| {
            self.actual.objects.iter().any(|existing| {
                let list = existing
                    .mark()
                    .and_then(|mark| mark.get("created")?.as_array());
                existing.object.key.name == name && list.is_some_and(|list| !list.is_empty())
            })
        };
        let with_list: BTreeSet<String> = self
            .actual
            .objects
            .iter()
            .map(|existing| existing.object.key.name.clone())
            .filter(|name| has_list(name))
            .collect();
        let mut applications: Vec<Application> = self.sections(Kind::Application, &[], |_, _| {});
        applications.sort_by_key(|application| !with_list.contains(&application.name));
        applications
    }

    fn resources(&mut self) -> Vec<Resource> {
        let scopes = self.all(Kind::Scope);
        self.sections(Kind::Resource, &["scopes"], |resource: &mut Resource, _| {
            let own = scopes
                .iter()
                .filter(|scope| scope.object.key.parent.as_ref() == Some(&resource.indicator));
            resource.scopes = own.filter_map(|scope| section(scope, &[]).ok()).collect();
        })
    }

    /// The sections of a kind. `add` adds what a call of its own returned.
    fn sections<T: DeserializeOwned>(
        &mut self,
        kind: Kind,
        links: &[&str],
        add: impl Fn(&mut T, &Existing),
    ) -> Vec<T> {
        let mut sections = Vec::new();
        for found in self.all(kind) {
            match section(found, links) {
                Ok(mut section) => {
                    add(&mut section, found);
                    sections.push(section);
                }
                Err(error) => self.left_out.push(format!("{}: {error}", found.object.key)),
            }
        }
        sections
    }

    /// The objects of a kind, without Logto's own, and without those that the file cannot tell from each other.
    fn all(&mut self, kind: Kind) -> Vec<&'a Existing> {
        let mut seen = BTreeSet::new();
        let mut all = Vec::new();
        for existing in &self.actual.objects {
            let key = &existing.object.key;
            if key.kind != kind || existing.is_built_in() || !seen.insert(key) {
                continue;
            }
            match find(key, self.actual) {
                Ok(found) => all.extend(found),
                Err(_) => self
                    .left_out
                    .push(format!("{key}: several objects have this name")),
            }
        }
        all
    }

    /// Logto has objects that the file cannot have, such as a web application without redirect URI.
    fn leave_out_what_is_refused(&mut self, tenant: &mut Tenant) -> Result<(), ExportError> {
        while let Err(error) = tenant.check() {
            let LoadError::WrongValue { key, .. } = &error else {
                return Err(ExportError::Refused(error));
            };
            let mut parts = key.split('.');
            let section = parts.next().unwrap_or_default();
            let index = parts.next().and_then(|index| index.parse().ok());
            let name = index.and_then(|index| remove(tenant, section, index));
            let Some(name) = name else {
                return Err(ExportError::Refused(error));
            };
            self.left_out.push(format!("{name}: {error}"));
        }
        Ok(())
    }
}

/// Removes a section, and returns its key.
fn remove(tenant: &mut Tenant, section: &str, index: usize) -> Option<Key> {
    let (kind, name) = match section {
        "applications" => (Kind::Application, tenant.applications.remove(index).name),
        "connectors" => (
            Kind::Connector,
            tenant.connectors.remove(index).connector_id,
        ),
        "resources" => (Kind::Resource, tenant.resources.remove(index).indicator),
        "roles" => (Kind::Role, tenant.roles.remove(index).name),
        "organizationScopes" => (
            Kind::OrganizationScope,
            tenant.organization_scopes.remove(index).name,
        ),
        "organizationRoles" => (
            Kind::OrganizationRole,
            tenant.organization_roles.remove(index).name,
        ),
        "organizations" => (Kind::Organization, tenant.organizations.remove(index).name),
        "hooks" => (Kind::Hook, tenant.hooks.remove(index).name),
        _ => return None,
    };
    Some(Key::new(kind, name))
}

fn section<T: DeserializeOwned>(found: &Existing, links: &[&str]) -> Result<T, serde_json::Error> {
    serde_json::from_value(Value::Object(fields(found, links)))
}

/// The fields of an object, without its links and the mark of this program, and without what is not set.
fn fields(found: &Existing, links: &[&str]) -> Map<String, Value> {
    let mut fields = found.object.fields.clone();
    for link in links {
        fields.remove(*link);
    }
    if let Some(Value::Object(data)) = fields.get_mut("customData") {
        data.remove(CREATED);
    }
    let is_empty = |value: &Value| value.as_object().is_some_and(Map::is_empty);
    fields.retain(|name, value| !value.is_null() && (name == "config" || !is_empty(value)));
    for value in fields.values_mut() {
        without_nulls(value);
        *value = ordered(value);
    }
    fields
}

/// TOML has no null. For Logto a member that is null is one that is not set.
fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|_, value| !value.is_null());
            members.values_mut().for_each(without_nulls);
        }
        Value::Array(list) => list.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

fn names(found: &Existing, link: Link) -> Option<Vec<String>> {
    let keys = found.object.links.get(&link)?;
    Some(keys.iter().map(|key| key.name.clone()).collect())
}

fn resource_scopes(found: &Existing, link: Link) -> Option<ResourceScopes> {
    let mut scopes = ResourceScopes::new();
    for key in found.object.links.get(&link)? {
        let indicator = key.parent.clone().unwrap_or_default();
        scopes.entry(indicator).or_default().push(key.name.clone());
    }
    Some(scopes)
}

fn one_line(text: &str) -> String {
    visible(&text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests;
