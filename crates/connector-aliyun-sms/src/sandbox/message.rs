//! A message as a phone receives it.

use serde::Serialize;
use std::{collections::BTreeMap, fmt};
use time::OffsetDateTime;

/// One message on one phone. `Debug` shows neither the number nor the code.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Its number in this sandbox.
    pub id: u64,
    /// The digits of the number, without `+` and `00`. A template for mainland China adds the 86 that a client left out.
    pub phone: String,
    /// The signature.
    pub sign_name: String,
    /// The template.
    pub template_code: String,
    /// The values of the variables; `code` is the verification code.
    pub param: BTreeMap<String, String>,
    /// The whole text, `【signName】…`, or `[signName]…` where everything is plain English.
    pub text: String,
    /// When the sandbox took it.
    #[serde(with = "time::serde::rfc3339")]
    pub received_at: OffsetDateTime,
}

/// A message on its way to a phone.
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
