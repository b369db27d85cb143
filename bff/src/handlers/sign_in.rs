//! `GET /sign-in`: begins a sign-in and sends the browser to the provider.

use crate::{
    AppState,
    error::Error,
    handlers::page,
    page::reader::Reader,
    request::{cookies::Cookies, fetch_metadata::check_visit},
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
use http::header::SET_COOKIE;
use oidc_rp::AuthorizationRequest;
use shared::{ProblemCode, Prompt, SignInOptions};
use std::borrow::Cow;
use url::form_urlencoded;

/// Lets only a person's visits through to `/sign-in` and `/callback`, and from one client only as many as its limit allows.
/// A refused request uses nothing up and sends nothing to the provider: the same address works when the person visits it.
pub(crate) async fn admit(
    State(app): State<AppState>,
    session: CurrentSession,
    reader: Reader,
    request: Request,
    next: Next,
) -> Response {
    let client = app.trusted_proxies.client_of(&request);
    let is_visit = check_visit(request.method(), request.headers());
    match is_visit.and_then(|()| app.rate_limit.check(client, app.clock.unix())) {
        Ok(()) => next.run(request).await,
        Err(error @ Error::Refused(ProblemCode::MethodNotAllowed)) => {
            let refused = page::refuse(&app, &session, &reader, &error).await;
            page::allow(refused, "GET")
        }
        Err(error) => page::refuse(&app, &session, &reader, &error).await,
    }
}

pub(crate) async fn start(
    State(app): State<AppState>,
    session: CurrentSession,
    cookies: Cookies,
    reader: Reader,
) -> Response {
    let query = reader.uri.query().unwrap_or_default();
    match begin(&app, &cookies, query).await {
        Ok(redirect) => redirect,
        Err(error) => page::refuse(&app, &session, &reader, &error).await,
    }
}

/// An anonymous visitor creates nothing here: what must be remembered goes into a sealed cookie.
async fn begin(app: &AppState, cookies: &Cookies, query: &str) -> Result<Response, Error> {
    let options = read_options(query)?;
    let AuthorizationRequest {
        url,
        state,
        nonce,
        pkce_verifier,
    } = app.oidc.authorization_request(&options).await?;

    let now = app.clock.unix_milliseconds();
    let unverified_return_to = options.return_to.as_deref().unwrap_or_default();
    let pending = PendingSignIn {
        nonce,
        pkce_verifier,
        return_to: ReturnTo::from_link(unverified_return_to, &app.base_url),
        is_silent: options.prompt == [Prompt::None],
        started_at: now,
    };
    let pendings = PendingSignIns::new(&app.cookie_names, &app.pending_keys, cookies, now);
    let cookies = pendings
        .add(&state, &pending)
        .into_iter()
        .map(|cookie| (SET_COOKIE, cookie));
    Ok((AppendHeaders(cookies), see_other(url.as_str())).into_response())
}

/// The query as options. Nothing else of it reaches the provider. An option that is wrong or repeated is refused, except
/// that a repeated `returnTo` leads home, as one to another site does.
fn read_options(query: &str) -> Result<SignInOptions, Error> {
    let pairs = form_urlencoded::parse(query.as_bytes());
    let is_return_to = |(name, _): &(Cow<'_, str>, Cow<'_, str>)| name == "returnTo";
    let is_once = pairs.filter(is_return_to).count() == 1;
    let kept = pairs.filter(|pair| is_once || !is_return_to(pair));
    let kept = form_urlencoded::Serializer::new(String::new())
        .extend_pairs(kept)
        .finish();
    serde_urlencoded::from_str(&kept).map_err(|error| Error::InvalidRequest(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn r27_a_return_to_that_comes_twice_leads_home() {
        let options =
            read_options("returnTo=%2Fok&returnTo=%2F%2Fevil.example&prompt=login").unwrap();
        assert_eq!(options.return_to, None);
        assert_eq!(options.prompt, [Prompt::Login]);
    }

    #[test]
    fn b003_q28_a_wrong_value_of_an_option_is_refused() {
        for query in [
            "prompt=x",
            "prompt=",
            "prompt=none+login",
            "prompt=none&prompt=login",
            "firstScreen=x",
            "loginHint=a&loginHint=b",
        ] {
            assert!(
                matches!(read_options(query), Err(Error::InvalidRequest(_))),
                "{query}"
            );
        }
        assert_eq!(read_options("").unwrap(), SignInOptions::default());
    }

    #[test]
    fn q14_parameters_of_campaigns_and_apps_are_ignored() {
        let options = read_options(
            "utm_source=a&utm_source=b&fbclid=x&gclid=y&from=singlemessage&isappinstalled=0&returnTo=%2Fbooks&scope=admin&=&%ff=1&client_id=x",
        );
        let expected = SignInOptions {
            return_to: Some("/books".to_owned()),
            ..SignInOptions::default()
        };
        assert_eq!(options.unwrap(), expected);
    }
}
