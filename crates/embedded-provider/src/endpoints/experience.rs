//! The Experience API, `/api/experience`, which the sign-in pages call as in Logto.

use crate::{
    Provider, cookies,
    domain::experience_error::ExperienceError,
    endpoints::response,
    error::ErrorResponse,
    flows::{
        experience::{self, Identified},
        verification,
    },
    store::{Event, Interaction},
};
use axum::{
    body::Bytes,
    extract::{FromRequestParts, State},
    http::request::Parts,
    response::Response,
};
use connector_aliyun_sms::PhoneNumber;
use http::StatusCode;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;

/// The interaction of the browser's cookie.
pub(crate) struct CurrentInteraction(Interaction);

impl FromRequestParts<Provider> for CurrentInteraction {
    type Rejection = ErrorResponse;

    async fn from_request_parts(
        parts: &mut Parts,
        provider: &Provider,
    ) -> Result<Self, ErrorResponse> {
        let secret = cookies::read(&parts.headers, cookies::INTERACTION);
        Ok(Self(experience::interaction(provider, secret).await?))
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EventBody {
    interaction_event: Event,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SendBody {
    identifier: Identifier,
    interaction_event: Event,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct VerifyBody {
    identifier: Identifier,
    verification_id: String,
    code: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct IdentificationBody {
    verification_id: String,
}

#[derive(Deserialize)]
struct Identifier {
    #[serde(rename = "type")]
    kind: IdentifierKind,
    value: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
enum IdentifierKind {
    Phone,
}

impl Identifier {
    fn phone(&self) -> Result<PhoneNumber, ExperienceError> {
        let IdentifierKind::Phone = self.kind;
        PhoneNumber::from_digits(&self.value).map_err(|_| ExperienceError::InvalidPhoneNumber)
    }
}

/// `PUT /api/experience`
pub(crate) async fn begin(
    State(provider): State<Provider>,
    CurrentInteraction(interaction): CurrentInteraction,
    body: Bytes,
) -> Result<StatusCode, ErrorResponse> {
    let body: EventBody = read(&body)?;
    experience::begin(&provider, &interaction, body.interaction_event).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `PUT /api/experience/interaction-event`
pub(crate) async fn change_event(
    State(provider): State<Provider>,
    CurrentInteraction(interaction): CurrentInteraction,
    body: Bytes,
) -> Result<StatusCode, ErrorResponse> {
    let body: EventBody = read(&body)?;
    experience::change_event(&provider, &interaction, body.interaction_event).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `POST /api/experience/verification/verification-code`
pub(crate) async fn send_code(
    State(provider): State<Provider>,
    CurrentInteraction(interaction): CurrentInteraction,
    body: Bytes,
) -> Result<Response, ErrorResponse> {
    let body: SendBody = read(&body)?;
    let phone = body.identifier.phone()?;
    let id = verification::send(&provider, &interaction, &phone, body.interaction_event).await?;
    Ok(response::json(
        StatusCode::OK,
        &json!({"verificationId": id}),
    ))
}

/// `POST /api/experience/verification/verification-code/verify`
pub(crate) async fn verify_code(
    State(provider): State<Provider>,
    CurrentInteraction(interaction): CurrentInteraction,
    body: Bytes,
) -> Result<Response, ErrorResponse> {
    let body: VerifyBody = read(&body)?;
    let (id, phone) = (body.verification_id, body.identifier.phone()?);
    verification::verify(&provider, &interaction, &id, &phone, &body.code).await?;
    Ok(response::json(
        StatusCode::OK,
        &json!({"verificationId": id}),
    ))
}

/// `POST /api/experience/identification`: 204 for a known person, 201 for a new one.
pub(crate) async fn identify(
    State(provider): State<Provider>,
    CurrentInteraction(interaction): CurrentInteraction,
    body: Bytes,
) -> Result<StatusCode, ErrorResponse> {
    let body: IdentificationBody = read(&body)?;
    let identified = experience::identify(&provider, &interaction, &body.verification_id).await?;
    Ok(match identified {
        Identified::Known => StatusCode::NO_CONTENT,
        Identified::New => StatusCode::CREATED,
    })
}

/// `POST /api/experience/submit`
pub(crate) async fn submit(
    State(provider): State<Provider>,
    CurrentInteraction(interaction): CurrentInteraction,
) -> Result<Response, ErrorResponse> {
    let address = experience::submit(&provider, &interaction).await?;
    Ok(response::json(
        StatusCode::OK,
        &json!({"redirectTo": address}),
    ))
}

fn read<Body: DeserializeOwned>(bytes: &Bytes) -> Result<Body, ExperienceError> {
    serde_json::from_slice(bytes).map_err(|_| ExperienceError::InvalidInput)
}
