//! `POST /phone-number`: reads a number as a person typed it. Only our own pages call it; Logto has no such endpoint.

use crate::{
    domain::phone_number::{PhoneNumber, TypedNumberError},
    endpoints::answer,
};
use axum::{body::Bytes, response::Response};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TypedNumber {
    typed: String,
    calling_code: String,
}

/// The digits with the country calling code, and how to show them; or what is wrong.
pub(crate) async fn post(body: Bytes) -> Response {
    let number = serde_json::from_slice::<TypedNumber>(&body)
        .map_err(|_| TypedNumberError::NotANumber)
        .and_then(|number| PhoneNumber::from_typed(&number.typed, &number.calling_code));
    match number {
        Ok(number) => answer::json(
            StatusCode::OK,
            &json!({"value": number.as_str(), "shown": number.shown()}),
        ),
        Err(error) => answer::json(StatusCode::BAD_REQUEST, &json!({"code": error.code()})),
    }
}
