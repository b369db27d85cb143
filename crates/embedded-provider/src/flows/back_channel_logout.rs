//! Logout tokens (OpenID Connect Back-Channel Logout 1.0): each client whose part in a session ends receives one. As in
//! Logto, a token is sent once, and a client that does not accept it changes nothing for the person.

use crate::{
    Provider,
    domain::{application::Application, lifetime},
    secrets,
    store::{Departure, Session, StoreError},
};
use reqwest::Client;
use serde_json::json;
use std::time::Duration;
use tokio::task::JoinSet;

/// The time limit of a request to a client. The person waits for it.
const TIMEOUT: Duration = Duration::from_millis(2500);

/// The HTTP client for logout tokens. It follows no redirects, and its requests do not pass a proxy, because in
/// development a client is on this machine.
pub(crate) fn http_client() -> Result<Client, reqwest::Error> {
    Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .no_proxy()
        .timeout(TIMEOUT)
        .build()
}

/// Ends a session and informs every client that took part in it.
pub(crate) async fn end_session(provider: &Provider, session: &Session) -> Result<(), StoreError> {
    let departures = provider.store.end_session(&session.uid).await?;
    inform(provider, &session.user_id, &departures).await;
    Ok(())
}

/// Ends one client's part in a session and informs that client.
pub(crate) async fn leave_session(
    provider: &Provider,
    session: &Session,
    application_id: &str,
) -> Result<(), StoreError> {
    let store = &provider.store;
    let departures = store.leave_session(&session.uid, application_id).await?;
    inform(provider, &session.user_id, &departures).await;
    Ok(())
}

/// Sends the logout tokens at the same time, and waits for them. They are sent even if the browser hangs up.
async fn inform(provider: &Provider, user_id: &str, departures: &[Departure]) {
    let (tenant, mut requests) = (provider.tenant(), JoinSet::new());
    for departure in departures {
        let Some(application) = tenant.applications.find(&departure.application_id) else {
            continue;
        };
        let Some(logout) = &application.back_channel_logout else {
            continue;
        };
        match logout_token(provider, &application, user_id, &departure.sid) {
            Ok(token) => {
                let request = provider
                    .http
                    .post(&logout.uri)
                    .form(&[("logout_token", token)]);
                requests.spawn(send(request, application.id.clone()));
            }
            Err(error) => tracing::error!(%error, "a logout token cannot be written"),
        }
    }
    let sent = tokio::spawn(async move { requests.join_all().await });
    if let Err(error) = sent.await {
        tracing::error!(%error, "the logout tokens were not sent");
    }
}

async fn send(request: reqwest::RequestBuilder, application: String) {
    let response = request.send().await;
    if let Err(error) = response.and_then(reqwest::Response::error_for_status) {
        tracing::warn!(%application, %error, "the client did not accept a logout token");
    }
}

/// A logout token (section 2.4) with the claims of Logto's.
fn logout_token(
    provider: &Provider,
    application: &Application,
    user_id: &str,
    sid: &str,
) -> serde_json::Result<String> {
    let now = provider.clock.unix();
    let mut claims = json!({
        "sub": user_id,
        "events": {"http://schemas.openid.net/event/backchannel-logout": {}},
        "jti": secrets::opaque(),
        "aud": application.id,
        "exp": now + lifetime::LOGOUT_TOKEN,
        "iat": now,
        "iss": provider.issuer(),
    });
    if let Some(sid) = application.visible_sid(sid) {
        claims["sid"] = sid.into();
    }
    provider.keys.sign_typed("logout+jwt", &claims)
}
