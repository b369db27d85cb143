//! The session of a request. This layer reads the cookie and writes nothing: a sign-in sets the cookie, a sign-out removes
//! it, and no request saves a session at its end.
//!
//! It takes the place of tower-sessions' own layer, whose cookies are percent-decoded, whose removal cookie lacks `Secure`,
//! and which saves late. Handlers of an application on this bff use [`tower_sessions::Session`] as an extractor: they may
//! keep values of their own under any name but `signed_in`, and write them with `session.save()`.

use super::{
    refresh::Refresher,
    signed_in::{SIGNED_IN, SignedIn},
};
use crate::{
    error::Error,
    request::cookies::{CookieNames, Cookies},
};
use async_trait::async_trait;
use axum::{
    extract::{FromRequestParts, Request, State},
    middleware::Next,
    response::Response,
};
use http::request::Parts;
use oidc_rp::TokenTarget;
use session_store::{SessionKey, StoredSession};
use shared::ProblemCode;
use std::{fmt, sync::Arc};
use time::OffsetDateTime;
use tokio::sync::OnceCell;
use tower_sessions::{
    Session, SessionStore,
    session::{Id, Record},
    session_store::{Error as StoreError, Result as StoreResult},
};

/// Hands the request its session.
pub(crate) async fn attach(
    State((refresher, names)): State<(Refresher, CookieNames)>,
    mut request: Request,
    next: Next,
) -> Response {
    let cookies = Cookies::read(request.headers());
    let id = cookies.session_id(&names);
    if cookies.named(&names.session).count() > usize::from(id.is_some()) {
        tracing::info!(event = "session.foreign_cookie", name = %names.session);
    }
    let current = CurrentSession(Arc::new(Inner {
        id,
        refresher,
        loaded: OnceCell::new(),
    }));
    let session = Session::new(id, Arc::new(current.clone()), None);
    request.extensions_mut().insert(current);
    request.extensions_mut().insert(session);
    next.run(request).await
}

/// The session that the request's cookie names. It is loaded at most once.
#[derive(Clone)]
pub(crate) struct CurrentSession(Arc<Inner>);

struct Inner {
    id: Option<Id>,
    refresher: Refresher,
    loaded: OnceCell<Option<(StoredSession, SignedIn)>>,
}

impl CurrentSession {
    /// The id in the cookie. The session may have ended.
    pub(crate) fn id(&self) -> Option<Id> {
        self.0.id
    }

    /// The session's id and the person who is signed in. `None` if there is no session, or it has ended.
    pub(crate) async fn signed_in(&self) -> Result<Option<(Id, SignedIn)>, Error> {
        let loaded = self.load().await?;
        Ok(self.0.id.zip(loaded.map(|(_, who)| who.clone())))
    }

    /// As [`CurrentSession::signed_in`], for a request that a person makes: it keeps the session alive. An access token that
    /// is due is renewed in the background, and the claims with it.
    pub(crate) async fn visit(&self) -> Result<Option<(Id, SignedIn)>, Error> {
        let Some((id, who)) = self.signed_in().await? else {
            return Ok(None);
        };
        let refresher = &self.0.refresher;
        let who = refresher.sessions().record_visit(&id, who).await?;
        Ok(who.map(|who| {
            refresher.renew_if_due(SessionKey::from(&id), &who);
            (id, who)
        }))
    }

    /// As [`CurrentSession::visit`]; an error if nobody is signed in.
    pub(crate) async fn require(&self) -> Result<(Id, SignedIn), Error> {
        self.visit().await?.ok_or(Error::NOT_SIGNED_IN)
    }

    /// As [`CurrentSession::require`]; waits for an access token of this target that has not expired.
    pub(crate) async fn require_fresh(
        &self,
        target: &TokenTarget,
    ) -> Result<(Id, SignedIn), Error> {
        let refresher = &self.0.refresher;
        let (id, who) = self.signed_in().await?.ok_or(Error::NOT_SIGNED_IN)?;
        let who = refresher.fresh(SessionKey::from(&id), who, target).await?;
        // After the refresh: of many requests that wait for it, only the first writes the visit.
        let who = refresher.sessions().record_visit(&id, who).await?;
        Ok((id, who.ok_or(Error::NOT_SIGNED_IN)?))
    }

    async fn load(&self) -> Result<Option<&(StoredSession, SignedIn)>, session_store::Error> {
        let Some(id) = self.0.id else {
            return Ok(None);
        };
        let sessions = self.0.refresher.sessions();
        let loading = self.0.loaded.get_or_try_init(async || {
            let stored = sessions.store.load(&id).await?;
            Ok::<_, session_store::Error>(stored.and_then(|stored| {
                let who = sessions.read(&stored)?;
                Some((stored, who))
            }))
        });
        Ok(loading.await?.as_ref())
    }
}

impl<S: Sync> FromRequestParts<S> for CurrentSession {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let current = parts.extensions.get::<Self>().cloned();
        current.ok_or(Error::Refused(ProblemCode::Internal))
    }
}

impl fmt::Debug for CurrentSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CurrentSession([redacted])")
    }
}

/// What [`Session`] may do for the application.
#[async_trait]
impl SessionStore for CurrentSession {
    /// A session begins with a sign-in. A visitor who is not signed in creates nothing.
    async fn create(&self, _: &mut Record) -> StoreResult<()> {
        let cause = "nobody is signed in: a session begins with a sign-in";
        Err(StoreError::Backend(cause.to_owned()))
    }

    /// Writes the application's values. Who is signed in stays as the store has it, and so does the expiry.
    async fn save(&self, record: &Record) -> StoreResult<()> {
        let store = &self.0.refresher.sessions().store;
        let write = |data: &mut session_store::Data| {
            let signed_in = data.remove(SIGNED_IN);
            data.clone_from(&record.data);
            data.remove(SIGNED_IN);
            data.extend(signed_in.map(|value| (SIGNED_IN.to_owned(), value)));
        };
        let exists = store.update(&record.id, write).await?;
        exists.then_some(()).ok_or_else(|| {
            StoreError::Backend("the session has ended: nothing was saved".to_owned())
        })
    }

    async fn load(&self, id: &Id) -> StoreResult<Option<Record>> {
        let visiting = self.visit().await;
        visiting.map_err(|error| StoreError::Backend(error.to_string()))?;
        let loaded = CurrentSession::load(self).await?;
        Ok(loaded.and_then(|(stored, _)| {
            // Hides the tokens from the application: `Session` prints its values in `Debug`.
            let mut data = stored.data.clone();
            data.remove(SIGNED_IN);
            Some(Record {
                id: *id,
                data,
                expiry_date: OffsetDateTime::from_unix_timestamp(stored.expires_at).ok()?,
            })
        }))
    }

    /// A session ends by signing out, which also revokes its refresh token.
    async fn delete(&self, _: &Id) -> StoreResult<()> {
        let cause = "a session ends with `POST /sign-out`; its id never changes";
        Err(StoreError::Backend(cause.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AppState, session::tests::tokens_of};
    use axum::{
        Router,
        body::{Body, to_bytes},
        middleware::from_fn_with_state,
        routing::{get, post},
    };
    use http::{StatusCode, header::COOKIE};
    use shared::Device;
    use tower::ServiceExt;
    use tower_sessions::session;

    /// A route of an application: puts one book into the person's cart.
    async fn add_book(session: Session) -> Result<String, StatusCode> {
        let failed = |_: session::Error| StatusCode::FORBIDDEN;
        let books = session.get::<u64>("cart").await.map_err(failed)?;
        let books = books.unwrap_or_default() + 1;
        session.insert("cart", books).await.map_err(failed)?;
        // Only a sign-in and a refresh may write this.
        session.insert(SIGNED_IN, "mallory").await.map_err(failed)?;
        session.save().await.map_err(failed)?;
        Ok(books.to_string())
    }

    async fn who(session: CurrentSession) -> Result<String, Error> {
        Ok(session.require().await?.1.claims.sub)
    }

    async fn ask(app: &AppState, id: Option<Id>, method: &str, path: &str) -> (StatusCode, String) {
        let routes = Router::new()
            .route("/books", post(add_book))
            .route("/who", get(who))
            .layer(from_fn_with_state(
                (app.refresher.clone(), app.cookie_names.clone()),
                attach,
            ));
        let mut request = Request::builder().method(method).uri(path);
        if let Some(id) = id {
            request = request.header(COOKIE, format!("{}={id}", app.cookie_names.session));
        }
        let request = request.body(Body::empty()).unwrap();
        let response = routes.oneshot(request).await.unwrap();
        let status = response.status();
        let body = to_bytes(response.into_body(), 1 << 10).await.unwrap();
        (status, String::from_utf8(body.to_vec()).unwrap())
    }

    #[tokio::test]
    async fn values_of_the_application_are_kept_beside_the_sign_in_and_survive_a_refresh() {
        let app = AppState::for_tests().await;
        let sessions = &app.sessions;
        let marking = sessions.store.mark_used("state", app.clock.unix() + 60);
        let begun = marking.await.unwrap().unwrap();
        let beginning = sessions.begin(tokens_of("ada"), Device::default(), begun);
        let id = beginning.await.unwrap();
        let add = async || ask(&app, Some(id), "POST", "/books").await;
        assert_eq!(add().await, (StatusCode::OK, "1".to_owned()));

        // As a refresh does it: under the version that was loaded.
        let mut stored = sessions.store.load(&id).await.unwrap().unwrap();
        let mut signed_in = sessions.read(&stored).unwrap();
        signed_in.access_token = openidconnect::AccessToken::new("renewed".to_owned());
        signed_in.store_in(&mut stored).unwrap();
        assert!(sessions.store.replace(&stored).await.unwrap());

        assert_eq!(add().await, (StatusCode::OK, "2".to_owned()));
        let after = sessions.load(&id).await.unwrap().unwrap();
        assert_eq!(after.access_token.secret(), "renewed");
        let (_, sub) = ask(&app, Some(id), "GET", "/who").await;
        assert_eq!(sub, "ada");
    }

    #[tokio::test]
    async fn an_application_neither_ends_a_session_nor_saves_to_one_that_has_ended() {
        let app = AppState::for_tests().await;
        let sessions = &app.sessions;
        let marking = sessions.store.mark_used("state", app.clock.unix() + 60);
        let begun = marking.await.unwrap().unwrap();
        let beginning = sessions.begin(tokens_of("ada"), Device::default(), begun);
        let id = beginning.await.unwrap();
        let of_request = || {
            let (refresher, loaded) = (app.refresher.clone(), OnceCell::new());
            let id = Some(id);
            let current = CurrentSession(Arc::new(Inner {
                id,
                refresher,
                loaded,
            }));
            Session::new(id, Arc::new(current), None)
        };
        let session = of_request();
        session.insert("cart", 1).await.unwrap();
        assert!(session.flush().await.is_err());
        assert!(sessions.load(&id).await.unwrap().is_some());

        let session = of_request();
        session.insert("cart", 2).await.unwrap();
        let reason = shared::SignedOutReason::Everywhere;
        sessions.end(&id, reason).await.unwrap();
        assert!(session.save().await.is_err());
    }

    #[tokio::test]
    async fn a_visitor_who_is_not_signed_in_creates_nothing_in_the_store() {
        let app = AppState::for_tests().await;
        for id in [None, Some(Id::default())] {
            let (status, _) = ask(&app, id, "POST", "/books").await;
            assert_eq!(status, StatusCode::FORBIDDEN);
            let (status, _) = ask(&app, id, "GET", "/who").await;
            assert_eq!(status, StatusCode::UNAUTHORIZED);
        }
        assert_eq!(app.sessions.store.count().await.unwrap(), 0);
    }
}
