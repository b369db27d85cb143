//! The sandbox's own API, for the page and for tests: messages and faults.

use super::{
    Fault, Message, Sandbox,
    phone_numbers::{self, Wanted},
};
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

/// A message, with its number formatted for the page.
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

/// Deletes all messages, or those of one number. From another site, a browser first sends a preflight request, which is
/// not allowed.
pub(super) async fn delete_messages(
    State(sandbox): State<Sandbox>,
    Query(query): Query<MessagesQuery>,
) -> StatusCode {
    let wanted = query.phone.as_deref().map(Wanted::new);
    sandbox.0.inbox.delete(|message| {
        let wanted = wanted.as_ref();
        wanted.is_none_or(|wanted| wanted.is(&message.phone))
    });
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
pub(super) struct NewFault {
    #[serde(flatten)]
    fault: Fault,
    /// The number of requests that fail.
    #[serde(default = "once")]
    times: usize,
}

fn once() -> usize {
    1
}

/// Adds a fault. It accepts only the content type of JSON, which a page of another site cannot send.
pub(super) async fn add_fault(
    State(sandbox): State<Sandbox>,
    Json(NewFault { fault, times }): Json<NewFault>,
) -> Response {
    match sandbox.0.faults.add(fault, times) {
        Ok(()) => StatusCode::NO_CONTENT.into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()).into_response(),
    }
}

pub(super) async fn faults(State(sandbox): State<Sandbox>) -> Json<Vec<Fault>> {
    Json(sandbox.waiting_faults())
}

pub(super) async fn clear_faults(State(sandbox): State<Sandbox>) -> StatusCode {
    sandbox.0.faults.clear();
    StatusCode::NO_CONTENT
}
