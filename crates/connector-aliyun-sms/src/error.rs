//! The errors, as lists. No message contains a phone number, a code, a secret, or a message of the service, because
//! Aliyun repeats the number in some of them.

use crate::Refusal;

/// Why a client cannot be created.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS cannot be set up on this machine.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
    /// One of `EXTRA_CA_FILE`, `HTTPS_PROXY` and `HTTP_PROXY` is wrong.
    #[error(transparent)]
    Settings(#[from] http_client::ConfigError),
}

/// Why a code was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Aliyun responded and did not send.
    #[error("Aliyun refused: {refusal} ({code}, request {request_id})")]
    Refused {
        /// The meaning of the code.
        refusal: Refusal,
        /// Aliyun's code, e.g. `isv.BUSINESS_LIMIT_CONTROL`.
        code: String,
        /// Aliyun's id of the request, for its console and its support.
        request_id: String,
    },
    /// No connection was established, so nothing was sent.
    #[error("Aliyun cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// No complete response came in time, or the connection broke. The message may have been sent. A retry could send
    /// it twice, because `SendSms` is not idempotent.
    #[error("Aliyun did not answer; the message may have been sent")]
    NoAnswer(#[source] reqwest::Error),
    /// The response is not from Aliyun: from a proxy, a redirect, or truncated.
    #[error("the response is not understood (HTTP {status})")]
    NotUnderstood {
        /// The HTTP status of the response.
        status: u16,
    },
}

impl SendError {
    /// The meaning of Aliyun's code. `None` if Aliyun did not respond.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused { refusal, .. } => Some(*refusal),
            _ => None,
        }
    }

    /// What the operator should do.
    #[must_use]
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Refused { refusal, .. } => refusal.advice(),
            Self::Unreachable(_) => {
                "Look whether this machine reaches the endpoint: name resolution, firewall, certificates. Nothing was \
                 sent, so the person can ask again."
            }
            Self::NoAnswer(_) => {
                "Let the person wait a minute and ask again. Do not send again by itself: the first message may have \
                 gone out."
            }
            Self::NotUnderstood { .. } => {
                "Look what answers at the endpoint: a proxy, a portal, or another service."
            }
        }
    }
}
