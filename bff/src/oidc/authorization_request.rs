//! The authorization request (OpenID Connect Core 1.0, section 3.1.2.1, with PKCE, RFC 7636).

use super::{
    discovery::{Metadata, MetadataError},
    pushed_authorization_request::PushError,
};
use crate::config::ProviderConfig;
use openidconnect::{
    CsrfToken, LanguageTag, LoginHint, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl,
    core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient},
};
use shared::{Prompt, SignInOptions};
use url::Url;

/// Where to send the browser, and what must be remembered until it comes back.
pub(crate) struct AuthorizationRequest {
    pub(crate) url: Url,
    pub(crate) state: CsrfToken,
    pub(crate) nonce: Nonce,
    pub(crate) pkce_verifier: PkceCodeVerifier,
}

/// Why nobody can be sent to the provider.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AuthorizationRequestError {
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    #[error(transparent)]
    Push(#[from] PushError),
}

impl AuthorizationRequest {
    /// `state`, `nonce` and the code verifier are fresh and have 128 bits and more.
    pub(crate) fn new(
        metadata: &Metadata,
        provider: &ProviderConfig,
        redirect_uri: RedirectUrl,
        options: &SignInOptions,
    ) -> Self {
        let client =
            CoreClient::from_provider_metadata(metadata.clone(), provider.client_id.clone(), None)
                .set_redirect_uri(redirect_uri);
        let (challenge, pkce_verifier) = PkceCodeChallenge::new_random_sha256();
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                CsrfToken::new_random,
                Nonce::new_random,
            )
            .add_scopes(provider.scopes.iter().cloned())
            .set_pkce_challenge(challenge);

        let chosen = options.prompt.map(|prompt| vec![prompt]);
        for prompt in chosen.as_ref().unwrap_or(&provider.prompt) {
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
        for (name, value) in logto_parameters(provider, options) {
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
fn logto_parameters(
    provider: &ProviderConfig,
    options: &SignInOptions,
) -> Vec<(&'static str, String)> {
    let identifiers: Vec<_> = options
        .identifiers
        .iter()
        .map(|identifier| identifier.as_str())
        .collect();
    let mut parameters: Vec<_> = provider
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
