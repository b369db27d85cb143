//! The rules of the Management API: what each kind of thing looks like, and what Logto refuses.

pub(crate) mod access_token;
pub(crate) mod account_center;
pub(crate) mod aliyun_sms;
pub(crate) mod error;
pub(crate) mod experience;
pub(crate) mod kind;
pub(crate) mod page;
pub(crate) mod relation;
pub(crate) mod search;
pub(crate) mod shape;

use serde_json::{Map, Value};

/// A JSON object.
pub(crate) type Object = Map<String, Value>;

/// The tenant of everything: a Logto of one's own has only this one.
pub(crate) const TENANT_ID: &str = "default";

/// An object of this crate, which is written as JSON.
pub(crate) fn constant(json: &str) -> Object {
    serde_json::from_str(json).unwrap_or_else(|error| unreachable!("tests parse them all: {error}"))
}
