//! A message as a phone receives it.

use serde::Serialize;
use std::{collections::BTreeMap, fmt};
use time::OffsetDateTime;

/// One message on one phone. `Debug` shows neither the number nor the code.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The number of the message in this sandbox, from 1.
    pub id: u64,
    /// The receiver's digits, without `+` and `00`. A template for mainland China adds a missing 86.
    pub phone: String,
    /// The sign name.
    pub sign_name: String,
    /// The template's code.
    pub template_code: String,
    /// The values of the variables; `code` is the verification code.
    pub param: BTreeMap<String, String>,
    /// The whole text: `【signName】…`, or `[signName]…` if everything is ASCII.
    pub text: String,
    /// When the sandbox accepted it.
    #[serde(with = "time::serde::rfc3339")]
    pub received_at: OffsetDateTime,
}

/// A message that will be delivered to a phone.
pub(super) struct Delivery {
    pub(super) phone: String,
    pub(super) sign_name: String,
    pub(super) template_code: String,
    pub(super) param: BTreeMap<String, String>,
    pub(super) text: String,
}

impl Delivery {
    pub(super) fn received(self, id: u64, received_at: OffsetDateTime) -> Message {
        Message {
            id,
            phone: self.phone,
            sign_name: self.sign_name,
            template_code: self.template_code,
            param: self.param,
            text: self.text,
            received_at,
        }
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Message")
            .field("id", &self.id)
            .field("template_code", &self.template_code)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}
