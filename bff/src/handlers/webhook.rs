//! `POST /webhooks/logto`: Logto says that a person was deleted or suspended, and their sessions end; or that something about a
//! person has changed, such as the membership of an organization, and their claims are renewed.
//! The body is signed with the webhook's signing key (Logto: header `logto-signature-sha-256`).

use crate::{AppState, error::Error};
use axum::{body::Bytes, extract::State};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use serde_json::Value;
use session_store::Group;
use sha2::Sha256;
use shared::{ProblemCode, SignedOutReason};
use std::collections::BTreeSet;
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// Logto tries three times within seconds; what is older is a replay.
const OLDEST: Duration = Duration::minutes(10);
/// How far Logto's clock and ours may differ.
const SKEW: Duration = Duration::MINUTE;

const INVALID: Error = Error::Refused(ProblemCode::InvalidWebhook);

/// What of Logto's payload counts here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    event: String,
    created_at: String,
    #[serde(flatten)]
    rest: Value,
}

/// 200 for every genuine event, also those that end nothing.
pub(crate) async fn receive(
    State(app): State<AppState>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<StatusCode, Error> {
    let received = act_on(&app, &headers, &body).await;
    app.metrics.webhooks.count(Error::outcome(&received));
    received
}

async fn act_on(app: &AppState, headers: &HeaderMap, body: &[u8]) -> Result<StatusCode, Error> {
    let key = app
        .webhook_signing_key
        .as_ref()
        .ok_or(Error::Refused(ProblemCode::NotFound))?;
    if !is_signed(key, headers, body) {
        return Err(INVALID);
    }
    let payload: Payload = serde_json::from_slice(body).map_err(|_| INVALID)?;
    if !payload.is_fresh(app.clock.now()) {
        return Err(INVALID);
    }
    let mut changed = Vec::new();
    for sub in payload.people() {
        if payload.ends_sessions() {
            let reason = SignedOutReason::AccountClosed;
            app.sessions.end_group(Group::subject(sub), reason).await?;
            tracing::info!(event = "webhook.sessions_ended", cause = payload.event);
        } else {
            changed.extend(app.sessions.of_person(sub).await?);
        }
    }
    app.refresher.renew_in_turn(changed);
    Ok(StatusCode::OK)
}

/// HMAC-SHA256 over the raw body, in hexadecimal, compared in constant time.
fn is_signed(key: &SecretString, headers: &HeaderMap, body: &[u8]) -> bool {
    let mut signatures = headers.get_all("logto-signature-sha-256").iter();
    let (Some(signature), None) = (signatures.next(), signatures.next()) else {
        return false;
    };
    let Ok(mac) = Hmac::<Sha256>::new_from_slice(key.expose_secret().as_bytes()) else {
        return false;
    };
    hex::decode(signature.as_bytes())
        .is_ok_and(|bytes| mac.chain_update(body).verify_slice(&bytes).is_ok())
}

impl Payload {
    fn is_fresh(&self, now: OffsetDateTime) -> bool {
        OffsetDateTime::parse(&self.created_at, &Rfc3339)
            .is_ok_and(|created| created <= now + SKEW && now - created <= OLDEST)
    }

    /// A suspension that was lifted ends nothing.
    fn ends_sessions(&self) -> bool {
        match self.event.as_str() {
            "User.Deleted" => true,
            "User.SuspensionStatus.Updated" => self.rest["data"]["isSuspended"] == true,
            _ => false,
        }
    }

    /// Each `sub` that an event about people names, in whichever of the forms that Logto has for it.
    fn people(&self) -> BTreeSet<&str> {
        let about = |what| self.event.starts_with(what);
        if !["User.", "Organization", "Role"].into_iter().any(about) {
            return BTreeSet::new();
        }
        let parts = [&self.rest, &self.rest["data"], &self.rest["params"]];
        let listed = ["userIds", "addedUserIds", "removedUserIds"]
            .into_iter()
            .flat_map(|list| parts.map(|part| part[list].as_array()))
            .flatten()
            .flatten();
        let own = about("User.").then_some(&self.rest["data"]["id"]);
        let single = parts.map(|part| &part["userId"]);
        listed
            .chain(single)
            .chain(own)
            .filter_map(Value::as_str)
            .collect()
    }
}
