//! The kinds of things that are created, changed and deleted in the same way, as one table.

use crate::domain::management::{
    error::ManagementError,
    shape::{
        Member,
        Shape::{Bool, Integer, List, Nullable, Object, OneOf, Record, RedirectUri, Text, Url},
        optional, required,
    },
};

/// One kind.
pub(crate) struct Kind {
    /// The name in the store and, except for scopes, in the path.
    pub(crate) name: &'static str,
    /// The name in Logto's messages.
    pub(crate) table: &'static str,
    /// The path below `/api`. `{one}` is the id of the parent.
    pub(crate) path: &'static str,
    /// The status of a successful POST.
    pub(crate) created: u16,
    /// Whether an id has 12 characters and not 21.
    pub(crate) has_short_id: bool,
    /// Whether the response has `createdAt`.
    pub(crate) is_dated: bool,
    /// The body of a POST.
    pub(crate) new: &'static [Member],
    /// The body of a PATCH.
    pub(crate) change: &'static [Member],
    /// The members that a POST leaves out, as JSON.
    pub(crate) defaults: &'static str,
    /// What no two of the kind and the parent have in common.
    pub(crate) unique: Option<Unique>,
    /// The errors for an unknown id.
    pub(crate) unknown: UnknownId,
    /// The parameters by which a list is filtered.
    pub(crate) filters: &'static [&'static str],
}

/// A member that no two documents of a kind and a parent have in common.
pub(crate) struct Unique {
    pub(crate) member: &'static str,
    /// The error for a value that is taken.
    pub(crate) taken: fn(String) -> ManagementError,
}

/// The errors for an unknown id. They differ between the kinds, for no reason.
pub(crate) struct UnknownId {
    get: Unknown,
    change: Unknown,
    delete: Unknown,
}

#[derive(Clone, Copy)]
enum Unknown {
    WithId,
    Known,
    Found,
}

/// What a request does with an id.
#[derive(Clone, Copy)]
pub(crate) enum Use {
    Get,
    Change,
    Delete,
}

impl Kind {
    /// Whether the path has the id of a parent.
    pub(crate) fn has_parent(&self) -> bool {
        self.path.contains('{')
    }

    pub(crate) fn is(&self, other: &Self) -> bool {
        self.name == other.name
    }

    /// The error for an id that no document of the kind has.
    pub(crate) fn unknown(&self, id: &str, used: Use) -> ManagementError {
        let unknown = match used {
            Use::Get => self.unknown.get,
            Use::Change => self.unknown.change,
            Use::Delete => self.unknown.delete,
        };
        match unknown {
            Unknown::WithId => self.not_exists_with_id(id),
            Unknown::Known => ManagementError::NotExists { table: self.table },
            Unknown::Found => ManagementError::NotFound,
        }
    }

    pub(crate) fn not_exists_with_id(&self, id: &str) -> ManagementError {
        ManagementError::NotExistsWithId {
            table: self.table,
            id: id.to_owned(),
        }
    }
}

const ALWAYS_WITH_ID: UnknownId = UnknownId {
    get: Unknown::WithId,
    change: Unknown::WithId,
    delete: Unknown::WithId,
};
const GET_WITH_ID: UnknownId = UnknownId {
    get: Unknown::WithId,
    change: Unknown::Known,
    delete: Unknown::Found,
};
const GET_FOUND: UnknownId = UnknownId {
    get: Unknown::Found,
    change: Unknown::Known,
    delete: Unknown::Found,
};

const OIDC_CLIENT_METADATA: &[Member] = &[
    required("redirectUris", List(0, &RedirectUri)),
    required("postLogoutRedirectUris", List(0, &Url)),
    optional("backchannelLogoutUri", Url),
    optional("backchannelLogoutSessionRequired", Bool),
    optional("logoUri", Text(0)),
];
const CUSTOM_CLIENT_METADATA: &[Member] = &[
    optional("corsAllowedOrigins", List(0, &Text(0))),
    optional("idTokenTtl", Integer(1, i64::MAX)),
    optional("refreshTokenTtl", Integer(1, i64::MAX)),
    optional("refreshTokenTtlInDays", Integer(1, 180)),
    optional("tenantId", Text(0)),
    optional("alwaysIssueRefreshToken", Bool),
    optional("rotateRefreshToken", Bool),
    optional("allowTokenExchange", Bool),
];
const APPLICATION_TYPE: &[&str] = &[
    "Native",
    "SPA",
    "Traditional",
    "MachineToMachine",
    "Protected",
    "SAML",
];

/// The clients of the tenant.
pub(crate) static APPLICATIONS: Kind = Kind {
    name: "applications",
    table: "applications",
    path: "applications",
    created: 200,
    has_short_id: false,
    is_dated: true,
    new: &[
        required("name", Text(1)),
        optional("description", Nullable(&Text(0))),
        required("type", OneOf(APPLICATION_TYPE)),
        optional("oidcClientMetadata", Object(OIDC_CLIENT_METADATA)),
        optional("customClientMetadata", Object(CUSTOM_CLIENT_METADATA)),
        optional("customData", Record),
        optional("isThirdParty", Bool),
    ],
    change: &[
        optional("name", Text(1)),
        optional("description", Nullable(&Text(0))),
        optional("oidcClientMetadata", Object(OIDC_CLIENT_METADATA)),
        optional("customClientMetadata", Object(CUSTOM_CLIENT_METADATA)),
        optional("customData", Record),
    ],
    defaults: r#"{
        "description": null,
        "oidcClientMetadata": {"redirectUris": [], "postLogoutRedirectUris": []},
        "customClientMetadata": {},
        "protectedAppMetadata": null,
        "customData": {},
        "isThirdParty": false,
        "appLevelAccessControlEnabled": false
    }"#,
    unique: None,
    unknown: ALWAYS_WITH_ID,
    filters: &["type", "types", "isThirdParty"],
};

/// API resources.
pub(crate) static RESOURCES: Kind = Kind {
    name: "resources",
    table: "resources",
    path: "resources",
    created: 201,
    has_short_id: false,
    is_dated: false,
    new: &[
        required("name", Text(1)),
        required("indicator", Text(1)),
        optional("accessTokenTtl", Integer(1, i64::MAX)),
    ],
    change: &[
        optional("name", Text(1)),
        optional("accessTokenTtl", Integer(1, i64::MAX)),
    ],
    defaults: r#"{"isDefault": false, "accessTokenTtl": 3600}"#,
    unique: Some(Unique {
        member: "indicator",
        taken: ManagementError::IndicatorInUse,
    }),
    unknown: ALWAYS_WITH_ID,
    filters: &[],
};

/// The scopes of an API resource.
pub(crate) static SCOPES: Kind = Kind {
    name: "scopes",
    table: "scopes",
    path: "resources/{one}/scopes",
    created: 201,
    has_short_id: false,
    is_dated: true,
    new: &[
        required("name", Text(1)),
        optional("description", Nullable(&Text(0))),
    ],
    change: &[
        optional("name", Text(1)),
        optional("description", Nullable(&Text(0))),
    ],
    defaults: r#"{"description": null}"#,
    unique: Some(Unique {
        member: "name",
        taken: ManagementError::ScopeNameInUse,
    }),
    unknown: GET_FOUND,
    filters: &[],
};

/// Roles of people and of machine-to-machine applications.
pub(crate) static ROLES: Kind = Kind {
    name: "roles",
    table: "roles",
    path: "roles",
    created: 200,
    has_short_id: false,
    is_dated: false,
    new: &[
        required("name", Text(1)),
        required("description", Text(1)),
        optional("type", OneOf(&["User", "MachineToMachine"])),
        optional("isDefault", Bool),
        optional("scopeIds", List(0, &Text(1))),
    ],
    change: &[
        optional("name", Text(1)),
        optional("description", Text(1)),
        optional("isDefault", Bool),
    ],
    defaults: r#"{"type": "User", "isDefault": false}"#,
    unique: Some(Unique {
        member: "name",
        taken: ManagementError::RoleNameInUse,
    }),
    unknown: ALWAYS_WITH_ID,
    filters: &["type"],
};

/// What roles of an organization allow in it.
pub(crate) static ORGANIZATION_SCOPES: Kind = Kind {
    name: "organization-scopes",
    table: "organization_scopes",
    path: "organization-scopes",
    created: 201,
    has_short_id: false,
    is_dated: false,
    new: &[
        required("name", Text(1)),
        optional("description", Nullable(&Text(0))),
    ],
    change: &[
        optional("name", Text(1)),
        optional("description", Nullable(&Text(0))),
    ],
    defaults: r#"{"description": null}"#,
    unique: Some(Unique {
        member: "name",
        taken: |_| ManagementError::AlreadyExists,
    }),
    unknown: GET_WITH_ID,
    filters: &[],
};

/// Roles of the members of organizations.
pub(crate) static ORGANIZATION_ROLES: Kind = Kind {
    name: "organization-roles",
    table: "organization_roles",
    path: "organization-roles",
    created: 201,
    has_short_id: false,
    is_dated: false,
    new: &[
        required("name", Text(1)),
        optional("description", Nullable(&Text(0))),
        optional("type", OneOf(&["User", "MachineToMachine"])),
        optional("organizationScopeIds", List(0, &Text(1))),
        optional("resourceScopeIds", List(0, &Text(1))),
    ],
    change: &[
        optional("name", Text(1)),
        optional("description", Nullable(&Text(0))),
    ],
    defaults: r#"{"description": null, "type": "User"}"#,
    unique: Some(Unique {
        member: "name",
        taken: |_| ManagementError::AlreadyExists,
    }),
    unknown: GET_FOUND,
    filters: &["type"],
};

const BRANDING: &[Member] = &[
    optional("logoUrl", Url),
    optional("darkLogoUrl", Url),
    optional("favicon", Url),
    optional("darkFavicon", Url),
];

/// Organizations.
pub(crate) static ORGANIZATIONS: Kind = Kind {
    name: "organizations",
    table: "organizations",
    path: "organizations",
    created: 201,
    has_short_id: true,
    is_dated: true,
    new: &[
        required("name", Text(1)),
        optional("description", Nullable(&Text(0))),
        optional("customData", Record),
        optional("isMfaRequired", Bool),
        optional("color", Record),
        optional("branding", Object(BRANDING)),
        optional("customCss", Nullable(&Text(0))),
    ],
    change: &[
        optional("name", Text(1)),
        optional("description", Nullable(&Text(0))),
        optional("customData", Record),
        optional("isMfaRequired", Bool),
        optional("color", Record),
        optional("branding", Object(BRANDING)),
        optional("customCss", Nullable(&Text(0))),
    ],
    defaults: r#"{
        "description": null,
        "customData": {},
        "isMfaRequired": false,
        "color": {},
        "branding": {},
        "customCss": null
    }"#,
    unique: None,
    unknown: GET_WITH_ID,
    filters: &[],
};

const EVENTS: &[&str] = &[
    "PostRegister",
    "PostSignIn",
    "PostSignInAdaptiveMfaTriggered",
    "PostResetPassword",
    "User.Created",
    "User.Deleted",
    "User.Data.Updated",
    "User.SuspensionStatus.Updated",
    "Role.Created",
    "Role.Deleted",
    "Role.Data.Updated",
    "Role.Scopes.Updated",
    "Scope.Created",
    "Scope.Deleted",
    "Scope.Data.Updated",
    "Organization.Created",
    "Organization.Deleted",
    "Organization.Data.Updated",
    "Organization.Membership.Updated",
    "OrganizationRole.Created",
    "OrganizationRole.Deleted",
    "OrganizationRole.Data.Updated",
    "OrganizationRole.Scopes.Updated",
    "OrganizationScope.Created",
    "OrganizationScope.Deleted",
    "OrganizationScope.Data.Updated",
    "Identifier.Lockout",
    "Message.RateLimited",
    "Grant.LimitExceeded",
];
const HOOK_CONFIG: &[Member] = &[required("url", Text(0)), optional("headers", Record)];

/// Webhooks. None is delivered.
pub(crate) static HOOKS: Kind = Kind {
    name: "hooks",
    table: "hooks",
    path: "hooks",
    created: 201,
    has_short_id: false,
    is_dated: true,
    new: &[
        optional("name", Text(0)),
        optional("events", List(1, &OneOf(EVENTS))),
        required("config", Object(HOOK_CONFIG)),
        optional("enabled", Bool),
    ],
    change: &[
        optional("name", Text(0)),
        optional("events", List(1, &OneOf(EVENTS))),
        optional("config", Object(HOOK_CONFIG)),
        optional("enabled", Bool),
    ],
    defaults: r#"{"name": "", "event": null, "enabled": true}"#,
    unique: None,
    unknown: GET_WITH_ID,
    filters: &[],
};

/// All kinds.
pub(crate) static ALL: [&Kind; 8] = [
    &APPLICATIONS,
    &RESOURCES,
    &SCOPES,
    &ROLES,
    &ORGANIZATION_SCOPES,
    &ORGANIZATION_ROLES,
    &ORGANIZATIONS,
    &HOOKS,
];

/// Things that have their own rules.
pub(crate) mod own {
    pub(crate) const APPLICATION_SECRETS: &str = "application-secrets";
    pub(crate) const CONNECTORS: &str = "connectors";
    pub(crate) const EMAIL_DOMAINS: &str = "jit-email-domains";
    pub(crate) const SETTINGS: &str = "settings";
}
