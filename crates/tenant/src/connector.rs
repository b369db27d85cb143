//! Connectors, which send verification codes (Logto: `/api/connectors`).

use serde::{Deserialize, Serialize};
use std::fmt;

/// The id of the Aliyun SMS connector in Logto.
pub const ALIYUN_SMS: &str = "aliyun-short-message-service";

/// One connector and its configuration.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
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

/// What a connector sends. A tenant has at most one connector of each type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ConnectorType {
    /// Text messages.
    Sms,
    /// Emails.
    Email,
}

impl ConnectorType {
    /// The type of a connector of Logto's catalogue. `None` for a social connector, and for an unknown id.
    #[must_use]
    pub fn of(connector_id: &str) -> Option<Self> {
        if connector_id.ends_with("short-message-service") || connector_id.ends_with("-sms") {
            Some(Self::Sms)
        } else if connector_id.contains("mail") {
            Some(Self::Email)
        } else {
            None
        }
    }

    /// The name in Logto's API.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Sms => "Sms",
            Self::Email => "Email",
        }
    }
}

impl fmt::Display for ConnectorType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Sms => "SMS",
            Self::Email => "email",
        })
    }
}
