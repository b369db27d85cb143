//! The requests to the bff. Nothing else calls `fetch`.

use crate::{
    browser,
    wire::{self, Read},
};
use shared::{AuthStatus, Claims, ProblemCode, Sessions, SignOutRequest, SignOutResponse, path};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCache, RequestInit, Response};

/// Why a request has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// The bff refused, and said why.
    Refused(ProblemCode),
    /// No answer, or one that the bff would not give: the network or something in between is at fault.
    Unreachable,
}

/// Asks who is signed in here.
pub(crate) async fn auth_status() -> Result<AuthStatus, Failure> {
    get(path::AUTH_STATUS).await
}

/// Asks what the provider knows of the person now.
pub(crate) async fn user_info() -> Result<Claims, Failure> {
    get(path::USER_INFO).await
}

/// Asks where the person is signed in.
pub(crate) async fn sessions() -> Result<Sessions, Failure> {
    get(path::SESSIONS).await
}

/// Ends one of the person's sessions.
pub(crate) async fn end_session(id: &str) -> Result<(), Failure> {
    let path = path::SESSION.replace("{id}", id);
    let (ok, body) = send("DELETE", &path, None).await?;
    if ok { Ok(()) } else { Err(refusal(&body)) }
}

/// Ends the session here, or all of the person's; the answer says where to go to end it at the provider.
pub(crate) async fn sign_out(options: SignOutRequest) -> Result<SignOutResponse, Failure> {
    let body = if options.everywhere {
        r#"{"everywhere":true}"#
    } else {
        "{}"
    };
    let (ok, body) = send("POST", path::SIGN_OUT, Some(body)).await?;
    read(ok, &body)
}

/// Visits the site, which keeps the session alive. What the page says nobody looks at.
pub(crate) async fn visit() -> Result<(), Failure> {
    send("HEAD", path::HOME, None).await.map(|_| ())
}

async fn get<T: Read>(path: &str) -> Result<T, Failure> {
    let (ok, body) = send("GET", path, None).await?;
    read(ok, &body)
}

async fn send(method: &str, path: &str, body: Option<&str>) -> Result<(bool, String), Failure> {
    // Without an answer it does not matter at which step it failed.
    fetch(method, path, body)
        .await
        .map_err(|_| Failure::Unreachable)
}

async fn fetch(method: &str, path: &str, body: Option<&str>) -> Result<(bool, String), JsValue> {
    let request = RequestInit::new();
    request.set_method(method);
    request.set_cache(RequestCache::NoStore);
    if matches!(method, "POST" | "DELETE") {
        let headers = Headers::new()?;
        headers.set(path::CSRF_HEADER, "1")?;
        if let Some(body) = body {
            headers.set("content-type", "application/json")?;
            request.set_body(&body.into());
        }
        request.set_headers(&headers);
    }
    let fetched = browser::window().fetch_with_str_and_init(path, &request);
    let response: Response = JsFuture::from(fetched).await?.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), body.as_string().unwrap_or_default()))
}

/// Understands an answer: the result, or the problem, or nothing of ours.
fn read<T: Read>(ok: bool, body: &str) -> Result<T, Failure> {
    if ok {
        return wire::parse(body).ok_or(Failure::Unreachable);
    }
    Err(refusal(body))
}

fn refusal(body: &str) -> Failure {
    wire::parse(body).map_or(Failure::Unreachable, Failure::Refused)
}

#[cfg(all(test, target_arch = "wasm32"))]
#[expect(clippy::unwrap_used, reason = "a test that cannot go on may panic")]
mod tests {
    use super::*;
    use shared::Problem;
    use wasm_bindgen_test::wasm_bindgen_test;

    #[wasm_bindgen_test]
    fn a_status_is_read() {
        let answer = read::<AuthStatus>(true, r#"{"isAuthenticated":false}"#);
        assert_eq!(answer, Ok(AuthStatus::SignedOut));
    }

    #[wasm_bindgen_test]
    fn a_problem_is_a_refusal_with_its_code() {
        let problem = serde_json::to_string(&Problem::new(ProblemCode::StoreUnavailable)).unwrap();
        let answer = read::<AuthStatus>(false, &problem);
        assert_eq!(answer, Err(Failure::Refused(ProblemCode::StoreUnavailable)));
    }

    #[wasm_bindgen_test]
    fn an_answer_that_is_not_the_bffs_is_never_taken_for_signed_out() {
        for (ok, body) in [
            (true, ""),
            (true, "<!doctype html>"),
            (true, r#"{"isAuthenticated":true}"#),
            (true, "{}"),
            (false, ""),
            (false, "Bad Gateway"),
            (false, r#"{"isAuthenticated":false}"#),
        ] {
            let answer = read::<AuthStatus>(ok, body);
            assert_eq!(answer, Err(Failure::Unreachable), "{ok} {body}");
        }
    }
}
