//! Relations between two kinds: which scopes a role has, and so on.

use crate::{
    Provider,
    current_tenant::MANAGEMENT_API_ALL,
    domain::management::{
        Object,
        error::ManagementError,
        kind::{RESOURCES, ROLES, SCOPES},
        relation::{APPLICATION_ROLES, Manner, ROLE_SCOPES, Relation},
    },
    flows::management::{owner, view},
    store::{Address, Document},
};

/// The other side of each relation of an owner.
pub(crate) async fn targets(
    provider: &Provider,
    relation: &'static Relation,
    owner_id: &str,
) -> Result<Vec<Object>, ManagementError> {
    let related = provider
        .store
        .documents(relation.name, Some(owner_id))
        .await?;
    let mut found = Vec::new();
    for related in related {
        // What was deleted since is not there.
        if let Some(document) = target(provider, relation, &related.id).await? {
            found.push(shown(provider, relation, document).await?);
        }
    }
    Ok(found)
}

/// The same, if the owner exists.
pub(crate) async fn list(
    provider: &Provider,
    relation: &'static Relation,
    owner_id: &str,
) -> Result<Vec<Object>, ManagementError> {
    if relation.manner != Manner::Quiet {
        check_owner(provider, relation, owner_id).await?;
    }
    targets(provider, relation, owner_id).await
}

/// Adds relations. Returns the ids that are new.
pub(crate) async fn add(
    provider: &Provider,
    relation: &'static Relation,
    owner_id: &str,
    ids: &[String],
) -> Result<Vec<String>, ManagementError> {
    check(provider, relation, owner_id, ids).await?;
    let mut added = Vec::new();
    for id in ids {
        let at = Address {
            kind: relation.name,
            parent: owner_id,
            id,
        };
        let is_new = provider
            .store
            .add_document(at, None, &Object::new(), provider.now_ms())
            .await?;
        match is_new {
            Ok(()) => added.push(id.clone()),
            Err(_) if relation.manner == Manner::Strict => {
                return Err(ManagementError::RoleHasScope(id.clone()));
            }
            Err(_) => {}
        }
    }
    Ok(added)
}

/// Replaces all relations of an owner.
pub(crate) async fn replace(
    provider: &Provider,
    relation: &'static Relation,
    owner_id: &str,
    ids: &[String],
) -> Result<(), ManagementError> {
    check(provider, relation, owner_id, ids).await?;
    provider
        .store
        .replace_documents(relation.name, owner_id, ids, provider.now_ms())
        .await?;
    Ok(())
}

/// Deletes a relation.
pub(crate) async fn delete(
    provider: &Provider,
    relation: &'static Relation,
    owner_id: &str,
    id: &str,
) -> Result<(), ManagementError> {
    let at = Address {
        kind: relation.name,
        parent: owner_id,
        id,
    };
    if provider.store.delete_document(at).await? {
        Ok(())
    } else {
        Err(ManagementError::NotFound)
    }
}

/// Checks that each target exists.
pub(crate) async fn check_targets(
    provider: &Provider,
    relation: &'static Relation,
    ids: &[String],
) -> Result<(), ManagementError> {
    for id in ids {
        if target(provider, relation, id).await?.is_none() {
            return Err(match relation.manner {
                Manner::Quiet => ManagementError::UnknownReference,
                Manner::Strict | Manner::Assignment => relation.target.not_exists_with_id(id),
            });
        }
    }
    Ok(())
}

async fn check(
    provider: &Provider,
    relation: &'static Relation,
    owner_id: &str,
    ids: &[String],
) -> Result<(), ManagementError> {
    let owner = check_owner(provider, relation, owner_id).await?;
    check_targets(provider, relation, ids).await?;
    if relation.is(&ROLE_SCOPES) {
        let is_of_users = owner.body["type"] == "User";
        if is_of_users && ids.iter().any(|id| id == MANAGEMENT_API_ALL) {
            return Err(ManagementError::ManagementApiScopeOfUsers);
        }
    }
    if relation.is(&APPLICATION_ROLES) {
        check_machine(provider, &owner, ids).await?;
    }
    Ok(())
}

/// Only a machine has roles of its own, and only those for machines.
async fn check_machine(
    provider: &Provider,
    application: &Document,
    roles: &[String],
) -> Result<(), ManagementError> {
    if application.body["type"] != "MachineToMachine" {
        return Err(ManagementError::ApplicationIsNoMachine);
    }
    for id in roles {
        let role = owner(provider, &ROLES, id).await?;
        if role.is_some_and(|role| role.body["type"] == "User") {
            return Err(ManagementError::RoleOfUsers);
        }
    }
    Ok(())
}

async fn check_owner(
    provider: &Provider,
    relation: &'static Relation,
    id: &str,
) -> Result<Document, ManagementError> {
    let found = owner(provider, relation.owner, id).await?;
    found.ok_or_else(|| match relation.manner {
        Manner::Quiet => ManagementError::UnknownReference,
        Manner::Strict | Manner::Assignment => relation.owner.not_exists_with_id(id),
    })
}

/// A scope belongs to a resource, and a relation names it without that.
async fn target(
    provider: &Provider,
    relation: &'static Relation,
    id: &str,
) -> Result<Option<Document>, ManagementError> {
    if !relation.target.is(&SCOPES) {
        return owner(provider, relation.target, id).await;
    }
    let scopes = provider.store.documents(SCOPES.name, None).await?;
    Ok(scopes.into_iter().find(|scope| scope.id == id))
}

/// A scope is shown with its resource.
async fn shown(
    provider: &Provider,
    relation: &'static Relation,
    document: Document,
) -> Result<Object, ManagementError> {
    let resource = document.parent.clone();
    let mut shown = view::of(relation.target, document);
    if relation.target.is(&SCOPES)
        && let Some(resource) = owner(provider, &RESOURCES, &resource).await?
    {
        let resource = view::of(&RESOURCES, resource);
        shown.insert("resource".to_owned(), resource.into());
    }
    Ok(shown)
}
