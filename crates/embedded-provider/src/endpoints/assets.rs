//! `/assets/{name}`: the scripts and styles of our pages, which are compiled into the program.

use axum::{
    extract::Path,
    response::{IntoResponse, Response},
};
use http::{
    StatusCode,
    header::{CACHE_CONTROL, CONTENT_TYPE},
};

const SCRIPT: &str = "text/javascript; charset=utf-8";
const STYLE: &str = "text/css; charset=utf-8";
const IMAGE: &str = "image/svg+xml";

/// One asset.
pub(crate) async fn get(Path(name): Path<String>) -> Response {
    let (content_type, content) = match name.as_str() {
        "pages.css" => (STYLE, include_str!("../pages/assets/pages.css")),
        "sign-in.js" => (SCRIPT, include_str!("../pages/assets/sign-in.js")),
        "experience-api.js" => (SCRIPT, include_str!("../pages/assets/experience-api.js")),
        "regions.js" => (SCRIPT, include_str!("../pages/assets/regions.js")),
        "texts.js" => (SCRIPT, include_str!("../pages/assets/texts.js")),
        "submit.js" => (SCRIPT, include_str!("../pages/assets/submit.js")),
        "icon.svg" => (IMAGE, include_str!("../pages/assets/icon.svg")),
        _ => return StatusCode::NOT_FOUND.into_response(),
    };
    let headers = [(CONTENT_TYPE, content_type), (CACHE_CONTROL, "no-cache")];
    (headers, content).into_response()
}
