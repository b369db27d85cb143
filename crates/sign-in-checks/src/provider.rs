//! Checks of the provider. Without its discovery document there is nothing more to check.

use super::Report;
use clock::Clock;
use oidc_rp::{
    AuthorizationAnswer, Client, ClientConfig, Document, EndpointError, HttpClientError, Metadata,
    SecretAnswer,
    openidconnect::core::{CoreJsonWebKey, CoreJwsSigningAlgorithm},
};
use serde_json::Value;
use settings::parse::is_loopback;
use telemetry::log_text;

/// Seconds that the verification of ID tokens tolerates.
const MOST_SKEW: i64 = 60;
/// Seconds since its issue after which an ID token is refused. A clock that is further ahead refuses all.
const MOST_AHEAD: i64 = 300;

/// Checks the provider, and this relying party's registration there.
pub async fn check(config: &ClientConfig, clock: &Clock, report: &mut Report) {
    let way = way(config);
    let client = match Client::new(config.clone(), clock.clone(), ()) {
        Ok(client) => client,
        Err(error) => return report.wrong("discovery", error.to_string(), REACH),
    };
    let document = match client.probe_document().await {
        Ok(document) => document,
        Err(error) => {
            let mend = match error {
                HttpClientError::UnknownAuthority => TRUST,
                _ => REACH,
            };
            return report.wrong(
                "discovery",
                format!("{} ({way})", log_text::cause(error)),
                mend,
            );
        }
    };
    let date = document.date;
    let metadata = discovered(document, &way, report);
    check_clock(date, clock.unix(), report);
    let Some(metadata) = metadata else {
        return;
    };
    issuer(config, &metadata, report);
    endpoints(config, &metadata, report);
    algorithms(config, &metadata, report);
    if *metadata.issuer() == config.issuer {
        keys(config, &client, report).await;
    }
    sign_outs(config, &metadata, report);
}

const REACH: &str = "let this machine reach LOGTO_ENDPOINT (name, firewall, HTTPS_PROXY and NO_PROXY), or set OIDC_INTERNAL_URL; what depends on it is not checked yet";
const TRUST: &str = "set EXTRA_CA_FILE to a PEM file with the certificate of the authority that signs the provider's, or install it on this machine";

/// The address that is asked, and the proxy that the request goes through.
fn way(config: &ClientConfig) -> String {
    let internal = config.internal_url.as_ref();
    let asked = internal.unwrap_or(config.issuer.url());
    let origin = asked.origin().ascii_serialization();
    match config.http.proxy_for(asked, internal) {
        Some(proxy) => format!("{origin}, through the proxy {proxy}"),
        None => origin,
    }
}

fn discovered(document: Document, way: &str, report: &mut Report) -> Option<Metadata> {
    let mend = "let LOGTO_ENDPOINT or OIDC_ISSUER name the provider: its document is at the issuer followed by /.well-known/openid-configuration";
    if document.status != 200 {
        let found = format!("the provider answered with status {}", document.status);
        report.wrong("discovery", found, mend);
        return None;
    }
    if document.metadata.is_some() {
        report.fine("discovery", format!("the provider answers ({way})"));
    } else {
        let found = "the provider's answer is no discovery document";
        report.wrong("discovery", found, mend);
    }
    document.metadata
}

fn issuer(config: &ClientConfig, metadata: &Metadata, report: &mut Report) {
    let (theirs, ours) = (metadata.issuer(), &config.issuer);
    let shown = log_text::word(theirs.as_str(), 256);
    if theirs == ours {
        report.fine("issuer", shown);
    } else {
        report.wrong(
            "issuer",
            format!("the provider says {shown}, the settings {}", ours.as_str()),
            "set OIDC_ISSUER to what the provider says, character by character",
        );
    }
}

/// By the rule of the server.
fn endpoints(config: &ClientConfig, metadata: &Metadata, report: &mut Report) {
    let check = "endpoints";
    if metadata.token_endpoint().is_none() {
        let mend = "use a provider that has the authorization code flow";
        return report.wrong(check, "discovery names no token_endpoint", mend);
    }
    match config.check_endpoints(metadata) {
        Ok(()) => report.fine(check, "each may be used"),
        Err(error @ EndpointError::Insecure(..)) => report.wrong(
            check,
            error.to_string(),
            "give the provider its https address (Logto: the variable ENDPOINT, and TRUST_PROXY_HEADER=1 behind a proxy)",
        ),
        Err(error @ EndpointError::NotForBrowsers(..)) => report.wrong(
            check,
            error.to_string(),
            "let the provider, and a proxy before it, take its address from Host; or let OIDC_INTERNAL_URL be empty and OIDC_ISSUER the address that browsers use",
        ),
    }
}

fn algorithms(config: &ClientConfig, metadata: &Metadata, report: &mut Report) {
    let offered = metadata.id_token_signing_alg_values_supported();
    let allowed = config.id_token_algorithms.iter();
    let common: Vec<_> = allowed.filter(|one| offered.contains(one)).collect();
    if common.is_empty() {
        let offered = log_text::cause(names_of(offered));
        report.wrong(
            "ID token algorithms",
            format!("the provider offers {offered}, and ID_TOKEN_ALGORITHMS allows none of them"),
            "add to ID_TOKEN_ALGORITHMS what the application signs ID tokens with (Logto: Signing keys)",
        );
    } else {
        report.fine("ID token algorithms", names_of(common));
    }
}

fn names_of<'a>(algorithms: impl IntoIterator<Item = &'a CoreJwsSigningAlgorithm>) -> String {
    let names: Vec<_> = algorithms.into_iter().map(name_of).collect();
    names.join(", ")
}

/// As JSON writes it.
fn name_of(algorithm: &CoreJwsSigningAlgorithm) -> String {
    let name = serde_json::to_value(algorithm).unwrap_or_default();
    name.as_str().unwrap_or_default().to_owned()
}

/// The keys; and if they can be loaded, whether the provider accepts this application.
async fn keys(config: &ClientConfig, client: &Client, report: &mut Report) {
    let mend = "let this machine reach the provider's jwks_uri, and let it hold the public key of an algorithm in ID_TOKEN_ALGORITHMS";
    let metadata = match client.metadata().await {
        Ok(metadata) => metadata,
        Err(error) => return report.wrong("keys", log_text::cause(error), mend),
    };
    let algorithms = config.id_token_algorithms.iter();
    let algorithms: Vec<_> = algorithms.map(name_of).collect();
    let fits = |key: &&CoreJsonWebKey| {
        let key = serde_json::to_value(key).unwrap_or_default();
        algorithms.iter().any(|algorithm| verifies(&key, algorithm))
    };
    match metadata.jwks().keys().iter().filter(fits).count() {
        0 => report.wrong("keys", "no key fits ID_TOKEN_ALGORITHMS", mend),
        1 => report.fine("keys", "1 key can verify ID tokens"),
        number => report.fine("keys", format!("{number} keys can verify ID tokens")),
    }
    if redirect_uri(config, client, &metadata, report).await {
        post_sign_out_redirect_uri(config, client, &metadata, report).await;
    }
    secret(client, report).await;
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

fn check_clock(theirs: Option<i64>, ours: i64, report: &mut Report) {
    let mend = "let both machines keep time by NTP: an ID token from more than 60 s ahead, or 300 s ago, is refused";
    match theirs.map(|theirs| ours - theirs) {
        None => report.warn("clock", "the provider does not say what time it is", mend),
        Some(ahead) if ahead.abs() <= MOST_SKEW => {
            report.fine("clock", format!("{} s from the provider's", ahead.abs()));
        }
        Some(ahead) if (0..=MOST_AHEAD).contains(&ahead) => {
            report.warn("clock", format!("{ahead} s ahead of the provider's"), mend);
        }
        Some(ahead) if ahead > 0 => {
            report.wrong("clock", format!("{ahead} s ahead of the provider's"), mend);
        }
        Some(ahead) => {
            report.wrong("clock", format!("{} s behind the provider's", -ahead), mend);
        }
    }
}

/// Returns whether the provider knows this client.
async fn redirect_uri(
    config: &ClientConfig,
    client: &Client,
    metadata: &Metadata,
    report: &mut Report,
) -> bool {
    let check = "client id and redirect URI";
    let ours = &config.redirect_uri;
    let answer = client.probe_authorization(metadata).await;
    let is_known = matches!(
        answer,
        Ok(AuthorizationAnswer::Accepted | AuthorizationAnswer::UnknownRedirectUri)
    );
    match answer {
        Ok(AuthorizationAnswer::Accepted) => {
            report.fine(check, format!("the provider knows {ours}"));
        }
        Ok(AuthorizationAnswer::UnknownClient) => report.wrong(
            check,
            "the provider does not know this client",
            "set LOGTO_APP_ID to the App ID of the application in Logto",
        ),
        Ok(AuthorizationAnswer::UnknownRedirectUri) => report.wrong(
            check,
            format!("the provider does not know {ours}"),
            "add this redirect URI to the application in Logto, or mend BASE_URL",
        ),
        Ok(AuthorizationAnswer::Refused(error)) => report.wrong(
            check,
            format!("the provider refuses a sign-in with `{error}`"),
            "compare LOGTO_SCOPES, LOGTO_RESOURCES and LOGTO_APP_ID with the application in Logto",
        ),
        Err(error) => report.wrong(
            check,
            log_text::cause(error),
            "look at the provider's own log",
        ),
    }
    is_known
}

async fn post_sign_out_redirect_uri(
    config: &ClientConfig,
    client: &Client,
    metadata: &Metadata,
    report: &mut Report,
) {
    let check = "post sign-out redirect URI";
    let ours = config.post_logout_redirect_uri.as_ref();
    let ours = ours.map_or("", |uri| uri.as_str());
    match client.probe_end_session(metadata).await {
        Ok(None) => {}
        Ok(Some(true)) => report.fine(check, format!("the provider knows {ours}")),
        Ok(Some(false)) => report.wrong(
            check,
            format!(
                "the provider does not know {ours}, so people who sign out end on its error page"
            ),
            "add this post sign-out redirect URI to the application in Logto, or mend BASE_URL",
        ),
        Err(error) => report.wrong(
            check,
            log_text::cause(error),
            "look at the provider's own log",
        ),
    }
}

async fn secret(client: &Client, report: &mut Report) {
    match client.probe_secret().await {
        SecretAnswer::Right => report.fine("client secret", "the provider takes it"),
        SecretAnswer::Wrong => report.wrong(
            "client secret",
            "the provider refuses client id and secret with `invalid_client`",
            "set LOGTO_APP_SECRET to a secret of this application; it must be one of the kind Traditional web",
        ),
        SecretAnswer::Unclear(cause) => report.wrong(
            "client secret",
            format!("the provider did not say whether it is right: {cause}"),
            "look at the provider's own log, and whether it allows client_secret_basic",
        ),
    }
}

fn sign_outs(config: &ClientConfig, metadata: &Metadata, report: &mut Report) {
    let further = metadata.additional_metadata();
    for (check, is_offered, without, mend) in [
        (
            "end session endpoint",
            further.end_session_endpoint.is_some(),
            "a person who signs out here stays signed in at the provider",
            "use a provider with RP-Initiated Logout, or tell people",
        ),
        (
            "revocation endpoint",
            further.revocation_endpoint.is_some(),
            "after a sign-out a refresh token lives on until its time is over",
            "use a provider with token revocation (RFC 7009), or give refresh tokens a short life",
        ),
    ] {
        if is_offered {
            report.fine(check, "offered");
        } else {
            report.warn(check, format!("not offered: {without}"), mend);
        }
    }
    back_channel_logout(config, metadata, report);
}

/// Discovery says what the provider can do, and nothing of the application.
fn back_channel_logout(config: &ClientConfig, metadata: &Metadata, report: &mut Report) {
    let check = "back-channel logout";
    if !metadata.additional_metadata().backchannel_logout_supported {
        report.warn(
            check,
            "not offered: a person who signs out elsewhere at the provider stays signed in here",
            "use a provider with Back-Channel Logout, or shorten SESSION_IDLE_SECONDS and SESSION_LIFETIME_SECONDS",
        );
    } else if is_loopback(config.redirect_uri.url()) {
        report.warn(
            check,
            "offered, but a Logto by default sends nothing to this machine's own address, and does not say so",
            "set OIDC_PROVIDER_SSRF_PROTECTION_DISABLED=1 in the environment of a Logto for development, if it is not set",
        );
    } else {
        report.fine(
            check,
            "offered; the application needs its URI /backchannel-logout, and backchannelLogoutSessionRequired: without it ID tokens have no `sid`, and signing out on one device ends all sessions of the person",
        );
    }
}
