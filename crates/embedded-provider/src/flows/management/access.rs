//! Access to the Management API: tokens for its client and for machine-to-machine applications, and their check.

use crate::{
    Provider,
    current_tenant::MANAGEMENT_API_ALL,
    domain::{
        application::Application,
        client_authentication::{self, UnverifiedCredentials},
        lifetime,
        management::{
            access_token::{self, AccessTokenClaims},
            error::ManagementError,
            relation::{APPLICATION_ROLES, ROLE_SCOPES},
        },
        oidc_error::OidcError,
        parameters::Parameters,
    },
    keys::VerifyError,
    provider::Administration,
    secrets,
    store::Address,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The response of the token endpoint for client credentials (RFC 6749, section 4.4.3). It has no `Debug`, so that no
/// token can be logged.
#[derive(Serialize)]
pub(crate) struct ClientTokenResponse {
    access_token: String,
    expires_in: i64,
    token_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<String>,
}

/// Issues a token to the client of the Management API. `authorization` is the header of that name.
pub(crate) fn issue_to_client(
    provider: &Provider,
    administration: &Administration,
    authorization: Option<&str>,
    form: &Parameters,
) -> Result<ClientTokenResponse, OidcError> {
    let unverified = client_authentication::credentials(authorization, form)?;
    authenticate(administration, &unverified)?;
    match form.required("grant_type")? {
        "client_credentials" => {}
        "authorization_code" | "refresh_token" | "implicit" => {
            return Err(OidcError::invalid_request(
                "requested grant type is not allowed for this client",
            ));
        }
        _ => return Err(OidcError::UnsupportedGrantType),
    }
    check_target(form)?;
    let scope = access_token::granted(form.optional("scope")?);
    let issuer = administration.endpoint.issuer();
    issue(provider, issuer, &administration.app_id, scope)
}

/// Issues a token to a machine-to-machine application. It has the scope if a role of the application gives it.
pub(crate) async fn issue_to_application(
    provider: &Provider,
    application: &Application,
    form: &Parameters,
) -> Result<ClientTokenResponse, OidcError> {
    check_target(form)?;
    let requested = access_token::granted(form.optional("scope")?);
    let scope = match requested {
        Some(scope) if has_role_for_all(provider, &application.id).await? => Some(scope),
        _ => None,
    };
    issue(provider, provider.issuer(), &application.id, scope)
}

async fn has_role_for_all(provider: &Provider, application: &str) -> Result<bool, OidcError> {
    let store = &provider.store;
    for role in store
        .documents(APPLICATION_ROLES.name, Some(application))
        .await?
    {
        let at = Address {
            kind: ROLE_SCOPES.name,
            parent: &role.id,
            id: MANAGEMENT_API_ALL,
        };
        if store.document(at).await?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Compares the secret in constant time, whatever its length.
fn authenticate(
    administration: &Administration,
    unverified: &UnverifiedCredentials,
) -> Result<(), OidcError> {
    if unverified.client_id != administration.app_id {
        return Err(OidcError::UnknownClient(unverified.client_id.clone()));
    }
    let digest = |secret: &SecretString| Sha256::digest(secret.expose_secret());
    let secret = unverified.secret.as_ref();
    let secret = secret.ok_or(OidcError::ClientAuthenticationFailed)?;
    if digest(secret)
        .ct_eq(&digest(&administration.app_secret))
        .into()
    {
        Ok(())
    } else {
        Err(OidcError::ClientAuthenticationFailed)
    }
}

/// Only the Management API is a resource here (RFC 8707, section 2).
fn check_target(form: &Parameters) -> Result<(), OidcError> {
    match form.optional("resource")? {
        None => Err(OidcError::NoTarget),
        Some(access_token::RESOURCE) => Ok(()),
        Some(_) => Err(OidcError::InvalidTarget),
    }
}

fn issue(
    provider: &Provider,
    issuer: &str,
    client_id: &str,
    scope: Option<String>,
) -> Result<ClientTokenResponse, OidcError> {
    let now = provider.clock.unix();
    let claims = AccessTokenClaims {
        jti: secrets::opaque(),
        sub: client_id.to_owned(),
        iat: now,
        exp: now + lifetime::ACCESS_TOKEN,
        scope: scope.clone(),
        client_id: client_id.to_owned(),
        iss: issuer.to_owned(),
        aud: access_token::RESOURCE.to_owned(),
    };
    Ok(ClientTokenResponse {
        access_token: provider.keys.sign_typed(access_token::TYPE, &claims)?,
        expires_in: lifetime::ACCESS_TOKEN,
        token_type: "Bearer",
        scope,
    })
}

/// Checks the token of a request. `authorization` is the header of that name.
pub(crate) fn check(
    provider: &Provider,
    administration: &Administration,
    authorization: Option<&[u8]>,
) -> Result<(), ManagementError> {
    let authorization = authorization.ok_or(ManagementError::NoAuthorization)?;
    let unverified = std::str::from_utf8(authorization)
        .ok()
        .and_then(|authorization| authorization.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or(ManagementError::AuthorizationIsNoBearer)?;
    let claims: AccessTokenClaims = provider
        .keys
        .verify_typed(access_token::TYPE, unverified)
        .map_err(|error| match error {
            VerifyError::Undecodable => ManagementError::BadToken("ERR_JWS_INVALID", "JWSInvalid"),
            VerifyError::NotOurs => ManagementError::BadToken(
                "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
                "JWSSignatureVerificationFailed",
            ),
        })?;
    let issuers = [administration.endpoint.issuer(), provider.issuer()];
    claims.check(&issuers, provider.clock.unix())
}
