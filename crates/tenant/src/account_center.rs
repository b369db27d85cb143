//! The account center: what people may see and change of their own account (Logto: `/api/account-center`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The account center.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AccountCenter {
    /// Whether the Account API is on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// What a person may do with a field of the account: one of [`ACCOUNT_FIELDS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields: Option<BTreeMap<String, FieldControl>>,
    /// The page on which a person deletes the account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delete_account_url: Option<String>,
    /// Origins that share passkeys with this tenant (`WebAuthn`, related origin requests).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub webauthn_related_origins: Option<Vec<String>>,
}

/// The fields of an account.
pub const ACCOUNT_FIELDS: [&str; 12] = [
    "name",
    "avatar",
    "profile",
    "email",
    "phone",
    "password",
    "username",
    "social",
    "customData",
    "mfa",
    "passkey",
    "session",
];

/// What a person may do with a field of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FieldControl {
    /// Nothing.
    Off,
    /// See it.
    ReadOnly,
    /// See and change it.
    Edit,
}
