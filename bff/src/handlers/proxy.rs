//! `/api/proxy/{name}/{path}`: a page's calls of an API, with the person's access token, which the page never sees.

mod tied;

use crate::{
    AppState,
    error::Error,
    page::problem::OfApi,
    request::{csrf, host},
    security_headers::IsFile,
    session::{layer::CurrentSession, refresh::Refresher, signed_in::SignedIn},
};
use api_proxy::{Caller, ForwardError, Route, TokenKind, TokenSource};
use axum::{
    Extension,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use http::HeaderMap;
use oidc_rp::TokenTarget;
use openidconnect::{AccessToken, Scope};
use secrecy::{ExposeSecret, SecretString};
use session_store::SessionKey;
use shared::{Allowed, ProblemCode, Rule, path};
use tower_sessions::session::Id;

/// What a browser may want a response for. Not a script, a style or a frame: those would act as the site's own.
const DESTINATIONS: [&str; 7] = [
    "audio",
    "document",
    "empty",
    "image",
    "track",
    "video",
    "websocket",
];

/// Forwards the request to the API of a route.
pub(crate) async fn forward(
    State(app): State<AppState>,
    session: CurrentSession,
    request: Request,
) -> Result<Response, Error> {
    check_origin(&app, &request)?;
    let url = request.uri().path().to_owned();
    let (route, prefix, path) = find(&app, &url).ok_or(Error::Refused(ProblemCode::NotFound))?;
    let tokens = Tokens::of(&app, route, &session).await?;
    // Before the API is asked: a session has a limited number of them.
    let slot = match tokens.id.filter(|_| route.opens_websocket(&request)) {
        Some(id) => Some(app.stream_limit.take(id)?),
        None => None,
    };
    let caller = Caller {
        address: app.trusted_proxies.client_of(&request),
        origin: app.base_url.origin(),
        prefix,
    };
    match route.forward(request, path, caller, &tokens).await {
        Ok(forwarded) => {
            if let (Some(tunnel), Some(id)) = (forwarded.tunnel, tokens.id) {
                let (app, name) = (app.clone(), route.name.clone());
                app.tasks.clone().spawn_apart(async move {
                    let _slot = slot;
                    tokio::select! {
                        () = tunnel => {}
                        () = tied::end_of(&app, id, &name) => {}
                    }
                });
            }
            let response = match tokens.id {
                Some(id) => tied::to_session(forwarded.response, &app, id, &route.name)?,
                None => forwarded.response,
            };
            Ok((Extension(IsFile), Extension(OfApi), response).into_response())
        }
        Err(error) => {
            let header = error.header();
            let mut response = error_of(error).into_response();
            response.headers_mut().extend(header);
            Ok(response)
        }
    }
}

/// Only our own pages call APIs, at our own address, and take the responses as data.
fn check_origin(app: &AppState, request: &Request) -> Result<(), Error> {
    let headers: &HeaderMap = request.headers();
    let destination = headers.get("sec-fetch-dest");
    let is_data = destination.is_none_or(|value| DESTINATIONS.iter().any(|known| value == known));
    // A page whose host name was made to lead here is of its own origin.
    let is_here = host::of_visit(request, &app.trusted_proxies)
        .is_none_or(|host| host::is_of(&app.base_url, host));
    let is_ours = csrf::is_from_our_page(headers, app.base_url.origin());
    (is_data && is_here && is_ours)
        .then_some(())
        .ok_or_else(csrf::refusal)
}

/// The route of a URL, the part of the URL that names it, and the API's path.
fn find<'a>(app: &'a AppState, url: &'a str) -> Option<(&'a Route<Rule>, &'a str, &'a str)> {
    let root = path::PROXY.strip_suffix("{name}")?;
    let rest = url.strip_prefix(root)?;
    let name = rest.split('/').next()?;
    let (prefix, path) = url.split_at(root.len() + name.len());
    let path = if path.is_empty() { "/" } else { path };
    Some((app.api_routes.get(name)?, prefix, path))
}

fn error_of(error: ForwardError<Error>) -> Error {
    match error {
        ForwardError::NoSuchPath => Error::Refused(ProblemCode::NotFound),
        ForwardError::MethodNotAllowed { .. } => Error::Refused(ProblemCode::MethodNotAllowed),
        ForwardError::BodyTooLarge => Error::Refused(ProblemCode::PayloadTooLarge),
        ForwardError::BodyIncomplete => {
            Error::InvalidRequest("the body did not come to its end".to_owned())
        }
        ForwardError::Token(error) => error,
        ForwardError::Unreachable(cause) => Error::Api(ProblemCode::ApiUnavailable, cause),
        ForwardError::TimedOut => {
            Error::Api(ProblemCode::ApiTimedOut, "no response in time".to_owned())
        }
    }
}

/// The person's token for the requests of one route.
struct Tokens<'a> {
    route: &'a Route<Rule>,
    target: TokenTarget,
    refresher: &'a Refresher,
    /// The session's id. `None` if the route needs nobody.
    id: Option<Id>,
    /// The person, if a token goes along.
    person: Option<(SessionKey, SignedIn)>,
}

impl<'a> Tokens<'a> {
    /// Requires what the route requires: a session, which this call keeps alive, and its rule.
    async fn of(
        app: &'a AppState,
        route: &'a Route<Rule>,
        session: &CurrentSession,
    ) -> Result<Self, Error> {
        let target = target(route);
        let mut tokens = Self {
            route,
            target,
            refresher: &app.refresher,
            id: None,
            person: None,
        };
        match route.token {
            TokenKind::None if route.require.is_none() => return Ok(tokens),
            TokenKind::None => {
                let (id, who) = session.require().await?;
                allow(route, &who)?;
                tokens.id = Some(id);
            }
            TokenKind::User => {
                let (id, who) = session.require_fresh(&tokens.target).await?;
                allow(route, &who)?;
                tokens.id = Some(id);
                tokens.person = Some(((&id).into(), who));
            }
            // `Config::routes` refuses them.
            TokenKind::Organization | TokenKind::Client => return Err(NOT_ALLOWED),
        }
        Ok(tokens)
    }
}

/// What the token of a route is for.
fn target(route: &Route<Rule>) -> TokenTarget {
    TokenTarget {
        resource: route.resource.clone(),
        organization: None,
    }
}

/// Checks the route's scopes and its rule.
fn allow(route: &Route<Rule>, who: &SignedIn) -> Result<(), Error> {
    let (_, scopes) = who.token(&target(route)).ok_or(NOT_ALLOWED)?;
    let scopes: Vec<_> = scopes
        .iter()
        .map(|scope: &Scope| scope.to_string())
        .collect();
    let has_scopes = route.scopes.iter().all(|scope| scopes.contains(scope));
    let allowed = Allowed {
        claims: &who.claims,
        scopes: &scopes,
        organization: None,
    };
    let rule = route.require.as_ref();
    let holds = rule.is_none_or(|rule| rule.holds(allowed));
    (has_scopes && holds).then_some(()).ok_or(NOT_ALLOWED)
}

const NOT_ALLOWED: Error = Error::Refused(ProblemCode::NotAllowed);

impl TokenSource for Tokens<'_> {
    type Error = Error;

    async fn token(&self, refused: Option<&SecretString>) -> Result<Option<SecretString>, Error> {
        let Some((key, who)) = &self.person else {
            return Ok(None);
        };
        let Some(refused) = refused else {
            let token = who.token(&self.target);
            return Ok(token.map(|(token, _)| secret(token)));
        };
        // An API that refuses every token would cause a refresh at each call.
        if who.has_new_token(&self.target, self.refresher.sessions().clock.unix()) {
            return Ok(None);
        }
        let stale = AccessToken::new(refused.expose_secret().to_owned());
        let stale = Some((&stale, &[][..]));
        let renewed = self.refresher.renewed(*key, &self.target, stale).await?;
        allow(self.route, &renewed)?;
        let token = renewed.token(&self.target);
        Ok(token.map(|(token, _)| secret(token)))
    }
}

fn secret(token: &AccessToken) -> SecretString {
    token.secret().clone().into()
}
