//! Protection against DNS rebinding: a site that resolves its own name to this machine could read the sandbox's
//! responses, because the browser sees one origin. The browser still sends that name in `Host`, so a foreign name is
//! refused.

use crate::Endpoint;
use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode, header::HOST},
    middleware::Next,
    response::{IntoResponse, Response},
};

/// Refuses a request whose host is not a name or address of this machine.
pub(super) async fn for_this_machine(request: Request, next: Next) -> Response {
    if is_this_machine(request.headers()) {
        next.run(request).await
    } else {
        let words = "this sandbox answers at localhost and 127.0.0.1 only\n";
        (StatusCode::MISDIRECTED_REQUEST, words).into_response()
    }
}

/// [`Endpoint`] allows plain http for this machine only, so it decides which hosts are this machine.
fn is_this_machine(headers: &HeaderMap) -> bool {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.is_some_and(|host| format!("http://{host}").parse::<Endpoint>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_and_numbers_of_this_machine_are_its_own() {
        for (host, expected) in [
            ("localhost", true),
            ("LOCALHOST:3003", true),
            ("127.0.0.1:3003", true),
            ("127.9.9.9", true),
            ("[::1]:3003", true),
            ("evil.example:3003", false),
            ("localhost.evil.example", false),
            ("127.0.0.1.evil.example", false),
            ("192.168.0.1:3003", false),
            ("a@127.0.0.1", false),
            ("127.0.0.1/a", false),
            ("", false),
        ] {
            let headers = [(HOST, host.parse().unwrap())].into_iter().collect();
            assert_eq!(is_this_machine(&headers), expected, "{host}");
        }
        assert!(!is_this_machine(&HeaderMap::new()));
    }
}
