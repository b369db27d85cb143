//! What a response shows of a document.

use crate::{
    Provider,
    domain::management::{
        Object, TENANT_ID,
        error::ManagementError,
        kind::{APPLICATIONS, Kind, ORGANIZATION_ROLES, ORGANIZATIONS, RESOURCES, ROLES, SCOPES},
        page::Query,
        relation::{
            APPLICATION_ROLES, ORGANIZATION_ROLE_RESOURCE_SCOPES, ORGANIZATION_ROLE_SCOPES,
        },
    },
    flows::management::relations::targets,
    store::Document,
};
use serde_json::{Value, json};

/// The document with the members that all have.
pub(super) fn of(kind: &Kind, document: Document) -> Object {
    let mut shown = document.body;
    shown.insert("tenantId".to_owned(), TENANT_ID.into());
    shown.insert("id".to_owned(), document.id.into());
    if kind.is_dated {
        shown.insert("createdAt".to_owned(), document.created_at_ms.into());
    }
    shown
}

/// What a POST responds with.
pub(super) fn created(kind: &'static Kind, document: Document) -> Object {
    let mut shown = of(kind, document);
    if kind.is(&RESOURCES) {
        shown.insert("scopes".to_owned(), json!([]));
    }
    shown
}

/// What a GET of one responds with.
pub(super) fn alone(kind: &'static Kind, document: Document) -> Object {
    let mut shown = of(kind, document);
    if kind.is(&APPLICATIONS) {
        shown.insert("isAdmin".to_owned(), false.into());
    }
    shown
}

/// What a list has of it. Nobody is counted, because people have no roles and no organizations here.
pub(super) async fn in_list(
    provider: &Provider,
    kind: &'static Kind,
    document: Document,
    query: &Query,
) -> Result<Object, ManagementError> {
    let asks = |name: &str| {
        query
            .iter()
            .any(|(known, value)| known == name && value == "true")
    };
    let id = document.id.clone();
    let mut shown = of(kind, document);
    let more = if kind.is(&ROLES) {
        let relation = APPLICATION_ROLES.name;
        let related = provider.store.documents(relation, None).await?;
        let applications = related.iter().filter(|role| role.id == id).count();
        json!({
            "usersCount": 0,
            "featuredUsers": [],
            "applicationsCount": applications,
            "featuredApplications": [],
        })
    } else if kind.is(&RESOURCES) && asks("includeScopes") {
        json!({"scopes": scopes_of(provider, &id).await?})
    } else if kind.is(&ORGANIZATIONS) && asks("showFeatured") {
        json!({"usersCount": 0, "featuredUsers": []})
    } else if kind.is(&ORGANIZATION_ROLES) {
        scopes_of_organization_role(provider, &id).await?
    } else {
        Value::Null
    };
    if let Value::Object(more) = more {
        shown.extend(more);
    }
    Ok(shown)
}

async fn scopes_of(provider: &Provider, resource: &str) -> Result<Vec<Object>, ManagementError> {
    let scopes = provider
        .store
        .documents(SCOPES.name, Some(resource))
        .await?;
    Ok(scopes.into_iter().map(|scope| of(&SCOPES, scope)).collect())
}

async fn scopes_of_organization_role(
    provider: &Provider,
    id: &str,
) -> Result<Value, ManagementError> {
    let brief = |object: &Object| json!({"id": object["id"], "name": object["name"]});
    let scopes = targets(provider, &ORGANIZATION_ROLE_SCOPES, id).await?;
    let of_resources = targets(provider, &ORGANIZATION_ROLE_RESOURCE_SCOPES, id).await?;
    let of_resources = of_resources.iter().map(|scope| {
        let resource = &scope["resource"];
        json!({
            "id": scope["id"],
            "name": scope["name"],
            "resource": {"id": resource["id"], "name": resource["name"]},
        })
    });
    Ok(json!({
        "scopes": scopes.iter().map(brief).collect::<Vec<_>>(),
        "resourceScopes": of_resources.collect::<Vec<_>>(),
    }))
}
