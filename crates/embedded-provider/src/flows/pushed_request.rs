//! Pushed authorization requests (RFC 9126). The parameters are stored for a minute, and the browser brings a reference
//! to them, which works once.

use crate::{
    Provider,
    domain::{
        application::Application, lifetime::PUSHED_REQUEST, oidc_error::OidcError,
        parameters::Parameters,
    },
    secrets::{Purpose, opaque},
};

/// The prefix of our references (section 2.2).
const PREFIX: &str = "urn:ietf:params:oauth:request_uri:";

/// Stores the parameters of a checked request and returns the reference to them.
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

/// Replaces a reference of ours by the parameters it refers to. Other parameters beside the reference are ignored
/// (section 4). A request without one of our references is returned unchanged.
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
