//! Errors of `SendSms`: HTTP 200 with a code and Aliyun's observed message.

use super::{codes, limits::Window};

/// A refusal of `SendSms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BusinessError {
    /// The account has no such signature.
    UnknownSignName,
    /// The account has no such template.
    UnknownTemplate,
    /// `TemplateParam` is not a JSON object.
    ParamNotJson,
    /// A value in `TemplateParam` is not a string.
    ParamNotText,
    /// The template has a variable that `TemplateParam` does not fill.
    MissingVariable,
    /// A value has a character that is not in `[a-zA-Z0-9]`.
    ParamNotAlphanumeric,
    /// The verification code does not have 4 to 6 characters.
    CodeLength,
    /// It is not a mobile number, or it is a foreign one with a domestic template.
    BadNumber,
    /// A number of mainland China was used with an international template.
    DomesticNumber,
    /// There are more than 1,000 numbers.
    TooManyNumbers,
    /// A limit for the number is reached.
    Limited(Window),
}

impl BusinessError {
    pub(super) fn code(self) -> &'static str {
        match self {
            Self::UnknownSignName => "isv.SMS_SIGNATURE_ILLEGAL",
            Self::UnknownTemplate => "isv.SMS_TEMPLATE_ILLEGAL",
            Self::ParamNotJson | Self::ParamNotText => "isv.INVALID_JSON_PARAM",
            Self::MissingVariable => "isv.TEMPLATE_MISSING_PARAMETERS",
            Self::ParamNotAlphanumeric => "isv.INVALID_PARAMETERS",
            Self::CodeLength => "isv.TEMPLATE_PARAMS_ILLEGAL",
            Self::BadNumber => "isv.MOBILE_NUMBER_ILLEGAL",
            Self::DomesticNumber => "isv.DOMESTIC_NUMBER_NOT_SUPPORTED",
            Self::TooManyNumbers => "isv.MOBILE_COUNT_OVER_LIMIT",
            Self::Limited(_) => "isv.BUSINESS_LIMIT_CONTROL",
        }
    }

    /// Most codes have one message. These have several.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::ParamNotText => "参数格式错误，请修改为字符串值",
            Self::ParamNotAlphanumeric => "params must be [a-zA-Z0-9] for verification sms",
            Self::Limited(window) => window.message(),
            _ => codes::find(self.code()).map_or("", |code| code.message),
        }
    }
}
