//! Every error of the protocol endpoints, with the codes of RFC 6749, RFC 6750 and OpenID Connect Core and Logto's
//! descriptions.

use http::StatusCode;
use std::borrow::Cow;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OidcError {
    InvalidRequest(Cow<'static, str>),
    /// There is no such route below `/oidc`.
    UnknownRoute {
        method: String,
        path: String,
    },
    UnknownClient(String),
    /// The audience of an ID token is not one of our clients.
    UnknownAudience,
    ClientAuthenticationFailed,
    InvalidRedirectUri,
    /// The same error for every bad code or refresh token, so that it does not reveal the reason.
    InvalidGrant,
    UnsupportedGrantType,
    /// A refresh requested scopes that were not granted.
    ScopeNotGranted {
        missing: String,
    },
    InvalidTarget,
    /// A request of client credentials names no resource.
    NoTarget,
    UnsupportedResponseType,
    UnsupportedResponseMode,
    RequestNotSupported,
    RequestUriNotSupported,
    RegistrationNotSupported,
    /// A preload, a frame or a script requests an address that is for a person's visit.
    NotANavigation,
    /// The token is a JSON Web Token. The text names the endpoint that does not take it.
    StructuredToken(&'static str),
    /// The reference of a pushed request is unknown, used or expired.
    InvalidRequestUri,
    LoginRequired,
    ConsentRequired,
    NoAccessToken,
    InvalidAccessToken,
    /// The access token was not granted `openid`.
    InsufficientScope,
    /// The browser sent no cookie of the interaction, or the interaction has ended.
    SessionNotFound(&'static str),
    /// The tenant lacks what a sign-in needs. The text says what.
    NotSetUp(&'static str),
    /// An internal error. The cause is in the log.
    ServerError,
}

impl OidcError {
    pub(crate) fn invalid_request(description: impl Into<Cow<'static, str>>) -> Self {
        Self::InvalidRequest(description.into())
    }

    /// The error code of the specification.
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::InvalidRequest(_)
            | Self::UnknownRoute { .. }
            | Self::NotANavigation
            | Self::SessionNotFound(_) => "invalid_request",
            Self::UnknownClient(_) | Self::UnknownAudience | Self::ClientAuthenticationFailed => {
                "invalid_client"
            }
            Self::InvalidRedirectUri => "invalid_redirect_uri",
            Self::InvalidGrant => "invalid_grant",
            Self::UnsupportedGrantType => "unsupported_grant_type",
            Self::ScopeNotGranted { .. } => "invalid_scope",
            Self::InvalidTarget | Self::NoTarget => "invalid_target",
            Self::UnsupportedResponseType => "unsupported_response_type",
            Self::UnsupportedResponseMode => "unsupported_response_mode",
            Self::RequestNotSupported => "request_not_supported",
            Self::RequestUriNotSupported => "request_uri_not_supported",
            Self::RegistrationNotSupported => "registration_not_supported",
            Self::StructuredToken(_) => "unsupported_token_type",
            Self::InvalidRequestUri => "invalid_request_uri",
            Self::LoginRequired => "login_required",
            Self::ConsentRequired => "consent_required",
            Self::NoAccessToken | Self::InvalidAccessToken => "invalid_token",
            Self::InsufficientScope => "insufficient_scope",
            Self::NotSetUp(_) => "temporarily_unavailable",
            Self::ServerError => "server_error",
        }
    }

    /// Logto's description. `None` for three errors.
    pub(crate) fn description(&self) -> Option<Cow<'_, str>> {
        Some(match self {
            Self::InvalidRequest(description) => Cow::Borrowed(description.as_ref()),
            Self::UnknownRoute { method, path } => Cow::Owned(format!(
                "unrecognized route or not allowed method ({method} on {path})"
            )),
            Self::UnknownClient(id) => Cow::Owned(format!("invalid client {id}")),
            Self::UnknownAudience => "unrecognized id_token_hint audience".into(),
            Self::ClientAuthenticationFailed => "client authentication failed".into(),
            Self::InvalidRedirectUri => {
                "redirect_uri did not match any of the client's registered redirect_uris".into()
            }
            Self::InvalidGrant => "grant request is invalid".into(),
            Self::UnsupportedGrantType => "unsupported grant_type requested".into(),
            Self::ScopeNotGranted { .. } => "refresh token missing requested scope".into(),
            Self::InvalidTarget => "resource indicator is missing, or unknown".into(),
            Self::NoTarget => "both `resource` and `organization_id` are not provided".into(),
            Self::UnsupportedResponseType => "unsupported response_type requested".into(),
            Self::UnsupportedResponseMode => "unsupported response_mode requested".into(),
            Self::RequestNotSupported
            | Self::RequestUriNotSupported
            | Self::RegistrationNotSupported => return None,
            Self::StructuredToken(endpoint) => Cow::Owned(format!(
                "Structured JWT Tokens cannot be {} via the {endpoint}_endpoint",
                if *endpoint == "revocation" {
                    "revoked"
                } else {
                    "introspected"
                }
            )),
            Self::NotANavigation => "this address is for a top-level navigation".into(),
            Self::InvalidRequestUri => "request_uri is invalid, expired or used".into(),
            Self::LoginRequired => "End-User authentication is required".into(),
            Self::ConsentRequired => "requested scopes not granted".into(),
            Self::NoAccessToken => "no access token provided".into(),
            Self::InvalidAccessToken => "invalid token provided".into(),
            Self::InsufficientScope => "access token missing openid scope".into(),
            Self::SessionNotFound(description) | Self::NotSetUp(description) => {
                (*description).into()
            }
            Self::ServerError => "oops! something went wrong".into(),
        })
    }

    /// The HTTP status of the response if it is not a redirect.
    pub(crate) const fn status(&self) -> StatusCode {
        match self {
            Self::UnknownRoute { .. } => StatusCode::NOT_FOUND,
            Self::ClientAuthenticationFailed | Self::NoAccessToken | Self::InvalidAccessToken => {
                StatusCode::UNAUTHORIZED
            }
            Self::InsufficientScope | Self::NotANavigation => StatusCode::FORBIDDEN,
            Self::NotSetUp(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::ServerError => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The message that Logto adds for people.
    pub(crate) fn message(&self) -> Cow<'static, str> {
        match self.code() {
            _ if matches!(self, Self::SessionNotFound(_)) => {
                "Session not found. Please go back and sign in again.".into()
            }
            "invalid_request" => "Request is invalid.".into(),
            "invalid_grant" => "Grant request is invalid.".into(),
            "invalid_token" => "Invalid token provided.".into(),
            "invalid_scope" => "Invalid scope: {{error_description}}.".into(),
            "invalid_target" => "Invalid resource indicator.".into(),
            "insufficient_scope" => "Token missing scope `openid`.".into(),
            "invalid_redirect_uri" => {
                "`redirect_uri` did not match any of the client's registered `redirect_uris`."
                    .into()
            }
            "unsupported_grant_type" => "Unsupported `grant_type` requested.".into(),
            "unsupported_response_type" => "Unsupported `response_type` requested.".into(),
            "unsupported_response_mode" => "Unsupported `response_mode` requested.".into(),
            "server_error" => "An unknown OIDC error occurred. Please try again later.".into(),
            other => format!("An OIDC error occurred: oidc.{other}.").into(),
        }
    }
}
