//! Sending verification codes through the tenant's connector.

use crate::{
    domain::{experience_error::ExperienceError, lifetime, verification_code::VerificationCode},
    store::{Event, Seconds},
};
use clock::Clock;
use connector_aliyun_sms::{Client, LimitWindow, PhoneNumber, Refusal, SendError, UsageType};
use std::error::Error;
use tenant::Connector;
use url::Url;

/// The sender of codes. `None` if the tenant has no SMS connector.
pub(crate) struct Sms(Option<Client>);

/// Why the tenant's connector cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectorError {
    /// There is no connector of this name.
    #[error("unknown connector {0}; only aliyun-short-message-service is supported")]
    Unknown(String),
    /// Its configuration is wrong.
    #[error(transparent)]
    Config(#[from] connector_aliyun_sms::ConfigError),
    /// Its endpoint is refused.
    #[error(transparent)]
    Endpoint(#[from] connector_aliyun_sms::EndpointError),
    /// Its HTTP client cannot be created.
    #[error(transparent)]
    Client(#[from] connector_aliyun_sms::ClientError),
}

impl Sms {
    /// Uses the first SMS connector of the tenant. `endpoint` overrides its address, and `clock` dates its requests.
    pub(crate) fn from_tenant(
        connectors: Vec<Connector>,
        endpoint: Option<Url>,
        clock: Clock,
    ) -> Result<Self, ConnectorError> {
        let Some(connector) = connectors.into_iter().next() else {
            return Ok(Self(None));
        };
        if connector.connector_id != tenant::ALIYUN_SMS {
            return Err(ConnectorError::Unknown(connector.connector_id));
        }
        let mut config = connector_aliyun_sms::Config::from_json(connector.config)?;
        if let Some(endpoint) = endpoint {
            config.endpoint = endpoint.try_into()?;
        }
        let clock = connector_aliyun_sms::Clock::new(move || clock.now());
        let client = Client::new(config)?.with_clock(clock);
        Ok(Self(Some(client)))
    }

    /// The address of the SMS service.
    pub(crate) fn endpoint(&self) -> Option<&Url> {
        Some(self.0.as_ref()?.endpoint().url())
    }

    /// Sends the code of a verification. It never retries.
    pub(crate) async fn send(
        &self,
        phone: &PhoneNumber,
        event: Event,
        code: &VerificationCode,
        verification_id: &str,
        now: Seconds,
    ) -> Result<(), ExperienceError> {
        let client = self.0.as_ref().ok_or(ExperienceError::ConnectorNotFound)?;
        let usage = match event {
            Event::SignIn => UsageType::SignIn,
            Event::Register => UsageType::Register,
        };
        match client.send_code(phone, usage, code.as_str()).await {
            Ok(_) => Ok(()),
            Err(error) => {
                let (refusal, advice) = (refused(&error, verification_id, now), error.advice());
                let error = with_causes(&error);
                tracing::warn!(error, advice, "the verification code was not sent");
                Err(refusal)
            }
        }
    }
}

/// The error and its causes, for the log: `Aliyun cannot be reached: …: Connection refused`. The connector's errors
/// contain no number, code or secret. Their causes contain none either, because the connector removes the URL.
fn with_causes(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// Maps a connector's error as Logto's core does. The reason, such as an empty account or a wrong clock, is only
/// logged.
fn refused(error: &SendError, verification_id: &str, now: Seconds) -> ExperienceError {
    match error {
        SendError::Refused { refusal, .. } => match refusal {
            Refusal::RateLimited { window } => {
                ExperienceError::ConnectorRateLimited(until_the_end_of(*window, now))
            }
            Refusal::BadNumber => ExperienceError::ConnectorRefusedNumber,
            _ => ExperienceError::ConnectorFailed,
        },
        SendError::Unreachable(_) => ExperienceError::ConnectorFailed,
        SendError::NoAnswer(_) => ExperienceError::ConnectorSilent(verification_id.to_owned()),
        SendError::NotUnderstood { .. } => ExperienceError::ConnectorNotUnderstood,
    }
}

/// Seconds until a limit's window ends. Minutes and hours are those of the clock. A day begins with a message, which may be
/// another sender's, so the longest time counts.
fn until_the_end_of(window: Option<LimitWindow>, now: Seconds) -> Seconds {
    const HOUR: Seconds = 60 * 60;
    match window {
        Some(LimitWindow::Minute) | None => 60 - now % 60,
        Some(LimitWindow::Hour) => HOUR - now % HOUR,
        Some(LimitWindow::Day | LimitWindow::NumberDay) => lifetime::DAY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_aliyun_sms::Config;
    use serde_json::json;

    #[tokio::test]
    async fn the_log_says_why_aliyun_cannot_be_reached_and_nothing_private() {
        let port = {
            let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
            listener.local_addr().unwrap().port()
        };
        let usages = ["SignIn", "Register", "ForgotPassword", "Generic"];
        let templates = usages.map(|usage| json!({"usageType": usage, "templateCode": "SMS_1"}));
        let config = Config::from_json(json!({
            "accessKeyId": "an-id",
            "accessKeySecret": "a-secret",
            "signName": "Bookstore",
            "templates": templates,
            "endpoint": format!("http://127.0.0.1:{port}"),
        }))
        .unwrap();
        let number = "8613800138000".parse().unwrap();
        let client = Client::new(config).unwrap();
        let sent = client.send_code(&number, UsageType::SignIn, "271828").await;
        let text = with_causes(&sent.unwrap_err());
        assert!(text.starts_with("Aliyun cannot be reached: "), "{text}");
        assert!(text.contains(": Connection refused"), "{text}");
        for private in ["13800138000", "271828", "a-secret", "an-id"] {
            assert!(!text.contains(private), "{text}");
        }
    }

    #[test]
    fn q01_the_wait_is_that_of_the_limits_window() {
        let now = 1_795_374_701; // 19:11:41 UTC
        for (window, seconds) in [
            (None, 19),
            (Some(LimitWindow::Minute), 19),
            (Some(LimitWindow::Hour), 48 * 60 + 19),
            (Some(LimitWindow::Day), 24 * 60 * 60),
            (Some(LimitWindow::NumberDay), 24 * 60 * 60),
        ] {
            assert_eq!(until_the_end_of(window, now), seconds, "{window:?}");
        }
        assert_eq!(
            until_the_end_of(None, 1_795_374_720),
            60,
            "as a minute begins"
        );
    }
}
