//! A person's own sessions: the list of them, and ending one.

use crate::support::{HostileApp, Kind, TestApp, TestBrowser, nothing};
use shared::{SessionEvent, Sessions, SignedOut, SignedOutReason};
use time::Duration;

const PHONE: &str = "8613900000000";
const SESSIONS: &str = "/api/auth/sessions";
const FIREFOX: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Firefox/145.0";

async fn list(browser: &mut TestBrowser) -> Sessions {
    let answer = browser.fetch(SESSIONS).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    serde_json::from_str(&answer.body).unwrap()
}

fn path(sessions: &Sessions, is_current: bool) -> String {
    let mut sessions = sessions.sessions.iter();
    let session = sessions.find(|session| session.is_current == is_current);
    format!("{SESSIONS}/{}", session.unwrap().id)
}

#[tokio::test]
async fn a_person_sees_all_of_their_sessions_and_ends_one() {
    for kind in Kind::ALL {
        let app = TestApp::start_on(kind, &[]).await;
        let (mut here, mut there) = (app.browser(), app.browser());
        there.user_agent = Some(FIREFOX);
        there.sign_in(&app, PHONE, "/").await;
        let began = app.clock.unix();
        app.clock.advance(Duration::hours(1));
        here.sign_in(&app, PHONE, "/").await;
        app.browser().sign_in(&app, "8613900000001", "/").await;

        let sessions = list(&mut here).await;
        let [current, other] = &sessions.sessions[..] else {
            panic!("{sessions:?}")
        };
        assert!(current.is_current && !other.is_current);
        assert_eq!(current.created_at, app.clock.unix());
        assert_eq!((other.created_at, other.last_seen_at), (began, began));
        let device = (&other.device.browser, &other.device.system);
        assert_eq!(
            (device.0.as_deref(), device.1.as_deref()),
            (Some("Firefox"), Some("Windows"))
        );
        there.visit("/").await;
        let seen = list(&mut here).await.sessions;
        let other = seen.iter().find(|session| !session.is_current).unwrap();
        assert_eq!(other.last_seen_at, app.clock.unix());

        let mut events = there.events().await;
        let revoked = app.provider_requests("POST /oidc/token/revocation");
        assert_eq!(here.delete(&path(&sessions, false)).await.status, 204);
        // The visit after an hour also renewed the claims in the background.
        let mut event = events.next().await;
        while matches!(event, Some(SessionEvent::ClaimsChanged(_))) {
            event = events.next().await;
        }
        assert_eq!(
            event,
            Some(SessionEvent::SignedOut(SignedOut {
                reason: SignedOutReason::EndedElsewhere
            }))
        );
        assert_eq!(there.sub().await, None);
        assert_eq!(list(&mut here).await.sessions.len(), 1);
        while app.provider_requests("POST /oidc/token/revocation") == revoked {
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn the_session_that_asks_can_be_ended_too() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let current = path(&list(&mut browser).await, true);
    assert_eq!(browser.delete(&current).await.status, 204);
    assert_eq!(browser.session_id(), None);
    assert_eq!(app.stored_sessions().await, 0);
}

#[tokio::test]
async fn nobody_lists_or_ends_what_is_not_theirs() {
    let app = TestApp::start().await;
    let (mut ada, mut mallory) = (app.browser(), app.browser());
    ada.sign_in(&app, PHONE, "/").await;
    mallory.sign_in(&app, "8613900000001", "/").await;
    let adas = path(&list(&mut ada).await, true);
    let session_id = ada.session_id().unwrap().to_owned();
    assert!(!adas.contains(&session_id), "its name opens nothing");

    for path in [
        &adas,
        &format!("{SESSIONS}/nonsense"),
        &format!("{SESSIONS}/%FF"),
    ] {
        let answer = mallory.delete(path).await;
        assert!(matches!(answer.status.as_u16(), 400 | 404), "{path}");
    }
    let anonymous = app.browser().delete(&adas).await;
    assert_eq!(anonymous.json()["code"], "not_signed_in");
    assert_eq!(app.browser().fetch(SESSIONS).await.status, 401);
    assert!(ada.sub().await.is_some());
}

#[tokio::test]
async fn q49_of_many_sessions_the_newest_are_listed_and_the_current_one() {
    let app = HostileApp::start(nothing()).await;
    let mut oldest = app.browser();
    app.sign_in(&mut oldest).await;
    for number in 0..105 {
        // So many within a minute that the visit to the list is not recorded.
        app.clock.advance(Duration::seconds(number % 2));
        app.sign_in(&mut app.browser()).await;
    }
    let sessions = list(&mut oldest).await.sessions;
    assert_eq!(sessions.len(), 101);
    assert!(sessions.is_sorted_by_key(|session| -session.last_seen_at));
    assert!(sessions[100].is_current);
    assert_eq!(sessions[0].last_seen_at, app.clock.unix());
}

#[tokio::test]
async fn q44_last_seen_is_never_in_the_future() {
    for kind in Kind::SHARED {
        let app = HostileApp::start_on(kind, &[], nothing()).await;
        let app = app.with_second_ahead(Duration::seconds(30)).await;
        let mut browser = app.browser();
        app.sign_in(&mut browser).await;
        app.clock.advance(Duration::MINUTE);
        assert_eq!(app.at_second(&browser).visit("/").await.status, 200);
        let sessions = list(&mut browser).await.sessions;
        assert_eq!(sessions[0].last_seen_at, app.clock.unix());
    }
}
