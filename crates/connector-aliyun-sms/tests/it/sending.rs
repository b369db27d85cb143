//! The client sends a code to a phone of the sandbox.

use crate::support::{KEY_ID, NOW, SECRET, Server, TOO_LATE, config, number, send};
use connector_aliyun_sms::{Refusal, UsageType, sandbox::Account};
use serde_json::{Value, json};

#[tokio::test]
async fn each_usage_type_arrives_with_its_template() {
    let server = Server::start().await;
    let client = server.client();
    for usage in UsageType::ALL {
        let (template, text) = match usage {
            UsageType::SignIn => ("SMS_100000001", "登录验证码为271828"),
            UsageType::Register => ("SMS_100000002", "注册验证码为271828"),
            UsageType::ForgotPassword => ("SMS_100000003", "重置密码，验证码为271828"),
            _ => ("SMS_100000004", "您的验证码为271828"),
        };
        let receipt = client
            .send_code(&number("8613900000000"), usage, "271828")
            .await
            .unwrap();
        assert!(receipt.biz_id.unwrap().ends_with("^0"));
        let message = server.sandbox.messages().remove(0);
        assert_eq!(message.template_code, template);
        assert!(
            message.text.starts_with("【Bookstore】"),
            "{}",
            message.text
        );
        assert!(message.text.contains(text), "{}", message.text);
        assert_eq!(message.param["code"], "271828");
        assert_eq!(message.received_at, NOW);
    }
    assert_eq!(server.sandbox.messages_to("+8613900000000").len(), 9);
}

#[tokio::test]
async fn p048_a_template_by_region_goes_by_the_number() {
    let server = Server::start().await;
    let client = server.client();
    for (digits, template, text) in [
        (
            "8613900000000",
            "SMS_100000001",
            "【Bookstore】您的登录验证码为1234，10分钟内有效，请勿泄露于他人。",
        ),
        (
            "12015550123",
            "SMS_200000001",
            "[Bookstore]Your sign-in code is 1234. It is valid for 10 minutes.",
        ),
        (
            "85268326366",
            "SMS_200000001",
            "[Bookstore]Your sign-in code is 1234. It is valid for 10 minutes.",
        ),
    ] {
        client
            .send_code(&number(digits), UsageType::SignIn, "1234")
            .await
            .unwrap();
        let message = server.sandbox.messages_to(digits).remove(0);
        assert_eq!((&*message.template_code, &*message.text), (template, text));
    }
}

#[tokio::test]
async fn a_domestic_template_alone_does_not_go_abroad() {
    let server = Server::start().await;
    let mut config = config();
    config["templates"][0]["templateCode"] = json!("SMS_100000001");
    let client = server.client_with(config);
    send(&client, "8613900000000").await.unwrap();
    let error = send(&client, "819012345678").await.unwrap_err();
    assert_eq!(error.refusal(), Some(Refusal::BadNumber));
}

#[tokio::test]
async fn the_sign_name_may_hold_what_must_be_encoded() {
    let name = "本屋 & Söhne +~*'%";
    let mut account = Account::bundled(KEY_ID, SECRET);
    account.sign_names = vec![name.to_owned()];
    let server = Server::start_at(NOW, account).await;
    let mut config = config();
    config["signName"] = json!(name);
    server
        .client_with(config)
        .send_code(&number("819012345678"), UsageType::SignIn, "aB3d")
        .await
        .unwrap();
    assert_eq!(server.sandbox.messages()[0].sign_name, name);
}

/// Errors when a code is not sent. They contain nothing private.
async fn refusal(server: &Server, config: Value, digits: &str, code: &str) -> Option<Refusal> {
    let client = server.client_with(config);
    let error = client
        .send_code(&number(digits), UsageType::SignIn, code)
        .await
        .unwrap_err();
    let text = format!("{error} {error:?} {client:?}");
    for private in [digits, code, SECRET, "wrong-secret"] {
        assert!(!text.contains(private), "{private}: {text}");
    }
    assert!(server.sandbox.messages().is_empty());
    error.refusal()
}

#[tokio::test]
async fn p060_each_wrong_setting_is_refused_with_its_meaning() {
    let server = Server::start().await;
    for (pointer, value, expected) in [
        ("/accessKeyId", "nobody", Refusal::BadCredentials),
        ("/accessKeySecret", "wrong-secret", Refusal::BadCredentials),
        ("/signName", "Other", Refusal::BadSignName),
        ("/templates/0/templateCode", "SMS_0", Refusal::BadTemplate),
    ] {
        let mut config = config();
        *config.pointer_mut(pointer).unwrap() = json!(value);
        let refusal = refusal(&server, config, "8613900000000", "271828").await;
        assert_eq!(refusal, Some(expected), "{pointer}");
    }
}

#[tokio::test]
async fn p060_each_wrong_number_or_code_is_refused_with_its_meaning() {
    let server = Server::start().await;
    for (digits, code, expected) in [
        ("862112345678", "271828", Refusal::BadNumber),
        ("8613900000000", "27 828", Refusal::BadVariable),
        ("8613900000000", "27\"8\\8", Refusal::BadVariable),
        ("8613900000000", "2718281", Refusal::BadVariable),
    ] {
        let refusal = refusal(&server, config(), digits, code).await;
        assert_eq!(refusal, Some(expected), "{digits} {code}");
    }
}

#[tokio::test]
async fn p057_a_wrong_clock_is_refused_with_its_meaning() {
    let server = Server::start_at(TOO_LATE, Account::bundled(KEY_ID, SECRET)).await;
    let refusal = refusal(&server, config(), "8613900000000", "271828").await;
    let Some(Refusal::Clock {
        ahead_by: Some(ahead_by),
    }) = refusal
    else {
        panic!("{refusal:?}");
    };
    assert_eq!(ahead_by, NOW - TOO_LATE);
}

#[tokio::test]
async fn a_template_with_another_variable_is_refused_with_its_meaning() {
    let mut account = Account::bundled(KEY_ID, SECRET);
    account.templates[0].text = "验证码${number}".parse().unwrap();
    let server = Server::start_at(NOW, account).await;
    let refusal = refusal(&server, config(), "8613900000000", "271828").await;
    assert_eq!(refusal, Some(Refusal::MissingVariable));
}
