//! The tenant as it is now: what the store has, in types. It is read again after each change.

use crate::{
    domain::{
        application::{Application, Applications, ClientSecret},
        management::{
            Object, access_token, constant, experience,
            kind::{APPLICATIONS, RESOURCES, ROLES, SCOPES, own},
            relation::ROLE_SCOPES,
        },
        sign_in_experience::SignInExperience,
    },
    provider::now_ms,
    secrets::short_id,
    sms::{ConnectorError, Sms, SmsService, with_causes},
    store::{Address, Document, Store, StoreError},
};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};
use tenant::{Connector, Tenant};

/// The id of the API resource of the Management API.
pub(crate) const MANAGEMENT_API: &str = "management-api";
/// The id of its scope.
pub(crate) const MANAGEMENT_API_ALL: &str = "management-api-all";
/// The name of the secret that an application has from its beginning.
pub(crate) const DEFAULT_SECRET: &str = "Default secret";

/// What a sign-in follows.
pub(crate) struct CurrentTenant {
    pub(crate) applications: Applications,
    pub(crate) experience: SignInExperience,
    pub(crate) sms: Sms,
}

/// Why a tenant file cannot be used. Each message is one line and contains no secret.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// An application has no client id.
    #[error("application {0} needs an `id` for the embedded provider")]
    NoId(String),
    /// An application has no client secret, or an empty one.
    #[error("application {0} needs a `secret` for the embedded provider")]
    NoSecret(String),
    /// The connector cannot be used.
    #[error(transparent)]
    Connector(#[from] ConnectorError),
    /// The database cannot store it.
    #[error("the tenant file cannot be stored: {0}")]
    Store(#[from] StoreError),
}

impl CurrentTenant {
    /// Reads the tenant. What a sign-in cannot use is logged and left out.
    pub(crate) async fn load(store: &Store, sms: &SmsService) -> Result<Self, StoreError> {
        Ok(Self {
            applications: applications(store).await?,
            experience: sign_in_experience(store).await?,
            sms: connector(store, sms).await?,
        })
    }

    /// What a person needs to sign in and the tenant does not have.
    pub(crate) fn missing_for_a_sign_in(&self) -> Option<&'static str> {
        if !self.sms.is_there() {
            Some("the tenant has no SMS connector")
        } else if !self.experience.has_phone_codes {
            Some("the sign-in experience has no sign-in by phone and verification code")
        } else {
            None
        }
    }

    /// Stores what an empty Logto has: the Management API as a resource, with its scope and its role.
    pub(crate) async fn put_defaults(store: &Store, now_ms: i64) -> Result<(), StoreError> {
        let at = |kind, parent, id| Address { kind, parent, id };
        let resource = json!({
            "name": "Logto Management API",
            "indicator": access_token::RESOURCE,
            "isDefault": false,
            "accessTokenTtl": 3600,
        });
        let resource_at = at(RESOURCES.name, "", MANAGEMENT_API);
        let unique = Some(access_token::RESOURCE);
        let is_there = store
            .add_document(resource_at, unique, &object(resource), now_ms)
            .await?;
        if is_there.is_err() {
            return Ok(());
        }
        let scope = json!({
            "resourceId": MANAGEMENT_API,
            "name": access_token::ALL,
            "description": "Default scope for Management API, allows all permissions.",
        });
        let role = json!({
            "name": "Logto Management API access",
            "description": "This default role grants access to the Logto management API.",
            "type": "MachineToMachine",
            "isDefault": false,
        });
        let role_id = short_id::<21>();
        let rest = [
            (
                at(SCOPES.name, MANAGEMENT_API, MANAGEMENT_API_ALL),
                Some(access_token::ALL),
                scope,
            ),
            (
                at(ROLES.name, "", &role_id),
                Some("Logto Management API access"),
                role,
            ),
            (
                at(ROLE_SCOPES.name, &role_id, MANAGEMENT_API_ALL),
                None,
                json!({}),
            ),
        ];
        for (address, unique, body) in rest {
            let _ = store
                .add_document(address, unique, &object(body), now_ms)
                .await?;
        }
        Ok(())
    }

    /// Stores the file. What it names is as in the file, and the rest stays as it is.
    pub(crate) async fn put_file(
        file: Tenant,
        store: &Store,
        sms: &SmsService,
    ) -> Result<(), FileError> {
        let now_ms = now_ms(&sms.clock);
        for application in file.applications {
            put_application(application, store, now_ms).await?;
        }
        if let Some(connector) = file.connectors.into_iter().next() {
            put_connector(connector, store, sms, now_ms).await?;
        }
        let named = object(serde_json::to_value(file.sign_in_experience).unwrap_or_default());
        let at = setting(experience::NAME);
        put_members(store, at, Object::new(), named, now_ms).await?;
        Ok(())
    }
}

/// The address of a setting.
pub(crate) const fn setting(name: &str) -> Address<'_> {
    Address {
        kind: own::SETTINGS,
        parent: "",
        id: name,
    }
}

async fn put_application(
    application: tenant::Application,
    store: &Store,
    now_ms: i64,
) -> Result<(), FileError> {
    let name = &application.name;
    let id = application.id.clone().filter(|id| !id.is_empty());
    let id = id.ok_or_else(|| FileError::NoId(name.clone()))?;
    let secret = application.secret.clone();
    let secret = secret
        .filter(|secret| !secret.expose_secret().is_empty())
        .ok_or_else(|| FileError::NoSecret(name.clone()))?;
    let named = object(serde_json::to_value(&application).unwrap_or_default());
    let at = Address {
        kind: APPLICATIONS.name,
        parent: "",
        id: &id,
    };
    put_members(store, at, constant(APPLICATIONS.defaults), named, now_ms).await?;
    put_secret(store, &id, &secret, now_ms).await?;
    Ok(())
}

async fn put_secret(
    store: &Store,
    application_id: &str,
    secret: &SecretString,
    now_ms: i64,
) -> Result<(), StoreError> {
    let at = Address {
        kind: own::APPLICATION_SECRETS,
        parent: application_id,
        id: DEFAULT_SECRET,
    };
    let body = json!({"value": secret.expose_secret(), "expiresAt": null});
    store.put_document(at, &object(body), now_ms).await
}

async fn put_connector(
    connector: Connector,
    store: &Store,
    sms: &SmsService,
    now_ms: i64,
) -> Result<(), FileError> {
    if connector.connector_id != tenant::ALIYUN_SMS {
        return Err(ConnectorError::Unknown(connector.connector_id).into());
    }
    sms.client(connector.config.clone())?;
    let known = store.documents(own::CONNECTORS, None).await?;
    let id = known
        .into_iter()
        .next()
        .map_or_else(short_id::<12>, |known| known.id);
    let at = Address {
        kind: own::CONNECTORS,
        parent: "",
        id: &id,
    };
    let named = json!({"connectorId": connector.connector_id, "config": connector.config});
    put_members(store, at, new_connector(), object(named), now_ms).await?;
    Ok(())
}

/// The members of a new connector that nobody names.
pub(crate) fn new_connector() -> Object {
    object(json!({"metadata": {}, "syncProfile": false, "enableTokenStorage": false}))
}

/// Replaces the members that are named. `defaults` are those of a new document.
pub(crate) async fn put_members(
    store: &Store,
    at: Address<'_>,
    defaults: Object,
    named: Object,
    now_ms: i64,
) -> Result<(), StoreError> {
    let known = store.document(at).await?;
    let mut body = known.map_or(defaults, |known| known.body);
    body.extend(named);
    store.put_document(at, &body, now_ms).await
}

async fn applications(store: &Store) -> Result<Applications, StoreError> {
    let secrets = store.documents(own::APPLICATION_SECRETS, None).await?;
    let secrets_of = |id: &str| -> Vec<ClientSecret> {
        secrets
            .iter()
            .filter(|secret| secret.parent == id)
            .filter_map(|secret| serde_json::from_value(secret.body.clone().into()).ok())
            .collect()
    };
    let documents = store.documents(APPLICATIONS.name, None).await?;
    let read = |document: Document| {
        let secrets = secrets_of(&document.id);
        let application = Application::from_document(document.id, document.body.into(), secrets);
        application
            .inspect_err(|error| tracing::warn!(%error, "an application cannot be used"))
            .ok()
    };
    Ok(documents.into_iter().filter_map(read).collect())
}

/// The sign-in experience as the Management API shows it, without `tenantId` and `id`.
pub(crate) async fn stored_experience(store: &Store) -> Result<Object, StoreError> {
    stored_setting(store, experience::NAME, experience::DEFAULTS).await
}

/// A setting: its defaults, and what was changed since.
pub(crate) async fn stored_setting(
    store: &Store,
    name: &str,
    defaults: &str,
) -> Result<Object, StoreError> {
    let mut body = constant(defaults);
    if let Some(changed) = store.document(setting(name)).await? {
        body.extend(changed.body);
    }
    Ok(body)
}

async fn sign_in_experience(store: &Store) -> Result<SignInExperience, StoreError> {
    let body = stored_experience(store).await?;
    SignInExperience::from_document(body.into())
        .map_err(|error| StoreError::Decode(Box::new(error)))
}

async fn connector(store: &Store, sms: &SmsService) -> Result<Sms, StoreError> {
    let mut connectors = store.documents(own::CONNECTORS, None).await?.into_iter();
    let Some(mut connector) = connectors.next() else {
        return Ok(Sms::default());
    };
    let config = connector.body.remove("config").unwrap_or_default();
    let client = sms.client(config).inspect_err(|error| {
        tracing::warn!(
            error = with_causes(error),
            "the SMS connector cannot be used"
        );
    });
    Ok(client.map(Sms::new).unwrap_or_default())
}

/// The object that a value is.
pub(crate) fn object(value: Value) -> Object {
    match value {
        Value::Object(object) => object,
        _ => Object::new(),
    }
}
