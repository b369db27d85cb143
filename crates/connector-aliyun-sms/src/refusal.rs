//! Why Aliyun refuses a message: its many codes, grouped by their meaning for a sender of verification codes.

use time::Duration;

/// The meaning of an error code of Aliyun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The number's limit for this minute, hour or day is reached.
    #[error("the number has received too many messages{}", window.map_or("", LimitWindow::words))]
    RateLimited {
        /// Which limit. `None` if the response does not name it.
        window: Option<LimitWindow>,
    },
    /// The account's own daily or monthly limit is reached.
    #[error("the account has reached its own sending cap")]
    CapReached,
    /// The account, or the API as a whole, receives too many requests.
    #[error("too many requests")]
    Throttled,
    /// It is not a mobile number, or not one that this template may be sent to.
    #[error("the phone number is refused")]
    BadNumber,
    /// The sign name is unknown, not approved, or not allowed with the template.
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
    /// The text contains forbidden content.
    #[error("the content is blocked")]
    BlockedContent,
    /// The account has no balance left.
    #[error("the account's balance is not enough")]
    OutOfBalance,
    /// The account is stopped, frozen, or has not opened the service.
    #[error("the account or its SMS service is stopped")]
    AccountStopped,
    /// The access key is unknown, disabled or wrong.
    #[error("the access key is refused")]
    BadCredentials,
    /// The access key is valid but has no permission to send, or not from this address.
    #[error("the access key may not send from here")]
    PermissionDenied,
    /// The clock of this machine is wrong.
    #[error("this machine's clock is {}", off(*ahead_by))]
    Clock {
        /// The difference to Aliyun's clock: positive if this machine's is ahead. `None` if the response had no date.
        ahead_by: Option<Duration>,
    },
    /// Aliyun has an internal error.
    #[error("the service has a fault")]
    ServiceFault,
    /// A code that is not listed here.
    #[error("a reason that is not listed")]
    Other,
}

/// The window of a limit on messages to one number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitWindow {
    /// The current minute of the clock.
    Minute,
    /// The current hour of the clock.
    Hour,
    /// 24 hours, from this sender.
    Day,
    /// 24 hours, from all senders together.
    NumberDay,
}

impl LimitWindow {
    /// Finds the limit in Aliyun's message, such as `触发分钟级流控Permits:1`. No other member has it.
    pub(crate) fn from_message(message: &str) -> Option<Self> {
        let named = [
            ("号码天级", Self::NumberDay),
            ("分钟级", Self::Minute),
            ("小时级", Self::Hour),
            ("天级", Self::Day),
        ];
        let found = named.into_iter().find(|(word, _)| message.contains(word));
        found.map(|(_, window)| window)
    }

    fn words(self) -> &'static str {
        match self {
            Self::Minute => " for this minute",
            Self::Hour => " for this hour",
            Self::Day => " for today",
            Self::NumberDay => " for today, from all senders together",
        }
    }
}

/// `20 minutes ahead of Aliyun's`.
fn off(ahead_by: Option<Duration>) -> String {
    // A difference of less than a minute is not the reason of a refusal.
    let Some(ahead_by) = ahead_by.filter(|by| by.whole_minutes() != 0) else {
        return "wrong".to_owned();
    };
    let direction = if ahead_by.is_negative() {
        "behind"
    } else {
        "ahead of"
    };
    format!(
        "{} minutes {direction} Aliyun's",
        ahead_by.whole_minutes().unsigned_abs()
    )
}

impl Refusal {
    /// What the operator should do.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            Self::RateLimited { .. } => {
                "Let the person wait. The limits are Aliyun's, by sign name and number."
            }
            Self::CapReached => {
                "Raise the account's own cap in the SMS console (general settings), or wait for its end."
            }
            Self::Throttled => "Wait a little; if it lasts, ask Aliyun for a higher rate.",
            Self::BadNumber => {
                "Let the person correct the number. Where it is right, look whether the template may go to its country."
            }
            Self::BadSignName => {
                "Compare `signName` with the approved signatures in the SMS console, and look whether it goes with the template."
            }
            Self::BadTemplate => {
                "Compare `templateCode` with the approved templates in the SMS console."
            }
            Self::MissingVariable => {
                "Give the template one variable, `${code}`, in the SMS console."
            }
            Self::BadVariable => {
                "Use a verification template whose one variable takes four to six letters or digits."
            }
            Self::BlockedContent => {
                "Change the template's text, or have it approved, in the SMS console."
            }
            Self::OutOfBalance => "Charge the account, or buy a package of messages.",
            Self::AccountStopped => {
                "Open the SMS service in the console, or settle what stops the account."
            }
            Self::BadCredentials => {
                "Compare `accessKeyId` and `accessKeySecret` with the access key in the RAM console; a temporary key needs its token."
            }
            Self::PermissionDenied => {
                "Give the key's user the right `dysms:SendSms`, and look from which addresses it may call."
            }
            Self::Clock { .. } => {
                "Set this machine's clock (NTP): requests more than 15 minutes off are refused."
            }
            Self::ServiceFault => {
                "Let the person try again later; look at Aliyun's status page if it lasts."
            }
            Self::Other => {
                "Look the code up at https://api.aliyun.com/troubleshoot, with the request's id."
            }
        }
    }

    /// The meaning of one of Aliyun's codes (the error codes of `SendSms` and the common errors of the gateway).
    #[must_use]
    pub fn from_code(code: &str) -> Self {
        match code {
            "isv.BUSINESS_LIMIT_CONTROL" => Self::RateLimited { window: None },
            "isv.DAY_LIMIT_CONTROL" | "isv.MONTH_LIMIT_CONTROL" => Self::CapReached,
            "isv.MOBILE_NUMBER_ILLEGAL"
            | "isv.DOMESTIC_NUMBER_NOT_SUPPORTED"
            | "isv.MOBILE_COUNT_OVER_LIMIT"
            | "isv.SMS_TEST_NUMBER_LIMIT" => Self::BadNumber,
            "isv.SMS_SIGNATURE_ILLEGAL"
            | "isv.SMS_SIGNATURE_SCENE_ILLEGAL"
            | "isv.SIGN_STATE_ILLEGAL"
            | "isv.SMS_SIGN_ILLEGAL"
            | "isv.SMS_TEST_SIGN_TEMPLATE_LIMIT"
            | "isv.EXTEND_CODE_ERROR"
            | "PORT_NOT_REGISTERED"
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
            Some("InvalidAccessKeyId" | "InvalidSecurityToken") => Self::BadCredentials,
            Some("InvalidTimeStamp") => Self::Clock { ahead_by: None },
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
            (
                "isv.BUSINESS_LIMIT_CONTROL",
                Refusal::RateLimited { window: None },
            ),
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
            (
                "InvalidTimeStamp.Expired",
                Refusal::Clock { ahead_by: None },
            ),
            ("isp.SYSTEM_ERROR", Refusal::ServiceFault),
            ("SignatureNonceUsed", Refusal::Other),
            ("ThrottlingOfTheFuture", Refusal::Other),
            ("", Refusal::Other),
        ];
        for (code, meaning) in cases {
            assert_eq!(Refusal::from_code(code), meaning, "{code}");
            assert!(meaning.advice().ends_with('.'), "{code}");
        }
    }

    #[test]
    fn p057_a_wrong_clock_is_said_with_its_distance() {
        for (ahead_by, words) in [
            (None, "wrong"),
            (Some(0), "wrong"),
            (Some(20), "20 minutes ahead of Aliyun's"),
            (Some(-16), "16 minutes behind Aliyun's"),
        ] {
            let ahead_by = ahead_by.map(Duration::minutes);
            let refusal = Refusal::Clock { ahead_by };
            assert_eq!(
                refusal.to_string(),
                format!("this machine's clock is {words}")
            );
        }
    }
}
