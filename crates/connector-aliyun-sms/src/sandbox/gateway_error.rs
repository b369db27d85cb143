//! Errors of the gateway, before `SendSms` runs: HTTP 4xx, with Aliyun's observed messages.

use super::codes;
use crate::signature::SignatureVersion;

/// A refusal of the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum GatewayError {
    /// A required parameter is absent or empty.
    Missing(&'static str),
    /// The access key is unknown.
    AccessKeyNotFound,
    /// The token does not belong to the access key.
    SecurityTokenMismatch,
    /// `Authorization`, or a header that must be signed, is missing or malformed.
    IncompleteSignature,
    /// The method is not `HMAC-SHA1`.
    InvalidSignatureMethod,
    /// The date cannot be parsed.
    TimestampFormat,
    /// The date differs from the clock by more than 15 minutes.
    TimestampExpired,
    /// The signature is wrong. Contains our string to sign, so that the client's author can compare.
    SignatureDoesNotMatch {
        version: SignatureVersion,
        string_to_sign: String,
    },
    /// The nonce was used by an earlier request.
    NonceUsed,
    /// The method is neither `GET` nor `POST`.
    UnsupportedMethod,
    /// The format is neither `JSON` nor `XML`.
    InvalidFormat,
    /// The action or its version is unknown.
    ApiNotFound,
}

impl GatewayError {
    pub(super) fn status(&self) -> u16 {
        match self {
            Self::Missing(_) => 400,
            _ => codes::find(&self.code()).map_or(400, |code| code.status),
        }
    }

    pub(super) fn code(&self) -> String {
        let code = match self {
            Self::Missing(parameter) => return format!("Missing{parameter}"),
            Self::AccessKeyNotFound => "InvalidAccessKeyId.NotFound",
            Self::SecurityTokenMismatch => "InvalidSecurityToken.MismatchWithAccessKey",
            Self::IncompleteSignature => "IncompleteSignature",
            Self::InvalidSignatureMethod => "InvalidSignatureMethod",
            Self::TimestampFormat => "InvalidTimeStamp.Format",
            Self::TimestampExpired => "InvalidTimeStamp.Expired",
            Self::SignatureDoesNotMatch { .. } => "SignatureDoesNotMatch",
            Self::NonceUsed => "SignatureNonceUsed",
            Self::UnsupportedMethod => "UnsupportedHTTPMethod",
            Self::InvalidFormat => "InvalidParameter.Format",
            Self::ApiNotFound => "InvalidApi.NotFound",
        };
        code.to_owned()
    }

    pub(super) fn message(&self) -> String {
        match self {
            Self::Missing(parameter) => format!("{parameter} is mandatory for this action."),
            Self::SignatureDoesNotMatch {
                version,
                string_to_sign,
            } => {
                let words = match version {
                    SignatureVersion::V1 => "is not matched with",
                    SignatureVersion::V3 => "does not match",
                };
                format!(
                    "Specified signature {words} our calculation. server string to sign is:{string_to_sign}"
                )
            }
            _ => codes::find(&self.code()).map_or_else(String::new, |code| code.message.to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_a_status_of_the_gateway_and_words() {
        for error in [
            GatewayError::Missing("SignName"),
            GatewayError::AccessKeyNotFound,
            GatewayError::SecurityTokenMismatch,
            GatewayError::IncompleteSignature,
            GatewayError::InvalidSignatureMethod,
            GatewayError::TimestampFormat,
            GatewayError::TimestampExpired,
            GatewayError::NonceUsed,
            GatewayError::UnsupportedMethod,
            GatewayError::InvalidFormat,
            GatewayError::ApiNotFound,
        ] {
            assert!((400..500).contains(&error.status()), "{error:?}");
            assert!(!error.message().is_empty(), "{error:?}");
        }
    }
}
