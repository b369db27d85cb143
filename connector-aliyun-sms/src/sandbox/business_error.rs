//! What `SendSms` refuses: HTTP 200 with a code, in the words that Aliyun was seen to answer.

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
    /// Not a mobile number.
    BadNumber,
    /// More than 1,000 numbers.
    TooManyNumbers,
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
            Self::TooManyNumbers => "isv.MOBILE_COUNT_OVER_LIMIT",
        }
    }

    pub(super) fn message(self) -> &'static str {
        match self {
            Self::UnknownSignName => "该账号下找不到对应签名",
            Self::UnknownTemplate => "该账号下找不到对应模板",
            Self::ParamNotJson => "模板变量JSON格式错误 或 JSON变量属性与模板占位符不一致",
            Self::ParamNotText => "参数格式错误，请修改为字符串值",
            Self::MissingVariable => "模板变量中存在未赋值变量",
            Self::ParamNotAlphanumeric => "params must be [a-zA-Z0-9] for verification sms",
            Self::CodeLength => "模板变量的内容与变量属性不符",
            Self::BadNumber => "手机号码格式错误",
            Self::TooManyNumbers => "手机号码数量超过限制，最多支持1000条",
        }
    }
}
