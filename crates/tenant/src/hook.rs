//! Webhooks (Logto: `/api/hooks`).

use serde::{Deserialize, Serialize};
use std::{collections::BTreeMap, fmt};

/// A webhook: Logto posts events to an address, signed with a key that Logto chooses.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hook {
    /// The name. `provision-logto` finds the webhook by it.
    pub name: String,
    /// The events, e.g. `User.Deleted`.
    pub events: Vec<String>,
    /// Where the events are posted.
    pub config: HookConfig,
    /// Whether events are posted (Logto: true).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
}

/// Where the events of a webhook are posted.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HookConfig {
    /// The address.
    pub url: String,
    /// Headers of the requests. They may contain secrets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, String>>,
}

impl fmt::Debug for HookConfig {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HookConfig")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
