//! The authorization response, and how it reaches the client (OAuth 2.0 Multiple Response Types, Form Post Response
//! Mode).

use crate::domain::oidc_error::OidcError;
use serde::{Deserialize, Serialize};
use url::Url;

/// Where the parameters of the response are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ResponseMode {
    Query,
    Fragment,
    FormPost,
}

impl ResponseMode {
    pub(crate) fn parse(text: &str) -> Result<Self, OidcError> {
        match text {
            "query" => Ok(Self::Query),
            "fragment" => Ok(Self::Fragment),
            "form_post" => Ok(Self::FormPost),
            _ => Err(OidcError::UnsupportedResponseMode),
        }
    }
}

/// The receiver of an authorization response, the response mode and the `state`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ResponseTarget {
    /// Registered for the client. It was checked before this value was created.
    pub(crate) redirect_uri: String,
    pub(crate) mode: ResponseMode,
    pub(crate) state: Option<String>,
}

/// An authorization response, ready to be sent.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AuthorizationResponse {
    /// A redirect to this address.
    Redirect(String),
    /// A form that the browser posts to the address.
    FormPost {
        action: String,
        fields: Vec<(&'static str, String)>,
    },
}

impl ResponseTarget {
    /// The response with a code.
    pub(crate) fn code(&self, code: &str, issuer: &str) -> AuthorizationResponse {
        self.response(vec![("code", code.to_owned())], issuer)
    }

    /// The response with an error.
    pub(crate) fn error(&self, error: &OidcError, issuer: &str) -> AuthorizationResponse {
        let mut fields = vec![("error", error.code().to_owned())];
        if let Some(description) = error.description() {
            fields.push(("error_description", description.into_owned()));
        }
        self.response(fields, issuer)
    }

    /// Adds `state` and, always, `iss` (RFC 9207).
    fn response(
        &self,
        mut fields: Vec<(&'static str, String)>,
        issuer: &str,
    ) -> AuthorizationResponse {
        if let Some(state) = &self.state {
            fields.push(("state", state.clone()));
        }
        fields.push(("iss", issuer.to_owned()));
        match self.mode {
            ResponseMode::FormPost => AuthorizationResponse::FormPost {
                action: self.redirect_uri.clone(),
                fields,
            },
            mode => AuthorizationResponse::Redirect(self.location(mode, &fields)),
        }
    }

    fn location(&self, mode: ResponseMode, fields: &[(&'static str, String)]) -> String {
        let encoded = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(fields)
            .finish();
        let separator = match mode {
            ResponseMode::Fragment => '#',
            _ if self.redirect_uri.contains('?') => '&',
            _ => '?',
        };
        format!("{}{separator}{encoded}", self.redirect_uri)
    }
}

/// The origin of a registered address, for a page's `form-action`.
pub(crate) fn origin(address: &str) -> Option<String> {
    Url::parse(address)
        .ok()
        .map(|url| url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn target(redirect_uri: &str, mode: ResponseMode) -> ResponseTarget {
        ResponseTarget {
            redirect_uri: redirect_uri.to_owned(),
            mode,
            state: Some("a b".to_owned()),
        }
    }

    #[test]
    fn each_mode_puts_the_parameters_in_its_place() {
        let cases = [
            (
                "http://a/cb",
                ResponseMode::Query,
                "http://a/cb?code=c&state=a+b&iss=i",
            ),
            (
                "http://a/cb?x=1",
                ResponseMode::Query,
                "http://a/cb?x=1&code=c&state=a+b&iss=i",
            ),
            (
                "http://a/cb",
                ResponseMode::Fragment,
                "http://a/cb#code=c&state=a+b&iss=i",
            ),
        ];
        for (redirect_uri, mode, location) in cases {
            assert_eq!(
                target(redirect_uri, mode).code("c", "i"),
                AuthorizationResponse::Redirect(location.to_owned())
            );
        }
    }

    #[test]
    fn an_error_says_iss_and_no_empty_description() {
        let mut target = target("http://a/cb", ResponseMode::Query);
        target.state = None;
        assert_eq!(
            target.error(&OidcError::RequestNotSupported, "i"),
            AuthorizationResponse::Redirect(
                "http://a/cb?error=request_not_supported&iss=i".to_owned()
            )
        );
    }
}
