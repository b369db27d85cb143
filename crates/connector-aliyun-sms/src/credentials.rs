//! Credentials: an access key of Alibaba Cloud, and the token of a temporary one (STS).

use secrecy::SecretString;

/// The environment variables that Alibaba's own tools read.
pub(crate) const ACCESS_KEY_ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
pub(crate) const ACCESS_KEY_SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
pub(crate) const SECURITY_TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

/// An access key. `Debug` shows neither secret nor token.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The access key id.
    pub access_key_id: String,
    /// The access key secret, which signs requests and is never sent.
    pub access_key_secret: SecretString,
    /// The token of a temporary key (Security Token Service).
    pub security_token: Option<SecretString>,
}

/// The `NAME` of a value that consists of `${NAME}` only.
#[cfg(feature = "sandbox")]
pub(crate) fn variable_name(value: &str) -> Option<&str> {
    value.strip_prefix("${")?.strip_suffix('}')
}
