//! Open redirects: a whole sign-in with every `returnTo` that leads a browser elsewhere ends at home, and with every
//! local path exactly there.

mod more_payloads;

use crate::support::{Answer, TestApp, TestBrowser};
use reqwest::{Method, StatusCode};
use url::{Url, form_urlencoded};

const PHONE: &str = "8613900000000";
const HOME: &str = "https://app.example/";

/// One test for each row, for each text of the row, in each form that it can have in a query.
macro_rules! leads_home {
    ($($name:ident: [$($return_to:expr),+ $(,)?],)+) => {
        $(#[tokio::test]
        async fn $name() {
            let mut person = Person::start().await;
            for return_to in [$(&$return_to[..]),+] {
                person.assert_led_home(return_to).await;
            }
        })+
    };
}

/// One test for each row: the same path, as it was given.
macro_rules! is_kept {
    ($($name:ident: $return_to:expr,)+) => {
        $(#[tokio::test]
        async fn $name() {
            let mut person = Person::start().await;
            let query = [b"returnTo=", &*encoded($return_to.as_bytes())].concat();
            let landed = person.sign_in(&query).await.unwrap();
            assert_eq!(landed.as_str(), format!("https://app.example{}", $return_to));
        })+
    };
}

leads_home! {
    r01_an_absolute_address: [b"https://evil.example/"],
    r02_two_slashes: [b"//evil.example/"],
    r03_three_slashes: [b"///evil.example/"],
    r04_four_slashes: [b"////evil.example"],
    r05_a_slash_and_a_backslash: [b"/\\evil.example/"],
    r06_two_backslashes: [b"\\\\evil.example/"],
    r07_a_backslash_and_a_slash: [b"\\/evil.example"],
    r08_a_tab_between_slashes: [b"/\t/evil.example/"],
    r09_a_line_end_between_slashes: [b"/\n/evil.example", b"/\r\n/evil.example"],
    r10_white_space_in_front: [b"\t//evil.example", b" //evil.example"],
    r14_a_scheme_and_backslashes: [b"https:\\\\evil.example"],
    r15_a_scheme_and_fewer_slashes: [b"https:evil.example", b"https:/evil.example"],
    r16_our_host_as_a_user_name: [b"https://app.example@evil.example/"],
    r17_our_host_as_a_sub_domain: [b"https://app.example.evil.example/"],
    r19_a_script: [b"javascript:alert(1)", b"JaVaScRiPt:alert(1)", b"java\nscript:alert(1)"],
    r20_a_document_in_the_address: [b"data:text/html,<script>alert(1)</script>"],
    r21_encoded_slashes: [b"%2F%2Fevil.example", b"/%2Fevil.example", b"/%5Cevil.example"],
    r22_an_encoded_tab_and_a_slash_encoded_twice: [b"/%09/evil.example", b"/%252Fevil.example"],
    r24_a_second_header: [b"/\r\nSet-Cookie: x=1"],
    r25_an_encoded_at_sign_and_a_null: [b"//evil.example%2F@app.example/", b"/\0//evil.example"],
    r28_too_long_not_text_or_empty: [[b"/", &*b"x".repeat(10_240)].concat(), b"/\xff", b"/%ff", b""],
    r29_b042_a_path_of_the_round_trip: [
        b"/sign-in", b"/sign-in?returnTo=/sign-in", b"/sign-in/", b"/sign-out", b"/callback", b"/callback?code=x",
        b"/callback#x", b"/%73ign-in", b"/sign%2Dout", b"/sign-in-failed?reason=internal",
    ],
}

is_kept! {
    r31_home: "/",
    r32_a_path_with_query_and_fragment: "/a/b?x=1&y=%2F#frag",
    r35_an_encoded_path: "/caf%C3%A9?q=1%2F2",
    r36_path_parameters: "/a;b=c/d",
    r38_an_address_in_the_query: "/search?q=https://other.example/",
}

#[tokio::test]
async fn r27_two_return_tos() {
    let mut person = Person::start().await;
    for query in [
        "returnTo=/ok&returnTo=//evil.example",
        "returnTo=//evil.example&returnTo=/ok",
        "returnTo=/ok&return%54o=//evil.example",
    ] {
        let landed = person.sign_in(query.as_bytes()).await;
        assert_eq!(landed.unwrap().as_str(), HOME, "{query}");
    }
}

#[tokio::test]
async fn r28_none() {
    let landed = Person::start().await.sign_in(b"").await;
    assert_eq!(landed.unwrap().as_str(), HOME);
}

#[tokio::test]
async fn r01_where_a_sign_out_leads_is_not_the_requests_to_say() {
    let Person { app, mut browser } = Person::start().await;
    let evil = "https://evil.example/";
    let wishes = [
        "returnTo",
        "post_logout_redirect_uri",
        "redirectTo",
        "redirect_uri",
        "state",
    ];
    let query = wishes.map(|name| format!("{name}={evil}")).join("&");
    let headers = [
        ("content-type", "application/x-www-form-urlencoded"),
        ("origin", "https://app.example"),
        ("host", "evil.example"),
        ("x-forwarded-host", "evil.example"),
        ("forwarded", "host=evil.example"),
        ("x-original-url", evil),
        ("referer", evil),
    ];
    let url = format!("/sign-out?{query}");
    let answer = browser.send(Method::POST, &url, &headers, &query).await;
    let led_to = answer.location();
    assert!(
        led_to.starts_with(&format!("{}/oidc/session/end?", app.provider_url())),
        "{led_to}"
    );
    assert!(
        led_to.contains("&post_logout_redirect_uri=https%3A%2F%2Fapp.example%2F&"),
        "{led_to}"
    );
    assert!(!led_to.contains("evil"), "{led_to}");

    let again = browser.send(Method::POST, &url, &headers, &query).await;
    assert_eq!(again.location(), "/", "nobody is signed in");
    let by_script = browser.post(&url, "{}").await;
    assert_eq!(by_script.body, r#"{"redirectTo":"/"}"#);
    let unknown = browser
        .post("/sign-out", &format!(r#"{{"redirectTo":"{evil}"}}"#))
        .await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

/// Somebody who has proved the phone number, so that the provider shows no page any more.
struct Person {
    app: TestApp,
    browser: TestBrowser,
}

impl Person {
    async fn start() -> Self {
        let app = TestApp::start_with(&[
            ("BASE_URL", "https://app.example"),
            ("SIGN_IN_REQUESTS_PER_MINUTE", "0"),
        ])
        .await;
        let mut browser = app.browser();
        browser.sign_in(&app, PHONE, "/").await;
        Self { app, browser }
    }

    /// Well encoded, encoded once more, decoded once more, and byte for byte.
    async fn assert_led_home(&mut self, return_to: &[u8]) {
        let decoded: Vec<u8> = percent_decoded(return_to);
        for value in [
            encoded(return_to),
            encoded(&encoded(return_to)),
            encoded(&decoded),
            return_to.to_vec(),
        ] {
            let landed = self.sign_in(&[b"returnTo=", &*value].concat()).await;
            let shown = String::from_utf8_lossy(&value);
            assert!(
                landed.is_none_or(|url| url.as_str() == HOME),
                "{shown:.200}"
            );
        }
    }

    /// A whole sign-in with this query; nowhere when the request itself is refused.
    async fn sign_in(&mut self, query: &[u8]) -> Option<Url> {
        let target = [b"/sign-in?", query].concat();
        let begun = if is_well_encoded(query) {
            let link = String::from_utf8(target).unwrap();
            self.browser.own_page().link(&link).await
        } else {
            self.browser.visit_bytes(&target).await
        };
        if begun.status == 400 {
            assert!(
                !is_well_encoded(query),
                "nothing is wrong with this request"
            );
            return None;
        }
        let before = self.browser.session_id().map(str::to_owned);
        let landed = self.browser.follow(begun).await;
        assert_ne!(
            self.browser.session_id(),
            before.as_deref(),
            "a session of its own"
        );
        self.assert_nothing_was_smuggled_in();
        assert_page(&landed);
        Some(landed.url)
    }

    fn assert_nothing_was_smuggled_in(&self) {
        let names: Vec<_> = self
            .browser
            .cookies
            .iter()
            .map(|cookie| &*cookie.name)
            .collect();
        assert!(
            names.contains(&"__Host-session") && !names.contains(&"x"),
            "{names:?}"
        );
    }
}

/// The app's page, with somebody signed in.
fn assert_page(landed: &Answer) {
    assert!(
        landed.body.contains(r#"{"isAuthenticated":true"#),
        "{} {}",
        landed.url,
        landed.body
    );
}

fn encoded(bytes: &[u8]) -> Vec<u8> {
    form_urlencoded::byte_serialize(bytes)
        .collect::<String>()
        .into_bytes()
}

fn percent_decoded(bytes: &[u8]) -> Vec<u8> {
    let mut parts = bytes.split(|&byte| byte == b'%');
    let mut decoded = parts.next().unwrap_or_default().to_vec();
    for part in parts {
        match part.get(..2).map(hex::decode) {
            Some(Ok(octet)) => decoded.extend([&octet, &part[2..]].concat()),
            _ => decoded.extend([b"%", part].concat()),
        }
    }
    decoded
}

/// What every browser would send just so.
fn is_well_encoded(query: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"*-._+%=".contains(byte);
    query.iter().all(is_plain)
}
