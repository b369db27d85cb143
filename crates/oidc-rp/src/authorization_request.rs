//! The authorization request (OpenID Connect Core 1.0, section 3.1.2.1, with PKCE, RFC 7636).

use crate::{
    Client, ClientConfig, OAuthError,
    discovery::{Metadata, MetadataError},
    http_client::HttpClientError,
};
use openidconnect::{
    CsrfToken, LanguageTag, LoginHint, Nonce, PkceCodeChallenge, PkceCodeVerifier,
    core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClient},
};
use shared::{Prompt, SignInOptions};
use url::Url;

/// Where to send the browser, and what to remember until it comes back.
pub struct AuthorizationRequest {
    /// The authorization endpoint with the request, or with a reference to it.
    pub url: Url,
    /// Comes back in the response, where it finds what was remembered. Bind it to the browser, and accept it once.
    pub state: CsrfToken,
    /// The ID token must carry it.
    pub nonce: Nonce,
    /// The code exchange must send it.
    pub pkce_verifier: PkceCodeVerifier,
}

/// The browser cannot be sent to the provider.
#[derive(Debug, thiserror::Error)]
pub enum AuthorizationRequestError {
    /// Discovery failed.
    #[error(transparent)]
    Metadata(#[from] MetadataError),
    /// The request could not be pushed (RFC 9126).
    #[error(transparent)]
    Http(#[from] HttpClientError),
    /// The provider refuses the pushed request. For `invalid_client` and `invalid_redirect_uri` an operator must act.
    #[error("the provider refuses the pushed authorization request: {0}")]
    Refused(OAuthError),
    /// The response to the pushed request is not that of RFC 9126, section 2.2.
    #[error("the response to the pushed authorization request is wrong")]
    Malformed,
}

impl Client {
    /// Prepares a sign-in. `state`, `nonce` and the code verifier are random, with at least 128 bits each.
    ///
    /// # Errors
    /// When the provider cannot be reached, or does not accept a pushed request.
    pub async fn authorization_request(
        &self,
        options: &SignInOptions,
    ) -> Result<AuthorizationRequest, AuthorizationRequestError> {
        let metadata = self.discovery.reachable(&self.http).await?;
        let request = AuthorizationRequest::new(&metadata, &self.config, options);
        Ok(AuthorizationRequest {
            url: self.push(&metadata, request.url).await?,
            ..request
        })
    }
}

impl AuthorizationRequest {
    pub(crate) fn new(metadata: &Metadata, config: &ClientConfig, options: &SignInOptions) -> Self {
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

        for prompt in prompts(config, options) {
            request = request.add_prompt(wire_prompt(prompt));
        }
        if let Some(hint) = &options.login_hint {
            request = request.set_login_hint(LoginHint::new(hint.clone()));
        }
        let locales = options.ui_locales.iter();
        for locale in locales.flat_map(|locales| locales.split_whitespace()) {
            request = request.add_ui_locale(LanguageTag::new(locale.to_owned()));
        }
        for (name, value) in further_parameters(config, options) {
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

/// The request's own choice, else that of the settings. A sign-in with `login` keeps the `consent` of the settings, because
/// Logto issues no refresh token without it.
fn prompts(config: &ClientConfig, options: &SignInOptions) -> Vec<Prompt> {
    let mut prompts = options.prompt.clone();
    if prompts.is_empty() {
        return config.prompt.clone();
    }
    if prompts == [Prompt::Login] && config.prompt.contains(&Prompt::Consent) {
        prompts.push(Prompt::Consent);
    }
    prompts
}

fn wire_prompt(prompt: Prompt) -> CoreAuthPrompt {
    match prompt {
        Prompt::None => CoreAuthPrompt::None,
        Prompt::Consent => CoreAuthPrompt::Consent,
        Prompt::Login => CoreAuthPrompt::Login,
    }
}

/// `resource` (RFC 8707), and parameters of Logto.
fn further_parameters(
    config: &ClientConfig,
    options: &SignInOptions,
) -> Vec<(&'static str, String)> {
    let resources = config.resources.iter();
    let resources = resources.map(|resource| ("resource", resource.to_string()));
    let identifiers = options.identifiers.iter();
    let identifiers: Vec<_> = identifiers.map(|identifier| identifier.as_str()).collect();
    let first_screen = options.first_screen;
    let optional = [
        (
            "first_screen",
            first_screen.map(|screen| screen.as_str().to_owned()),
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
    let given = optional
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)));
    resources.chain(given).collect()
}
