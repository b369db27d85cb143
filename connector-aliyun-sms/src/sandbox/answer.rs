//! The answers of the API, in Aliyun's JSON.

use super::{business_error::BusinessError, gateway_error::GatewayError};
use axum::{
    http::{StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use uuid::Uuid;

const HOST_ID: &str = "dysmsapi.aliyuncs.com";

/// A new id of a request: a UUID in upper case.
pub(super) fn request_id() -> String {
    Uuid::new_v4().to_string().to_uppercase()
}

/// The messages are taken.
pub(super) fn ok(request_id: &str) -> Response {
    let biz_id = format!(
        "{:018}^0",
        Uuid::new_v4().as_u128() % 1_000_000_000_000_000_000
    );
    let body = json!({ "Message": "OK", "RequestId": request_id, "BizId": biz_id, "Code": "OK" });
    answer(StatusCode::OK, &body)
}

/// `SendSms` refuses: HTTP 200 all the same.
pub(super) fn business_error(request_id: &str, error: BusinessError) -> Response {
    let body = json!({ "Message": error.message(), "RequestId": request_id, "Code": error.code() });
    answer(StatusCode::OK, &body)
}

/// The gateway refuses.
pub(super) fn gateway_error(request_id: &str, error: &GatewayError) -> Response {
    let code = error.code();
    let recommend = format!(
        "https://api.aliyun.com/troubleshoot?q={code}&product=Dysmsapi&requestId={request_id}"
    );
    let body = json!({
        "RequestId": request_id,
        "Message": error.message(),
        "Recommend": recommend,
        "HostId": HOST_ID,
        "Code": code,
    });
    answer(error.status(), &body)
}

fn answer(status: StatusCode, body: &Value) -> Response {
    let headers = [(CONTENT_TYPE, "application/json;charset=utf-8")];
    (status, headers, body.to_string()).into_response()
}
