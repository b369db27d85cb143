//! Reads what a tenant has.

use crate::{
    management_api::{ApiError, Entity, ManagementApi, route},
    object::{Actual, Existing, Key, Kind, Link, Object},
};
use serde::Deserialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// What to read.
#[derive(Clone, Copy)]
pub(crate) enum Wanted<'a> {
    /// Every kind.
    Everything,
    /// The kinds of these objects, and the kinds that these refer to.
    For(&'a [Object]),
}

/// A scope, as roles list theirs.
#[derive(Deserialize)]
struct GrantedScope {
    name: String,
    resource: Option<ScopeResource>,
}

#[derive(Deserialize)]
struct ScopeResource {
    id: String,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EmailDomain {
    email_domain: String,
}

/// Reads a tenant.
pub(crate) async fn read(api: &mut ManagementApi, wanted: Wanted<'_>) -> Result<Actual, ApiError> {
    let mut reading = Reading {
        api,
        wanted,
        indicators: BTreeMap::new(),
        objects: Vec::new(),
    };
    reading.kind(Kind::Application).await?;
    let created = created(&reading.objects);
    for kind in wanted.kinds(&created) {
        reading.kind(kind).await?;
    }
    Ok(Actual {
        objects: reading.objects,
        created,
    })
}

/// The objects with a name, oldest first.
pub(crate) async fn of_name(api: &mut ManagementApi, key: &Key) -> Result<Vec<Existing>, ApiError> {
    let Some(path) = route::path(key.kind) else {
        return Ok(Vec::new());
    };
    let query: &[_] = match key.kind {
        Kind::Application => &[("search.name", key.name.as_str()), ("mode.name", "exact")],
        Kind::Organization => &[("q", key.name.as_str())],
        _ => &[],
    };
    let entities: Vec<Entity> = api.list(&[path], query).await?;
    let existing = entities
        .into_iter()
        .map(|entity| existing(key.kind, None, entity));
    let mut same: Vec<_> = existing.filter(|found| found.object.key == *key).collect();
    same.sort_by(|one, other| age(one).cmp(&age(other)));
    Ok(same)
}

/// Older objects come first.
pub(crate) fn age(existing: &Existing) -> (u64, &str) {
    (existing.created_at.unwrap_or_default(), &existing.id)
}

struct Reading<'a, 'w> {
    api: &'a mut ManagementApi,
    wanted: Wanted<'w>,
    /// The indicators of resources, by id.
    indicators: BTreeMap<String, String>,
    objects: Vec<Existing>,
}

impl Wanted<'_> {
    /// All but the applications. What an earlier file created belongs to them.
    fn kinds(self, created: &BTreeSet<String>) -> BTreeSet<Kind> {
        let is_wanted = |kind: &Kind| match self {
            Self::Everything => true,
            Self::For(objects) => {
                let begin = format!("{} ", kind.name());
                objects.iter().any(|object| object.key.kind == *kind)
                    || created.iter().any(|key| key.starts_with(&begin))
            }
        };
        let wanted = OTHERS.into_iter().filter(is_wanted);
        wanted
            .flat_map(|kind| [&[kind], referred_to(kind)].concat())
            .collect()
    }

    /// Whether to read what an object refers to. Each costs a call.
    fn has_links(self, key: &Key) -> bool {
        match self {
            Self::Everything => true,
            Self::For(objects) => objects
                .iter()
                .any(|object| object.key == *key && !object.links.is_empty()),
        }
    }
}

/// All kinds but applications, and email domains, which are read with their organization.
const OTHERS: [Kind; 10] = [
    Kind::Connector,
    Kind::SignInExperience,
    Kind::Resource,
    Kind::Scope,
    Kind::Role,
    Kind::OrganizationScope,
    Kind::OrganizationRole,
    Kind::Organization,
    Kind::Hook,
    Kind::AccountCenter,
];

/// Kinds whose ids and names are needed to read or change the links of a kind.
fn referred_to(kind: Kind) -> &'static [Kind] {
    match kind {
        Kind::SignInExperience => &[Kind::Connector],
        Kind::Scope | Kind::Role => &[Kind::Resource],
        Kind::OrganizationRole => &[Kind::Resource, Kind::OrganizationScope],
        Kind::Organization => &[
            Kind::Resource,
            Kind::OrganizationScope,
            Kind::OrganizationRole,
        ],
        _ => &[],
    }
}

impl Reading<'_, '_> {
    async fn kind(&mut self, kind: Kind) -> Result<(), ApiError> {
        let Some(path) = route::path(kind) else {
            return Ok(()); // is read with the objects that have it
        };
        if kind.is_single() {
            let fields = self.api.get(&[path]).await?;
            let object = Object {
                key: Key::new(kind, ""),
                fields,
                links: BTreeMap::new(),
            };
            self.objects.push(Existing {
                id: String::new(),
                created_at: None,
                object,
            });
            return Ok(());
        }
        let query: &[_] = match kind {
            Kind::Resource => &[("includeScopes", "true")],
            _ => &[],
        };
        let entities: Vec<Entity> = self.api.list(&[path], query).await?;
        for entity in entities {
            let mut found = existing(kind, None, entity);
            if kind == Kind::Resource {
                self.scopes(&found)?;
            }
            if self.wanted.has_links(&found.object.key) {
                found.object.links = self.links(&found).await?;
            }
            self.objects.push(found);
        }
        Ok(())
    }

    /// The scopes in a resource of the list.
    fn scopes(&mut self, resource: &Existing) -> Result<(), ApiError> {
        let indicator = &resource.object.key.name;
        self.indicators
            .insert(resource.id.clone(), indicator.clone());
        let scopes = member::<Entity>(resource, "scopes")?;
        let scopes = scopes
            .into_iter()
            .map(|scope| existing(Kind::Scope, Some(indicator.clone()), scope));
        self.objects.extend(scopes);
        Ok(())
    }

    async fn links(&mut self, found: &Existing) -> Result<BTreeMap<Link, BTreeSet<Key>>, ApiError> {
        let id = found.id.as_str();
        let mut links = BTreeMap::new();
        match found.object.key.kind {
            Kind::Role => {
                let scopes = self.api.list(&["roles", id, "scopes"], &[]).await?;
                links.insert(Link::RoleScopes, self.scope_keys(scopes));
            }
            Kind::OrganizationRole => {
                let scopes = member(found, "scopes")?;
                let scopes = keys(Kind::OrganizationScope, scopes);
                links.insert(Link::OrganizationRoleScopes, scopes);
                let scopes = member(found, "resourceScopes")?;
                let scopes = self.scope_keys(scopes);
                links.insert(Link::OrganizationRoleResourceScopes, scopes);
            }
            Kind::Organization => {
                let path = ["organizations", id, "jit", "email-domains"];
                let domains: Vec<EmailDomain> = self.api.list(&path, &[]).await?;
                let domains = domains
                    .into_iter()
                    .map(|domain| Key::new(Kind::EmailDomain, domain.email_domain));
                links.insert(Link::JitEmailDomains, domains.collect());
                let path = ["organizations", id, "jit", "roles"];
                let roles = self.api.list(&path, &[]).await?;
                links.insert(Link::JitRoles, keys(Kind::OrganizationRole, roles));
            }
            _ => {}
        }
        Ok(links)
    }

    fn scope_keys(&self, scopes: Vec<GrantedScope>) -> BTreeSet<Key> {
        let key = |scope: GrantedScope| {
            let indicator = self.indicators.get(&scope.resource?.id)?;
            Some(Key::scope(indicator, scope.name))
        };
        scopes.into_iter().filter_map(key).collect()
    }
}

fn keys(kind: Kind, named: Vec<Named>) -> BTreeSet<Key> {
    let keys = named.into_iter().map(|named| Key::new(kind, named.name));
    keys.collect()
}

/// A list inside an object.
fn member<T: serde::de::DeserializeOwned>(
    found: &Existing,
    name: &'static str,
) -> Result<Vec<T>, ApiError> {
    let list = found.object.fields.get(name);
    let list = list.cloned().unwrap_or_else(|| Value::Array(Vec::new()));
    let path = route::path(found.object.key.kind).unwrap_or_default();
    serde_json::from_value(list).map_err(|_| ApiError::wrong_form(path, name))
}

fn existing(kind: Kind, parent: Option<String>, entity: Entity) -> Existing {
    let name = route::name_member(kind).and_then(|member| entity.text(member));
    let key = Key {
        kind,
        parent,
        name: name.unwrap_or_default().to_owned(),
    };
    Existing {
        id: entity.id,
        created_at: entity.created_at,
        object: Object {
            key,
            fields: entity.fields,
            links: BTreeMap::new(),
        },
    }
}

/// What this program created: the lists in all applications.
fn created(objects: &[Existing]) -> BTreeSet<String> {
    let lists = objects
        .iter()
        .filter(|existing| existing.object.key.kind == Kind::Application)
        .filter_map(|application| application.mark()?.get("created")?.as_array());
    let keys = lists.flatten().filter_map(Value::as_str);
    keys.map(str::to_owned).collect()
}
