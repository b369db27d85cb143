//! Pushed authorization requests (RFC 9126): the parameters are kept for a minute, the browser brings a reference to
//! them, once.

use crate::{
    Provider,
    domain::{
        application::Application, lifetime::PUSHED_REQUEST, oidc_error::OidcError,
        parameters::Parameters,
    },
    secrets::{Purpose, opaque},
};

/// What a reference of ours begins with (section 2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// Keeps the parameters of a request that was checked, and gives the reference to them.
pub(crate) async fn keep(
    provider: &Provider,
    application: &Application,
    form: &Parameters,
) -> Result<String, OidcError> {
    let reference = opaque();
    let digest = provider.digests.digest(Purpose::PushedRequest, &reference);
    let text = form.as_pushed_by(&application.id);
    let expires_at = provider.clock.unix() + PUSHED_REQUEST;
    provider
        .store
        .keep_pushed_request(&digest, &application.id, &text, expires_at)
        .await?;
    Ok(format!("{PREFIX}{reference}"))
}

/// The parameters that a reference of ours stands for; others that come beside it do not count (section 4). Any other
/// request is what it is.
pub(crate) async fn resolve(
    provider: &Provider,
    parameters: Parameters,
) -> Result<Parameters, OidcError> {
    let Some(reference) = reference(&parameters)? else {
        return Ok(parameters);
    };
    let digest = provider.digests.digest(Purpose::PushedRequest, reference);
    let client_id = parameters.required("client_id")?;
    let now = provider.clock.unix();
    let pushed = provider
        .store
        .take_pushed_request(&digest, client_id, now)
        .await?
        .ok_or(OidcError::InvalidRequestUri)?;
    Ok(Parameters::parse(&pushed))
}

fn reference(parameters: &Parameters) -> Result<Option<&str>, OidcError> {
    let request_uri = parameters.optional("request_uri")?;
    Ok(request_uri.and_then(|request_uri| request_uri.strip_prefix(PREFIX)))
}
