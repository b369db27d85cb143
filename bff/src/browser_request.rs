//! What happens to a request that a browser's page may have made, before its session is looked at. One layer for both
//! guards.

use crate::{
    AppState,
    error::Error,
    request::{cookies, csrf},
};
use axum::{
    extract::{Request, State},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Refuses what another site's page could have sent, and stands between the browser's cookies and the session middleware.
pub(crate) async fn guard(
    State(app): State<AppState>,
    mut request: Request,
    next: Next,
) -> Response {
    if !csrf::is_allowed(request.method(), request.headers(), app.base_url.origin()) {
        return Error::CrossSite.into_response();
    }
    let cookies = cookies::filter(&app.cookie_names, request.headers_mut());
    request.extensions_mut().insert(cookies);

    let is_safe = request.method().is_safe();
    let mut response = next.run(request).await;
    cookies::rewrite(&app.cookie_names, is_safe, &mut response);
    response
}
