//! Applications: the clients of the provider (Logto: `/api/applications`).

use secrecy::SecretString;
use serde::{Deserialize, Serialize};

/// One client of the provider.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Application {
    /// The client id, for the embedded provider. Logto chooses its own.
    #[serde(default, skip_serializing)]
    pub id: Option<String>,
    /// The client secret, for the embedded provider. Logto chooses its own.
    #[serde(default, skip_serializing)]
    pub secret: Option<SecretString>,
    /// The name on the pages. `provision-logto` finds the application by it.
    pub name: String,
    /// A description for Logto's console.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What kind of client it is. It cannot be changed.
    #[serde(rename = "type")]
    pub kind: ApplicationType,
    /// Redirect URIs and back-channel logout. Only a web app needs them.
    #[serde(default, skip_serializing_if = "is_default")]
    pub oidc_client_metadata: OidcClientMetadata,
    /// Lifetimes and refresh tokens.
    #[serde(default, skip_serializing_if = "is_default")]
    pub custom_client_metadata: CustomClientMetadata,
}

/// The kind of client, as far as this product uses it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ApplicationType {
    /// A web app with a server that keeps a client secret.
    Traditional,
    /// A program without people, which signs in with its client secret (RFC 6749, section 4.4).
    MachineToMachine,
}

/// The client metadata of OpenID Connect.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct OidcClientMetadata {
    /// The addresses that authorization responses may be sent to: absolute, without fragment, compared character by
    /// character.
    pub redirect_uris: Vec<String>,
    /// The addresses that a person may be sent to after sign-out, compared character by character.
    pub post_logout_redirect_uris: Vec<String>,
    /// The address that logout tokens are posted to (OpenID Connect Back-Channel Logout 1.0).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_uri: Option<String>,
    /// Whether ID tokens and logout tokens contain `sid`. It has no effect without `backchannel_logout_uri`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub backchannel_logout_session_required: Option<bool>,
}

/// Logto's additional client metadata.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomClientMetadata {
    /// Origins whose pages may call the token endpoint (CORS).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cors_allowed_origins: Option<Vec<String>>,
    /// Lifetime of an ID token in seconds (Logto: 3600).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id_token_ttl: Option<u32>,
    /// Lifetime of a refresh token in days, 1 to 180 (Logto: 14).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token_ttl_in_days: Option<u16>,
    /// Whether to issue a refresh token even without `offline_access`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub always_issue_refresh_token: Option<bool>,
    /// Whether refresh tokens are replaced (Logto: true).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rotate_refresh_token: Option<bool>,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
