//! Everything that can go wrong while a request is answered. The client gets a problem with a stable code, the log gets the
//! cause. No internal text leaves the process.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header::CONTENT_TYPE, header::RETRY_AFTER};
use oidc_rp::{
    AuthorizationRequestError, ErrorKind, LogoutTokenError, MetadataError, OAuthError, TokenError,
    UserInfoError,
};
use shared::{Problem, ProblemCode};
use telemetry::log_text;
use tokio::task::JoinError;

/// One of the ways in which the bff refuses.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// What the request itself got wrong, or the provider's plain refusal.
    #[error("{}", .0.as_str())]
    Refused(ProblemCode),
    /// The authorization response belongs to no pending sign-in of this browser. The text says why, for the log.
    #[error("unknown_sign_in: {0}")]
    UnknownSignIn(&'static str),
    /// What is wrong, for the client. It may repeat the request, so it is not logged.
    #[error("the request is wrong")]
    InvalidRequest(String),
    /// The text says what to do, and the client may read it.
    #[error("not from a page of this site")]
    CrossSite(String),
    #[error("the provider is unavailable: {0}")]
    ProviderUnavailable(String),
    /// The authorization response is an error.
    #[error("the provider answered `{0}`")]
    AuthorizationResponse(OAuthError),
    /// A code was not exchanged for an identity.
    #[error(transparent)]
    Exchange(TokenError),
    /// A refresh token was not exchanged for a new access token.
    #[error(transparent)]
    Refresh(TokenError),
    /// The provider refuses an access token for an API or an organization.
    #[error("no access token for the API: the provider answered `{0}`")]
    ApiToken(OAuthError),
    /// An API did not respond. The text is for the log.
    #[error("API: {1}")]
    Api(ProblemCode, String),
    #[error(transparent)]
    AuthorizationRequest(#[from] AuthorizationRequestError),
    #[error(transparent)]
    UserInfo(#[from] UserInfoError),
    #[error(transparent)]
    LogoutToken(#[from] LogoutTokenError),
    /// A limit is reached; the text says which, and the client may read it.
    #[error("{1}")]
    Limited(ProblemCode, String),
    #[error("session store: {0}")]
    Store(#[from] session_store::Error),
    /// Its text could repeat a secret, so it is not logged.
    #[error("a task of the request has panicked")]
    Panicked(#[from] JoinError),
}

impl Error {
    pub(crate) const NOT_SIGNED_IN: Self = Self::Refused(ProblemCode::NotSignedIn);

    /// What the client may know.
    pub(crate) fn problem(&self) -> Problem {
        match self {
            Self::InvalidRequest(detail) => {
                Problem::new(ProblemCode::InvalidRequest).with_detail(detail)
            }
            Self::CrossSite(detail) => Problem::new(ProblemCode::CrossSite).with_detail(detail),
            Self::Limited(code, limit) => Problem::new(*code).with_detail(limit),
            other => Problem::new(other.code()),
        }
    }

    pub(crate) fn code(&self) -> ProblemCode {
        match self {
            Self::Refused(code) | Self::Limited(code, _) | Self::Api(code, _) => *code,
            Self::InvalidRequest(_) => ProblemCode::InvalidRequest,
            Self::UnknownSignIn(_) => ProblemCode::UnknownSignIn,
            Self::CrossSite(_) => ProblemCode::CrossSite,
            // Only this ends the session, and the refresh does that itself. After every other error it lives on.
            Self::Refresh(error) if error.ends_session() => ProblemCode::NotSignedIn,
            Self::AuthorizationResponse(error) | Self::Exchange(TokenError::Refused(error)) => {
                match (error.kind(), self) {
                    (ErrorKind::Denied, _) => ProblemCode::AccessDenied,
                    (ErrorKind::Interaction, _) => ProblemCode::InteractionRequired,
                    (_, Self::AuthorizationResponse(_)) => ProblemCode::ProviderRefused,
                    (ErrorKind::Passing, _) => ProblemCode::ProviderUnavailable,
                    (ErrorKind::Grant | ErrorKind::Other, _) => ProblemCode::CodeRefused,
                }
            }
            Self::ApiToken(error) => match error.kind() {
                ErrorKind::Denied => ProblemCode::NotAllowed,
                ErrorKind::Interaction => ProblemCode::InteractionRequired,
                ErrorKind::Passing => ProblemCode::ProviderUnavailable,
                ErrorKind::Grant | ErrorKind::Other => ProblemCode::ProviderRefused,
            },
            Self::Exchange(TokenError::Malformed(_)) => ProblemCode::CodeRefused,
            Self::Exchange(TokenError::TooLarge(_)) | Self::Refresh(TokenError::TooLarge(_)) => {
                ProblemCode::IdentityTooLarge
            }
            Self::Exchange(TokenError::IdToken(_)) | Self::Refresh(TokenError::IdToken(_)) => {
                ProblemCode::InvalidIdToken
            }
            Self::AuthorizationRequest(AuthorizationRequestError::Refused(_)) => {
                ProblemCode::ProviderRefused
            }
            Self::UserInfo(UserInfoError::OtherPerson) => ProblemCode::InvalidUserInfo,
            // The access token is refused and cannot be refreshed: only a new sign-in brings another one.
            Self::UserInfo(UserInfoError::Unauthorized) => ProblemCode::InteractionRequired,
            Self::Store(_) => ProblemCode::StoreUnavailable,
            Self::Panicked(_) => ProblemCode::Internal,
            Self::ProviderUnavailable(_)
            | Self::Exchange(_)
            | Self::Refresh(_)
            | Self::AuthorizationRequest(_)
            | Self::UserInfo(_)
            | Self::LogoutToken(LogoutTokenError::Metadata(_)) => ProblemCode::ProviderUnavailable,
            Self::LogoutToken(_) => ProblemCode::InvalidLogoutToken,
        }
    }

    /// How a request ended, as a label of a metric: `done`, or the problem's code.
    pub(crate) fn outcome<T>(result: &Result<T, Self>) -> &'static str {
        match result {
            Ok(_) => "done",
            Err(error) => error.code().as_str(),
        }
    }

    /// Logs what an operator needs: faults as errors, refusals as information.
    pub(crate) fn log(&self) {
        let (code, cause) = (self.code().as_str(), log_text::cause(self));
        if self.code().status() >= 500 {
            tracing::error!(event = "request.failed", code, %cause);
        } else {
            tracing::info!(event = "request.refused", code, %cause);
        }
    }
}

impl From<MetadataError> for Error {
    fn from(error: MetadataError) -> Self {
        Self::ProviderUnavailable(error.to_string())
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        self.log();
        problem_response(&self.problem())
    }
}

/// `application/problem+json` (RFC 9457).
pub(crate) fn problem_response(problem: &Problem) -> Response {
    let mut response = (status_of(problem), Json(problem)).into_response();
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/problem+json"),
    );
    mark_retry(problem, &mut response);
    response
}

pub(crate) fn status_of(problem: &Problem) -> StatusCode {
    StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Adds `Retry-After` to problems that pass by themselves.
pub(crate) fn mark_retry(problem: &Problem, response: &mut Response) {
    let seconds = match status_of(problem) {
        StatusCode::SERVICE_UNAVAILABLE => "5",
        StatusCode::TOO_MANY_REQUESTS => "60",
        _ => return,
    };
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from_static(seconds));
}
