//! Every error of the Experience API, with Logto's codes and messages.

use connector_aliyun_sms::PhoneNumber;
use http::StatusCode;
use serde_json::{Value, json};
use std::borrow::Cow;

/// Why a step of the sign-in is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ExperienceError {
    /// There is no cookie, or the interaction has ended.
    SessionNotFound(&'static str),
    /// The experience was not begun with `PUT /api/experience`.
    InteractionNotFound,
    /// The body is malformed.
    InvalidInput,
    /// The phone number is not in E.164 without `+`.
    InvalidPhoneNumber,
    /// The tenant's sign-in experience does not allow it, or the request comes from a page of another origin.
    Forbidden,
    /// The tenant does not allow sign-in by phone and code.
    MethodNotEnabled,
    VerificationNotFound,
    VerificationFailed,
    CodeNotFound,
    CodeOfAnotherPhone,
    CodeExpired,
    CodeMismatch,
    TooManyTries,
    /// The number has received too many messages. Contains the seconds until the next one.
    TooManyMessages(i64),
    /// Too many wrong codes were entered for the number. Contains the seconds until the next try.
    VerificationBlocked(i64),
    ConnectorNotFound,
    /// The SMS service's limit for the number is reached. Contains the seconds until the limit's window ends.
    ConnectorRateLimited(i64),
    /// The SMS service refuses the number.
    ConnectorRefusedNumber,
    /// The SMS service does not work. The cause is for the operator, in the log.
    ConnectorFailed,
    /// The SMS service did not respond in time. The message may have been sent, with the code of this verification.
    ConnectorSilent(String),
    ConnectorNotUnderstood,
    UserNotExist(PhoneNumber),
    PhoneInUse,
    /// The interaction was submitted before a user was identified.
    IdentifierNotFound,
    /// An internal error. The cause is in the log.
    ServerError,
}

impl ExperienceError {
    /// Logto's code.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::SessionNotFound(_) => "session.not_found",
            Self::InteractionNotFound => "session.interaction_not_found",
            Self::InvalidInput | Self::InvalidPhoneNumber => "guard.invalid_input",
            Self::Forbidden => "auth.forbidden",
            Self::MethodNotEnabled => "user.sign_in_method_not_enabled",
            Self::VerificationNotFound => "session.verification_session_not_found",
            Self::VerificationFailed => "session.verification_failed",
            Self::CodeNotFound => "verification_code.not_found",
            Self::CodeOfAnotherPhone => "verification_code.phone_mismatch",
            Self::CodeExpired => "verification_code.expired",
            Self::CodeMismatch => "verification_code.code_mismatch",
            Self::TooManyTries => "verification_code.exceed_max_try",
            Self::TooManyMessages(_) => "request.message_rate_limited",
            Self::ConnectorNotFound => "connector.not_found",
            Self::VerificationBlocked(_) => "session.verification_blocked_too_many_attempts",
            Self::ConnectorRateLimited(_) => "connector.rate_limit_exceeded",
            Self::ConnectorRefusedNumber | Self::ConnectorFailed | Self::ConnectorSilent(_) => {
                "connector.general"
            }
            Self::ConnectorNotUnderstood => "connector.invalid_response",
            Self::UserNotExist(_) => "user.user_not_exist",
            Self::PhoneInUse => "user.phone_already_in_use",
            Self::IdentifierNotFound => "session.identifier_not_found",
            Self::ServerError => "request.general",
        }
    }

    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::InteractionNotFound
            | Self::VerificationNotFound
            | Self::UserNotExist(_)
            | Self::IdentifierNotFound => StatusCode::NOT_FOUND,
            Self::PhoneInUse | Self::MethodNotEnabled => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooManyMessages(_) | Self::ConnectorRateLimited(_) => {
                StatusCode::TOO_MANY_REQUESTS
            }
            Self::ConnectorNotFound => StatusCode::NOT_IMPLEMENTED,
            Self::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Logto's message.
    pub(crate) fn message(&self) -> Cow<'static, str> {
        match self {
            Self::SessionNotFound(_) => "Session not found. Please go back and sign in again.",
            Self::InteractionNotFound => {
                "Interaction session not found. Please go back and start the session again."
            }
            Self::InvalidInput | Self::InvalidPhoneNumber => "The request body is invalid.",
            Self::Forbidden => "Forbidden. Please check your user roles and permissions.",
            Self::MethodNotEnabled => "This sign-in method is not enabled.",
            Self::VerificationNotFound | Self::VerificationFailed => {
                "The verification was not successful. Restart the verification flow and try again."
            }
            Self::CodeNotFound => {
                "Verification code not found. Please send verification code first."
            }
            Self::CodeOfAnotherPhone => {
                "Phone mismatch. Please request a new verification code."
            }
            Self::CodeExpired => {
                "Verification code has expired. Please request a new verification code."
            }
            Self::CodeMismatch => "Invalid verification code.",
            Self::TooManyTries => {
                "Verification code retries limitation exceeded. Please request a new verification code."
            }
            Self::TooManyMessages(_) => {
                "Too many messages sent to this recipient. Please try again later."
            }
            Self::ConnectorNotFound => "Cannot find any available connector for type: Sms.",
            Self::VerificationBlocked(seconds) => return blocked(*seconds).into(),
            Self::ConnectorRateLimited(_) => "Trigger rate limit. Please try again later.",
            Self::ConnectorRefusedNumber | Self::ConnectorFailed | Self::ConnectorSilent(_) => {
                "Error occurred in connector."
            }
            Self::ConnectorNotUnderstood => "The connector's response is invalid.",
            Self::UserNotExist(_) => "User with {{ identifier }} does not exist.",
            Self::PhoneInUse => "This phone number is associated with an existing account.",
            Self::IdentifierNotFound => {
                "User identifier not found. Please go back and sign in again."
            }
            Self::ServerError => "Request error occurred.",
        }
        .into()
    }

    /// The member `data`, for programs.
    pub(crate) fn data(&self) -> Option<Value> {
        match self {
            Self::UserNotExist(phone) => Some(json!({"identifier": phone.digits()})),
            Self::ConnectorNotFound => Some(json!({"type": "Sms"})),
            Self::ConnectorRefusedNumber => Some(json!({"reason": "number"})),
            Self::ConnectorSilent(id) => Some(json!({"reason": "no_answer", "verificationId": id})),
            Self::InvalidPhoneNumber => Some(json!({
                "issues": [{
                    "validation": "regex",
                    "code": "invalid_string",
                    "message": "Invalid",
                    "path": ["identifier", "value"],
                }],
                "name": "ZodError",
            })),
            _ => None,
        }
    }

    /// Seconds until the same request may succeed.
    pub(crate) const fn retry_after(&self) -> Option<i64> {
        match self {
            Self::TooManyMessages(seconds)
            | Self::VerificationBlocked(seconds)
            | Self::ConnectorRateLimited(seconds) => Some(*seconds),
            _ => None,
        }
    }

    /// Whether a message that failed in this way may have been sent.
    pub(crate) const fn may_have_been_sent(&self) -> bool {
        matches!(
            self,
            Self::ConnectorSilent(_) | Self::ConnectorNotUnderstood
        )
    }

    /// The member `details`, for developers.
    pub(crate) const fn details(&self) -> Option<&'static str> {
        match self {
            Self::InvalidPhoneNumber => {
                Some("Error in key path \"identifier.value\": (invalid_string) Invalid")
            }
            _ => None,
        }
    }
}

fn blocked(seconds: i64) -> String {
    let minutes = (seconds + 59) / 60;
    let unit = if minutes == 1 { "minute" } else { "minutes" };
    format!("Too many attempts in a short time. Please try again in {minutes} {unit}.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn q51_the_time_of_a_block_is_in_whole_minutes() {
        for (seconds, time) in [
            (3600, "60 minutes"),
            (61, "2 minutes"),
            (60, "1 minute"),
            (1, "1 minute"),
        ] {
            let message = ExperienceError::VerificationBlocked(seconds).message();
            assert!(
                message.ends_with(&format!("try again in {time}.")),
                "{message}"
            );
        }
    }
}
