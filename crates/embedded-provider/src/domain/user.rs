//! A registered person.

use connector_aliyun_sms::PhoneNumber;

/// A person with a phone number. Times are in milliseconds since 1970, as in Logto's claims.
pub(crate) struct User {
    /// The `sub` claim: 12 characters of `[a-z0-9]`.
    pub(crate) id: String,
    pub(crate) phone: PhoneNumber,
    pub(crate) created_at_ms: i64,
    pub(crate) updated_at_ms: i64,
}
