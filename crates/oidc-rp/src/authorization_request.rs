//! The authorization request (OpenID Connect Core 1.0, section 3.1.2.1, with PKCE, RFC 7636).

use crate::{
    ClientConfig,
    discovery::{Metadata, MetadataError},
    pushed_authorization_request::PushError,
};
use openidconnect::{
    CsrfToken, LanguageTag, LoginHint, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient},
};
use shared::{Prompt, SignInOptions};
use url::Url;

/// Where to send the browser, and what must be remembered until it comes back.
pub struct AuthorizationRequest {
    /// The authorization endpoint with the request, or with a reference to it.
    pub url: Url,
    /// Comes back with the response, and finds what was remembered.
    pub state: CsrfToken,
    /// What the ID token must carry.
    pub nonce: Nonce,
    /// What the code exchange must send (RFC 7636).
    pub pkce_verifier: PkceCodeVerifier,
}

/// Why nobody can be sent to the provider.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizationRequestError {
    /// Discovery failed.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The request was not accepted by the pushed authorization request endpoint.
    #[error(transparent)]
    Push(#[from] PushError),
}

impl AuthorizationRequest {
    /// `state`, `nonce` and the code verifier are fresh and have 128 bits and more.
    pub fn new(metadata: &Metadata, config: &ClientConfig, options: &SignInOptions) -> Self {
        let client =
            CoreClient::from_provider_metadata(metadata.clone(), config.client_id.clone(), None)
                .set_redirect_uri(config.redirect_uri.clone());
        let (challenge, pkce_verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(config.scopes.iter().cloned())
            .set_pkce_challenge(challenge);

        let chosen = options.prompt.map(|prompt| vec![prompt]);
        for prompt in chosen.as_ref().unwrap_or(&config.prompt) {
            request = request.add_prompt(wire_prompt(*prompt));
        }
        if let Some(hint) = &options.login_hint {
            request = request.set_login_hint(LoginHint::new(hint.clone()));
        }
        for locale in options
            .ui_locales
            .iter()
            .flat_map(|locales| locales.split_whitespace())
        {
            request = request.add_ui_locale(LanguageTag::new(locale.to_owned()));
        }
        for (name, value) in logto_parameters(config, options) {
            request = request.add_extra_param(name, value);
        }
        let (url, state, nonce) = request.url();
        Self {
            url,
            state,
            nonce,
            pkce_verifier,
        }
    }
}

fn wire_prompt(prompt: Prompt) -> CoreAuthPrompt {
    match prompt {
        Prompt::None => CoreAuthPrompt::None,
        Prompt::Consent => CoreAuthPrompt::Consent,
        Prompt::Login => CoreAuthPrompt::Login,
    }
}

/// Parameters that are Logto's own, and `resource` (RFC 8707).
fn logto_parameters(config: &ClientConfig, options: &SignInOptions) -> Vec<(&'static str, String)> {
    let identifiers: Vec<_> = options
        .identifiers
        .iter()
        .map(|identifier| identifier.as_str())
        .collect();
    let mut parameters: Vec<_> = config
        .resources
        .iter()
        .map(|resource| ("resource", resource.to_string()))
        .collect();
    let optional = [
        (
            "first_screen",
            options
                .first_screen
                .map(|screen| screen.as_str().to_owned()),
        ),
        (
            "identifier",
            (!identifiers.is_empty()).then(|| identifiers.join(" ")),
        ),
        (
            "direct_sign_in",
            options.direct_sign_in.clone().map(String::from),
        ),
        ("organization_id", options.organization_id.clone()),
    ];
    parameters.extend(
        optional
            .into_iter()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    parameters
}
