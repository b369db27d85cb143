//! Roles of people and of machines (Logto: `/api/roles`).

use crate::ResourceScopes;
use serde::{Deserialize, Serialize};

/// A role: scopes of API resources, under one name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Role {
    /// The name. It is in the claim `roles`.
    pub name: String,
    /// A description for Logto's console, which requires it.
    pub description: String,
    /// Whom it can be assigned to (Logto: `User`). It cannot be changed.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<RoleType>,
    /// Whether each new person gets it (Logto: false).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_default: Option<bool>,
    /// All scopes that it grants. `None` leaves them as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<ResourceScopes>,
}

/// Whom a role can be assigned to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum RoleType {
    /// People.
    User,
    /// Machine-to-machine applications.
    MachineToMachine,
}
