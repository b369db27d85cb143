//! Every route of the sandbox.

use super::{Sandbox, api, control, events, page};
use axum::{
    Router,
    middleware::map_response,
    routing::{any, delete, get},
};

pub(super) fn router(sandbox: Sandbox) -> Router {
    let for_people = Router::new()
        .route("/inbox", get(page::inbox))
        .route("/inbox/inbox.css", get(page::style))
        .route("/inbox/phones.css", get(page::style_of_phones))
        .route("/inbox/inbox.js", get(page::script))
        .route("/inbox/icon.svg", get(page::icon))
        .route(
            "/api/messages",
            get(control::messages).delete(control::delete_messages),
        )
        .route("/api/messages/{id}", delete(control::delete_message))
        .route(
            "/api/faults",
            get(control::faults)
                .post(control::add_fault)
                .delete(control::clear_faults),
        )
        .route("/api/events", get(events::events))
        .layer(map_response(page::secured));
    Router::new()
        .route("/", any(api::answer))
        .merge(for_people)
        .with_state(sandbox)
}
