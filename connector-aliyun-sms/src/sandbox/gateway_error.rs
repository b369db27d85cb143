//! What the gateway refuses before `SendSms` runs: HTTP 4xx, with the texts that Aliyun was seen to answer.

use axum::http::StatusCode;

/// A refusal of the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GatewayError {
    /// A required parameter is absent or empty.
    Missing(&'static str),
    /// The access key is another account's, or nobody's.
    AccessKeyNotFound,
    /// `Authorization` or a header that must be signed is not as the signature's rules say.
    IncompleteSignature,
    /// `x-acs-date` is no date.
    TimestampFormat,
    /// `x-acs-date` is more than 15 minutes off.
    TimestampExpired,
    /// The signature is not ours. With our string to sign, so that a client's author can compare.
    SignatureDoesNotMatch { string_to_sign: String },
    /// The nonce of an earlier request.
    NonceUsed,
    /// Another action or version.
    ApiNotFound,
}

impl GatewayError {
    pub(super) fn status(&self) -> StatusCode {
        match self {
            Self::AccessKeyNotFound | Self::ApiNotFound => StatusCode::NOT_FOUND,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    pub(super) fn code(&self) -> String {
        let code = match self {
            Self::Missing(parameter) => return format!("Missing{parameter}"),
            Self::AccessKeyNotFound => "InvalidAccessKeyId.NotFound",
            Self::IncompleteSignature => "IncompleteSignature",
            Self::TimestampFormat => "InvalidTimeStamp.Format",
            Self::TimestampExpired => "InvalidTimeStamp.Expired",
            Self::SignatureDoesNotMatch { .. } => "SignatureDoesNotMatch",
            Self::NonceUsed => "SignatureNonceUsed",
            Self::ApiNotFound => "InvalidApi.NotFound",
        };
        code.to_owned()
    }

    pub(super) fn message(&self) -> String {
        let message = match self {
            Self::Missing(parameter) => {
                return format!("{parameter} is mandatory for this action.");
            }
            Self::SignatureDoesNotMatch { string_to_sign } => {
                return format!(
                    "Specified signature does not match our calculation. server string to sign is:{string_to_sign}"
                );
            }
            Self::AccessKeyNotFound => "Specified access key is not found.",
            Self::IncompleteSignature => {
                "The request signature does not conform to Aliyun standards."
            }
            Self::TimestampFormat => "Specified time stamp or date value is not well formatted.",
            Self::TimestampExpired => "Specified time stamp or date value is expired.",
            Self::NonceUsed => "Specified signature nonce was used already.",
            Self::ApiNotFound => "Specified api is not found, please check your url and method.",
        };
        message.to_owned()
    }
}
