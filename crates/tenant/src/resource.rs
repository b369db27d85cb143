//! API resources and their scopes (Logto: `/api/resources`).

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// An API that access tokens are issued for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Resource {
    /// The name in Logto's console.
    pub name: String,
    /// The resource indicator: the `resource` parameter of a request, and the `aud` of an access token (RFC 8707).
    /// It cannot be changed.
    pub indicator: String,
    /// Lifetime of an access token in seconds (Logto: 3600).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_token_ttl: Option<u32>,
    /// The scopes. Those that the file leaves out stay as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub scopes: Vec<Scope>,
}

/// A scope: one thing that a client may do with an API resource.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scope {
    /// The name, without spaces, e.g. `read:books`.
    pub name: String,
    /// A description for Logto's console.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// Scopes of API resources: the names of scopes, by the resource's indicator.
pub type ResourceScopes = BTreeMap<String, Vec<String>>;

/// The scope of Logto's own API, which gives access to all of it.
pub(crate) const MANAGEMENT_SCOPE: &str = "all";

/// Whether an indicator is that of Logto's own Management API, which exists in every tenant.
pub(crate) fn is_management_api(indicator: &str) -> bool {
    indicator
        .strip_prefix("https://")
        .and_then(|rest| rest.strip_suffix(".logto.app/api"))
        .is_some_and(|tenant| !tenant.contains('/'))
}
