//! Where the objects of each kind are in the API.

use crate::object::{Kind, Link};

/// The path of a kind: of its list, or of the one object that a tenant has. `None` for a scope, which is below its resource,
/// and for an email domain, which is no object of its own.
pub(crate) fn path(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Application => "applications",
        Kind::Connector => "connectors",
        Kind::SignInExperience => "sign-in-exp",
        Kind::Resource => "resources",
        Kind::Role => "roles",
        Kind::OrganizationScope => "organization-scopes",
        Kind::OrganizationRole => "organization-roles",
        Kind::Organization => "organizations",
        Kind::Hook => "hooks",
        Kind::AccountCenter => "account-center",
        Kind::Scope | Kind::EmailDomain => return None,
    })
}

/// The member that has an object's name. `None` for the kinds that a tenant has exactly one of.
pub(crate) fn name_member(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::SignInExperience | Kind::AccountCenter => None,
        Kind::Resource => Some("indicator"),
        Kind::Connector => Some("connectorId"),
        Kind::EmailDomain => Some("emailDomain"),
        _ => Some("name"),
    }
}

/// How a link is changed.
pub(crate) struct LinkRoute {
    /// The path below the object.
    pub(crate) path: &'static [&'static str],
    /// The member of the body that has the ids.
    pub(crate) member: &'static str,
    /// Whether PUT replaces all of them. Otherwise POST adds some, and DELETE removes one.
    pub(crate) has_put: bool,
}

pub(crate) fn link(link: Link) -> LinkRoute {
    let (path, member, has_put): (&[_], _, _) = match link {
        Link::RoleScopes => (&["scopes"], "scopeIds", false),
        Link::OrganizationRoleScopes => (&["scopes"], "organizationScopeIds", true),
        Link::OrganizationRoleResourceScopes => (&["resource-scopes"], "scopeIds", true),
        Link::JitEmailDomains => (&["jit", "email-domains"], "emailDomains", true),
        Link::JitRoles => (&["jit", "roles"], "organizationRoleIds", true),
    };
    LinkRoute {
        path,
        member,
        has_put,
    }
}
