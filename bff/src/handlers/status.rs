//! `GET /api/auth/status`: whether this browser is signed in. Asking does not slide the session.
//!
//! Every page of every tab asks this again and again, and it changes nothing. So it asks the store without the session
//! middleware, which is there for who changes something, and hands on what the store has as it is written there.

use crate::{
    AppState, config::SessionConfig, error::Error, request::cookies::Cookies, session::times::Times,
};
use axum::{
    Json,
    extract::State,
    response::{IntoResponse, Response},
};
use http::{HeaderName, HeaderValue, header::CONTENT_TYPE};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use shared::{AuthStatus, SessionTimes};
use tower_sessions::session;

pub(crate) async fn show(State(app): State<AppState>, cookies: Cookies) -> Result<Response, Error> {
    let stored = match cookies.session_id(&app.cookie_names) {
        Some(id) => app.store.who(&id).await?,
        None => None,
    };
    let signed_in = stored
        .as_deref()
        .and_then(|text| SignedInStatus::of_stored(text, app.clock.unix(), &app.lifetimes));
    let Some(signed_in) = signed_in else {
        return Ok(Json(AuthStatus::SignedOut).into_response());
    };
    // About as long as what it is made of: a buffer that grows is copied again and again.
    let mut json = Vec::with_capacity(stored.as_ref().map_or(0, String::len));
    serde_json::to_writer(&mut json, &signed_in).map_err(session::Error::from)?;
    Ok(([JSON], json).into_response())
}

const JSON: (HeaderName, HeaderValue) =
    (CONTENT_TYPE, HeaderValue::from_static("application/json"));

/// What of a stored session its pages may know, on its way from the one text to the other: [`AuthStatus::SignedIn`].
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SignedInStatus<'a> {
    is_authenticated: bool,
    claims: &'a RawValue,
    session: SessionTimes,
    #[serde(skip_serializing_if = "Option::is_none")]
    scopes: Option<&'a RawValue>,
}

/// The fields of a stored [`SignedIn`](crate::session::signed_in::SignedIn) that the answer is made of. The others are not
/// looked at: what this program sealed is whole, and what another version of it sealed does not open.
#[derive(Deserialize)]
struct StoredSession<'a> {
    #[serde(borrow)]
    claims: &'a RawValue,
    #[serde(borrow)]
    scopes: &'a RawValue,
    times: Times,
}

impl<'a> SignedInStatus<'a> {
    /// None when the session has ended.
    fn of_stored(text: &'a str, now: i64, lifetimes: &SessionConfig) -> Option<Self> {
        let stored: StoredSession = serde_json::from_str(text).ok()?;
        let signed_in = Self {
            is_authenticated: true,
            claims: stored.claims,
            session: stored.times.remaining(now, lifetimes),
            scopes: Some(stored.scopes).filter(|scopes| scopes.get() != "[]"),
        };
        stored.times.is_alive(now, lifetimes).then_some(signed_in)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::signed_in::SignedIn;
    use shared::Claims;

    #[test]
    fn it_says_what_the_session_says_of_itself_until_its_end() {
        let lifetimes = SessionConfig {
            store: crate::config::StoreConfig::Memory,
            idle: time::Duration::DAY,
            lifetime: time::Duration::WEEK,
            refresh_token_lifetime: time::Duration::WEEK,
        };
        let claims = [
            Claims::default(),
            Claims {
                name: Some("\"\u{1f600}\\ </script>".to_owned()),
                ..Claims::default()
            },
        ];
        for claims in claims {
            for scopes in [&[][..], &["openid", "a\"b"]] {
                let session = SignedIn::for_tests(claims.clone(), scopes, 1_000);
                let text = session.to_content().unwrap().who;
                let handed_on = SignedInStatus::of_stored(&text, 1_001, &lifetimes).unwrap();
                assert_eq!(
                    serde_json::to_string(&handed_on).unwrap(),
                    serde_json::to_string(&session.status(1_001, &lifetimes)).unwrap()
                );
                let end = 1_000 + time::Duration::DAY.whole_seconds();
                assert!(SignedInStatus::of_stored(&text, end - 1, &lifetimes).is_some());
                assert!(SignedInStatus::of_stored(&text, end, &lifetimes).is_none());
            }
        }
    }
}
