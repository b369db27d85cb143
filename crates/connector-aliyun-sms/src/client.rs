//! The client of Aliyun SMS: sends verification codes.

use crate::{
    ClientError, Clock, Config, Endpoint, PhoneNumber, Receipt, SendError, UsageType,
    request::{Moment, SendSms},
    response,
    signature::Pair,
    transport::Transport,
};
use serde_json::json;
use uuid::Uuid;

/// A client for one account at one endpoint. Clones share connections.
#[derive(Clone, Debug)]
pub struct Client {
    config: Config,
    clock: Clock,
    transport: Transport,
}

impl Client {
    /// Creates a client for this account.
    ///
    /// # Errors
    /// When TLS cannot be set up on this machine.
    pub fn new(config: Config) -> Result<Self, ClientError> {
        Ok(Self {
            transport: Transport::new(&config.endpoint)?,
            clock: Clock::system(),
            config,
        })
    }

    /// Replaces the clock.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// The endpoint of requests.
    #[must_use]
    pub fn endpoint(&self) -> &Endpoint {
        &self.config.endpoint
    }

    /// Sends a verification code. It retries once, and only if no connection was established, so that nothing was sent.
    /// `SendSms` is not idempotent: a second request is a second message.
    ///
    /// It takes at most 15 seconds: 3 to connect, 12 for an exchange. It needs a Tokio runtime. `code` is sent
    /// unchanged; Aliyun accepts 4 to 6 letters and digits.
    ///
    /// The only template parameter is `{"code": …}`, because a verification template refuses every value with a
    /// character that is not in `[a-zA-Z0-9]`, even of variables that it does not have.
    ///
    /// # Errors
    /// When Aliyun refuses the message, cannot be reached, does not respond in time, or sends an unknown response.
    pub async fn send_code(
        &self,
        number: &PhoneNumber,
        usage: UsageType,
        code: &str,
    ) -> Result<Receipt, SendError> {
        let template_code = self.config.templates.choose(usage).for_number(number);
        let template_param = json!({ "code": code }).to_string();
        let parameters = [
            ("PhoneNumbers", number.digits()),
            ("SignName", &self.config.sign_name),
            ("TemplateCode", template_code),
            ("TemplateParam", &template_param),
        ];
        match self.attempt(&parameters).await {
            Err(SendError::Unreachable(_)) => self.attempt(&parameters).await,
            outcome => outcome,
        }
    }

    async fn attempt(&self, parameters: &[Pair<'_>]) -> Result<Receipt, SendError> {
        let Config {
            credentials,
            endpoint,
            signature_version,
            ..
        } = &self.config;
        let nonce = Uuid::new_v4().to_string();
        let moment = Moment {
            now: self.clock.now(),
            nonce: &nonce,
        };
        let request = SendSms::signed(
            *signature_version,
            endpoint,
            parameters,
            credentials,
            moment,
        );
        let answer = self.transport.post(request).await?;
        response::read(&answer, self.clock.now())
    }
}
