//! `POST /phone-number`: reads a number as a person typed it. Only our own pages call it; Logto has no such endpoint.

use crate::endpoints::response;
use axum::{body::Bytes, response::Response};
use connector_aliyun_sms::{PhoneNumber, PhoneRegion, TypedNumberError};
use http::StatusCode;
use serde::Deserialize;
use serde_json::json;

#[derive(Deserialize)]
struct TypedNumber {
    typed: String,
    /// The region that is selected on the page, such as `JP`.
    region: String,
}

/// Responds with the number's digits and with the form that the page shows, or with an error code.
pub(crate) async fn post(body: Bytes) -> Response {
    match read(&body) {
        Ok(number) => response::json(
            StatusCode::OK,
            &json!({"value": number.digits(), "shown": number.international()}),
        ),
        Err(error) => response::json(StatusCode::BAD_REQUEST, &json!({"code": code(error)})),
    }
}

fn read(body: &[u8]) -> Result<PhoneNumber, TypedNumberError> {
    let body: TypedNumber =
        serde_json::from_slice(body).map_err(|_| TypedNumberError::NotANumber)?;
    let region =
        PhoneRegion::from_code(&body.region).ok_or(TypedNumberError::UnknownCallingCode)?;
    PhoneNumber::from_typed(&body.typed, region)
}

/// The code that the page's texts have a sentence for.
const fn code(error: TypedNumberError) -> &'static str {
    match error {
        TypedNumberError::Empty => "phone_number.empty",
        TypedNumberError::NotANumber => "phone_number.not_a_number",
        TypedNumberError::UnknownCallingCode => "phone_number.unknown_calling_code",
        TypedNumberError::TooShort => "phone_number.too_short",
        TypedNumberError::TooLong => "phone_number.too_long",
        TypedNumberError::WrongLength => "phone_number.wrong_length",
    }
}
