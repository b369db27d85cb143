//! The objects of a tenant, as the file wants them and as the Management API returns them. Both sides have the same form, so
//! that [`crate::plan`] compares them without knowing what an application or a role is.

use crate::visible::visible;
use serde_json::{Map, Value};
use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

/// What kind of object it is. The order is the order in which `apply` makes changes: a connector comes before the sign-in
/// experience that needs it, and a scope before the role that grants it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Kind {
    Application,
    Connector,
    SignInExperience,
    Resource,
    /// A scope of an API resource.
    Scope,
    Role,
    OrganizationScope,
    OrganizationRole,
    Organization,
    /// The domain of email addresses whose owners join an organization when they register. It is no object of its own:
    /// its id is its name.
    EmailDomain,
    /// A webhook.
    Hook,
    AccountCenter,
}

/// Which object it is: the file and the API agree on an object by its kind and name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) kind: Kind,
    /// The resource of a scope: its indicator. `None` for all other kinds.
    pub(crate) parent: Option<String>,
    /// The name; of a resource its indicator; of a connector its id in Logto's catalogue; empty for the kinds that a tenant
    /// has exactly one of.
    pub(crate) name: String,
}

/// Objects that an object refers to by a call of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Link {
    /// The scopes that a role grants.
    RoleScopes,
    /// The organization scopes that an organization role grants.
    OrganizationRoleScopes,
    /// The scopes of API resources that an organization role grants.
    OrganizationRoleResourceScopes,
    /// The email domains of an organization's just-in-time provisioning.
    JitEmailDomains,
    /// The organization roles of members who join just in time.
    JitRoles,
}

/// An object: its settings, and what it refers to.
#[derive(Clone, PartialEq)]
pub(crate) struct Object {
    pub(crate) key: Key,
    /// The body of the request that creates it, without the links.
    pub(crate) fields: Map<String, Value>,
    /// `None` for a link that the file leaves out: it stays as it is.
    pub(crate) links: BTreeMap<Link, BTreeSet<Key>>,
}

/// An object of the tenant.
#[derive(Clone)]
pub(crate) struct Existing {
    /// Its id in the API. Empty for the kinds that a tenant has exactly one of.
    pub(crate) id: String,
    /// When it was created, in milliseconds since 1970. `None` if the API does not say.
    pub(crate) created_at: Option<u64>,
    pub(crate) object: Object,
}

/// Everything of a tenant that concerns the file, and all its connectors: a sign-in experience needs one even when the file has
/// none.
#[derive(Clone, Default)]
pub(crate) struct Actual {
    /// Names need not be unique, so a key may occur several times.
    pub(crate) objects: Vec<Existing>,
    /// The keys of the objects that this program created or adopted, in their text form ([`Key`]'s `Display`): all that any
    /// application's `customData` lists. The first application of the file gets new ones, so that every machine knows them.
    pub(crate) created: BTreeSet<String>,
}

/// The member of the `customData` of an application or organization that this program created:
/// `{"created": ["application Bookstore", …]}`. It tells the object from others of the same name. The list has the keys of
/// [`Actual::created`] in an application that was the first one of a file, and is empty in the others.
pub(crate) const CREATED: &str = "provisionLogto";

impl Kind {
    /// What a person calls it.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Application => "application",
            Self::Connector => "connector",
            Self::SignInExperience => "sign-in experience",
            Self::Resource => "API resource",
            Self::Scope => "scope",
            Self::Role => "role",
            Self::OrganizationScope => "organization scope",
            Self::OrganizationRole => "organization role",
            Self::Organization => "organization",
            Self::EmailDomain => "email domain",
            Self::Hook => "webhook",
            Self::AccountCenter => "account center",
        }
    }

    /// Whether a tenant has exactly one, which always exists.
    pub(crate) fn is_single(self) -> bool {
        matches!(self, Self::SignInExperience | Self::AccountCenter)
    }

    /// Whether Logto refuses a second one of the same name.
    pub(crate) fn has_unique_name(self) -> bool {
        !matches!(self, Self::Application | Self::Organization | Self::Hook)
    }

    /// Whether an object carries the mark [`CREATED`]. Other kinds have no `customData`.
    pub(crate) fn is_marked(self) -> bool {
        matches!(self, Self::Application | Self::Organization)
    }

    /// The field that Logto fixes when it creates an object, and ignores in a change.
    pub(crate) fn fixed_field(self) -> Option<&'static str> {
        matches!(self, Self::Application | Self::Role).then_some("type")
    }
}

impl Link {
    /// The key of the file.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::RoleScopes | Self::OrganizationRoleScopes => "scopes",
            Self::OrganizationRoleResourceScopes => "resourceScopes",
            Self::JitEmailDomains => "jit.emailDomains",
            Self::JitRoles => "jit.roles",
        }
    }
}

impl Existing {
    /// Whether Logto made it itself and needs it. Such an object is never changed.
    pub(crate) fn is_built_in(&self) -> bool {
        match self.object.key.kind {
            Kind::Resource => self.id == "management-api",
            Kind::Scope => self.id == "management-api-all",
            Kind::Role => {
                self.object.key.name == "Logto Management API access"
                    && self.object.fields.get("type") == Some(&"MachineToMachine".into())
            }
            _ => false,
        }
    }

    /// The mark of this program, if it has one.
    pub(crate) fn mark(&self) -> Option<&Value> {
        self.object.fields.get("customData")?.get(CREATED)
    }
}

impl Key {
    pub(crate) fn new(kind: Kind, name: impl Into<String>) -> Self {
        Self {
            kind,
            parent: None,
            name: name.into(),
        }
    }

    /// A scope of the resource with this indicator.
    pub(crate) fn scope(indicator: impl Into<String>, name: impl Into<String>) -> Self {
        Self {
            kind: Kind::Scope,
            parent: Some(indicator.into()),
            name: name.into(),
        }
    }
}

impl fmt::Display for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.kind.name())?;
        if !self.name.is_empty() {
            write!(formatter, " {}", visible(&self.name))?;
        }
        match &self.parent {
            Some(parent) => write!(formatter, " of {}", visible(parent)),
            None => Ok(()),
        }
    }
}
