//! What the log must not hold.

use crate::support::{APP_SECRET, COOKIE_SECRET, TestApp};
use std::{
    io,
    sync::{Arc, Mutex},
};
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn b090_at_the_finest_level_no_secret_is_in_the_log() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.clone())
        .finish();
    tracing::subscriber::set_global_default(subscriber).unwrap();

    let phone = "8613987654321";
    let app = TestApp::start().await;
    let mut browser = app.browser();
    let callback = browser.sign_in_until_callback(&app, phone, "/").await;
    let pending = browser
        .cookies
        .iter()
        .find(|cookie| cookie.name.contains("sign-in."))
        .unwrap()
        .value
        .clone();
    let sms_code = app.code_for(phone);
    browser.go(&callback).await;
    let session_id = browser.session_id().unwrap().to_owned();
    let redirect_to = browser.post("/sign-out", "{}").await.json()["redirectTo"]
        .as_str()
        .unwrap()
        .to_owned();
    let failed = browser.visit(&callback).await;
    browser
        .visit(&format!("/sign-in?prompt={phone}&{phone}=1"))
        .await;
    assert!(failed.location().contains("unknown_sign_in"));

    let of = |url: &str, name: &str| {
        let url = url::Url::parse(url).unwrap();
        url.query_pairs()
            .find(|(key, _)| key == name)
            .unwrap()
            .1
            .into_owned()
    };
    let log = String::from_utf8_lossy(&log.0.lock().unwrap()).into_owned();
    assert!(
        log.contains("sign_in.done") && log.contains("TRACE"),
        "the log is there"
    );
    for (what, secret) in [
        ("phone number", phone.to_owned()),
        ("verification code", format!("\"{sms_code}\"")),
        ("authorization code", of(&callback, "code")),
        ("state", of(&callback, "state")),
        ("ID token", of(&redirect_to, "id_token_hint")),
        ("session id", session_id),
        ("pending sign-in", pending),
        ("client secret", APP_SECRET.to_owned()),
        ("cookie secret", COOKIE_SECRET.to_owned()),
    ] {
        let line = log.lines().find(|line| line.contains(&secret));
        assert_eq!(line, None, "{what}");
    }
}
