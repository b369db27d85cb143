//! What the page and tests ask of the sandbox itself: messages and faults.

use super::{Fault, Message, Sandbox, inbox::is_to, phone_numbers};
use axum::{
    Json,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
pub(super) struct MessagesQuery {
    phone: Option<String>,
}

/// A message with what the page shows of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShownMessage {
    shown_phone: String,
    #[serde(flatten)]
    message: Message,
}

pub(super) async fn messages(
    State(sandbox): State<Sandbox>,
    Query(query): Query<MessagesQuery>,
) -> Json<Vec<ShownMessage>> {
    let messages = match query.phone {
        Some(phone) => sandbox.messages_to(&phone),
        None => sandbox.messages(),
    };
    let shown = messages.into_iter().map(|message| ShownMessage {
        shown_phone: phone_numbers::shown(&message.phone),
        message,
    });
    Json(shown.collect())
}

/// All of them, or those of one number. A browser asks before it sends this from another site, and gets no leave.
pub(super) async fn delete_messages(
    State(sandbox): State<Sandbox>,
    Query(query): Query<MessagesQuery>,
) -> StatusCode {
    let phone = query.phone;
    sandbox
        .0
        .inbox
        .delete(|message| phone.as_ref().is_none_or(|phone| is_to(message, phone)));
    StatusCode::NO_CONTENT
}

pub(super) async fn delete_message(
    State(sandbox): State<Sandbox>,
    Path(id): Path<u64>,
) -> StatusCode {
    match sandbox.0.inbox.delete(|message| message.id == id) {
        0 => StatusCode::NOT_FOUND,
        _ => StatusCode::NO_CONTENT,
    }
}

#[derive(Deserialize)]
pub(super) struct FaultToCome {
    #[serde(flatten)]
    fault: Fault,
    /// For how many requests.
    #[serde(default = "once")]
    times: usize,
}

fn once() -> usize {
    1
}

/// Only JSON under its own content type, which no page of another site can send.
pub(super) async fn add_fault(
    State(sandbox): State<Sandbox>,
    Json(FaultToCome { fault, times }): Json<FaultToCome>,
) -> Response {
    match sandbox.0.faults.add(fault, times) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
    }
}

pub(super) async fn faults(State(sandbox): State<Sandbox>) -> Json<Vec<Fault>> {
    Json(sandbox.faults_to_come())
}

pub(super) async fn clear_faults(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.0.faults.clear();
    StatusCode::NO_CONTENT
}
