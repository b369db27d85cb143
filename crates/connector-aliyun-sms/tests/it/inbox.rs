//! The inbox page and its API.

use crate::support::{Server, http, number, send};
use connector_aliyun_sms::UsageType;
use serde_json::{Value, json};

#[tokio::test]
async fn the_messages_are_json_newest_first_and_found_by_number() {
    let server = Server::start().await;
    let client = server.client();
    for (digits, code) in [("8613900000000", "111111"), ("12015550123", "222222")] {
        client
            .send_code(&number(digits), UsageType::SignIn, code)
            .await
            .unwrap();
    }
    let chinese = json!({
        "id": 1,
        "phone": "8613900000000",
        "shownPhone": "+86 139 0000 0000",
        "signName": "Bookstore",
        "templateCode": "SMS_100000001",
        "param": { "code": "111111" },
        "text": "【Bookstore】您的登录验证码为111111，10分钟内有效，请勿泄露于他人。",
        "receivedAt": "2026-10-20T08:00:00Z",
    });
    for (path, expected) in [
        ("/api/messages?phone=8613900000000", json!([chinese])),
        ("/api/messages?phone=%2B8613900000000", json!([chinese])),
        ("/api/messages?phone=13900000000", json!([])),
    ] {
        let body = server.get(path).await.bytes().await.unwrap();
        assert_eq!(
            serde_json::from_slice::<Value>(&body).unwrap(),
            expected,
            "{path}"
        );
    }
    let all = server.get("/api/messages").await.bytes().await.unwrap();
    let all: Value = serde_json::from_slice(&all).unwrap();
    assert_eq!(
        (&all[0]["phone"], &all[1]),
        (&json!("12015550123"), &chinese)
    );
}

#[tokio::test]
async fn a_visit_to_the_root_goes_to_the_inbox() {
    let server = Server::start().await;
    let response = server.get("/").await;
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()["location"], "/inbox");
}

#[tokio::test]
async fn everything_for_people_has_a_strict_policy_and_its_type() {
    let server = Server::start().await;
    for (path, content_type) in [
        ("/inbox", "text/html; charset=utf-8"),
        ("/inbox/inbox.css", "text/css; charset=utf-8"),
        ("/inbox/phones.css", "text/css; charset=utf-8"),
        ("/inbox/inbox.js", "text/javascript; charset=utf-8"),
        ("/inbox/icon.svg", "image/svg+xml"),
        ("/api/messages", "application/json"),
        ("/api/faults", "application/json"),
        ("/api/events", "text/event-stream"),
    ] {
        let response = server.get(path).await;
        assert_eq!(response.status(), 200, "{path}");
        let headers = response.headers();
        assert_eq!(headers["content-type"], content_type, "{path}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{path}");
        assert_eq!(headers["cache-control"], "no-store", "{path}");
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{path}");
        assert!(!policy.contains("unsafe"), "{path}");
        assert!(
            !headers.contains_key("access-control-allow-origin"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn the_page_speaks_the_language_of_the_browser_or_the_chosen_one() {
    let server = Server::start().await;
    for (path, accept_language, expected) in [
        ("/inbox", "ja,en;q=0.5", "<html lang=\"ja\">"),
        ("/inbox", "zh-TW", "<html lang=\"zh-CN\">"),
        ("/inbox", "fr", "<html lang=\"en\">"),
        ("/inbox?lang=zh-CN", "ja", "<html lang=\"zh-CN\">"),
    ] {
        let request = http().get(server.url(path));
        let response = request.header("accept-language", accept_language);
        let page = response.send().await.unwrap().text().await.unwrap();
        assert!(page.contains(expected), "{path} {accept_language}");
    }
}

#[tokio::test]
async fn messages_are_deleted_one_by_one_by_number_and_all() {
    let server = Server::start().await;
    let client = server.client();
    for digits in ["8613900000000", "12015550123", "12015550123", "85268326366"] {
        send(&client, digits).await.unwrap();
    }
    for (path, status, left) in [
        ("/api/messages/2", 204, 3),
        ("/api/messages/2", 404, 3),
        ("/api/messages/first", 400, 3),
        ("/api/messages?phone=12015550123", 204, 2),
        ("/api/messages", 204, 0),
    ] {
        let deleted = http().delete(server.url(path)).send().await.unwrap();
        assert_eq!(deleted.status(), status, "{path}");
        assert_eq!(server.sandbox.messages().len(), left, "{path}");
    }
}
