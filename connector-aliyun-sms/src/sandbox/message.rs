//! A message as a phone receives it.

use serde::Serialize;
use std::{collections::BTreeMap, fmt};
use time::OffsetDateTime;

/// One message on one phone. `Debug` shows neither the number nor the code.
#[derive(Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// The number as it was asked for: digits, without `+` and `00`.
    pub phone: String,
    /// The signature.
    pub sign_name: String,
    /// The template.
    pub template_code: String,
    /// The values of the variables; `code` is the verification code.
    pub param: BTreeMap<String, String>,
    /// The whole text, `【signName】…`.
    pub text: String,
    /// When the sandbox took it.
    #[serde(with = "time::serde::rfc3339")]
    pub received_at: OffsetDateTime,
}

impl fmt::Debug for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Message")
            .field("template_code", &self.template_code)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}
