//! Signature V1: everything is a parameter.

use super::{Signature, Unverified};
use crate::{
    sandbox::{gateway_error::GatewayError, request::ApiRequest},
    signature::v1,
};

pub(super) fn read(request: &ApiRequest) -> Result<Unverified<'_>, GatewayError> {
    let required = |name| request.parameter(name).ok_or(GatewayError::Missing(name));
    let date = required("Timestamp")?;
    let value = required("Signature")?;
    if required("SignatureMethod")? != v1::METHOD {
        return Err(GatewayError::InvalidSignatureMethod);
    }
    if required("SignatureVersion")? != v1::VERSION {
        return Err(GatewayError::IncompleteSignature);
    }
    let string_to_sign = v1::string_to_sign(request.method.as_str(), &request.parameters());
    Ok(Unverified {
        date,
        nonce: required("SignatureNonce")?,
        security_token: request.parameter("SecurityToken"),
        signature: Signature {
            value,
            string_to_sign,
            covers_the_body: true,
            is_right: v1::verify,
        },
        action: request.parameter("Action").unwrap_or_default(),
        version: request.parameter("Version").unwrap_or_default(),
    })
}
