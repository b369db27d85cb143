//! `POST /phone-number`: reads a number as a person typed it. Only our own pages call it; Logto has no such endpoint.

use crate::endpoints::response;
use axum::{body::Bytes, response::Response};
use connector_aliyun_sms::{PhoneNumber, PhoneRegion, TypedNumberError};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

#[derive(Deserialize)]
struct TypedNumber {
    typed: String,
    /// The region that is selected on the page, such as `JP`.
    region: String,
}

/// Responds with the number's digits and with the form that the page shows, with two such numbers if the text has two
/// meanings, or with an error code.
pub(crate) async fn post(body: Bytes) -> Response {
    let Ok(TypedNumber { typed, region }) = serde_json::from_slice(&body) else {
        let not_ours = json!({"code": "phone_number.not_a_number"});
        return response::json(StatusCode::BAD_REQUEST, &not_ours);
    };
    let Some(region) = PhoneRegion::from_code(&region) else {
        return refused(&TypedNumberError::UnknownCallingCode);
    };
    match PhoneNumber::from_typed(&typed, Some(region)) {
        Ok(number) => response::json(StatusCode::OK, &shown(&number)),
        Err(TypedNumberError::Ambiguous {
            national,
            international,
        }) => {
            let choices = [shown(&national), shown(&international)];
            response::json(StatusCode::OK, &json!({"choices": choices}))
        }
        Err(error) => refused(&error),
    }
}

fn shown(number: &PhoneNumber) -> Value {
    json!({"value": number.digits(), "shown": number.international()})
}

/// The error's code is a key of the page's texts.
fn refused(error: &TypedNumberError) -> Response {
    let code = match error {
        TypedNumberError::Empty => "phone_number.empty",
        TypedNumberError::Character(_) => "phone_number.character",
        TypedNumberError::UnknownCallingCode => "phone_number.unknown_calling_code",
        TypedNumberError::TooShort => "phone_number.too_short",
        TypedNumberError::TooLong => "phone_number.too_long",
        TypedNumberError::WrongLength | TypedNumberError::Ambiguous { .. } => {
            "phone_number.wrong_length"
        }
    };
    let body = match error.character() {
        Some(character) => json!({"code": code, "data": {"character": character}}),
        None => json!({"code": code}),
    };
    response::json(StatusCode::BAD_REQUEST, &body)
}
