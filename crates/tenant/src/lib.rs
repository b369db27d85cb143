//! A Logto tenant as a file: applications, connectors, sign-in experience, API resources, roles, organizations, webhooks.
//!
//! The keys are those of Logto's Management API, so a section of the file is the body of a request.
//! Start with [`Tenant::load`]. Nothing here uses the network.

mod account_center;
mod application;
mod check;
mod connector;
mod hook;
mod load;
mod organization;
mod reference;
mod resource;
mod role;
mod secret;
mod sign_in_experience;
mod write;

pub use account_center::{ACCOUNT_FIELDS, AccountCenter, FieldControl};
pub use application::{Application, ApplicationType, CustomClientMetadata, OidcClientMetadata};
pub use connector::{ALIYUN_SMS, Connector, ConnectorType};
pub use hook::{Hook, HookConfig};
pub use load::LoadError;
pub use organization::{Jit, Organization, OrganizationRole, OrganizationScope};
pub use resource::{Resource, ResourceScopes, Scope};
pub use role::{Role, RoleType};
pub use secret::is_secret_key;
pub use sign_in_experience::{
    AgreeToTermsPolicy, Branding, CharacterTypes, Color, ForgotPasswordMethod, LanguageInfo, Mfa,
    PasswordLength, PasswordPolicy, RejectedPasswords, SecondaryIdentifier, SentinelPolicy, SignIn,
    SignInExperience, SignInMethod, SignInMode, SignUp, SocialSignIn, VerificationCodePolicy,
};
pub use write::{WriteError, Written};

use serde::{Deserialize, Serialize};

/// The whole file.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Tenant {
    /// The clients of the provider.
    pub applications: Vec<Application>,
    /// The connectors that send verification codes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connectors: Vec<Connector>,
    /// How people sign in and register.
    pub sign_in_experience: SignInExperience,
    /// The APIs that access tokens are issued for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub resources: Vec<Resource>,
    /// Roles of people and of machines.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<Role>,
    /// The scopes of the template of all organizations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organization_scopes: Vec<OrganizationScope>,
    /// The roles of the template of all organizations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organization_roles: Vec<OrganizationRole>,
    /// Organizations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub organizations: Vec<Organization>,
    /// Webhooks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hooks: Vec<Hook>,
    /// What people may see and change of their own account.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account_center: Option<AccountCenter>,
}
