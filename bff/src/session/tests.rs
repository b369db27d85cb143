//! Requests of one session that meet at the same moment, again and again, on every engine.

use super::*;
use crate::{config::CookieSecret, fresh_database::Kind};
use oidc_rp::SignedClaims;
use openidconnect::{AccessToken, RefreshToken};
use session_store::{Data, Keys};
use shared::Claims;
use time::Duration;
use tokio::sync::Barrier;

const ROUNDS: usize = 1_000;

struct Engine {
    sessions: Sessions,
    clock: Clock,
    _folder: tempfile::TempDir,
}

async fn engine(kind: Kind) -> Engine {
    let folder = tempfile::tempdir().unwrap();
    let address: session_store::Address = kind.fresh(folder.path()).await.parse().unwrap();
    let secret = CookieSecret::parse("n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g").unwrap();
    let keys = Keys::derive(secret.expose(), "stored session");
    let clock = Clock::stopped_at(Clock::system().now());
    let store = Store::open(&address, keys, "bookstore", clock.clone())
        .await
        .unwrap();
    Engine {
        sessions: Sessions {
            store,
            clock: clock.clone(),
            lifetimes: Arc::new(SessionConfig {
                store: address,
                idle: Duration::DAY,
                lifetime: Duration::WEEK,
                refresh_token_lifetime: Duration::WEEK,
            }),
        },
        clock,
        _folder: folder,
    }
}

/// What the provider issues for a person.
pub(super) fn tokens_of(sub: &str) -> IdentityTokens {
    IdentityTokens {
        identity: SignedClaims {
            claims: Claims {
                sub: sub.to_owned(),
                ..Claims::default()
            },
            sid: Some("sid".to_owned()),
            id_token: "id-token".to_owned(),
        },
        access_token: AccessToken::new("access-token".to_owned()),
        expires_in: Some(3_600),
        refresh_token: Some(RefreshToken::new("refresh-token".to_owned())),
        scopes: Vec::new(),
    }
}

impl Engine {
    async fn begin(&self) -> Id {
        let state = Id::default().to_string();
        let until = self.clock.unix() + 60;
        let marking = self.sessions.store.mark_used(&state, until);
        // Later than an end in the same millisecond.
        let begun = marking.await.unwrap().unwrap() + 1;
        let beginning = self
            .sessions
            .begin(tokens_of("ada"), Device::default(), begun);
        beginning.await.unwrap()
    }

    async fn is_alive(&self, id: &Id) -> bool {
        self.sessions.store.load(id).await.unwrap().is_some()
    }
}

#[tokio::test]
async fn t05_no_visit_outlives_a_sign_out_at_the_same_moment() {
    for kind in Kind::ALL {
        let engine = Arc::new(engine(kind).await);
        for round in 0..ROUNDS {
            let id = engine.begin().await;
            engine.clock.advance(Duration::MINUTE); // a visit is recorded again
            let who = engine.sessions.load(&id).await.unwrap().unwrap();
            let barrier = Arc::new(Barrier::new(2));
            let visiting = {
                let (engine, barrier) = (engine.clone(), barrier.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    engine.sessions.record_visit(&id, who).await.unwrap();
                })
            };
            barrier.wait().await;
            if round % 2 == 0 {
                let reason = SignedOutReason::SignedOut;
                engine.sessions.end(&id, reason).await.unwrap();
            } else {
                let (person, reason) = (Group::subject("ada"), SignedOutReason::Everywhere);
                engine.sessions.end_group(person, reason).await.unwrap();
            }
            visiting.await.unwrap();
            assert!(!engine.is_alive(&id).await, "{kind:?} {round}");
        }
    }
}

/// A person's values, a visit and a refresh at the same moment: each keeps what the others wrote.
#[tokio::test]
async fn b157_of_two_changes_at_the_same_moment_the_later_knows_the_earlier() {
    const CHANGES: usize = 200;
    for kind in Kind::ALL {
        let engine = Arc::new(engine(kind).await);
        let id = engine.begin().await;
        let of_application = {
            let engine = engine.clone();
            tokio::spawn(async move {
                for change in 1..=CHANGES {
                    let write = |data: &mut Data| {
                        data.insert("cart".to_owned(), change.into());
                    };
                    assert!(engine.sessions.store.update(&id, write).await.unwrap());
                }
            })
        };
        for change in 1..=CHANGES {
            engine.clock.advance(Duration::MINUTE);
            let write = |data: &mut Data| {
                let name = &mut data.get_mut(SIGNED_IN).unwrap()["claims"]["name"];
                let before: usize = name.as_str().unwrap_or("0").parse().unwrap();
                assert_eq!(before + 1, change);
                *name = change.to_string().into();
            };
            assert!(engine.sessions.store.update(&id, write).await.unwrap());
            let who = engine.sessions.load(&id).await.unwrap().unwrap();
            engine.sessions.record_visit(&id, who).await.unwrap();
        }
        of_application.await.unwrap();
        let stored = engine.sessions.store.load(&id).await.unwrap().unwrap();
        assert_eq!(stored.data["cart"], CHANGES);
        let who = engine.sessions.read(&stored).unwrap();
        assert_eq!(who.claims.name.unwrap(), CHANGES.to_string());
        assert_eq!(who.times.last_seen_at, engine.clock.unix());
    }
}

#[tokio::test]
async fn a_session_filed_under_another_person_is_not_theirs() {
    // Others can write to these databases.
    for kind in Kind::SHARED.into_iter().chain([Kind::Sqlite]) {
        let engine = engine(kind).await;
        let id = engine.begin().await;
        let store = &engine.sessions.store;
        let stored = store.load(&id).await.unwrap().unwrap();
        let index = Index::new("mallory", None);
        let moved = store.insert(&stored.data, &index, stored.expires_at).await;
        assert!(engine.is_alive(&moved.unwrap()).await);
        assert!(
            engine
                .sessions
                .of_person("mallory")
                .await
                .unwrap()
                .is_empty()
        );
        let own = engine.sessions.of_person("ada").await.unwrap();
        assert_eq!(own.len(), 1);
    }
}

/// Both callbacks bring the same session. As the handler does, each begins a session and then ends the one before.
#[tokio::test]
async fn b094_of_two_sign_ins_in_one_browser_at_the_same_moment_the_session_before_is_dead() {
    for kind in Kind::ALL {
        let engine = Arc::new(engine(kind).await);
        let mut before = engine.begin().await;
        for round in 0..ROUNDS / 10 {
            let barrier = Arc::new(Barrier::new(2));
            let signing_in = [(); 2].map(|()| {
                let (engine, barrier) = (engine.clone(), barrier.clone());
                tokio::spawn(async move {
                    barrier.wait().await;
                    let id = engine.begin().await;
                    let reason = SignedOutReason::SignedOut;
                    engine.sessions.end(&before, reason).await.unwrap();
                    id
                })
            });
            let [first, second] = signing_in;
            let (first, second) = (first.await.unwrap(), second.await.unwrap());
            assert!(!engine.is_alive(&before).await, "{kind:?} {round}");
            assert_ne!(first, second);
            assert!(engine.is_alive(&first).await && engine.is_alive(&second).await);
            before = second;
        }
    }
}
