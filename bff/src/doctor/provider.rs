//! Checks of the provider. Without its discovery document there is nothing more to check.

use super::{
    Finding::{self, Fine, Warning, Wrong},
    facts::Facts,
};
use crate::{config::is_loopback, log_text};
use oidc_rp::{AuthorizationAnswer, Metadata, SecretAnswer};
use openidconnect::{TokenUrl, UserInfoUrl, core::CoreJsonWebKey};
use serde_json::Value;
use shared::Prompt;
use url::Url;

/// What the verification of ID tokens forgives.
const MOST_SKEW: i64 = 60;

fn told(facts: &Facts) -> Option<&Metadata> {
    facts.provider.document.as_ref().ok()?.metadata.as_ref()
}

pub(super) fn discovery(facts: &Facts) -> Finding {
    let reach = "let this machine reach LOGTO_ENDPOINT (name, firewall, certificate), or set OIDC_INTERNAL_URL; what depends on it is not checked yet";
    let address = "let LOGTO_ENDPOINT or OIDC_ISSUER name the provider: its document is at the issuer followed by /.well-known/openid-configuration";
    match &facts.provider.document {
        Err(cause) => Wrong(cause.clone(), reach),
        Ok(document) if document.status != 200 => Wrong(
            format!("the provider answered with status {}", document.status),
            address,
        ),
        Ok(document) if document.metadata.is_none() => Wrong(
            "the provider's answer is no discovery document".to_owned(),
            address,
        ),
        Ok(_) => Fine("the provider answers".to_owned()),
    }
}

pub(super) fn issuer(facts: &Facts) -> Option<Finding> {
    let (theirs, ours) = (told(facts)?.issuer(), &facts.settings.issuer);
    let shown = log_text::word(theirs.as_str(), 256);
    Some(if theirs == ours {
        Fine(shown)
    } else {
        Wrong(
            format!("the provider says {shown}, the settings {}", ours.as_str()),
            "set OIDC_ISSUER to what the provider says, character by character",
        )
    })
}

pub(super) fn endpoints(facts: &Facts) -> Option<Finding> {
    let metadata = told(facts)?;
    let further = metadata.additional_metadata();
    let token = metadata.token_endpoint().map(TokenUrl::url);
    let user_info = metadata.userinfo_endpoint().map(UserInfoUrl::url);
    let known = [
        (
            "authorization_endpoint",
            Some(metadata.authorization_endpoint().url()),
        ),
        ("token_endpoint", token),
        ("userinfo_endpoint", user_info),
        ("jwks_uri", Some(metadata.jwks_uri().url())),
        (
            "end_session_endpoint",
            further.end_session_endpoint.as_ref(),
        ),
        ("revocation_endpoint", further.revocation_endpoint.as_ref()),
        (
            "pushed_authorization_request_endpoint",
            further.pushed_authorization_request_endpoint.as_ref(),
        ),
    ];
    let open = known
        .iter()
        .find(|(_, url)| url.is_some_and(|url| !is_secure(url)));
    Some(match (token, open) {
        (None, _) => Wrong(
            "discovery names no token_endpoint".to_owned(),
            "use a provider that has the authorization code flow",
        ),
        (_, Some((name, _))) => Wrong(
            format!("{name} is not https"),
            "give the provider its https address (Logto: the variable ENDPOINT, and TRUST_PROXY_HEADER=1 behind a proxy)",
        ),
        _ => Fine("https, or on this machine".to_owned()),
    })
}

fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || is_loopback(url)
}

pub(super) fn algorithms(facts: &Facts) -> Option<Finding> {
    let offered = told(facts)?.id_token_signing_alg_values_supported();
    let allowed = &facts.settings.id_token_algorithms;
    let common: Vec<_> = allowed
        .iter()
        .filter(|algorithm| offered.contains(algorithm))
        .map(name_of)
        .collect();
    Some(if common.is_empty() {
        let offered: Vec<_> = offered.iter().map(name_of).collect();
        let offered = log_text::cause(offered.join(", "));
        Wrong(
            format!("the provider offers {offered}, and ID_TOKEN_ALGORITHMS allows none of them"),
            "add to ID_TOKEN_ALGORITHMS what the application signs ID tokens with (Logto: Signing keys)",
        )
    } else {
        Fine(common.join(", "))
    })
}

/// As JSON writes it.
fn name_of(algorithm: &impl serde::Serialize) -> String {
    let name = serde_json::to_value(algorithm).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}

pub(super) fn keys(facts: &Facts) -> Option<Finding> {
    if told(facts)?.issuer() != &facts.settings.issuer {
        return None;
    }
    let mend = "let this machine reach the provider's jwks_uri, and let it hold the public key of an algorithm in ID_TOKEN_ALGORITHMS";
    Some(match &facts.provider.metadata {
        Err(cause) => Wrong(cause.clone(), mend),
        Ok(metadata) => {
            let algorithms: Vec<_> = facts
                .settings
                .id_token_algorithms
                .iter()
                .map(name_of)
                .collect();
            let fits = |key: &&CoreJsonWebKey| {
                let key = serde_json::to_value(key).unwrap_or_default();
                algorithms.iter().any(|algorithm| verifies(&key, algorithm))
            };
            match metadata.jwks().keys().iter().filter(fits).count() {
                0 => Wrong("no key fits ID_TOKEN_ALGORITHMS".to_owned(), mend),
                1 => Fine("1 key can verify ID tokens".to_owned()),
                number => Fine(format!("{number} keys can verify ID tokens")),
            }
        }
    })
}

/// Whether a public key is of the kind that an algorithm takes (RFC 7518, section 6; RFC 8037).
fn verifies(key: &Value, algorithm: &str) -> bool {
    let of_kind = match algorithm {
        "ES256" => key["crv"] == "P-256",
        "ES384" => key["crv"] == "P-384",
        "EdDSA" => key["kty"] == "OKP",
        _ => key["kty"] == "RSA",
    };
    let for_it = |member: &str, value: &str| key[member].is_null() || key[member] == value;
    of_kind && for_it("use", "sig") && for_it("alg", algorithm)
}

pub(super) fn clock(facts: &Facts) -> Option<Finding> {
    let theirs = facts.provider.document.as_ref().ok()?.date;
    let mend = "let both machines keep time by NTP: an ID token more than 60 s off is refused";
    Some(match theirs.map(|theirs| facts.now - theirs) {
        None => Warning("the provider does not say what time it is".to_owned(), mend),
        Some(ahead) if ahead.abs() <= MOST_SKEW => {
            Fine(format!("{} s from the provider's", ahead.abs()))
        }
        Some(ahead) if ahead > 0 => Wrong(format!("{ahead} s ahead of the provider's"), mend),
        Some(ahead) => Wrong(format!("{} s behind the provider's", -ahead), mend),
    })
}

pub(super) fn redirect_uri(facts: &Facts) -> Option<Finding> {
    let ours = facts.base_url.redirect_uri();
    Some(match facts.provider.authorization.as_ref()? {
        Ok(AuthorizationAnswer::Accepted) => Fine(format!("the provider knows {ours}")),
        Ok(AuthorizationAnswer::UnknownClient) => Wrong(
            "the provider does not know this client".to_owned(),
            "set LOGTO_APP_ID to the App ID of the application in Logto",
        ),
        Ok(AuthorizationAnswer::UnknownRedirectUri) => Wrong(
            format!("the provider does not know {ours}"),
            "add this redirect URI to the application in Logto, or mend BASE_URL",
        ),
        Ok(AuthorizationAnswer::Refused(error)) => Wrong(
            format!("the provider refuses a sign-in with `{error}`"),
            "compare LOGTO_SCOPES, LOGTO_RESOURCES and LOGTO_APP_ID with the application in Logto",
        ),
        Err(cause) => Wrong(cause.clone(), "look at the provider's own log"),
    })
}

pub(super) fn secret(facts: &Facts) -> Option<Finding> {
    Some(match facts.provider.secret.as_ref()? {
        SecretAnswer::Right => Fine("the provider takes it".to_owned()),
        SecretAnswer::Wrong => Wrong(
            "the provider refuses client id and secret with `invalid_client`".to_owned(),
            "set LOGTO_APP_SECRET to a secret of this application; it must be one of the kind Traditional web",
        ),
        SecretAnswer::Unclear(cause) => Wrong(
            format!("the provider did not say whether it is right: {cause}"),
            "look at the provider's own log, and whether it allows client_secret_basic",
        ),
    })
}

pub(super) fn refresh_token(facts: &Facts) -> Finding {
    let (scopes, prompt) = (&facts.settings.scopes, &facts.settings.prompt);
    let offline = scopes
        .iter()
        .any(|scope| scope.as_str() == "offline_access");
    if offline && prompt.contains(&Prompt::Consent) {
        Fine("asked for".to_owned())
    } else {
        Warning(
            "Logto gives none, so an access token that has expired is not renewed".to_owned(),
            "let LOGTO_SCOPES have offline_access and LOGTO_PROMPT have consent",
        )
    }
}

pub(super) fn end_session(facts: &Facts) -> Option<Finding> {
    let there = told(facts)?
        .additional_metadata()
        .end_session_endpoint
        .is_some();
    Some(offered(
        there,
        "who signs out here stays signed in at the provider",
        "use a provider with RP-Initiated Logout, or tell people",
    ))
}

pub(super) fn revocation(facts: &Facts) -> Option<Finding> {
    let there = told(facts)?
        .additional_metadata()
        .revocation_endpoint
        .is_some();
    Some(offered(
        there,
        "after a sign-out a refresh token lives on until its time is over",
        "use a provider with token revocation (RFC 7009), or give refresh tokens a short life",
    ))
}

pub(super) fn back_channel_logout(facts: &Facts) -> Option<Finding> {
    let there = told(facts)?
        .additional_metadata()
        .backchannel_logout_supported;
    Some(offered(
        there,
        "who signs out elsewhere at the provider stays signed in here",
        "use a provider with Back-Channel Logout, or shorten SESSION_IDLE_SECONDS and SESSION_LIFETIME_SECONDS",
    ))
}

fn offered(there: bool, without: &str, mend: &'static str) -> Finding {
    if there {
        Fine("offered".to_owned())
    } else {
        Warning(format!("not offered: {without}"), mend)
    }
}
