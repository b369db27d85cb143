//! `/api/proxy/{name}/{path}`: a page's calls of an API, with the person's access token, which the page never sees.

use crate::{
    AppState,
    error::Error,
    request::csrf,
    security_headers::IsFile,
    session::{Sessions, layer::CurrentSession, refresh::Refresher, signed_in::SignedIn},
};
use api_proxy::{Caller, ForwardError, Route, TokenKind, TokenSource};
use axum::{
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use oidc_rp::TokenTarget;
use openidconnect::{AccessToken, Scope};
use secrecy::{ExposeSecret, SecretString};
use session_store::SessionKey;
use shared::{Allowed, ProblemCode, Rule, path};
use std::time::Duration;
use tower_sessions::session::Id;

/// How often the session of a WebSocket is loaded.
const LOAD_EVERY: Duration = Duration::from_secs(15);

/// Forwards the request to the API of a route.
pub(crate) async fn forward(
    State(app): State<AppState>,
    session: CurrentSession,
    request: Request,
) -> Result<Response, Error> {
    if !csrf::is_from_our_page(request.headers(), app.base_url.origin()) {
        return Err(csrf::refusal());
    }
    let url = request.uri().path().to_owned();
    let (route, prefix, path) = find(&app, &url).ok_or(Error::Refused(ProblemCode::NotFound))?;
    let tokens = Tokens::of(&app, route, &session).await?;
    let caller = Caller {
        address: app.trusted_proxies.client_of(&request),
        origin: app.base_url.origin(),
        prefix,
    };
    match route.forward(request, path, caller, &tokens).await {
        Ok(forwarded) => {
            if let Some(tunnel) = forwarded.tunnel {
                let session = session.id().ok_or(Error::NOT_SIGNED_IN)?;
                let slot = app.stream_limit.take(session)?;
                let app = app.clone();
                app.tasks.clone().spawn_apart(async move {
                    let _slot = slot;
                    tokio::select! {
                        () = tunnel => {}
                        () = app.stopping.cancelled() => {}
                        () = end_of(&app.sessions, session) => {}
                    }
                });
            }
            let mut response = forwarded.response;
            response.extensions_mut().insert(IsFile);
            Ok(response)
        }
        Err(error) => {
            let header = error.header();
            let mut response = error_of(error).into_response();
            response.headers_mut().extend(header);
            Ok(response)
        }
    }
}

/// Waits until the session has ended. A fault of the store ends nothing.
async fn end_of(sessions: &Sessions, id: Id) {
    loop {
        tokio::time::sleep(LOAD_EVERY).await;
        if let Ok(None) = sessions.load(&id).await {
            return;
        }
    }
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
    refresher: Refresher,
    /// `None` if the route needs nobody.
    person: Option<(SessionKey, SignedIn)>,
}

impl<'a> Tokens<'a> {
    /// Requires what the route requires: a session, which this call keeps alive, and its rule.
    async fn of(
        app: &AppState,
        route: &'a Route<Rule>,
        session: &CurrentSession,
    ) -> Result<Self, Error> {
        let mut tokens = Self {
            route,
            target: TokenTarget::default(),
            refresher: app.refresher.clone(),
            person: None,
        };
        if route.token == TokenKind::None && route.require.is_none() {
            return Ok(tokens);
        }
        let (id, who) = session.require().await?;
        tokens.target.resource.clone_from(&route.resource);
        if route.token == TokenKind::Organization {
            let organization = who.organization.clone();
            tokens.target.organization = Some(organization.ok_or(NOT_ALLOWED)?);
        }
        let who = match route.token {
            TokenKind::None => who,
            _ => {
                tokens
                    .refresher
                    .fresh((&id).into(), who, &tokens.target)
                    .await?
            }
        };
        tokens.allow(&who)?;
        tokens.person = Some(((&id).into(), who));
        Ok(tokens)
    }

    /// Checks the route's scopes and its rule.
    fn allow(&self, who: &SignedIn) -> Result<(), Error> {
        let (_, scopes) = who.token(&self.target).ok_or(NOT_ALLOWED)?;
        let scopes: Vec<_> = scopes
            .iter()
            .map(|scope: &Scope| scope.to_string())
            .collect();
        let has_scopes = self.route.scopes.iter().all(|scope| scopes.contains(scope));
        let allowed = Allowed {
            claims: &who.claims,
            scopes: &scopes,
            organization: who.organization.as_deref(),
        };
        let holds = self
            .route
            .require
            .as_ref()
            .is_none_or(|rule| rule.holds(allowed));
        (has_scopes && holds).then_some(()).ok_or(NOT_ALLOWED)
    }
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
        let stale = AccessToken::new(refused.expose_secret().to_owned());
        let stale = Some((&stale, &[][..]));
        let renewed = self.refresher.renewed(*key, &self.target, stale).await?;
        self.allow(&renewed)?;
        let token = renewed.token(&self.target);
        Ok(token.map(|(token, _)| secret(token)))
    }
}

fn secret(token: &AccessToken) -> SecretString {
    token.secret().clone().into()
}
