//! Sending verification codes through the tenant's connector.

use crate::{
    domain::{experience_error::ExperienceError, lifetime, verification_code::VerificationCode},
    store::{Event, Seconds},
};
use clock::Clock;
use connector_aliyun_sms::{Client, LimitWindow, PhoneNumber, Refusal, SendError, UsageType};
use serde_json::Value;
use std::error::Error;
use url::{Host, Url};

/// The sender of codes. It has no client if the tenant has no SMS connector.
#[derive(Default)]
pub(crate) struct Sms {
    client: Option<Client>,
    inbox: Option<Url>,
}

/// Where and when requests are sent.
#[derive(Clone)]
pub(crate) struct SmsService {
    /// Overrides the address of every connector.
    pub(crate) endpoint: Option<Url>,
    /// Dates the requests.
    pub(crate) clock: Clock,
}

impl SmsService {
    /// A client with this configuration of a connector.
    pub(crate) fn client(&self, config: Value) -> Result<Client, ConnectorError> {
        let mut config = connector_aliyun_sms::Config::from_json(config)?;
        if let Some(endpoint) = &self.endpoint {
            config.endpoint = endpoint.clone().try_into()?;
        }
        let clock = self.clock.clone();
        let clock = connector_aliyun_sms::Clock::new(move || clock.now());
        Ok(Client::new(config)?.with_clock(clock))
    }
}

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
    pub(crate) fn new(client: Client) -> Self {
        Self {
            inbox: inbox(client.endpoint().url()),
            client: Some(client),
        }
    }

    /// Whether the tenant has an SMS connector.
    pub(crate) const fn is_there(&self) -> bool {
        self.client.is_some()
    }

    /// The page that shows the verification codes of a local run.
    pub(crate) const fn inbox(&self) -> Option<&Url> {
        self.inbox.as_ref()
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
        let client = self
            .client
            .as_ref()
            .ok_or(ExperienceError::ConnectorNotFound)?;
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

/// The inbox of the SMS sandbox. `None` if the SMS service is not on this machine.
fn inbox(sms_endpoint: &Url) -> Option<Url> {
    let loopback = match sms_endpoint.host()? {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    };
    loopback.then(|| sms_endpoint.join("/inbox").ok()).flatten()
}

/// The error and its causes, for the log: `Aliyun cannot be reached: …: Connection refused`. The connector's errors
/// contain no number, code or secret. Their causes contain none either, because the connector removes the URL.
pub(crate) fn with_causes(error: &dyn Error) -> String {
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
    fn only_a_sandbox_on_this_machine_has_an_inbox() {
        for (endpoint, expected) in [
            ("http://127.0.0.1:3003", Some("http://127.0.0.1:3003/inbox")),
            (
                "http://localhost:3003/",
                Some("http://localhost:3003/inbox"),
            ),
            ("http://[::1]:3003/", Some("http://[::1]:3003/inbox")),
            ("https://dysmsapi.aliyuncs.com", None),
            ("http://127.0.0.1.example", None),
        ] {
            let inbox = inbox(&Url::parse(endpoint).unwrap());
            assert_eq!(inbox.as_ref().map(Url::as_str), expected, "{endpoint}");
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
