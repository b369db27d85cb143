//! What `SendSms` refuses: HTTP 200 with a code, in the words that Aliyun was seen to answer.

use super::{codes, limits::Window};

/// A refusal of `SendSms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BusinessError {
    /// The account has no such signature.
    UnknownSignName,
    /// The account has no such template.
    UnknownTemplate,
    /// `TemplateParam` is no JSON object.
    ParamNotJson,
    /// A value in `TemplateParam` is not a text.
    ParamNotText,
    /// The template has a variable that `TemplateParam` does not fill.
    MissingVariable,
    /// A value has other characters than `[a-zA-Z0-9]`.
    ParamNotAlphanumeric,
    /// A verification code has 4 to 6 characters.
    CodeLength,
    /// Not a mobile number, or a foreign one with a domestic template.
    BadNumber,
    /// A number of mainland China with an international template.
    DomesticNumber,
    /// More than 1,000 numbers.
    TooManyNumbers,
    /// The number has had its messages for now.
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

    /// Most codes have one text; these have several.
    pub(super) fn message(self) -> &'static str {
        match self {
            Self::ParamNotText => "参数格式错误，请修改为字符串值",
            Self::ParamNotAlphanumeric => "params must be [a-zA-Z0-9] for verification sms",
            Self::Limited(window) => window.message(),
            _ => codes::find(self.code()).map_or("", |code| code.message),
        }
    }
}
