//! Client authentication: by the secret itself, or by an assertion that is signed with it and used once.

use crate::{
    Provider,
    domain::{
        application::Application, client_assertion::UnverifiedAssertion, client_authentication,
        oidc_error::OidcError, parameters::Parameters,
    },
    secrets::Purpose,
};
use std::sync::Arc;

/// Authenticates the application. `authorization` is the header of that name.
pub(crate) async fn authenticate(
    provider: &Provider,
    authorization: Option<&str>,
    form: &Parameters,
) -> Result<Arc<Application>, OidcError> {
    if form.has("client_assertion") && authorization.is_none() {
        return by_assertion(provider, form).await;
    }
    let unverified = client_authentication::credentials(authorization, form)?;
    provider.tenant().applications.authenticate(
        &unverified.client_id,
        unverified.secret.as_ref(),
        provider.clock.unix(),
    )
}

async fn by_assertion(
    provider: &Provider,
    form: &Parameters,
) -> Result<Arc<Application>, OidcError> {
    let unverified = UnverifiedAssertion::from_form(form)?;
    let application = provider
        .tenant()
        .applications
        .client(&unverified.client_id)?;
    let now = provider.clock.unix();
    let token_endpoint = format!("{}/token", provider.issuer());
    let audiences = [provider.issuer(), &token_endpoint];
    let assertion = unverified.verify(&application, &audiences, now)?;
    let name = format!("{}\0{}", application.id, assertion.jti);
    let digest = provider.digests.digest(Purpose::ClientAssertion, &name);
    let is_first_use = provider
        .store
        .use_client_assertion(&digest, assertion.expires_at)
        .await?;
    if is_first_use {
        Ok(application)
    } else {
        Err(OidcError::ClientAuthenticationFailed)
    }
}
