//! Connectors. There is at most one, which sends messages by Aliyun SMS: a new one takes its place, as in Logto.

use crate::{
    Provider,
    current_tenant::{new_connector, object},
    domain::management::{
        Object, aliyun_sms,
        error::ManagementError,
        kind::own,
        shape::{
            Member,
            Shape::{Bool, Digits, Record, Text},
            check, optional, required,
        },
    },
    secrets::short_id,
    sms::with_causes,
    store::{Address, Document},
};
use connector_aliyun_sms::{PhoneNumber, Refusal, SendError, UsageType};
use serde_json::{Value, json};

const NEW: &[Member] = &[
    required("connectorId", Text(1)),
    optional("config", Record),
    optional("metadata", Record),
    optional("syncProfile", Bool),
    optional("enableTokenStorage", Bool),
];
const CHANGE: &[Member] = &[
    optional("config", Record),
    optional("syncProfile", Bool),
    optional("enableTokenStorage", Bool),
];
const TEST: &[Member] = &[
    optional("phone", Digits),
    optional("email", Text(1)),
    required("config", Record),
];
/// What a test message contains.
const TEST_CODE: &str = "000000";

/// The connectors for a target. `None` means any.
pub(crate) async fn list(
    provider: &Provider,
    target: Option<&str>,
) -> Result<Vec<Object>, ManagementError> {
    let documents = provider.store.documents(own::CONNECTORS, None).await?;
    let all = documents.into_iter().map(shown);
    Ok(all
        .filter(|connector| target.is_none_or(|target| connector["target"] == target))
        .collect())
}

/// Creates a connector in place of the one before.
pub(crate) async fn create(provider: &Provider, body: &Value) -> Result<Object, ManagementError> {
    let checked = check(NEW, body).map_err(ManagementError::InvalidInput)?;
    if checked["connectorId"] != tenant::ALIYUN_SMS {
        return Err(ManagementError::ConnectorNotInCatalogue);
    }
    let mut new = new_connector();
    new.insert("config".to_owned(), json!({}));
    new.extend(checked);
    aliyun_sms::check_config(&new["config"])?;
    let store = &provider.store;
    for before in store.documents(own::CONNECTORS, None).await? {
        store.delete_document(address(&before.id)).await?;
    }
    let (id, now_ms) = (short_id::<12>(), provider.now_ms());
    store.put_document(address(&id), &new, now_ms).await?;
    Ok(shown(Document {
        id,
        parent: String::new(),
        body: new,
        created_at_ms: now_ms,
    }))
}

/// Reads a connector.
pub(crate) async fn get(provider: &Provider, id: &str) -> Result<Object, ManagementError> {
    Ok(shown(existing(provider, id).await?))
}

/// Replaces the members that the body has. A configuration is replaced as a whole.
pub(crate) async fn change(
    provider: &Provider,
    id: &str,
    body: &Value,
) -> Result<Object, ManagementError> {
    let checked = check(CHANGE, body).map_err(ManagementError::InvalidInput)?;
    let mut connector = existing(provider, id).await?;
    if let Some(config) = checked.get("config") {
        aliyun_sms::check_config(config)?;
    }
    connector.body.extend(checked);
    provider
        .store
        .put_document(address(id), &connector.body, connector.created_at_ms)
        .await?;
    Ok(shown(connector))
}

/// Deletes a connector, even if the sign-in experience needs it.
pub(crate) async fn delete(provider: &Provider, id: &str) -> Result<(), ManagementError> {
    if provider.store.delete_document(address(id)).await? {
        Ok(())
    } else {
        Err(ManagementError::NotFound)
    }
}

/// The entry in the catalogue.
pub(crate) fn factory(id: &str) -> Result<Object, ManagementError> {
    if id == tenant::ALIYUN_SMS {
        Ok(aliyun_sms::factory())
    } else {
        Err(ManagementError::NotFound)
    }
}

/// Sends a message with the configuration in the body, which need not be stored.
pub(crate) async fn test(
    provider: &Provider,
    factory: &str,
    body: &Value,
) -> Result<(), ManagementError> {
    let checked = check(TEST, body).map_err(ManagementError::InvalidInput)?;
    let phone = checked.get("phone").and_then(Value::as_str);
    if phone.is_none() && !checked.contains_key("email") {
        return Err(ManagementError::NoRecipient);
    }
    if factory != tenant::ALIYUN_SMS {
        return Err(ManagementError::ConnectorNotFound);
    }
    let phone = phone.ok_or(ManagementError::ConnectorOfAnotherType)?;
    aliyun_sms::check_config(&checked["config"])?;
    let client = provider
        .sms_service
        .client(checked["config"].clone())
        .map_err(|error| ManagementError::RefusedConfig(error.to_string()))?;
    let number = PhoneNumber::from_digits(phone)
        .map_err(|error| ManagementError::RefusedNumber(error.to_string()))?;
    let sent = client
        .send_code(&number, UsageType::Generic, TEST_CODE)
        .await;
    match sent {
        Ok(_) => Ok(()),
        Err(error) => {
            let (refusal, advice) = (refused(&error), error.advice());
            let error = with_causes(&error);
            tracing::warn!(error, advice, "the test message was not sent");
            Err(refusal)
        }
    }
}

/// The service's own message may repeat the number, so the connector does not return it.
fn refused(error: &SendError) -> ManagementError {
    match error {
        SendError::Refused {
            refusal,
            code,
            request_id,
        } => {
            let (code, request_id) = (code.clone(), request_id.clone());
            match refusal {
                Refusal::RateLimited { .. } => {
                    ManagementError::MessageLimited(refusal.to_string(), code, request_id)
                }
                _ => ManagementError::MessageRefused(refusal.to_string(), code, request_id),
            }
        }
        SendError::NotUnderstood { .. } => ManagementError::MessageNotUnderstood(error.to_string()),
        SendError::Unreachable(_) | SendError::NoAnswer(_) => ManagementError::ServerError,
    }
}

const fn address(id: &str) -> Address<'_> {
    Address {
        kind: own::CONNECTORS,
        parent: "",
        id,
    }
}

async fn existing(provider: &Provider, id: &str) -> Result<Document, ManagementError> {
    let found = provider.store.document(address(id)).await?;
    found.ok_or(ManagementError::NotFound)
}

/// The connector and its entry in the catalogue. Its own metadata come first.
fn shown(connector: Document) -> Object {
    let mut shown = aliyun_sms::factory();
    let own = connector.body.get("metadata").cloned().unwrap_or_default();
    shown.extend(object(own));
    shown.extend(connector.body);
    shown.insert("id".to_owned(), connector.id.into());
    shown.insert("extraInfo".to_owned(), json!({}));
    shown
}
