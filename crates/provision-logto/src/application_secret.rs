//! The client secrets of an application. No other call returns them.

use crate::management_api::{ApiError, ManagementApi};
use secrecy::SecretString;
use serde::Deserialize;

/// A client secret.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ApplicationSecret {
    pub(crate) value: SecretString,
    /// Milliseconds since 1970.
    created_at: i64,
    /// The same. `None` if it does not expire.
    pub(crate) expires_at: Option<i64>,
}

/// The newest secret that has not expired. `now` is in milliseconds since 1970.
pub(crate) async fn newest_valid(
    api: &mut ManagementApi,
    application: &str,
    now: i64,
) -> Result<Option<ApplicationSecret>, ApiError> {
    let secrets: Vec<ApplicationSecret> =
        api.get(&["applications", application, "secrets"]).await?;
    let is_valid = |secret: &ApplicationSecret| secret.expires_at.is_none_or(|end| end > now);
    let valid = secrets.into_iter().filter(is_valid);
    Ok(valid.max_by_key(|secret| secret.created_at))
}
