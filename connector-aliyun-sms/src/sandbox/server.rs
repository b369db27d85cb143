//! Every path of the sandbox, and the answers of the API.

use super::{
    Message, Sandbox, answer, events, page, phone_numbers, request::ApiRequest, send_sms::SendSms,
    verify::verify,
};
use axum::{
    Json, Router,
    body::Bytes,
    extract::{Query, State},
    http::{HeaderMap, Method, StatusCode, Uri, header::LOCATION},
    middleware::map_response,
    response::{IntoResponse, Response},
    routing::{any, get},
};
use serde::{Deserialize, Serialize};

pub(super) fn router(sandbox: Sandbox) -> Router {
    let for_people = Router::new()
        .route("/inbox", get(page::inbox))
        .route("/inbox/inbox.css", get(page::style))
        .route("/inbox/inbox.js", get(page::script))
        .route("/inbox/icon.svg", get(page::icon))
        .route("/api/messages", get(messages))
        .route("/api/events", get(events::events))
        .layer(map_response(page::secured));
    Router::new()
        .route("/", any(api))
        .merge(for_people)
        .with_state(sandbox)
}

/// Aliyun's API. A browser that comes here wants the page.
async fn api(
    State(sandbox): State<Sandbox>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let request = ApiRequest::new(method, &uri, headers, body);
    if request.is_visit() {
        return (StatusCode::SEE_OTHER, [(LOCATION, "/inbox")]).into_response();
    }
    sandbox.send_sms(&request)
}

impl Sandbox {
    /// Checks a request, delivers its messages and answers. The log has ids and codes of errors, nothing of a message.
    fn send_sms(&self, request: &ApiRequest) -> Response {
        let inner = &self.0;
        let now = inner.clock.now();
        let request_id = answer::request_id();
        let parameters =
            verify(request, &inner.account, &inner.nonces, now).and_then(|()| SendSms::of(request));
        let result = match parameters {
            Ok(parameters) => parameters.messages(&inner.account, now),
            Err(error) => {
                tracing::warn!(request_id, code = error.code(), "refused by the gateway");
                return answer::gateway_error(&request_id, &error);
            }
        };
        match result {
            Ok(messages) => {
                tracing::info!(request_id, messages = messages.len(), "delivered");
                inner.inbox.deliver(messages);
                answer::ok(&request_id)
            }
            Err(error) => {
                tracing::warn!(request_id, code = error.code(), "refused by SendSms");
                answer::business_error(&request_id, error)
            }
        }
    }
}

#[derive(Deserialize)]
struct MessagesQuery {
    phone: Option<String>,
}

/// A message with what the page shows of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ShownMessage {
    shown_phone: String,
    #[serde(flatten)]
    message: Message,
}

async fn messages(
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
