//! The client of Aliyun SMS: sends verification codes.

use crate::{
    ClientError, Clock, Config, Endpoint, PhoneNumber, Receipt, SendError, UsageType,
    request::{Credentials, SendSms},
    response,
    transport::Transport,
};
use serde_json::json;
use url::Url;
use uuid::Uuid;

/// A client of one account at one endpoint. Clones share connections.
#[derive(Clone, Debug)]
pub struct Client {
    config: Config,
    endpoint: Endpoint,
    clock: Clock,
    transport: Transport,
}

impl Client {
    /// A client for this endpoint, usually [`DEFAULT_ENDPOINT`](crate::DEFAULT_ENDPOINT).
    ///
    /// # Errors
    /// When the endpoint is refused: https only, except on this machine.
    pub fn new(config: Config, endpoint: Url) -> Result<Self, ClientError> {
        let endpoint = Endpoint::try_from(endpoint)?;
        Ok(Self {
            transport: Transport::new(&endpoint)?,
            clock: Clock::system(),
            config,
            endpoint,
        })
    }

    /// The same client with another clock.
    #[must_use]
    pub fn with_clock(self, clock: Clock) -> Self {
        Self { clock, ..self }
    }

    /// Sends a verification code, once: there is no second attempt, whatever happens.
    ///
    /// Only `{"code": …}` goes out as template parameter, because a verification template refuses every other value
    /// that is not `[a-zA-Z0-9]`, even of variables that it does not have.
    ///
    /// # Errors
    /// When Aliyun refuses, cannot be reached, does not answer, or answers what is not understood.
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
        let credentials = Credentials {
            access_key_id: &self.config.access_key_id,
            access_key_secret: &self.config.access_key_secret,
        };
        let nonce = Uuid::new_v4().to_string();
        let request = SendSms::signed(
            &self.endpoint,
            &parameters,
            credentials,
            self.clock.now(),
            &nonce,
        );
        let answer = self.transport.post(request).await?;
        response::read(answer.status, &answer.body)
    }
}
