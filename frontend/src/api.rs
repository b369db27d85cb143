//! The requests to the bff. Nothing else calls `fetch`.

use crate::{browser, problem};
use serde::de::DeserializeOwned;
use shared::{AuthStatus, ProblemCode, SignOutResponse, path};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Headers, RequestCache, RequestInit, Response};

/// Why a request has no result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Failure {
    /// The bff refused, and said why.
    Refused(ProblemCode),
    /// No answer, or one that the bff would not give: the network or something in between is at fault.
    Unreachable,
}

/// Asks who is signed in here.
pub(crate) async fn auth_status() -> Result<AuthStatus, Failure> {
    let request = RequestInit::new();
    request.set_cache(RequestCache::NoStore);
    exchange(path::AUTH_STATUS, &request).await
}

/// Ends the session here; the answer says where to go to end it at the provider.
pub(crate) async fn sign_out() -> Result<SignOutResponse, Failure> {
    let request = sign_out_request().map_err(|_| Failure::Unreachable)?;
    exchange(path::SIGN_OUT, &request).await
}

fn sign_out_request() -> Result<RequestInit, JsValue> {
    let headers = Headers::new()?;
    headers.set(path::CSRF_HEADER, "1")?;
    headers.set("content-type", "application/json")?;

    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&"{}".into()); // a `SignOutRequest` that asks for nothing special
    Ok(request)
}

async fn exchange<T: DeserializeOwned>(path: &str, request: &RequestInit) -> Result<T, Failure> {
    let (ok, body) = fetch(path, request)
        .await
        .map_err(|_| Failure::Unreachable)?;
    read(ok, &body)
}

async fn fetch(path: &str, request: &RequestInit) -> Result<(bool, String), JsValue> {
    let fetched = browser::window().fetch_with_str_and_init(path, request);
    let response: Response = JsFuture::from(fetched).await?.dyn_into()?;
    let body = JsFuture::from(response.text()?).await?;
    Ok((response.ok(), body.as_string().unwrap_or_default()))
}

/// Understands an answer: the result, or the problem, or nothing of ours.
fn read<T: DeserializeOwned>(ok: bool, body: &str) -> Result<T, Failure> {
    if ok {
        return serde_json::from_str(body).map_err(|_| Failure::Unreachable);
    }
    Err(problem::code(body).map_or(Failure::Unreachable, Failure::Refused))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::Problem;

    #[test]
    fn a_status_is_read() {
        let answer = read::<AuthStatus>(true, r#"{"isAuthenticated":false}"#);
        assert_eq!(answer, Ok(AuthStatus::SignedOut));
    }

    #[test]
    fn a_problem_is_a_refusal_with_its_code() {
        let problem = serde_json::to_string(&Problem::new(ProblemCode::StoreUnavailable)).unwrap();
        let answer = read::<AuthStatus>(false, &problem);
        assert_eq!(answer, Err(Failure::Refused(ProblemCode::StoreUnavailable)));
    }

    #[test]
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
