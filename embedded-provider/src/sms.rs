//! Sending verification codes through the tenant's connector.

use crate::{
    domain::{
        experience_error::ExperienceError, phone_number::PhoneNumber,
        verification_code::VerificationCode,
    },
    store::Event,
};
use clock::Clock;
use connector_aliyun_sms::{Client, Refusal, SendError, UsageType};
use tenant::Connector;
use url::Url;

/// What sends codes; nothing when the tenant has no SMS connector.
pub(crate) struct Sms(Option<Client>);

/// Why the tenant's connector cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ConnectorError {
    /// Not a connector that is built in.
    #[error("connector {0} is not known here; known is aliyun-short-message-service")]
    Unknown(String),
    /// Its configuration is wrong.
    #[error(transparent)]
    Config(#[from] connector_aliyun_sms::ConfigError),
    /// Its endpoint is refused.
    #[error(transparent)]
    Endpoint(#[from] connector_aliyun_sms::EndpointError),
    /// It cannot work on this machine.
    #[error(transparent)]
    Client(#[from] connector_aliyun_sms::ClientError),
}

impl Sms {
    /// The first SMS connector of the tenant, sent to `endpoint` if there is one. Requests are dated by `clock`.
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

    /// Where codes are sent from.
    pub(crate) fn endpoint(&self) -> Option<&Url> {
        Some(self.0.as_ref()?.endpoint().url())
    }

    /// Sends one code, once.
    pub(crate) async fn send(
        &self,
        phone: &PhoneNumber,
        event: Event,
        code: &VerificationCode,
    ) -> Result<(), ExperienceError> {
        let client = self.0.as_ref().ok_or(ExperienceError::ConnectorNotFound)?;
        let number = phone
            .as_str()
            .parse()
            .map_err(|_| ExperienceError::ConnectorRefused(Refusal::BadNumber.to_string()))?;
        let usage = match event {
            Event::SignIn => UsageType::SignIn,
            Event::Register => UsageType::Register,
        };
        match client.send_code(&number, usage, code.as_str()).await {
            Ok(_) => Ok(()),
            Err(error) => {
                tracing::warn!(%error, advice = error.advice(), "the verification code was not sent");
                Err(refused(&error))
            }
        }
    }
}

/// As Logto's core maps a connector's errors.
fn refused(error: &SendError) -> ExperienceError {
    match error {
        SendError::Refused {
            refusal: Refusal::RateLimited { .. },
            ..
        } => ExperienceError::ConnectorRateLimited,
        SendError::Refused { refusal, .. } => {
            ExperienceError::ConnectorRefused(refusal.to_string())
        }
        SendError::Unreachable(_) | SendError::NoAnswer(_) => {
            ExperienceError::ConnectorRefused("the service does not answer".to_owned())
        }
        SendError::NotUnderstood { .. } => ExperienceError::ConnectorNotUnderstood,
    }
}
