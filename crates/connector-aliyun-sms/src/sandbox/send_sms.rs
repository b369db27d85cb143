//! The action `SendSms`: from parameters to messages.

use super::{
    Account, business_error::BusinessError, gateway_error::GatewayError, limits::Limits,
    message::Delivery, phone_numbers, request::ApiRequest, template_param, verify::Verified,
};
use time::OffsetDateTime;

const ACTION: &str = "SendSms";
const VERSION: &str = "2017-05-25";

/// The parameters, with all required ones present.
pub(super) struct SendSms<'a> {
    phone_numbers: &'a str,
    sign_name: &'a str,
    template_code: &'a str,
    template_param: &'a str,
}

impl<'a> SendSms<'a> {
    pub(super) fn of(
        request: &'a ApiRequest,
        verified: &Verified<'_>,
    ) -> Result<Self, GatewayError> {
        if verified.action != ACTION || verified.version != VERSION {
            return Err(GatewayError::ApiNotFound);
        }
        let required = |name| request.parameter(name).ok_or(GatewayError::Missing(name));
        Ok(Self {
            phone_numbers: required("PhoneNumbers")?,
            sign_name: required("SignName")?,
            template_code: required("TemplateCode")?,
            template_param: request.parameter("TemplateParam").unwrap_or_default(),
        })
    }

    /// Creates one message for each number.
    pub(super) fn deliveries(
        &self,
        account: &Account,
        limits: Option<&Limits>,
        now: OffsetDateTime,
    ) -> Result<Vec<Delivery>, BusinessError> {
        if !account.sign_names.iter().any(|name| name == self.sign_name) {
            return Err(BusinessError::UnknownSignName);
        }
        let template = account
            .templates
            .iter()
            .find(|template| template.code == self.template_code)
            .ok_or(BusinessError::UnknownTemplate)?;
        let param = template_param::parse(self.template_param)?;
        let text = template_param::fill(template, &param)?;
        let phones = phone_numbers::parse(self.phone_numbers, template.region)?;
        if let Some(limits) = limits {
            let numbers: Vec<_> = phones
                .iter()
                .filter_map(|phone| phone_numbers::mainland(phone, template.region))
                .collect();
            limits
                .take(self.sign_name, &numbers, now)
                .map_err(BusinessError::Limited)?;
        }
        let deliveries = phones.into_iter().map(|phone| Delivery {
            phone: phone.into_owned(),
            sign_name: self.sign_name.to_owned(),
            template_code: template.code.clone(),
            param: param.clone(),
            text: signed(self.sign_name, &text),
        });
        Ok(deliveries.collect())
    }
}

/// The sign name in brackets: `【…】`, or `[…]` if everything is ASCII.
fn signed(sign_name: &str, text: &str) -> String {
    if sign_name.is_ascii() && text.is_ascii() {
        format!("[{sign_name}]{text}")
    } else {
        format!("【{sign_name}】{text}")
    }
}
