//! The email domains whose people join an organization when they register. Nobody registers by email here.

use crate::{
    Provider,
    domain::management::{
        Object, TENANT_ID,
        error::ManagementError,
        kind::{ORGANIZATIONS, own},
        shape::{
            Member,
            Shape::{List, Text},
            check, required, texts,
        },
    },
    flows::management::owner,
    store::Address,
};
use serde_json::{Value, json};

const NEW: &[Member] = &[required("emailDomain", Text(1))];
const ALL: &[Member] = &[required("emailDomains", List(0, &Text(1)))];

/// The domains of an organization.
pub(crate) async fn list(
    provider: &Provider,
    organization: &str,
) -> Result<Vec<Value>, ManagementError> {
    let store = &provider.store;
    let domains = store
        .documents(own::EMAIL_DOMAINS, Some(organization))
        .await?;
    let domains = domains.into_iter();
    Ok(domains
        .map(|domain| shown(organization, &domain.id))
        .collect())
}

/// Adds a domain.
pub(crate) async fn create(
    provider: &Provider,
    organization: &str,
    body: &Value,
) -> Result<Value, ManagementError> {
    let checked = check(NEW, body).map_err(ManagementError::InvalidInput)?;
    check_organization(provider, organization).await?;
    let domain = checked["emailDomain"].as_str().unwrap_or_default();
    let at = address(organization, domain);
    provider
        .store
        .add_document(at, None, &Object::new(), provider.now_ms())
        .await?
        .map_err(|_| ManagementError::AlreadyExists)?;
    Ok(shown(organization, domain))
}

/// Replaces all domains.
pub(crate) async fn replace(
    provider: &Provider,
    organization: &str,
    body: &Value,
) -> Result<(), ManagementError> {
    let checked = check(ALL, body).map_err(ManagementError::InvalidInput)?;
    check_organization(provider, organization).await?;
    let domains = texts(checked.get("emailDomains"));
    let now_ms = provider.now_ms();
    provider
        .store
        .replace_documents(own::EMAIL_DOMAINS, organization, &domains, now_ms)
        .await?;
    Ok(())
}

/// Deletes a domain.
pub(crate) async fn delete(
    provider: &Provider,
    organization: &str,
    domain: &str,
) -> Result<(), ManagementError> {
    if provider
        .store
        .delete_document(address(organization, domain))
        .await?
    {
        Ok(())
    } else {
        Err(ManagementError::NotFound)
    }
}

const fn address<'a>(organization: &'a str, domain: &'a str) -> Address<'a> {
    Address {
        kind: own::EMAIL_DOMAINS,
        parent: organization,
        id: domain,
    }
}

async fn check_organization(provider: &Provider, id: &str) -> Result<(), ManagementError> {
    match owner(provider, &ORGANIZATIONS, id).await? {
        Some(_) => Ok(()),
        None => Err(ManagementError::UnknownReference),
    }
}

fn shown(organization: &str, domain: &str) -> Value {
    json!({"tenantId": TENANT_ID, "organizationId": organization, "emailDomain": domain})
}
