//! Why Aliyun refuses a message: its many codes by what they mean for a sender of verification codes.

/// What a code of Aliyun means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The number has had enough messages for this minute, hour or day.
    #[error("the number has received too many messages")]
    RateLimited,
    /// The account has reached the cap that its owner set for a day or a month.
    #[error("the account has reached its own sending cap")]
    CapReached,
    /// The account, or the API as a whole, gets too many requests.
    #[error("too many requests")]
    Throttled,
    /// Not a mobile number, or not one that this template may be sent to.
    #[error("the phone number is refused")]
    BadNumber,
    /// The sign name is unknown, not approved, or does not go with the template.
    #[error("the sign name is refused")]
    BadSignName,
    /// The template is unknown or not approved.
    #[error("the template is refused")]
    BadTemplate,
    /// The template has a variable that the message does not fill.
    #[error("the template has a variable that is not `code`")]
    MissingVariable,
    /// The value of a variable is too long, or not what the template allows.
    #[error("the template does not take the value of the variable")]
    BadVariable,
    /// The text holds what may not be sent.
    #[error("the content is blocked")]
    BlockedContent,
    /// No money.
    #[error("the account's balance is not enough")]
    OutOfBalance,
    /// The account is stopped, frozen, or has not opened the service.
    #[error("the account or its SMS service is stopped")]
    AccountStopped,
    /// The access key is unknown, disabled or wrong.
    #[error("the access key is refused")]
    BadCredentials,
    /// The access key is right and may not send, or not from here.
    #[error("the access key may not send from here")]
    PermissionDenied,
    /// The clock of this machine is wrong.
    #[error("this machine's clock is wrong")]
    Clock,
    /// Aliyun has a fault.
    #[error("the service has a fault")]
    ServiceFault,
    /// A code that is not in this list; the code itself is beside it.
    #[error("a reason that is not listed")]
    Other,
}

impl Refusal {
    /// The meaning of one of Aliyun's codes (`SendSms` error codes and the common errors of the gateway).
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "isv.BUSINESS_LIMIT_CONTROL" => Self::RateLimited,
            "isv.DAY_LIMIT_CONTROL" | "isv.MONTH_LIMIT_CONTROL" => Self::CapReached,
            "isv.MOBILE_NUMBER_ILLEGAL"
            | "isv.DOMESTIC_NUMBER_NOT_SUPPORTED"
            | "isv.SMS_TEST_NUMBER_LIMIT" => Self::BadNumber,
            "isv.SMS_SIGNATURE_ILLEGAL"
            | "isv.SMS_SIGNATURE_SCENE_ILLEGAL"
            | "isv.SIGN_STATE_ILLEGAL"
            | "isv.SMS_SIGN_ILLEGAL"
            | "isv.SMS_TEST_SIGN_TEMPLATE_LIMIT"
            | "MissingSignName" => Self::BadSignName,
            "isv.SMS_TEMPLATE_ILLEGAL" | "MissingTemplateCode" => Self::BadTemplate,
            "isv.TEMPLATE_MISSING_PARAMETERS" => Self::MissingVariable,
            "isv.INVALID_JSON_PARAM"
            | "isv.INVALID_PARAMETERS"
            | "isv.TEMPLATE_PARAMS_ILLEGAL"
            | "isv.PARAM_LENGTH_LIMIT"
            | "isv.PARAM_NOT_SUPPORT_URL"
            | "isv.SMS_TEST_TEMPLATE_PARAMS_ILLEGAL" => Self::BadVariable,
            "isv.BLACK_KEY_CONTROL_LIMIT" | "isv.SMS_CONTENT_ILLEGAL" => Self::BlockedContent,
            "isv.AMOUNT_NOT_ENOUGH" => Self::OutOfBalance,
            "isv.OUT_OF_SERVICE"
            | "isv.ACCOUNT_ABNORMAL"
            | "isv.ACCOUNT_NOT_EXISTS"
            | "isv.SECURITY_FROZEN_ACCOUNT"
            | "isv.PRODUCT_UN_SUBSCRIPT"
            | "isv.PRODUCT_UNSUBSCRIBE" => Self::AccountStopped,
            "MissingAccessKeyId" | "SignatureDoesNotMatch" | "IncompleteSignature" => {
                Self::BadCredentials
            }
            "isp.RAM_PERMISSION_DENY" | "isv.DENY_IP_RANGE" | "NoPermission" => {
                Self::PermissionDenied
            }
            "isp.SYSTEM_ERROR" | "InternalError" | "ServiceUnavailable" => Self::ServiceFault,
            _ => Self::from_family(code),
        }
    }

    /// Codes of the gateway have variants after a dot, such as `Throttling.User`.
    fn from_family(code: &str) -> Self {
        match code.split('.').next() {
            Some("Throttling") => Self::Throttled,
            Some("InvalidAccessKeyId") => Self::BadCredentials,
            Some("InvalidTimeStamp") => Self::Clock,
            Some("Forbidden") => Self::PermissionDenied,
            _ => Self::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_has_its_meaning() {
        let cases = [
            ("isv.BUSINESS_LIMIT_CONTROL", Refusal::RateLimited),
            ("isv.MONTH_LIMIT_CONTROL", Refusal::CapReached),
            ("Throttling", Refusal::Throttled),
            ("Throttling.User", Refusal::Throttled),
            ("isv.MOBILE_NUMBER_ILLEGAL", Refusal::BadNumber),
            ("isv.SMS_SIGNATURE_ILLEGAL", Refusal::BadSignName),
            ("isv.SMS_TEMPLATE_ILLEGAL", Refusal::BadTemplate),
            ("isv.TEMPLATE_MISSING_PARAMETERS", Refusal::MissingVariable),
            ("isv.INVALID_PARAMETERS", Refusal::BadVariable),
            ("isv.SMS_CONTENT_ILLEGAL", Refusal::BlockedContent),
            ("isv.AMOUNT_NOT_ENOUGH", Refusal::OutOfBalance),
            ("isv.OUT_OF_SERVICE", Refusal::AccountStopped),
            ("SignatureDoesNotMatch", Refusal::BadCredentials),
            ("InvalidAccessKeyId.NotFound", Refusal::BadCredentials),
            ("InvalidAccessKeyId", Refusal::BadCredentials),
            ("isv.DENY_IP_RANGE", Refusal::PermissionDenied),
            ("Forbidden.RAM", Refusal::PermissionDenied),
            ("InvalidTimeStamp.Expired", Refusal::Clock),
            ("isp.SYSTEM_ERROR", Refusal::ServiceFault),
            ("SignatureNonceUsed", Refusal::Other),
            ("ThrottlingOfTheFuture", Refusal::Other),
            ("", Refusal::Other),
        ];
        for (code, meaning) in cases {
            assert_eq!(Refusal::from_code(code), meaning, "{code}");
        }
    }
}
