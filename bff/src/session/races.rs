//! Requests of one session that meet at the same moment, again and again, on every engine.

use super::{
    fresh_store::Kind,
    seal::{Keys, Purpose},
    signed_in::SignedIn,
    store::Store,
    stored::{Stored, slide},
};
use crate::config::{self, CookieSecret, SessionConfig};
use clock::Clock;
use oidc_rp::{IdentityTokens, SignedClaims};
use openidconnect::{AccessToken, RefreshToken};
use shared::{Claims, Device, SignedOutReason};
use std::sync::Arc;
use time::Duration;
use tokio::sync::Barrier;
use tower_sessions::{Session, SessionStore};

const ROUNDS: usize = 1_000;

struct Place {
    store: Store,
    clock: Clock,
    lifetimes: Arc<SessionConfig>,
    _folder: tempfile::TempDir,
}

async fn place(kind: Kind) -> Place {
    let folder = tempfile::tempdir().unwrap();
    let config = config::store(&kind.fresh(folder.path()).await).unwrap();
    let secret = CookieSecret::parse("n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g").unwrap();
    let keys = Keys::derive(&[secret], Purpose::StoredSession);
    let clock = Clock::stopped_at(Clock::system().now());
    Place {
        store: Store::open(&config, keys, clock.clone()).await.unwrap(),
        clock,
        lifetimes: Arc::new(SessionConfig {
            store: config,
            idle: Duration::DAY,
            lifetime: Duration::WEEK,
            refresh_token_lifetime: Duration::WEEK,
        }),
        _folder: folder,
    }
}

impl Place {
    /// A request with the cookie of this session, or without one.
    fn request(&self, session: Option<&Session>) -> Session {
        let id = session.and_then(Session::id);
        Session::new(id, Arc::new(self.store.clone()), None)
    }

    async fn begin(&self, session: &Session) {
        let tokens = IdentityTokens {
            identity: SignedClaims {
                claims: Claims {
                    sub: "ada".to_owned(),
                    ..Claims::default()
                },
                sid: Some("sid".to_owned()),
                id_token: "id-token".to_owned(),
            },
            access_token: AccessToken::new("access-token".to_owned()),
            expires_in: Some(3_600),
            refresh_token: Some(RefreshToken::new("refresh-token".to_owned())),
            scopes: Vec::new(),
        };
        let now = self.clock.unix();
        SignedIn::begin(session, tokens, Device::default(), now, &self.lifetimes)
            .await
            .unwrap();
    }

    async fn load(&self, session: &Session) -> Option<SignedIn> {
        let now = self.clock.unix();
        SignedIn::load(session, now, &self.lifetimes).await.unwrap()
    }

    async fn is_alive(&self, session: &Session) -> bool {
        let id = session.id().unwrap();
        self.store.load(&id).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn t05_no_visit_outlives_a_sign_out_at_the_same_moment() {
    for kind in Kind::ALL {
        let place = Arc::new(place(kind).await);
        for round in 0..ROUNDS {
            let signed_in = place.request(None);
            place.begin(&signed_in).await;
            place.clock.advance(Duration::MINUTE); // a visit is written down again
            let (visit, sign_out) = (
                place.request(Some(&signed_in)),
                place.request(Some(&signed_in)),
            );
            let who = place.load(&visit).await.unwrap();
            let barrier = Arc::new(Barrier::new(2));
            let visiting = {
                let (place, barrier) = (place.clone(), barrier.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    let (now, lifetimes) = (place.clock.unix(), &place.lifetimes);
                    slide(who, &visit, &place.store, now, lifetimes)
                        .await
                        .unwrap();
                    // As the middleware does after the handler.
                    visit.save().await.unwrap();
                })
            };
            barrier.wait().await;
            if round % 2 == 0 {
                sign_out.flush().await.unwrap();
            } else {
                let why = SignedOutReason::Everywhere;
                place.store.end_all_of("ada", why).await.unwrap();
            }
            visiting.await.unwrap();
            assert!(!place.is_alive(&signed_in).await, "{kind:?} {round}");
        }
    }
}

#[tokio::test]
async fn b157_of_two_changes_at_the_same_moment_the_later_knows_the_earlier() {
    for kind in Kind::ALL {
        let place = Arc::new(place(kind).await);
        let signed_in = place.request(None);
        place.begin(&signed_in).await;
        let id = signed_in.id().unwrap();
        let barrier = Arc::new(Barrier::new(2));
        let sides: Vec<_> = (0..2)
            .map(|_| {
                let (place, barrier) = (place.clone(), barrier.clone());
                tokio::spawn(async move {
                    for _ in 0..ROUNDS {
                        barrier.wait().await;
                        while !count_one(&place, &id).await {}
                    }
                })
            })
            .collect();
        for side in sides {
            side.await.unwrap();
        }
        let who = place.load(&place.request(Some(&signed_in))).await.unwrap();
        let changes = who.claims.name.unwrap().parse::<usize>().unwrap();
        assert_eq!(changes, 2 * ROUNDS, "{kind:?}");
    }
}

/// Adds one to a number in the session; answers whether nobody else was faster.
async fn count_one(place: &Place, id: &tower_sessions::session::Id) -> bool {
    let (store, now, lifetimes) = (&place.store, place.clock.unix(), &place.lifetimes);
    let loaded = Stored::load(store, id, now, lifetimes).await.unwrap();
    let mut stored = loaded.unwrap();
    let name = &mut stored.who.claims.name;
    let before: usize = name.as_deref().unwrap_or("0").parse().unwrap();
    *name = Some((before + 1).to_string());
    stored.save(store, lifetimes).await.unwrap().is_some()
}

#[tokio::test]
async fn b094_of_two_sign_ins_in_one_browser_at_the_same_moment_the_session_before_is_dead() {
    for kind in Kind::ALL {
        let place = Arc::new(place(kind).await);
        let mut before = place.request(None);
        place.begin(&before).await;
        for round in 0..ROUNDS {
            let callbacks = [place.request(Some(&before)), place.request(Some(&before))];
            let barrier = Arc::new(Barrier::new(2));
            let signing_in = callbacks.clone().map(|session| {
                let (place, barrier) = (place.clone(), barrier.clone());
                tokio::spawn(async move {
                    place.load(&session).await;
                    barrier.wait().await;
                    place.begin(&session).await;
                })
            });
            for done in signing_in {
                done.await.unwrap();
            }
            assert!(!place.is_alive(&before).await, "{kind:?} {round}");
            let [first, second] = callbacks;
            assert_ne!(first.id(), second.id());
            assert!(place.is_alive(&first).await && place.is_alive(&second).await);
            place.request(Some(&first)).flush().await.unwrap();
            before = second;
        }
    }
}
