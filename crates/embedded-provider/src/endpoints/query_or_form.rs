//! Requests that a browser sends by GET with a query or by POST with a form (OpenID Connect Core 1.0,
//! section 3.1.2.1; OpenID Connect RP-Initiated Logout 1.0, section 2).

use crate::{domain::parameters::Parameters, endpoints::form::Form, error::ErrorResponse};
use axum::extract::{FromRequest, Request};
use http::Method;

/// The parameters, from the query for GET and from the form for POST.
pub(crate) struct QueryOrForm(pub(crate) Parameters);

impl<S: Send + Sync> FromRequest<S> for QueryOrForm {
    type Rejection = ErrorResponse;

    async fn from_request(request: Request, state: &S) -> Result<Self, ErrorResponse> {
        if request.method() == Method::POST {
            let Form(parameters) = Form::from_request(request, state).await?;
            return Ok(Self(parameters));
        }
        let query = request.uri().query().unwrap_or_default();
        Ok(Self(Parameters::parse(query)))
    }
}
