//! For operators: is the process alive, and can it serve?

use crate::AppState;
use axum::{Json, extract::State};
use http::StatusCode;
use serde_json::{Value, json};

/// `GET /healthz`: this process is alive.
pub(crate) async fn alive() -> &'static str {
    "ok"
}

/// `GET /readyz`: the store is reachable, the provider's discovery is known, and the program is not about to stop.
pub(crate) async fn ready(State(app): State<AppState>) -> (StatusCode, Json<Value>) {
    let (store, provider) = tokio::join!(app.sessions.store.ping(), app.oidc.ping());
    let word = |ok| if ok { "ok" } else { "unavailable" };
    let mut body = json!({"store": word(store.is_ok()), "provider": word(provider.is_ok())});
    let stopping = app.draining.is_cancelled();
    if stopping {
        body["stopping"] = true.into();
    }
    let status = if store.is_ok() && provider.is_ok() && !stopping {
        StatusCode::OK
    } else {
        StatusCode::SERVICE_UNAVAILABLE
    };
    (status, Json(body))
}
