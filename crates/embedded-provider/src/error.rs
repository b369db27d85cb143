//! Error responses, all in Logto's JSON format. The cause of an internal error is logged and never sent.

use crate::{
    domain::{
        experience_error::ExperienceError, management::error::ManagementError,
        oidc_error::OidcError,
    },
    store::StoreError,
};
use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{
    HeaderValue, StatusCode,
    header::{RETRY_AFTER, WWW_AUTHENTICATE},
};
use serde::Serialize;
use serde_json::Value;
use std::borrow::Cow;

/// The description of [`OidcError::NoAccessToken`].
const NO_TOKEN: &str = "no access token provided";

/// An error response.
#[derive(Debug)]
pub(crate) struct ErrorResponse {
    status: StatusCode,
    authenticate: Option<String>,
    /// Seconds.
    retry_after: Option<i64>,
    body: Box<Body>,
}

#[derive(Debug, Default, Serialize)]
struct Body {
    #[serde(skip_serializing_if = "String::is_empty")]
    code: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    data: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Cow<'static, str>>,
    message: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_uri: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iss: Option<String>,
}

impl ErrorResponse {
    /// Adds how a client must authenticate (RFC 6749, section 5.2; RFC 6750, section 3).
    pub(crate) fn challenge(mut self, scheme: &str, realm: &str) -> Self {
        let mut challenge = format!("{scheme} realm=\"{realm}\"");
        // RFC 6750, section 3.1: without any token the challenge has no error code.
        let description = self.body.error_description.as_deref();
        if let (Some(error), Some(description)) = (self.body.error, description)
            && description != NO_TOKEN
        {
            challenge =
                format!("{challenge}, error=\"{error}\", error_description=\"{description}\"");
        }
        self.authenticate = Some(challenge);
        self
    }

    /// Adds the members of an authorization error that is shown instead of sent to the client.
    pub(crate) fn of_authorization(mut self, state: Option<String>, issuer: &str) -> Self {
        self.body.state = state;
        self.body.iss = Some(issuer.to_owned());
        self
    }

    pub(crate) const fn status(&self) -> StatusCode {
        self.status
    }
}

impl From<OidcError> for ErrorResponse {
    fn from(error: OidcError) -> Self {
        let code = match &error {
            OidcError::SessionNotFound(_) => "session.not_found".to_owned(),
            error => format!("oidc.{}", error.code()),
        };
        let body = Body {
            code,
            message: error.message().into_owned(),
            error_uri: matches!(error, OidcError::InvalidGrant)
                .then_some("https://openid.sh/debug/invalid_grant"),
            error: Some(error.code()),
            error_description: error.description().map(Cow::into_owned),
            scope: match &error {
                OidcError::ScopeNotGranted { missing } => Some(missing.clone()),
                _ => None,
            },
            ..Body::default()
        };
        Self {
            status: error.status(),
            authenticate: None,
            retry_after: None,
            body: Box::new(body),
        }
    }
}

impl From<ExperienceError> for ErrorResponse {
    fn from(error: ExperienceError) -> Self {
        if let ExperienceError::SessionNotFound(description) = error {
            return OidcError::SessionNotFound(description).into();
        }
        Self {
            status: error.status(),
            authenticate: None,
            retry_after: error.retry_after(),
            body: Box::new(Body {
                code: error.code().to_owned(),
                data: error.data(),
                details: error.details().map(Cow::Borrowed),
                message: error.message().into_owned(),
                ..Body::default()
            }),
        }
    }
}

impl From<ManagementError> for ErrorResponse {
    fn from(error: ManagementError) -> Self {
        Self {
            status: error.status(),
            authenticate: None,
            retry_after: None,
            body: Box::new(Body {
                code: error.code().unwrap_or_default().to_owned(),
                data: error.data(),
                details: error.details().map(Cow::Owned),
                message: error.message().into_owned(),
                ..Body::default()
            }),
        }
    }
}

impl From<StoreError> for ManagementError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the database failed");
        Self::ServerError
    }
}

impl From<StoreError> for OidcError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the database failed");
        Self::ServerError
    }
}

impl From<StoreError> for ExperienceError {
    fn from(error: StoreError) -> Self {
        tracing::error!(%error, "the database failed");
        Self::ServerError
    }
}

impl From<serde_json::Error> for OidcError {
    fn from(error: serde_json::Error) -> Self {
        tracing::error!(%error, "a token cannot be written");
        Self::ServerError
    }
}

impl IntoResponse for ErrorResponse {
    fn into_response(self) -> Response {
        let mut response = (self.status, Json(self.body)).into_response();
        let headers = response.headers_mut();
        headers.insert(http::header::CONTENT_TYPE, crate::endpoints::response::JSON);
        if let Some(challenge) = self.authenticate
            && let Ok(challenge) = HeaderValue::from_str(&challenge)
        {
            headers.insert(WWW_AUTHENTICATE, challenge);
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}
