//! Connectors, which send verification codes (Logto: `/api/connectors`).

use serde::{Deserialize, Serialize};
use std::fmt;

/// The id of the Aliyun SMS connector in Logto.
pub const ALIYUN_SMS: &str = "aliyun-short-message-service";

/// One connector and its configuration.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Connector {
    /// The connector's id in Logto's catalogue, e.g. [`ALIYUN_SMS`].
    pub connector_id: String,
    /// The configuration, as in Logto's console. Its format depends on the connector, and it contains secrets.
    pub config: serde_json::Value,
}

impl fmt::Debug for Connector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Connector")
            .field("connector_id", &self.connector_id)
            .finish_non_exhaustive()
    }
}
