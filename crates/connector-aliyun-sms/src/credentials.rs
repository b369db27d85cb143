//! Who signs: an access key of Alibaba Cloud, and the token that goes with a temporary one (STS).

use secrecy::SecretString;

/// Alibaba's own variables, which all its tools read.
pub(crate) const ACCESS_KEY_ID: &str = "ALIBABA_CLOUD_ACCESS_KEY_ID";
pub(crate) const ACCESS_KEY_SECRET: &str = "ALIBABA_CLOUD_ACCESS_KEY_SECRET";
pub(crate) const SECURITY_TOKEN: &str = "ALIBABA_CLOUD_SECURITY_TOKEN";

/// An access key. `Debug` shows neither secret nor token.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// Whose account.
    pub access_key_id: String,
    /// The key that signs requests; it is never sent.
    pub access_key_secret: SecretString,
    /// What a temporary key of the Security Token Service comes with.
    pub security_token: Option<SecretString>,
}

/// `NAME` of a value that is `${NAME}` and nothing else.
#[cfg(feature = "sandbox")]
pub(crate) fn variable_name(value: &str) -> Option<&str> {
    value.strip_prefix("${")?.strip_suffix('}')
}
