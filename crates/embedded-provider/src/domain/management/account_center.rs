//! The settings of the account center.

use crate::domain::management::shape::{
    Member,
    Shape::{Bool, List, Nullable, Object, OneOf, OrEmpty, Record, Text, WebUrl},
    optional,
};

/// The name in the path.
pub(crate) const NAME: &str = "account-center";

/// As long as nothing is changed.
pub(crate) const DEFAULTS: &str = r#"{
    "enabled": false,
    "fields": {},
    "webauthnRelatedOrigins": [],
    "deleteAccountUrl": null,
    "customCss": null,
    "profileFields": null
}"#;

const ACCESS: &[&str] = &["Off", "ReadOnly", "Edit"];
const FIELDS: &[Member] = &[
    optional("name", OneOf(ACCESS)),
    optional("avatar", OneOf(ACCESS)),
    optional("profile", OneOf(ACCESS)),
    optional("email", OneOf(ACCESS)),
    optional("phone", OneOf(ACCESS)),
    optional("password", OneOf(ACCESS)),
    optional("username", OneOf(ACCESS)),
    optional("social", OneOf(ACCESS)),
    optional("customData", OneOf(ACCESS)),
    optional("mfa", OneOf(ACCESS)),
    optional("passkey", OneOf(ACCESS)),
    optional("session", OneOf(ACCESS)),
];

/// The body of a PATCH.
pub(crate) const CHANGE: &[Member] = &[
    optional("enabled", Bool),
    optional("fields", Object(FIELDS)),
    optional("webauthnRelatedOrigins", List(0, &Text(1))),
    optional("deleteAccountUrl", OrEmpty(&WebUrl)),
    optional("customCss", Nullable(&Text(0))),
    optional("profileFields", Nullable(&List(0, &Record))),
];
