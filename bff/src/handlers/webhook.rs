//! `POST /webhooks/logto`: Logto says that a person was deleted or suspended; their sessions end.
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
use time::{Duration, OffsetDateTime, format_description::well_known::Rfc3339};

/// Logto tries three times within seconds; what is older is a replay.
const OLDEST: Duration = Duration::minutes(10);
/// How far Logto's clock and ours may differ.
const SKEW: Duration = Duration::MINUTE;

/// What of Logto's payload counts here.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Payload {
    event: String,
    created_at: String,
    #[serde(default)]
    data: Value,
    #[serde(default)]
    params: Value,
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
        return Err(Error::Refused(ProblemCode::InvalidWebhook));
    }
    let payload: Payload =
        serde_json::from_slice(body).map_err(|_| Error::Refused(ProblemCode::InvalidWebhook))?;
    if !payload.is_fresh(app.clock.now()) {
        return Err(Error::Refused(ProblemCode::InvalidWebhook));
    }
    if let Some(sub) = payload.whose_sessions_end() {
        let reason = SignedOutReason::AccountClosed;
        app.sessions.end_group(Group::subject(sub), reason).await?;
        tracing::info!(event = "webhook.sessions_ended", cause = payload.event);
    }
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

    /// The `sub` of who was deleted or suspended; a suspension that was lifted ends nothing.
    fn whose_sessions_end(&self) -> Option<&str> {
        let ends = match self.event.as_str() {
            "User.Deleted" => true,
            "User.SuspensionStatus.Updated" => self.data["isSuspended"] == true,
            _ => false,
        };
        let sub = self.data["id"]
            .as_str()
            .or_else(|| self.params["userId"].as_str());
        sub.filter(|_| ends)
    }
}
