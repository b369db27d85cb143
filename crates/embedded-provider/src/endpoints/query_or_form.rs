//! A request that a browser brings by GET with a query or by POST with a form (OpenID Connect Core 1.0,
//! section 3.1.2.1; OpenID Connect RP-Initiated Logout 1.0, section 2).

use crate::{domain::parameters::Parameters, endpoints::form::Form, error::ErrorAnswer};
use axum::extract::{FromRequest, Request};
use http::Method;

/// The parameters, from wherever the method puts them.
pub(crate) struct QueryOrForm(pub(crate) Parameters);

impl<S: Send + Sync> FromRequest<S> for QueryOrForm {
    type Rejection = ErrorAnswer;

    async fn from_request(request: Request, state: &S) -> Result<Self, ErrorAnswer> {
        if request.method() == Method::POST {
            let Form(parameters) = Form::from_request(request, state).await?;
            return Ok(Self(parameters));
        }
        let query = request.uri().query().unwrap_or_default();
        Ok(Self(Parameters::parse(query)))
    }
}
