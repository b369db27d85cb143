//! The settings of the tenant: the sign-in experience and the account center.

use crate::{
    Provider,
    current_tenant::{put_members, setting, stored_setting},
    domain::management::{
        Object, TENANT_ID, account_center,
        error::ManagementError,
        experience,
        kind::own,
        shape::{Member, check},
    },
};
use serde_json::{Value, json};

/// One object of settings.
pub(crate) struct Settings {
    /// The name in the store and in the path.
    pub(crate) name: &'static str,
    defaults: &'static str,
    change: &'static [Member],
}

/// All of them.
pub(crate) static ALL: [Settings; 2] = [
    Settings {
        name: experience::NAME,
        defaults: experience::DEFAULTS,
        change: experience::CHANGE,
    },
    Settings {
        name: account_center::NAME,
        defaults: account_center::DEFAULTS,
        change: account_center::CHANGE,
    },
];

/// The settings as they are.
pub(crate) async fn get(
    provider: &Provider,
    settings: &Settings,
) -> Result<Object, ManagementError> {
    let body = stored_setting(&provider.store, settings.name, settings.defaults).await?;
    Ok(shown(body))
}

/// Replaces the members that the body has, each as a whole.
pub(crate) async fn change(
    provider: &Provider,
    settings: &Settings,
    body: &Value,
) -> Result<Object, ManagementError> {
    let mut checked = check(settings.change, body).map_err(ManagementError::InvalidInput)?;
    if checked.is_empty() {
        return Err(ManagementError::NothingToChange);
    }
    let store = &provider.store;
    let mut current = stored_setting(store, settings.name, settings.defaults).await?;
    if settings.name == experience::NAME {
        let connectors = store.documents(own::CONNECTORS, None).await?;
        let has_sms = !connectors.is_empty();
        experience::complete(&mut checked, &current, has_sms, provider.now_ms())?;
    }
    current.extend(checked.clone());
    let at = setting(settings.name);
    put_members(store, at, Object::new(), checked, provider.now_ms()).await?;
    Ok(shown(current))
}

/// The sign-in experience as everybody may see it.
pub(crate) async fn public_experience(provider: &Provider) -> Result<Object, ManagementError> {
    let [experience, _] = &ALL;
    let mut shown = get(provider, experience).await?;
    let has_sms = provider.tenant().sms.is_there();
    let methods = shown.get("forgotPasswordMethods");
    let by_phone = match methods.and_then(Value::as_array) {
        Some(methods) => methods.iter().any(|name| name == "PhoneVerificationCode"),
        None => has_sms,
    };
    let more = json!({
        "socialConnectors": [],
        "ssoConnectors": [],
        "forgotPassword": {"phone": by_phone, "email": false},
        "isDevelopmentTenant": false,
        "customProfileFields": [],
        "customProfileFieldCatalog": [],
    });
    for member in experience::NOT_PUBLIC {
        shown.remove(member);
    }
    if let Value::Object(more) = more {
        shown.extend(more);
    }
    Ok(shown)
}

fn shown(mut body: Object) -> Object {
    body.insert("tenantId".to_owned(), TENANT_ID.into());
    body.insert("id".to_owned(), "default".into());
    body
}
