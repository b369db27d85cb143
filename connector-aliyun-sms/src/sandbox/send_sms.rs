//! The action `SendSms`: from parameters to messages. No flow limits are kept.

use super::{
    Account, Message, business_error::BusinessError, gateway_error::GatewayError, phone_numbers,
    request::ApiRequest, template_param,
};
use time::OffsetDateTime;

const ACTION: &str = "SendSms";
const VERSION: &str = "2017-05-25";

/// The parameters; the required ones are there.
pub(super) struct SendSms {
    phone_numbers: String,
    sign_name: String,
    template_code: String,
    template_param: String,
}

impl SendSms {
    pub(super) fn of(request: &ApiRequest) -> Result<Self, GatewayError> {
        if request.header("x-acs-action") != Some(ACTION)
            || request.header("x-acs-version") != Some(VERSION)
        {
            return Err(GatewayError::ApiNotFound);
        }
        let parameters = request.parameters();
        let optional = |name: &str| {
            parameters
                .iter()
                .find_map(|(parameter, value)| (parameter == name).then(|| value.clone()))
                .unwrap_or_default()
        };
        let required = |name: &'static str| match optional(name) {
            empty if empty.is_empty() => Err(GatewayError::Missing(name)),
            value => Ok(value),
        };
        Ok(Self {
            phone_numbers: required("PhoneNumbers")?,
            sign_name: required("SignName")?,
            template_code: required("TemplateCode")?,
            template_param: optional("TemplateParam"),
        })
    }

    /// One message for each number.
    pub(super) fn messages(
        &self,
        account: &Account,
        now: OffsetDateTime,
    ) -> Result<Vec<Message>, BusinessError> {
        if !account.sign_names.contains(&self.sign_name) {
            return Err(BusinessError::UnknownSignName);
        }
        let template = account
            .templates
            .iter()
            .find(|template| template.code == self.template_code)
            .ok_or(BusinessError::UnknownTemplate)?;
        let param = template_param::parse(&self.template_param)?;
        let text = template_param::fill(template, &param)?;
        let messages = phone_numbers::parse(&self.phone_numbers)?
            .into_iter()
            .map(|phone| Message {
                phone: phone.to_owned(),
                sign_name: self.sign_name.clone(),
                template_code: template.code.clone(),
                param: param.clone(),
                text: format!("【{}】{text}", self.sign_name),
                received_at: now.truncate_to_millisecond(),
            });
        Ok(messages.collect())
    }
}
