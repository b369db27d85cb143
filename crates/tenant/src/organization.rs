//! Organizations, and the template that all of them share (Logto: `/api/organizations`, `/api/organization-roles`,
//! `/api/organization-scopes`).

use crate::{Branding, Color, ResourceScopes, RoleType};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// A scope of the template: one thing that a member may do in an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationScope {
    /// The name, e.g. `invite:member`.
    pub name: String,
    /// A description for Logto's console.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A role of the template, which a member can have in an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OrganizationRole {
    /// The name. It is in the claim `organization_roles`.
    pub name: String,
    /// A description for Logto's console.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Whom it can be assigned to (Logto: `User`).
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<RoleType>,
    /// The names of all organization scopes that it grants. `None` leaves them as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scopes: Option<Vec<String>>,
    /// All scopes of API resources that it grants. `None` leaves them as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource_scopes: Option<ResourceScopes>,
}

/// An organization. Its members are not part of the file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// The name. `provision-logto` finds the organization by it.
    pub name: String,
    /// A description for Logto's console.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// Data of the application.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Map<String, Value>>,
    /// Whether members need a second factor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_mfa_required: Option<bool>,
    /// The colours of the sign-in pages of this organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
    /// The pictures of the sign-in pages of this organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branding: Option<Branding>,
    /// Who joins when registering.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub jit: Option<Jit>,
}

/// Just-in-time provisioning: a person who registers with an email address of these domains joins with these roles.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Jit {
    /// All email domains, e.g. `acme.example`. `None` leaves them as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_domains: Option<Vec<String>>,
    /// The names of all organization roles that a new member gets. `None` leaves them as they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
}
