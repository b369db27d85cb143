//! The authorization request (OpenID Connect Core 1.0, section 3.1.2.1), checked in one pass. An error is shown to the
//! person until the redirect URI is known to be the client's. Later errors are sent to the client.

use crate::domain::{
    application::{Application, Applications},
    oidc_error::OidcError,
    parameters::Parameters,
    pkce::CodeChallenge,
    prompt::Prompts,
    response_mode::{ResponseMode, ResponseTarget},
    scope::{self, Scopes},
    screen::Screen,
};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A valid request.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct AuthorizationRequest {
    pub(crate) client_id: String,
    pub(crate) target: ResponseTarget,
    /// The scopes that this provider supports and this request may have.
    pub(crate) scopes: Scopes,
    pub(crate) nonce: Option<String>,
    pub(crate) code_challenge: Option<CodeChallenge>,
    pub(crate) prompts: Prompts,
    /// The largest allowed time since the last sign-in, in seconds.
    pub(crate) max_age: Option<i64>,
    /// The `sub` of the person who must be signed in, from an ID token of this provider.
    pub(crate) hinted_user: Option<String>,
    pub(crate) screen: Screen,
}

/// Why a request is refused.
pub(crate) enum AuthorizationError {
    /// Shown to the person, because there is no trusted redirect URI.
    Shown {
        error: OidcError,
        state: Option<String>,
    },
    /// Sent to the client.
    Sent {
        error: OidcError,
        target: ResponseTarget,
    },
}

impl AuthorizationRequest {
    /// Checks all parameters. `user_of_hint` verifies an `id_token_hint` for a client and returns its `sub`.
    pub(crate) fn parse(
        parameters: &Parameters,
        applications: &Applications,
        user_of_hint: impl Fn(&str, &str) -> Option<String>,
    ) -> Result<Self, AuthorizationError> {
        let state = parameters.optional("state").ok().flatten();
        let (application, redirect_uri) = client_and_redirect_uri(parameters, applications)
            .map_err(|error| AuthorizationError::Shown {
                error,
                state: state.map(str::to_owned),
            })?;
        let target = ResponseTarget {
            redirect_uri: redirect_uri.to_owned(),
            mode: default_mode(parameters),
            state: state.map(str::to_owned),
        };
        Self::parse_rest(parameters, &application, target.clone(), user_of_hint)
            .map_err(|error| AuthorizationError::Sent { error, target })
    }

    fn parse_rest(
        parameters: &Parameters,
        application: &Application,
        mut target: ResponseTarget,
        user_of_hint: impl Fn(&str, &str) -> Option<String>,
    ) -> Result<Self, OidcError> {
        parameters.refuse_repeated(&["state", "nonce", "scope", "response_type"])?;
        refuse_what_is_not_supported(parameters)?;
        check_response_type(parameters.required("response_type")?)?;
        if let Some(mode) = parameters.optional("response_mode")? {
            target.mode = ResponseMode::parse(mode)?;
        }
        let prompts = Prompts::parse(parameters.optional("prompt")?.unwrap_or_default())?;
        let hint = parameters.optional("id_token_hint")?;
        Ok(Self {
            client_id: application.id.clone(),
            target,
            scopes: scopes(parameters, prompts)?,
            nonce: parameters.optional("nonce")?.map(str::to_owned),
            code_challenge: CodeChallenge::from_request(parameters)?,
            prompts,
            max_age: parameters.optional("max_age")?.map(max_age).transpose()?,
            hinted_user: hint
                .map(|hint| {
                    user_of_hint(hint, &application.id).ok_or_else(|| {
                        OidcError::invalid_request("could not validate id_token_hint")
                    })
                })
                .transpose()?,
            screen: Screen::from_request(parameters)?,
        })
    }

    /// Whether the ID token must contain `auth_time`.
    pub(crate) const fn wants_auth_time(&self) -> bool {
        self.max_age.is_some() || self.prompts.login
    }
}

fn client_and_redirect_uri<'a>(
    parameters: &'a Parameters,
    applications: &Applications,
) -> Result<(Arc<Application>, &'a str), OidcError> {
    let application = applications.client(parameters.required("client_id")?)?;
    let redirect_uri = parameters.required("redirect_uri")?;
    if application.allows_redirect_to(redirect_uri) {
        Ok((application, redirect_uri))
    } else {
        Err(OidcError::InvalidRedirectUri)
    }
}

/// Tokens never go into a query (OAuth 2.0 Multiple Response Types, section 2.1).
fn default_mode(parameters: &Parameters) -> ResponseMode {
    match parameters.optional("response_type") {
        Ok(Some(response_type)) if response_type.contains("token") => ResponseMode::Fragment,
        _ => parameters
            .optional("response_mode")
            .ok()
            .flatten()
            .and_then(|mode| ResponseMode::parse(mode).ok())
            .unwrap_or(ResponseMode::Query),
    }
}

fn refuse_what_is_not_supported(parameters: &Parameters) -> Result<(), OidcError> {
    if parameters.has("request") {
        Err(OidcError::RequestNotSupported)
    } else if parameters.has("request_uri") {
        Err(OidcError::RequestUriNotSupported)
    } else if parameters.has("registration") {
        Err(OidcError::RegistrationNotSupported)
    } else if parameters.has("resource") {
        Err(OidcError::InvalidTarget)
    } else {
        Ok(())
    }
}

fn check_response_type(response_type: &str) -> Result<(), OidcError> {
    let mut types: Vec<&str> = response_type.split_ascii_whitespace().collect();
    types.sort_unstable();
    match types.as_slice() {
        ["code"] => Ok(()),
        // Logto supports these, but not for a web application.
        ["id_token" | "none"] | ["code", "id_token"] => Err(OidcError::invalid_request(
            "requested response_type is not allowed for this client",
        )),
        _ => Err(OidcError::UnsupportedResponseType),
    }
}

fn scopes(parameters: &Parameters, prompts: Prompts) -> Result<Scopes, OidcError> {
    let requested = Scopes::parse(parameters.optional("scope")?.unwrap_or_default());
    if !requested.contains("openid") && parameters.has("nonce") {
        return Err(OidcError::invalid_request(
            "openid scope must be requested when using the nonce parameter",
        ));
    }
    // OpenID Connect Core 1.0, section 11: offline access needs consent.
    Ok(requested.filtered(|scope| {
        scope::SUPPORTED.contains(&scope) && (scope != scope::OFFLINE_ACCESS || prompts.consent)
    }))
}

fn max_age(text: &str) -> Result<i64, OidcError> {
    const LARGEST_SAFE_INTEGER: i64 = (1 << 53) - 1;
    text.parse()
        .ok()
        .filter(|age| (0..=LARGEST_SAFE_INTEGER).contains(age))
        .ok_or_else(|| OidcError::invalid_request("invalid max_age parameter value"))
}
