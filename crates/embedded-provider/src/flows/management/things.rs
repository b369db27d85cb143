//! The kinds of the table: list, create, read, change, delete.

use crate::{
    Provider,
    current_tenant::{DEFAULT_SECRET, MANAGEMENT_API},
    domain::management::{
        Object, constant,
        error::ManagementError,
        kind::{APPLICATIONS, HOOKS, Kind, ORGANIZATION_ROLES, RESOURCES, ROLES, SCOPES, Use},
        page::Query,
        relation::{
            ORGANIZATION_ROLE_RESOURCE_SCOPES, ORGANIZATION_ROLE_SCOPES, ROLE_SCOPES, Relation,
        },
        search,
        shape::{Member, Shape, check, required, texts},
    },
    flows::management::{owner, relations, secrets as application_secrets, view},
    secrets::short_id,
    store::{Address, Document},
};
use serde_json::Value;

/// Where a request points to: the id of the parent, which is empty if the kind has none, and the id.
#[derive(Clone, Copy)]
pub(crate) struct Target<'a> {
    pub(crate) kind: &'static Kind,
    pub(crate) parent: &'a str,
    pub(crate) id: &'a str,
}

impl<'a> Target<'a> {
    fn address(self) -> Address<'a> {
        Address {
            kind: self.kind.name,
            parent: self.parent,
            id: self.id,
        }
    }
}

/// The things that the query asks for.
pub(crate) async fn list(
    provider: &Provider,
    kind: &'static Kind,
    parent: &str,
    query: &Query,
) -> Result<Vec<Object>, ManagementError> {
    check_parent(provider, kind, parent).await?;
    let documents = provider.store.documents(kind.name, Some(parent)).await?;
    let mut found = Vec::new();
    for document in documents {
        if search::is_wanted(kind.filters, query, &document.id, &document.body) {
            found.push(view::in_list(provider, kind, document, query).await?);
        }
    }
    Ok(found)
}

/// Creates a thing.
pub(crate) async fn create(
    provider: &Provider,
    kind: &'static Kind,
    parent: &str,
    body: &Value,
) -> Result<Object, ManagementError> {
    let mut checked = check(kind.new, body).map_err(ManagementError::InvalidInput)?;
    check_parent(provider, kind, parent).await?;
    check_rules(kind, &checked)?;
    let related = Related::take_from(kind, &mut checked);
    related.check(provider).await?;
    let id = if kind.has_short_id {
        short_id::<12>()
    } else {
        short_id::<21>()
    };
    let mut new = constant(kind.defaults);
    new.extend(checked);
    if !parent.is_empty() {
        new.insert("resourceId".to_owned(), parent.into());
    }
    if kind.is(&HOOKS) {
        if !new.contains_key("events") {
            return Err(ManagementError::NoEvents);
        }
        new.insert(
            "signingKey".to_owned(),
            application_secrets::random().into(),
        );
    }
    let target = Target {
        kind,
        parent,
        id: &id,
    };
    let now_ms = provider.now_ms();
    provider
        .store
        .add_document(target.address(), unique_value(kind, &new), &new, now_ms)
        .await?
        .map_err(|_| taken(kind, &new))?;
    if has_secret(kind, &new) {
        application_secrets::add(provider, &id, DEFAULT_SECRET, None).await?;
    }
    related.add(provider, &id).await?;
    let document = Document {
        id,
        parent: parent.to_owned(),
        body: new,
        created_at_ms: now_ms,
    };
    Ok(view::created(kind, document))
}

/// Reads a thing.
pub(crate) async fn get(
    provider: &Provider,
    target: Target<'_>,
) -> Result<Object, ManagementError> {
    let document = existing(provider, target, Use::Get).await?;
    Ok(view::alone(target.kind, document))
}

/// Replaces the members that the body has, each as a whole.
pub(crate) async fn change(
    provider: &Provider,
    target: Target<'_>,
    body: &Value,
) -> Result<Object, ManagementError> {
    let kind = target.kind;
    let checked = check(kind.change, body).map_err(ManagementError::InvalidInput)?;
    check_rules(kind, &checked)?;
    let mut document = existing(provider, target, Use::Change).await?;
    if checked.is_empty() && !kind.is(&APPLICATIONS) {
        return Err(ManagementError::NothingToChange);
    }
    document.body.extend(checked);
    replace(provider, target, &document.body).await?;
    Ok(view::of(kind, document))
}

/// Makes a resource the default one, or no longer. There is at most one.
pub(crate) async fn change_default_resource(
    provider: &Provider,
    id: &str,
    body: &Value,
) -> Result<Object, ManagementError> {
    const CHANGE: &[Member] = &[required("isDefault", Shape::Bool)];
    let checked = check(CHANGE, body).map_err(ManagementError::InvalidInput)?;
    let mut document = existing(provider, resource(id), Use::Change).await?;
    let resources = provider.store.documents(RESOURCES.name, None).await?;
    for mut other in resources {
        if other.body["isDefault"] == true && other.id != id {
            other.body.insert("isDefault".to_owned(), false.into());
            replace(provider, resource(&other.id), &other.body).await?;
        }
    }
    document.body.extend(checked);
    replace(provider, resource(id), &document.body).await?;
    Ok(view::of(&RESOURCES, document))
}

fn resource(id: &str) -> Target<'_> {
    Target {
        kind: &RESOURCES,
        parent: "",
        id,
    }
}

/// Makes a new signing key for a webhook.
pub(crate) async fn change_signing_key(
    provider: &Provider,
    id: &str,
) -> Result<Object, ManagementError> {
    let target = Target {
        kind: &HOOKS,
        parent: "",
        id,
    };
    let mut document = existing(provider, target, Use::Change).await?;
    let key = application_secrets::random();
    document.body.insert("signingKey".to_owned(), key.into());
    replace(provider, target, &document.body).await?;
    Ok(view::of(&HOOKS, document))
}

/// Adds members to the custom data of an application, or replaces them.
pub(crate) async fn merge_custom_data(
    provider: &Provider,
    id: &str,
    members: Object,
) -> Result<Object, ManagementError> {
    let target = Target {
        kind: &APPLICATIONS,
        parent: "",
        id,
    };
    let mut document = existing(provider, target, Use::Change).await?;
    let mut data = match document.body.remove("customData") {
        Some(Value::Object(data)) => data,
        _ => Object::new(),
    };
    data.extend(members);
    document
        .body
        .insert("customData".to_owned(), data.clone().into());
    replace(provider, target, &document.body).await?;
    Ok(data)
}

/// Deletes a thing and what belongs to it.
pub(crate) async fn delete(provider: &Provider, target: Target<'_>) -> Result<(), ManagementError> {
    if target.kind.is(&RESOURCES) && target.id == MANAGEMENT_API {
        return Err(ManagementError::ManagementApiIsNeeded);
    }
    if provider.store.delete_document(target.address()).await? {
        Ok(())
    } else {
        Err(target.kind.unknown(target.id, Use::Delete))
    }
}

async fn existing(
    provider: &Provider,
    target: Target<'_>,
    used: Use,
) -> Result<Document, ManagementError> {
    let found = provider.store.document(target.address()).await?;
    found.ok_or_else(|| target.kind.unknown(target.id, used))
}

async fn replace(
    provider: &Provider,
    target: Target<'_>,
    body: &Object,
) -> Result<(), ManagementError> {
    provider
        .store
        .replace_document(target.address(), unique_value(target.kind, body), body)
        .await?
        .map_err(|_| taken(target.kind, body))
}

/// A scope belongs to a resource that exists.
async fn check_parent(
    provider: &Provider,
    kind: &'static Kind,
    parent: &str,
) -> Result<(), ManagementError> {
    if parent.is_empty() || owner(provider, &RESOURCES, parent).await?.is_some() {
        Ok(())
    } else {
        debug_assert!(kind.is(&SCOPES));
        Err(RESOURCES.not_exists_with_id(parent))
    }
}

fn check_rules(kind: &'static Kind, checked: &Object) -> Result<(), ManagementError> {
    let name = checked.get("name").and_then(Value::as_str);
    if kind.is(&SCOPES) && name.is_some_and(|name| name.contains(' ')) {
        return Err(ManagementError::ScopeNameWithSpace);
    }
    Ok(())
}

fn unique_value<'a>(kind: &Kind, body: &'a Object) -> Option<&'a str> {
    body.get(kind.unique.as_ref()?.member)?.as_str()
}

fn taken(kind: &Kind, body: &Object) -> ManagementError {
    let value = unique_value(kind, body).unwrap_or_default().to_owned();
    kind.unique
        .as_ref()
        .map_or(ManagementError::ServerError, |unique| (unique.taken)(value))
}

/// A client on a person's own machine cannot keep a secret.
fn has_secret(kind: &'static Kind, body: &Object) -> bool {
    kind.is(&APPLICATIONS) && body["type"] != "SPA" && body["type"] != "Native"
}

/// The scopes that a body gives a new role.
struct Related(Vec<(&'static Relation, Vec<String>)>);

impl Related {
    fn take_from(kind: &'static Kind, body: &mut Object) -> Self {
        let members: &[(&str, &'static Relation)] = if kind.is(&ROLES) {
            &[("scopeIds", &ROLE_SCOPES)]
        } else if kind.is(&ORGANIZATION_ROLES) {
            &[
                ("organizationScopeIds", &ORGANIZATION_ROLE_SCOPES),
                ("resourceScopeIds", &ORGANIZATION_ROLE_RESOURCE_SCOPES),
            ]
        } else {
            &[]
        };
        let members = members.iter();
        Self(
            members
                .map(|(member, relation)| (*relation, texts(body.remove(*member).as_ref())))
                .collect(),
        )
    }

    /// As in Logto, a role of an organization is created after its scopes are checked, and another role before that.
    async fn check(&self, provider: &Provider) -> Result<(), ManagementError> {
        for (relation, ids) in &self.0 {
            if !relation.is(&ROLE_SCOPES) {
                relations::check_targets(provider, relation, ids).await?;
            }
        }
        Ok(())
    }

    async fn add(&self, provider: &Provider, id: &str) -> Result<(), ManagementError> {
        for (relation, ids) in &self.0 {
            if !ids.is_empty() {
                relations::add(provider, relation, id, ids).await?;
            }
        }
        Ok(())
    }
}
