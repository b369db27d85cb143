//! Relations between two kinds, as one table: which scopes a role has, and so on.

use crate::domain::management::{
    kind::{
        APPLICATIONS, Kind, ORGANIZATION_ROLES, ORGANIZATION_SCOPES, ORGANIZATIONS, ROLES, SCOPES,
    },
    shape::{
        Issues, Member,
        Shape::{List, Text},
        check, required, texts,
    },
};
use serde_json::Value;

/// One relation. Each document of it belongs to the owner and has the id of the other side.
pub(crate) struct Relation {
    /// The name in the store.
    pub(crate) name: &'static str,
    /// The path below `/api`. `{one}` is the id of the owner.
    pub(crate) path: &'static str,
    pub(crate) owner: &'static Kind,
    pub(crate) target: &'static Kind,
    /// The member of a body that has the ids.
    pub(crate) member: &'static str,
    /// The body of a POST.
    added: &'static [Member],
    /// The body of a PUT.
    replaced: &'static [Member],
    pub(crate) manner: Manner,
}

impl Relation {
    pub(crate) fn is(&self, other: &Self) -> bool {
        self.name == other.name
    }

    /// The ids in the body of a POST.
    pub(crate) fn added(&self, body: &Value) -> Result<Vec<String>, Issues> {
        Ok(texts(check(self.added, body)?.get(self.member)))
    }

    /// The ids in the body of a PUT.
    pub(crate) fn replaced(&self, body: &Value) -> Result<Vec<String>, Issues> {
        Ok(texts(check(self.replaced, body)?.get(self.member)))
    }
}

/// How Logto treats a relation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// An id that is there already is an error, and a POST responds with everything that the owner has.
    Strict,
    /// An id that is there already is ignored, and a POST responds with the ids.
    Assignment,
    /// An id that is there already is ignored, and a POST responds with nothing.
    Quiet,
}

/// The scopes that a role gives.
pub(crate) static ROLE_SCOPES: Relation = Relation {
    name: "role-scopes",
    path: "roles/{one}/scopes",
    owner: &ROLES,
    target: &SCOPES,
    member: "scopeIds",
    added: &[required("scopeIds", List(1, &Text(1)))],
    replaced: &[required("scopeIds", List(0, &Text(1)))],
    manner: Manner::Strict,
};
/// The roles of a machine-to-machine application.
pub(crate) static APPLICATION_ROLES: Relation = Relation {
    name: "application-roles",
    path: "applications/{one}/roles",
    owner: &APPLICATIONS,
    target: &ROLES,
    member: "roleIds",
    added: &[required("roleIds", List(0, &Text(1)))],
    replaced: &[required("roleIds", List(0, &Text(1)))],
    manner: Manner::Assignment,
};
/// The organization scopes that a role of an organization gives.
pub(crate) static ORGANIZATION_ROLE_SCOPES: Relation = Relation {
    name: "organization-role-scopes",
    path: "organization-roles/{one}/scopes",
    owner: &ORGANIZATION_ROLES,
    target: &ORGANIZATION_SCOPES,
    member: "organizationScopeIds",
    added: &[required("organizationScopeIds", List(0, &Text(1)))],
    replaced: &[required("organizationScopeIds", List(0, &Text(1)))],
    manner: Manner::Quiet,
};
/// The scopes of API resources that a role of an organization gives.
pub(crate) static ORGANIZATION_ROLE_RESOURCE_SCOPES: Relation = Relation {
    name: "organization-role-resource-scopes",
    path: "organization-roles/{one}/resource-scopes",
    owner: &ORGANIZATION_ROLES,
    target: &SCOPES,
    member: "scopeIds",
    added: &[required("scopeIds", List(0, &Text(1)))],
    replaced: &[required("scopeIds", List(0, &Text(1)))],
    manner: Manner::Quiet,
};
/// The roles of people who join an organization by their email address.
static ORGANIZATION_JIT_ROLES: Relation = Relation {
    name: "jit-roles",
    path: "organizations/{one}/jit/roles",
    owner: &ORGANIZATIONS,
    target: &ORGANIZATION_ROLES,
    member: "organizationRoleIds",
    added: &[required("organizationRoleIds", List(0, &Text(1)))],
    replaced: &[required("organizationRoleIds", List(0, &Text(1)))],
    manner: Manner::Quiet,
};

/// All relations.
pub(crate) static ALL: [&Relation; 5] = [
    &ROLE_SCOPES,
    &APPLICATION_ROLES,
    &ORGANIZATION_ROLE_SCOPES,
    &ORGANIZATION_ROLE_RESOURCE_SCOPES,
    &ORGANIZATION_JIT_ROLES,
];
