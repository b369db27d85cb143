//! Connectors through the Management API: the checks of a configuration, the order of things, and a test message.

use crate::support::{World, management_api::connector};
use connector_aliyun_sms::sandbox::Fault;
use serde_json::{Value, json};

const TEST: &str = "connectors/aliyun-short-message-service/test";

fn test_body(phone: &str) -> Value {
    json!({"phone": phone, "config": connector()["config"]})
}

#[tokio::test]
async fn a_wrong_configuration_is_refused_with_all_that_is_wrong() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let without = |member: &str| {
        let mut body = connector();
        body["config"].as_object_mut().unwrap().remove(member);
        body
    };
    let mut without_generic = connector();
    without_generic["config"]["templates"]
        .as_array_mut()
        .unwrap()
        .pop();
    let missing = |member: &str, expected: &str| {
        json!({
            "code": "invalid_type",
            "expected": expected,
            "received": "undefined",
            "path": [member],
            "message": "Required",
        })
    };
    let cases = [
        (
            without_generic,
            json!([{
                "code": "custom",
                "message": "UsageType (Generic) should be provided in templates.",
                "path": ["templates"],
            }]),
            "Error in key path \"templates\": (custom) UsageType (Generic) should be provided in templates.",
        ),
        (
            without("signName"),
            json!([missing("signName", "string")]),
            "Error in key path \"signName\": (invalid_type) Expected string but received undefined.",
        ),
        (
            json!({"connectorId": "aliyun-short-message-service", "config": {"signName": "Shop"}}),
            json!([
                missing("accessKeyId", "string"),
                missing("accessKeySecret", "string"),
                missing("templates", "array"),
            ]),
            "Error in key path \"accessKeyId\": (invalid_type) Expected string but received undefined.\n\
             Error in key path \"accessKeySecret\": (invalid_type) Expected string but received undefined.\n\
             Error in key path \"templates\": (invalid_type) Expected array but received undefined.",
        ),
    ];
    let id = api.create("connectors", connector()).await;
    for (body, issues, details) in cases {
        let expected = json!({
            "code": "connector.invalid_config",
            "data": {"issues": issues, "name": "ZodError"},
            "details": details,
            "message": "The connector's config is invalid.",
        });
        let created = api.post("connectors", body.clone()).await;
        assert_eq!(created.outcome(), (400, expected.clone()));
        let changed = json!({"config": body["config"]});
        let changed = api.patch(&format!("connectors/{id}"), changed).await;
        assert_eq!(changed.outcome(), (400, expected.clone()));
        let tested = json!({"phone": "8613800138000", "config": body["config"]});
        assert_eq!(api.post(TEST, tested).await.outcome(), (400, expected));
    }
    let mut unknown = connector();
    unknown["connectorId"] = "nope".into();
    let refused = api.post("connectors", unknown).await;
    assert_eq!(
        refused.outcome(),
        (
            422,
            json!({
                "code": "connector.not_found_with_connector_id",
                "message": "Can not find connector with given standard connector id.",
            })
        )
    );
}

#[tokio::test]
async fn a_new_connector_takes_the_place_of_the_one_before() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let first = api.create("connectors", connector()).await;
    let second = api.post("connectors", connector()).await;
    assert_eq!(second.status, 200);
    let second = second.json();
    assert_eq!(second["config"], connector()["config"]);
    for (member, value) in [
        ("connectorId", json!("aliyun-short-message-service")),
        ("target", json!("aliyun-sms")),
        ("type", json!("Sms")),
        ("syncProfile", json!(false)),
        ("enableTokenStorage", json!(false)),
        ("metadata", json!({})),
        ("extraInfo", json!({})),
        ("isDemo", json!(false)),
        ("platform", json!(null)),
    ] {
        assert_eq!(second[member], value, "{member}");
    }
    let second = second["id"].as_str().unwrap();
    assert_eq!((second.len(), second == first), (12, false));
    let list = api.get("connectors").await.json();
    assert_eq!(list.as_array().unwrap().len(), 1);
    assert_eq!(list[0]["id"], second);
    assert_eq!(api.get("connectors?target=aliyun-sms").await.json(), list);
    assert_eq!(api.get("connectors?target=other").await.json(), json!([]));

    let mut config = connector()["config"].take();
    config["signName"] = "Shop".into();
    config["strictPhoneRegionNumberCheck"] = true.into();
    let path = format!("connectors/{second}");
    let changed = api.patch(&path, json!({"config": config})).await;
    assert_eq!((changed.status, &changed.json()["config"]), (200, &config));
    assert_eq!(api.get(&path).await.json()["config"], config);
    assert_eq!(api.delete(&path).await.status, 204);
    for missing in [api.get(&path).await, api.delete(&path).await] {
        assert_eq!(
            (missing.status, &missing.json()["code"]),
            (404, &"entity.not_found".into())
        );
    }
    let factories = api.get("connector-factories").await.json();
    assert_eq!(factories[0]["id"], "aliyun-short-message-service");
    let one = api
        .get("connector-factories/aliyun-short-message-service")
        .await;
    assert_eq!(one.json(), factories[0]);
    assert_eq!(api.get("connector-factories/nope").await.status, 404);
}

#[tokio::test]
async fn a_test_message_is_really_sent_and_nothing_is_stored() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let phone = "8613800138000";
    assert_eq!(api.post(TEST, test_body(phone)).await.status, 204);
    assert_eq!(world.newest_code(phone), "000000");
    assert_eq!(world.newest_template(phone), "SMS_100000004");
    assert_eq!(api.get("connectors").await.json(), json!([]));
}

#[tokio::test]
async fn a_test_message_that_is_refused_says_why() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let invalid_phone = json!({
        "code": "guard.invalid_input",
        "data": {
            "issues": [{
                "validation": "regex",
                "code": "invalid_string",
                "message": "Invalid",
                "path": ["phone"],
            }],
            "name": "ZodError",
        },
        "details": "Error in key path \"phone\": (invalid_string) Invalid",
        "message": "The request body is invalid.",
    });
    for phone in ["+8613800138000", "abc", ""] {
        let answer = api.post(TEST, test_body(phone)).await;
        assert_eq!(answer.outcome(), (400, invalid_phone.clone()), "{phone}");
    }
    let config = &connector()["config"];
    let cases = [
        (
            TEST,
            json!({"email": "a@example.com", "config": config}),
            "connector.unexpected_type",
            "The connector's type is unexpected.",
        ),
        (
            TEST,
            json!({"config": config}),
            "guard.invalid_input",
            "The request {{type}} is invalid.",
        ),
        (
            "connectors/nope/test",
            test_body("8613800138000"),
            "connector.not_found",
            "Cannot find any available connector for type: Sms.",
        ),
    ];
    for (path, body, code, message) in cases {
        let answer = api.post(path, body).await;
        assert_eq!(
            answer.outcome(),
            (400, json!({"code": code, "message": message}))
        );
    }

    let phone = "8613800138001";
    let mut wrong_key = test_body(phone);
    wrong_key["config"]["accessKeySecret"] = "wrong".into();
    let refused = api.post(TEST, wrong_key).await;
    let body = refused.json();
    assert_eq!(
        (refused.status, &body["code"]),
        (400, &"connector.general".into())
    );
    assert_eq!(body["data"]["Code"], "SignatureDoesNotMatch");
    assert!(body["data"]["RequestId"].is_string());
    assert!(!refused.text.contains(phone));

    world.let_the_sms_service_have(Fault::Code {
        code: "isv.BUSINESS_LIMIT_CONTROL".to_owned(),
    });
    let limited = api.post(TEST, test_body(phone)).await;
    let body = limited.json();
    assert_eq!(
        (limited.status, &body["code"]),
        (429, &"connector.rate_limit_exceeded".into())
    );
    assert_eq!(body["data"]["Code"], "isv.BUSINESS_LIMIT_CONTROL");

    world.let_the_sms_service_break();
    let silent = api.post(TEST, test_body("8613800138002")).await;
    assert_eq!(
        silent.outcome(),
        (500, json!({"message": "Internal server error."}))
    );
    world.let_the_sms_service_have(Fault::Status { status: 502 });
    let html = api.post(TEST, test_body("8613800138003")).await;
    assert_eq!(
        (html.status, &html.json()["code"]),
        (400, &"connector.invalid_response".into())
    );
}
