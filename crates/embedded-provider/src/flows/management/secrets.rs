//! The secrets of an application.

use crate::{
    Provider,
    current_tenant::object,
    domain::management::{
        Object, TENANT_ID,
        error::ManagementError,
        kind::{APPLICATIONS, own},
        shape::{
            Member,
            Shape::{Integer, Nullable, Text},
            check, optional, required,
        },
    },
    flows::management::owner,
    store::{Address, Document},
};
use rand::RngExt;
use serde_json::{Value, json};

const NEW: &[Member] = &[
    required("name", Text(1)),
    optional("expiresAt", Nullable(&Integer(0, i64::MAX))),
];
const CHANGE: &[Member] = &[required("name", Text(1))];

/// A secret as Logto makes them: 32 letters and digits, about 190 random bits.
pub(super) fn random() -> String {
    let mut rng = rand::rng();
    (0..32)
        .map(|_| char::from(rng.sample(rand::distr::Alphanumeric)))
        .collect()
}

/// All secrets of an application.
pub(crate) async fn list(
    provider: &Provider,
    application: &str,
) -> Result<Vec<Object>, ManagementError> {
    check_application(provider, application).await?;
    let store = &provider.store;
    let secrets = store
        .documents(own::APPLICATION_SECRETS, Some(application))
        .await?;
    Ok(secrets.into_iter().map(shown).collect())
}

/// Makes a secret.
pub(crate) async fn create(
    provider: &Provider,
    application: &str,
    body: &Value,
) -> Result<Object, ManagementError> {
    let checked = check(NEW, body).map_err(ManagementError::InvalidInput)?;
    check_application(provider, application).await?;
    let expires_at = checked.get("expiresAt").and_then(Value::as_i64);
    if expires_at.is_some_and(|expires_at| expires_at <= provider.now_ms()) {
        return Err(ManagementError::InvalidRequest(
            "The value of `expiresAt` must be in the future.",
        ));
    }
    let name = checked["name"].as_str().unwrap_or_default();
    add(provider, application, name, expires_at).await
}

/// Makes a secret of this name.
pub(super) async fn add(
    provider: &Provider,
    application: &str,
    name: &str,
    expires_at: Option<i64>,
) -> Result<Object, ManagementError> {
    let body = object(json!({"value": random(), "expiresAt": expires_at}));
    let now_ms = provider.now_ms();
    provider
        .store
        .add_document(address(application, name), None, &body, now_ms)
        .await?
        .map_err(|_| ManagementError::SecretNameInUse)?;
    Ok(shown(Document {
        id: name.to_owned(),
        parent: application.to_owned(),
        body,
        created_at_ms: now_ms,
    }))
}

/// Renames a secret.
pub(crate) async fn rename(
    provider: &Provider,
    application: &str,
    name: &str,
    body: &Value,
) -> Result<Object, ManagementError> {
    let checked = check(CHANGE, body).map_err(ManagementError::InvalidInput)?;
    let new_name = checked["name"].as_str().unwrap_or_default();
    let at = address(application, name);
    let found = provider.store.document(at).await?;
    let secret = found.ok_or(ManagementError::NotFound)?;
    provider
        .store
        .rename_document(at, new_name)
        .await?
        .map_err(|_| ManagementError::SecretNameInUse)?;
    Ok(shown(Document {
        id: new_name.to_owned(),
        ..secret
    }))
}

/// Deletes a secret. The last one can be deleted, too.
pub(crate) async fn delete(
    provider: &Provider,
    application: &str,
    name: &str,
) -> Result<(), ManagementError> {
    if provider
        .store
        .delete_document(address(application, name))
        .await?
    {
        Ok(())
    } else {
        Err(ManagementError::NotFound)
    }
}

const fn address<'a>(application: &'a str, name: &'a str) -> Address<'a> {
    Address {
        kind: own::APPLICATION_SECRETS,
        parent: application,
        id: name,
    }
}

async fn check_application(provider: &Provider, id: &str) -> Result<(), ManagementError> {
    match owner(provider, &APPLICATIONS, id).await? {
        Some(_) => Ok(()),
        None => Err(APPLICATIONS.not_exists_with_id(id)),
    }
}

fn shown(secret: Document) -> Object {
    let mut shown = secret.body;
    shown.insert("tenantId".to_owned(), TENANT_ID.into());
    shown.insert("applicationId".to_owned(), secret.parent.into());
    shown.insert("name".to_owned(), secret.id.into());
    shown.insert("createdAt".to_owned(), secret.created_at_ms.into());
    shown
}
