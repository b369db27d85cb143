//! The frontend's files. Their names carry a hash of their content, so they never change; they are
//! compressed when the frontend is built.

use crate::security_headers::IsFile;
use axum::{Router, middleware::map_response, response::Response};
use http::{
    HeaderValue, StatusCode,
    header::{ACCEPT_ENCODING, CACHE_CONTROL, VARY},
};
use std::path::Path;
use tower_http::services::ServeDir;

pub(crate) fn serve(dist: &Path) -> Router {
    let files = ServeDir::new(dist.join("assets"))
        .append_index_html_on_directories(false)
        .precompressed_br()
        .precompressed_gzip();
    Router::new()
        .fallback_service(files)
        .layer(map_response(mark_immutable))
}

/// For ever, and for everybody who takes the same compression: a shared cache must not give Brotli to who cannot read it.
async fn mark_immutable(mut response: Response) -> Response {
    if response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED {
        let forever = HeaderValue::from_static("public, max-age=31536000, immutable");
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, forever);
        headers.insert(VARY, HeaderValue::from(ACCEPT_ENCODING));
        response.extensions_mut().insert(IsFile);
    }
    response
}
