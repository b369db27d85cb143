//! `GET /sign-in`: begins a sign-in and sends the browser to the provider.

use crate::{
    AppState,
    error::Error,
    handlers::page,
    page::audience::Audience,
    request::{cookies::Cookies, fetch_metadata::check_top_level_navigation},
    return_to::{ReturnTo, see_other},
    session::{
        layer::CurrentSession,
        pending_sign_in::{PendingSignIn, PendingSignIns},
    },
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{AppendHeaders, IntoResponse, Response},
};
use http::{HeaderMap, header::SET_COOKIE};
use oidc_rp::AuthorizationRequest;
use serde_json::{Map, Value};
use shared::SignInOptions;
use url::form_urlencoded;

/// Refuses a client's requests to `/sign-in` and `/callback` beyond its limit, before they cost the provider something or take
/// the pending sign-in: a callback that was refused works when it is loaded again.
pub(crate) async fn limit(
    State(app): State<AppState>,
    session: CurrentSession,
    audience: Audience,
    request: Request,
    next: Next,
) -> Response {
    let client = app.trusted_proxies.client_of(&request);
    match app.rate_limit.check(client, app.clock.unix()) {
        Ok(()) => next.run(request).await,
        Err(error) => page::refuse(&app, &session, &audience, &error).await,
    }
}

pub(crate) async fn start(
    State(app): State<AppState>,
    session: CurrentSession,
    cookies: Cookies,
    headers: HeaderMap,
    audience: Audience,
) -> Response {
    let query = audience.uri.query().unwrap_or_default();
    match begin(&app, &cookies, &headers, query).await {
        Ok(redirect) => redirect,
        Err(error) => page::refuse(&app, &session, &audience, &error).await,
    }
}

/// An anonymous visitor creates nothing here: what must be remembered goes into a sealed cookie.
async fn begin(
    app: &AppState,
    cookies: &Cookies,
    headers: &HeaderMap,
    query: &str,
) -> Result<Response, Error> {
    check_top_level_navigation(headers)?;
    let options = read_options(query)?;
    let AuthorizationRequest {
        url,
        state,
        nonce,
        pkce_verifier,
    } = app.oidc.authorization_request(&options).await?;

    let now = app.clock.unix();
    let return_to = ReturnTo::from_unverified(options.return_to.as_deref().unwrap_or_default());
    let pending = PendingSignIn {
        nonce,
        pkce_verifier,
        return_to,
        started_at: now,
    };
    let pendings = PendingSignIns::new(&app.cookie_names, &app.pending_keys, cookies, now);
    let cookies = pendings
        .add(&state, &pending)
        .into_iter()
        .map(|cookie| (SET_COOKIE, cookie));
    Ok((AppendHeaders(cookies), see_other(url.as_str())).into_response())
}

/// The query as options. A parameter that is unknown, wrong or given twice is refused, and nothing of the
/// query reaches the provider but through these options; a `returnTo` that is not ours only leads home.
fn read_options(query: &str) -> Result<SignInOptions, Error> {
    let mut members = Map::new();
    for (name, value) in form_urlencoded::parse(query.as_bytes()) {
        let twice = members
            .insert(name.clone().into_owned(), Value::String(value.into_owned()))
            .is_some();
        match (twice, &*name) {
            (false, _) => {}
            (true, "returnTo") => {
                members.insert("returnTo".to_owned(), Value::String(String::new()));
            }
            (true, _) => {
                return Err(Error::InvalidRequest(
                    "a parameter is given twice".to_owned(),
                ));
            }
        }
    }
    serde_json::from_value(Value::Object(members))
        .map_err(|error| Error::InvalidRequest(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r27_a_return_to_that_comes_twice_leads_home() {
        let options =
            read_options("returnTo=%2Fok&returnTo=%2F%2Fevil.example&prompt=login").unwrap();
        assert_eq!(options.return_to.as_deref(), Some(""));
    }

    #[test]
    fn b003_what_is_not_an_option_is_refused() {
        for query in [
            "scope=admin",
            "redirect_uri=https://evil.example",
            "client_id=x",
            "prompt=x",
            "prompt=none&prompt=login",
        ] {
            assert!(
                matches!(read_options(query), Err(Error::InvalidRequest(_))),
                "{query}"
            );
        }
        assert_eq!(read_options("").unwrap(), SignInOptions::default());
    }
}
