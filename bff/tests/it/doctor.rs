//! `bff doctor` finds what would keep people from signing in, and says how to mend it.

use crate::support::{APP_SECRET, COOKIE_SECRET, Kind, TestApp};
use std::process::Command;
use test_provider::tls;
use time::Duration;

#[tokio::test]
async fn where_all_is_well_nothing_is_wrong() {
    let app = TestApp::start().await;
    let diagnosis = app.doctor(&[]).await;
    assert!(diagnosis.is_well, "{}", diagnosis.text);
    assert_eq!(diagnosis.wrong(), [""; 0]);
    for check in [
        "settings",
        "frontend",
        "cookie",
        "reverse proxy",
        "session store",
        "discovery",
        "issuer",
        "endpoints",
        "ID token algorithms",
        "keys",
        "clock",
        "client id and redirect URI",
        "post sign-out redirect URI",
        "client secret",
        "refresh token",
        "end session endpoint",
        "revocation endpoint",
    ] {
        assert_eq!(diagnosis.of(check).0, "ok", "{}", diagnosis.text);
    }
    assert_eq!(app.stored_sessions().await, 0, "the probe is gone");
}

/// What is unusual about the settings, and what is wrong then.
#[tokio::test]
async fn each_wrong_setting_is_found_by_its_check() {
    let app = TestApp::start().await;
    let elsewhere = "sqlite:/proc/nowhere/sessions.sqlite";
    for (setting, value, wrong) in [
        ("LOGTO_APP_SECRET", "another secret", &["client secret"][..]),
        (
            "LOGTO_APP_ID",
            "stranger",
            &["client id and redirect URI", "client secret"],
        ),
        (
            "BASE_URL",
            "http://localhost:1",
            &["client id and redirect URI", "post sign-out redirect URI"],
        ),
        ("SESSION_STORE", elsewhere, &["session store"]),
        (
            "SESSION_STORE",
            "postgres://bff:pass-word@127.0.0.1:1/bff",
            &["session store"],
        ),
        (
            "SESSION_STORE",
            "redis://:pass-word@127.0.0.1:1/0",
            &["session store"],
        ),
        ("FRONTEND_DIST", "nowhere", &["frontend"]),
        (
            "ID_TOKEN_ALGORITHMS",
            "PS512",
            &["ID token algorithms", "keys"],
        ),
        ("LOGTO_ENDPOINT", "http://localhost:1", &["discovery"]),
    ] {
        let diagnosis = app.doctor(&[(setting, value)]).await;
        assert!(!diagnosis.is_well, "{}", diagnosis.text);
        assert_eq!(diagnosis.wrong(), wrong, "{}", diagnosis.text);
        assert_every_finding_can_be_mended(&diagnosis.text);
        for secret in [APP_SECRET, COOKIE_SECRET, "another secret", "pass-word"] {
            assert!(!diagnosis.text.contains(secret), "{}", diagnosis.text);
        }
    }
}

fn assert_every_finding_can_be_mended(text: &str) {
    for line in text.lines() {
        let (verdict, _) = line.split_once(' ').unwrap();
        assert!(["ok", "warning", "wrong"].contains(&verdict), "{line}");
        let mend = line.split_once("; to mend it: ");
        assert_eq!(mend.is_some(), verdict != "ok", "{line}");
        assert!(mend.is_none_or(|(_, mend)| mend.len() > 20), "{line}");
    }
}

/// It works, but not as well as it could.
#[tokio::test]
async fn what_works_for_now_is_a_warning() {
    let app = TestApp::start_with(&[("BASE_URL", "https://app.example")]).await;
    for (setting, value, check) in [
        ("SESSION_STORE", "memory:", "session store"),
        ("LOGTO_SCOPES", "openid profile", "refresh token"),
        ("LOGTO_PROMPT", "login", "refresh token"),
        ("LISTEN", "127.0.0.1:3000", "reverse proxy"),
    ] {
        let diagnosis = app.doctor(&[(setting, value)]).await;
        assert!(diagnosis.is_well, "{}", diagnosis.text);
        assert_eq!(diagnosis.of(check).0, "warning", "{}", diagnosis.text);
        assert_every_finding_can_be_mended(&diagnosis.text);
    }
    let trusted = app.doctor(&[("TRUSTED_PROXIES", "127.0.0.1/32")]).await;
    assert_eq!(trusted.of("reverse proxy").0, "ok");
    assert!(trusted.of("cookie").1.contains("`__Host-session`, Secure"));
}

#[tokio::test]
async fn a_provider_that_is_down_is_named_and_nothing_else_is_blamed() {
    let mut app = TestApp::start().await;
    app.stop_provider().await;
    let diagnosis = app.doctor(&[]).await;
    assert_eq!(diagnosis.wrong(), ["discovery"], "{}", diagnosis.text);
    assert!(diagnosis.text.contains("unreachable"));
    let asked = format!("({})", app.provider_url());
    assert!(
        diagnosis.of("discovery").1.contains(&asked),
        "the address that was tried"
    );
}

/// A company's own authority signs the provider's certificate.
#[tokio::test]
async fn q20_an_unknown_authority_is_named_and_trusted_with_extra_ca_file() {
    let app = TestApp::start().await;
    let endpoint = tls::start().await;
    let stranger = app.doctor(&[("LOGTO_ENDPOINT", &endpoint)]).await;
    let (_, line) = stranger.of("discovery");
    assert!(line.contains("signed by an unknown authority"), "{line}");
    assert!(line.contains("set EXTRA_CA_FILE"), "{line}");
    let settings = [
        ("LOGTO_ENDPOINT", endpoint.as_str()),
        ("EXTRA_CA_FILE", tls::AUTHORITY),
    ];
    let trusted = app.doctor(&settings).await;
    let (_, line) = trusted.of("discovery");
    assert!(line.contains("answered with status 418"), "{line}");
}

#[tokio::test]
async fn q21_q23_the_way_to_the_provider_is_named() {
    let app = TestApp::start().await;
    let inside = app.provider_url().replace("localhost", "127.0.0.1");
    let proxy = ("HTTPS_PROXY", "http://user:pass-word@127.0.0.1:1");
    let internal = ("OIDC_INTERNAL_URL", inside.as_str());
    let diagnosis = app.doctor(&[proxy, internal]).await;
    assert_eq!(diagnosis.wrong(), [""; 0], "{}", diagnosis.text);
    assert!(diagnosis.of("discovery").1.contains(&format!("({inside})")));

    let elsewhere = ("LOGTO_ENDPOINT", "https://logto.example");
    let diagnosis = app.doctor(&[proxy, elsewhere]).await;
    let way = "(https://logto.example, through the proxy http://127.0.0.1:1)";
    assert!(
        diagnosis.of("discovery").1.contains(way),
        "{}",
        diagnosis.text
    );
    assert!(!diagnosis.text.contains("pass-word"));
}

#[tokio::test]
async fn q40_back_channel_logout_to_this_machine_is_warned_of() {
    let app = TestApp::start().await;
    let diagnosis = app.doctor(&[]).await;
    let (verdict, line) = diagnosis.of("back-channel logout");
    assert_eq!(verdict, "warning");
    assert!(
        line.contains("OIDC_PROVIDER_SSRF_PROTECTION_DISABLED"),
        "{line}"
    );
    let app = TestApp::start_with(&[("BASE_URL", "https://app.example")]).await;
    let diagnosis = app.doctor(&[]).await;
    let (verdict, line) = diagnosis.of("back-channel logout");
    assert_eq!(verdict, "ok");
    assert!(line.contains("backchannelLogoutSessionRequired"), "{line}");
}

#[tokio::test]
async fn an_issuer_that_is_written_in_another_way_is_named() {
    let app = TestApp::start().await;
    let issuer = format!("{}/oidc/", app.provider_url());
    let diagnosis = app.doctor(&[("OIDC_ISSUER", &issuer)]).await;
    assert_eq!(diagnosis.wrong(), ["issuer"], "{}", diagnosis.text);
    assert!(diagnosis.of("issuer").1.contains("set OIDC_ISSUER"));
}

#[tokio::test]
async fn a_clock_that_is_off_is_found_in_both_directions() {
    let app = TestApp::start().await;
    // An ID token may be five minutes old, so a sign-in works while this clock is ahead by less.
    for (moved, verdict, words) in [
        (90, "warning", "ahead"),
        (-180, "wrong", "behind"),
        (450, "wrong", "ahead"),
    ] {
        app.clock.advance(Duration::seconds(moved));
        let diagnosis = app.doctor(&[]).await;
        assert_eq!(diagnosis.of("clock").0, verdict, "{}", diagnosis.text);
        assert!(diagnosis.of("clock").1.contains(words));
    }
}

#[tokio::test]
async fn every_store_is_tried_and_a_redis_that_forgets_is_warned_of() {
    for kind in Kind::ALL {
        let app = TestApp::start_on(kind, &[]).await;
        let diagnosis = app.doctor(&[]).await;
        assert!(diagnosis.is_well, "{}", diagnosis.text);
        if kind == Kind::Redis {
            assert_eq!(diagnosis.of("redis eviction").0, "ok");
            let (verdict, line) = diagnosis.of("redis persistence");
            assert_eq!(verdict, "warning");
            assert!(line.contains("appendonly yes"), "{line}");
        } else {
            assert!(!diagnosis.text.contains("redis eviction"));
        }
    }
}

#[test]
fn the_program_ends_with_1_when_something_is_wrong_and_with_2_without_settings() {
    let folder = tempfile::tempdir().unwrap();
    let settings = [
        ("LOGTO_ENDPOINT", "http://localhost:1"),
        ("LOGTO_APP_ID", "bookstore"),
        ("LOGTO_APP_SECRET", "secret-of-the-application"),
        ("BASE_URL", "http://localhost:3000"),
        ("COOKIE_SECRET", COOKIE_SECRET),
    ];
    let doctor = |settings: &[(&str, &str)]| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_bff"));
        program
            .arg("doctor")
            .env_clear()
            .envs(settings.iter().copied());
        program.current_dir(folder.path()).output().unwrap()
    };
    let output = doctor(&settings);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("wrong    discovery: "), "{said}");
    assert!(!said.contains("secret-of-the-application"));
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
    assert_eq!(doctor(&settings[..4]).status.code(), Some(2));
}
