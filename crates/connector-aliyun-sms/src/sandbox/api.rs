//! Aliyun's API at `/`. It logs request ids and error codes, and nothing from a message.

use super::{
    Account, Sandbox,
    answer::{self, Answer, Format},
    codes,
    faults::{Fault, Garbage},
    gateway_error::GatewayError,
    request::ApiRequest,
    send_sms::SendSms,
    verify::verify,
};
use crate::date;
use axum::{
    body::Bytes,
    extract::State,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{DATE, LOCATION},
    },
    response::{Html, IntoResponse, Response},
};
use std::time::Duration;

/// A browser is redirected to the inbox.
pub(super) async fn answer(
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
    let mut response = sandbox.respond(&request).await;
    // The date is from this sandbox's clock. Clients compare their own clock with it.
    let date = date::http(sandbox.0.clock.now());
    if let Ok(date) = HeaderValue::try_from(date) {
        response.headers_mut().insert(DATE, date);
    }
    response
}

/// Verifies a request and sends its messages.
type Allowed<'a> = (SendSms<'a>, &'a Account);

impl Sandbox {
    /// Responds, or produces the requested fault. Only a correctly signed request uses up a fault, so a browser or a
    /// scanner cannot use up the fault that a test requested.
    async fn respond(&self, request: &ApiRequest) -> Response {
        let request_id = answer::request_id();
        let format = match Format::of(request) {
            Ok(format) => format,
            Err(error) => {
                return Answer::gateway_error(&request_id, &error).into_response(Format::Json);
            }
        };
        let allowed = self.allowed(request);
        let fault = allowed.is_ok().then(|| self.0.faults.take()).flatten();
        match fault {
            Some(Fault::Slow { seconds }) => tokio::time::sleep(Duration::from_secs(seconds)).await,
            Some(fault) => return faulty(&fault, request),
            None => {}
        }
        self.outcome(allowed, &request_id).into_response(format)
    }

    /// The body of the response.
    #[cfg(any(test, fuzzing))]
    pub(crate) fn answer_to(&self, request: &ApiRequest) -> String {
        let request_id = answer::request_id();
        match Format::of(request) {
            Ok(format) => self
                .outcome(self.allowed(request), &request_id)
                .body(format),
            Err(error) => Answer::gateway_error(&request_id, &error).body(Format::Json),
        }
    }

    /// Verifies a request and uses up its nonce.
    fn allowed<'a>(&'a self, request: &'a ApiRequest) -> Result<Allowed<'a>, GatewayError> {
        let inner = &self.0;
        allowed_method(request)?;
        let verified = verify(request, &inner.accounts, &inner.nonces, inner.clock.now())?;
        Ok((SendSms::of(request, &verified)?, verified.account))
    }

    /// Delivers the messages and responds.
    fn outcome(&self, allowed: Result<Allowed<'_>, GatewayError>, request_id: &str) -> Answer {
        let inner = &self.0;
        let now = inner.clock.now();
        let (send_sms, account) = match allowed {
            Ok(right) => right,
            Err(error) => {
                tracing::warn!(request_id, code = error.code(), "refused by the gateway");
                return Answer::gateway_error(request_id, &error);
            }
        };
        match send_sms.deliveries(account, inner.limits.as_ref(), now) {
            Ok(deliveries) => {
                tracing::info!(request_id, messages = deliveries.len(), "delivered");
                inner.inbox.deliver(deliveries, now);
                Answer::ok(request_id)
            }
            Err(error) => {
                tracing::warn!(request_id, code = error.code(), "refused by SendSms");
                Answer::business_error(request_id, error)
            }
        }
    }
}

fn allowed_method(request: &ApiRequest) -> Result<(), GatewayError> {
    if [Method::GET, Method::POST].contains(&request.method) {
        Ok(())
    } else {
        Err(GatewayError::UnsupportedMethod)
    }
}

/// Produces a fault in place of a response.
fn faulty(fault: &Fault, request: &ApiRequest) -> Response {
    tracing::warn!(?fault, "a fault on demand");
    let page = Html("<html><body><h1>Service Unavailable</h1></body></html>");
    match fault {
        Fault::Status { status } => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::BAD_GATEWAY);
            (status, page).into_response()
        }
        Fault::Garbage { body } => match body {
            Garbage::Html => page.into_response(),
            Garbage::Empty => ().into_response(),
            Garbage::Truncated => r#"{"Message":"OK","Requ"#.into_response(),
        },
        Fault::Code { code } => coded(code, request),
        Fault::Throttled | Fault::Slow { .. } => coded("Throttling.User", request),
    }
}

fn coded(code: &str, request: &ApiRequest) -> Response {
    let request_id = answer::request_id();
    let format = Format::of(request).unwrap_or(Format::Json);
    let answer = match codes::find(code) {
        Some(known) if known.status == 200 => Answer::refusal(&request_id, code, known.message),
        Some(known) => {
            Answer::gateway_refusal(&request_id, known.status, code, known.message.to_owned())
        }
        None => Answer::gateway_error(&request_id, &GatewayError::ApiNotFound),
    };
    answer.into_response(format)
}
