//! The session cookie on the wire: its prefix, who can see and plant it, what counts as one.

use crate::support::{Answer, CapturedLog, HostileApp, Refused, TestApp, TestBrowser, nothing};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::{Method, header::SET_COOKIE};
use shared::AuthStatus;
use std::collections::HashSet;
use time::Duration;
use tower_sessions::session::Id;
use tracing::Level;

const PHONE: &str = "8613900000000";
const OWN: &str = "https://app.example";
/// A host that somebody else may run, under the same registrable domain.
const SIBLING: &str = "https://shop.app.example/";

async fn behind_https() -> (TestApp, TestBrowser) {
    let app = TestApp::start_with(&[("BASE_URL", OWN)]).await;
    let browser = app.browser();
    (app, browser)
}

/// The `Set-Cookie` headers of an answer.
fn set_by(answer: &Answer) -> Vec<&str> {
    let headers = answer.headers.get_all(SET_COOKIE).iter();
    headers.map(|header| header.to_str().unwrap()).collect()
}

#[tokio::test]
async fn b078_behind_https_it_has_the_prefix_and_all_attributes() {
    let (app, mut browser) = behind_https().await;
    browser.sign_in(&app, PHONE, "/").await;
    let own = browser
        .cookies
        .iter()
        .filter(|cookie| cookie.name.starts_with("__Host-"));
    let [cookie] = own.collect::<Vec<_>>()[..] else {
        panic!("{:?}", browser.cookies)
    };
    assert_eq!(
        (cookie.name.as_str(), cookie.value.len()),
        ("__Host-session", 22)
    );
    let mut attributes: Vec<_> = cookie.header.split("; ").skip(1).collect();
    attributes.retain(|attribute| !attribute.starts_with("Max-Age="));
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax", "Secure"]);
}

#[tokio::test]
async fn b078_on_this_machine_without_tls_only_prefix_and_secure_are_missing() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let cookie = browser
        .cookies
        .iter()
        .find(|cookie| cookie.name == app.session_cookie())
        .unwrap();
    let mut attributes: Vec<_> = cookie.header.split("; ").skip(1).collect();
    attributes.retain(|attribute| !attribute.starts_with("Max-Age="));
    attributes.sort_unstable();
    assert_eq!(attributes, ["HttpOnly", "Path=/", "SameSite=Lax"]);
}

/// An answer that comes late would bring this session's cookie back over that of a newer sign-in.
#[tokio::test]
async fn it_is_set_once_for_as_long_as_the_session_may_last_and_by_no_visit() {
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let session = browser
        .cookies
        .iter()
        .find(|one| one.name == app.session_cookie());
    let max_age = session.unwrap().header.split("Max-Age=").nth(1).unwrap();
    let max_age: i64 = max_age.split(';').next().unwrap().parse().unwrap();
    let fortnight = Duration::weeks(2).whole_seconds();
    // It is counted by the system's clock, a little later than the sign-in.
    assert!((fortnight - 60..=fortnight).contains(&max_age), "{max_age}");

    let left = |status| match status {
        AuthStatus::SignedIn { session, .. } => session.idle_expires_in,
        AuthStatus::SignedOut => panic!("signed out"),
    };
    let at_first = left(browser.status().await);
    app.clock.advance(Duration::HOUR);
    assert_eq!(left(browser.status().await), at_first - 3_600);
    let visit = browser.visit("/").await;
    assert_eq!(left(browser.status().await), at_first, "it slid");
    assert_eq!(set_by(&visit), [""; 0]);
}

#[tokio::test]
async fn b078_no_script_sees_or_replaces_it() {
    let (app, mut browser) = behind_https().await;
    browser.sign_in(&app, PHONE, "/").await;
    let id = browser.session_id().unwrap().to_owned();
    assert_eq!(browser.own_page().script_cookies(), "");
    let by_script = "__Host-session=AAAAAAAAAAAAAAAAAAAAAA; Secure; Path=/";
    let refused = browser.own_page().set_cookie_by_script(by_script);
    assert_eq!(refused, Err(Refused::OverAnHttpOnlyCookie));
    assert_eq!(browser.session_id(), Some(&*id));
}

#[tokio::test]
async fn t01_b038_a_sibling_site_cannot_plant_it_under_any_name() {
    let (app, mut browser) = behind_https().await;
    let mut attacker = app.browser();
    attacker.sign_in(&app, "8613900000001", "/").await;
    let id = attacker.session_id().unwrap().to_owned();

    let real = format!("__Host-session={id}; Domain=app.example; Path=/; Secure");
    let refused = browser.visit_that_sets(SIBLING, &real);
    assert_eq!(
        refused,
        Err(Refused::HostPrefix),
        "the browser sees to that"
    );
    for alias in [
        "%5F%5FHost-session",
        "__Hos%74-session",
        "\u{a0}__Host-session",
        "\u{85}__Host-session",
        "\u{e2}\u{80}\u{80}__Host-session",
        "\"__Host-session\"",
        "session",
    ] {
        let planted = format!("{alias}={id}; Domain=app.example; Path=/; Secure");
        browser.visit_that_sets(SIBLING, &planted).unwrap();
        assert_eq!(browser.status().await, AuthStatus::SignedOut, "{alias:?}");
    }

    browser.sign_in(&app, PHONE, "/").await;
    let (sub, attackers) = (browser.sub().await, attacker.sub().await);
    assert!(
        sub.is_some() && sub != attackers,
        "and they do not cover the real one"
    );
}

#[tokio::test]
async fn t01_of_two_with_its_name_none_counts() {
    let (app, mut browser) = behind_https().await;
    browser.sign_in(&app, PHONE, "/").await;
    let id = browser.session_id().unwrap().to_owned();
    let mut liar = app.browser();
    let (one, other) = (
        format!("__Host-session={id}"),
        "__Host-session=AAAAAAAAAAAAAAAAAAAAAA",
    );
    for (header, signed_in) in [
        (format!("{one}; {other}"), false),
        (format!("{other}; {one}"), false),
        (format!("{one}; {one}"), false),
        (format!("x=1; {one};y"), true),
    ] {
        let headers = [("cookie", &*header)];
        let answer = liar
            .send(Method::GET, "/api/auth/status", &headers, "")
            .await;
        assert_eq!(answer.json()["isAuthenticated"], signed_in, "{header}");
    }
}

#[tokio::test]
async fn t02_a_neighbour_that_is_no_text_does_not_sign_out() {
    let (app, mut browser) = behind_https().await;
    browser.sign_in(&app, PHONE, "/").await;
    for octets in ["\u{ff}", "\u{c3}\u{28}", "%", "\"a\\\"", "a,b"] {
        let neighbour = format!("0={octets}; Domain=app.example; Path=/");
        browser.visit_that_sets(SIBLING, &neighbour).unwrap();
        assert!(browser.sub().await.is_some(), "{octets:?}");
    }
}

#[tokio::test]
async fn t03_b114_a_sign_out_removes_it_from_the_browser() {
    let (app, mut browser) = behind_https().await;
    browser.sign_in(&app, PHONE, "/").await;
    let mut thief = browser.clone();
    let landed = browser.sign_out().await;
    assert_eq!(landed.url.as_str(), "https://app.example/");
    assert!(browser.session_id().is_none(), "{:?}", browser.cookies);
    assert_eq!(
        app.store_content()
            .await
            .iter()
            .filter(|row| row.starts_with("session"))
            .count(),
        0
    );
    assert_eq!(
        thief.status().await,
        AuthStatus::SignedOut,
        "the old value is dead"
    );
}

#[tokio::test]
async fn b082_what_is_no_session_is_signed_out_and_creates_nothing() {
    let (app, mut browser) = behind_https().await;
    for value in [
        "AAAAAAAAAAAAAAAAAAAAAA",
        "short",
        "",
        &"A".repeat(4_000),
        "%00",
        "AAAAAAAAAAA\tAAAAAAAAAA",
        "AAAAAAAAAAAAAAAAAAAAA\u{ff}",
        "AAAAAAAAAAAAAAAAAAAAA=",
        "../../etc/passwd",
        "' OR 1=1 --",
    ] {
        browser.plant("__Host-session", value);
        assert_eq!(browser.status().await, AuthStatus::SignedOut, "{value}");
        assert_eq!(browser.visit("/").await.status, 200);
        assert_eq!(app.store_content().await, [""; 0]);
    }
}

#[tokio::test]
async fn b088_ids_are_128_random_bits() {
    let app = HostileApp::start(nothing()).await;
    let pristine = app.browser();
    let mut ids = HashSet::new();
    for _ in 0..100 {
        let mut browser = pristine.clone();
        app.sign_in(&mut browser).await;
        let id = URL_SAFE_NO_PAD
            .decode(browser.session_id().unwrap())
            .unwrap();
        ids.insert(u128::from_be_bytes(id.try_into().unwrap()));
    }
    assert_eq!(ids.len(), 100);
    let (ones, zeros) = ids
        .iter()
        .fold((0, 0), |(ones, zeros), id| (ones | id, zeros | !id));
    assert_eq!(
        (ones, zeros),
        (u128::MAX, u128::MAX),
        "every bit is both 0 and 1 somewhere"
    );

    let many: HashSet<_> = (0..100_000).map(|_| Id::default().0).collect();
    assert_eq!(many.len(), 100_000, "where they come from");
}

#[tokio::test]
async fn b098_an_answer_that_sets_a_cookie_is_kept_by_no_cache() {
    let (app, mut browser) = behind_https().await;
    browser.sign_in(&app, PHONE, "/").await;
    browser.visit("/").await;
    browser.fetch("/assets/app-0123456789abcdef.js").await;
    browser.sign_out().await;

    let ours = browser
        .history
        .iter()
        .filter(|answer| answer.url.as_str().starts_with(OWN));
    let mut paths = Vec::new();
    for answer in ours.filter(|answer| !set_by(answer).is_empty()) {
        assert_eq!(answer.header("cache-control"), "no-store", "{}", answer.url);
        paths.push(answer.url.path());
    }
    assert_eq!(paths, ["/sign-in", "/callback", "/sign-out"]);
}

#[tokio::test]
async fn q15_a_cookie_of_another_server_of_this_host_hides_nothing_and_the_log_says_so() {
    let log = CapturedLog::default();
    let _looking = log.begin(Level::INFO);
    let app = TestApp::start().await;
    let mut browser = app.browser();
    browser.sign_in(&app, PHONE, "/").await;
    let (name, id) = (
        app.session_cookie(),
        browser.session_id().unwrap().to_owned(),
    );
    let mut liar = app.browser();
    for (header, signed_in) in [
        (format!("session=s%3Aforeign; {name}={id}"), true),
        (format!("{name}=s%3Aforeign; {name}={id}"), true),
        (format!("{name}={id}; {name}="), true),
        (format!("{name}=s%3Aforeign"), false),
    ] {
        let headers = [("cookie", &*header)];
        let answer = liar
            .send(Method::GET, "/api/auth/status", &headers, "")
            .await;
        assert_eq!(answer.json()["isAuthenticated"], signed_in, "{header}");
    }
    assert!(log.text().contains("session.foreign_cookie"));

    // Of two sessions none counts, and a sign-out ends both.
    let other = format!("{name}=AAAAAAAAAAAAAAAAAAAAAA; {name}={id}");
    let headers = [("cookie", &*other), ("x-csrf", "1")];
    let answer = liar.send(Method::POST, "/sign-out", &headers, "{}").await;
    assert_eq!(answer.status, 200);
    assert!(
        answer
            .header("set-cookie")
            .starts_with(&format!("{name}=;"))
    );
    assert_eq!(app.stored_sessions().await, 0);
}
