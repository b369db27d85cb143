//! What can go wrong, as lists. No text here holds a number, a code, a secret, or a sentence of the service: Aliyun
//! repeats the number in some of them.

use crate::Refusal;

/// Why a client cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ClientError {
    /// TLS cannot be set up on this machine.
    #[error("the HTTP client cannot be set up")]
    Http(#[source] reqwest::Error),
}

/// Why a code was not sent.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Aliyun answered, and did not send.
    #[error("Aliyun refused: {refusal} ({code}, request {request_id})")]
    Refused {
        /// What the code means.
        refusal: Refusal,
        /// Aliyun's code, e.g. `isv.BUSINESS_LIMIT_CONTROL`.
        code: String,
        /// Aliyun's id of the request, for its console and its support.
        request_id: String,
    },
    /// No connection: nothing was sent.
    #[error("Aliyun cannot be reached")]
    Unreachable(#[source] reqwest::Error),
    /// No complete answer in time, or the connection broke. The message may have been sent: asking again could send
    /// it twice, because `SendSms` is not idempotent.
    #[error("Aliyun did not answer; the message may have been sent")]
    NoAnswer(#[source] reqwest::Error),
    /// An answer that is not Aliyun's: a proxy, a redirect, a cut body.
    #[error("the answer is not understood (HTTP {status})")]
    NotUnderstood {
        /// The HTTP status of the answer.
        status: u16,
    },
}

impl SendError {
    /// What Aliyun's code means, when Aliyun answered.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused { refusal, .. } => Some(*refusal),
            _ => None,
        }
    }

    /// What to do about it, for whoever operates the program.
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
