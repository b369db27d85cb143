use super::*;
use crate::{TemplateCode, UsageType};
use secrecy::ExposeSecret;
use serde_json::json;

fn right() -> Value {
    json!({
        "accessKeyId": "LTAI5tExample",
        "accessKeySecret": "a-secret",
        "signName": "Bookstore",
        "templates": [
            { "type": 2, "usageType": "SignIn", "templateCode": "SMS_1" },
            { "usageType": "Register", "templateCode": { "china": "SMS_2", "overseas": "SMS_3" } },
            { "usageType": "ForgotPassword", "templateCode": "SMS_4" },
            { "usageType": "Generic", "templateCode": "SMS_5" },
            { "usageType": "SomethingOfTheFuture", "templateCode": "SMS_6" },
        ],
        "strictPhoneRegionNumberCheck": true,
        "unknown": 1,
    })
}

#[test]
fn the_json_of_logtos_console_is_read() {
    let config = Config::from_json(right()).unwrap();
    assert_eq!(config.credentials.access_key_id, "LTAI5tExample");
    let secret = &config.credentials.access_key_secret;
    assert_eq!(secret.expose_secret(), "a-secret");
    assert!(config.credentials.security_token.is_none());
    assert_eq!(config.endpoint.host(), "dysmsapi.aliyuncs.com");
    assert_eq!(config.signature_version, SignatureVersion::V3);
    assert_eq!(config.sign_name, "Bookstore");
    assert_eq!(
        config.templates.choose(UsageType::Register),
        &TemplateCode::ByRegion {
            china: "SMS_2".to_owned(),
            overseas: "SMS_3".to_owned()
        }
    );
}

#[test]
fn each_wrong_field_is_named_with_its_place() {
    let cases = [
        ("/accessKeyId", json!(1), "`accessKeyId` must be a text"),
        (
            "/accessKeySecret",
            json!(""),
            "`accessKeySecret` must not be empty",
        ),
        ("/signName", json!(null), "`signName` must be a text"),
        ("/templates", json!("[]"), "`templates` must be a list"),
        (
            "/templates/0",
            json!("SMS_1"),
            "`templates.0` must be a JSON object",
        ),
        (
            "/templates/0/usageType",
            json!(2),
            "`templates.0.usageType` must be a text",
        ),
        (
            "/templates/0/templateCode",
            json!([]),
            "`templates.0.templateCode` must be a text",
        ),
        (
            "/templates/1/templateCode",
            json!({ "china": "SMS_2" }),
            "`templates.1.templateCode.overseas` is missing",
        ),
        (
            "/templates/3/usageType",
            json!("generic"),
            "`templates` lack the usage types Generic",
        ),
        (
            "/strictPhoneRegionNumberCheck",
            json!("true"),
            "`strictPhoneRegionNumberCheck` must be true or false",
        ),
        (
            "/accessKeyId",
            json!("<access-key-id>"),
            "`accessKeyId` is still the placeholder of the form",
        ),
        (
            "/accessKeySecret",
            json!("a-secret\n"),
            "`accessKeySecret` must not begin or end with a blank",
        ),
        (
            "/signName",
            json!("【Bookstore】"),
            "`signName` must be without brackets, and has `【`",
        ),
        (
            "/signName",
            json!("Book\u{200b}store"),
            "`signName` has the invisible character U+200B",
        ),
        (
            "/accessKeyId",
            json!("an\u{2060}id"),
            "`accessKeyId` has the invisible character U+2060",
        ),
        (
            "/templates/0/templateCode",
            json!("SMS_\u{ad}1"),
            "`templates.0.templateCode` has the invisible character U+00AD",
        ),
        ("/securityToken", json!(1), "`securityToken` must be a text"),
        (
            "/region",
            json!("eu-west-9"),
            "`region` is refused: not a region of Aliyun SMS",
        ),
        (
            "/endpoint",
            json!("http://dysmsapi.aliyuncs.com"),
            "`endpoint` is refused: the Aliyun SMS endpoint must begin with https://",
        ),
        (
            "/signatureVersion",
            json!("V2"),
            "`signatureVersion` must be V3 or V1",
        ),
        ("", json!([]), "`config` must be a JSON object"),
    ];
    for (pointer, wrong, expected) in cases {
        let mut json = right();
        match json.pointer_mut(pointer) {
            Some(value) => *value = wrong,
            None => json[&pointer[1..]] = wrong,
        }
        let error = Config::from_json(json).unwrap_err().to_string();
        assert!(error.contains(expected), "{pointer}: {error}");
    }
}

#[test]
fn all_wrong_fields_are_named_at_once_without_their_values() {
    let json = json!({ "accessKeySecret": ["a-secret"], "templates": [] });
    assert_eq!(
        Config::from_json(json).unwrap_err().to_string(),
        "the Aliyun SMS configuration is wrong: `accessKeyId` is missing; `accessKeySecret` must be a text; \
         `signName` is missing; `templates` lack the usage types Register, SignIn, ForgotPassword, Generic"
    );
}

#[test]
fn what_logto_does_not_know_may_be_said_as_well() {
    let mut json = right();
    json["securityToken"] = json!("a-token");
    json["region"] = json!("ap-southeast-1");
    json["signatureVersion"] = json!("V1");
    let config = Config::from_json(json.clone()).unwrap();
    let token = config.credentials.security_token.unwrap();
    assert_eq!(token.expose_secret(), "a-token");
    assert_eq!(
        config.endpoint.host(),
        "dysmsapi.ap-southeast-1.aliyuncs.com"
    );
    assert_eq!(config.signature_version, SignatureVersion::V1);
    json["endpoint"] = json!("dysmsapi.eu-central-1.aliyuncs.com");
    let config = Config::from_json(json).unwrap();
    assert_eq!(config.endpoint.host(), "dysmsapi.eu-central-1.aliyuncs.com");
}

#[test]
fn a_json_without_a_key_gets_it_from_the_environment_with_its_token() {
    let environment = |name: &str| match name {
        "ALIBABA_CLOUD_ACCESS_KEY_ID" => Some("STS.id".to_owned()),
        "ALIBABA_CLOUD_ACCESS_KEY_SECRET" => Some("env-secret".to_owned()),
        "ALIBABA_CLOUD_SECURITY_TOKEN" => Some("env-token".to_owned()),
        _ => None,
    };
    let with_key = Config::from_json_and_environment(right(), environment).unwrap();
    assert_eq!(with_key.credentials.access_key_id, "LTAI5tExample");
    assert!(
        with_key.credentials.security_token.is_none(),
        "a key and the token of another do not mix"
    );

    let mut json = right();
    let object = json.as_object_mut().unwrap();
    object.remove("accessKeyId");
    object.remove("accessKeySecret");
    let config = Config::from_json_and_environment(json.clone(), environment).unwrap();
    assert_eq!(config.credentials.access_key_id, "STS.id");
    let token = config.credentials.security_token.unwrap();
    assert_eq!(token.expose_secret(), "env-token");

    let error = Config::from_json_and_environment(json.clone(), |_| None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the Aliyun SMS configuration is wrong: \
         `accessKeyId` is missing, and ALIBABA_CLOUD_ACCESS_KEY_ID is not set; \
         `accessKeySecret` is missing, and ALIBABA_CLOUD_ACCESS_KEY_SECRET is not set"
    );
    let half = json!({ "accessKeyId": "LTAI5tExample" });
    let error = Config::from_json_and_environment(half, environment).unwrap_err();
    assert_eq!(error.0[0].field, "accessKeySecret");
    assert_eq!(error.0[0].reason, "is missing");
}

#[test]
fn p062_debug_shows_no_secret() {
    let mut json = right();
    json["securityToken"] = json!("a-token");
    let debug = format!("{:?}", Config::from_json(json).unwrap());
    assert!(!debug.contains("a-secret"), "{debug}");
    assert!(!debug.contains("a-token"), "{debug}");
}
