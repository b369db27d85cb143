//! Signature V3: `Authorization` lists the signed headers.

use super::{Signature, Unverified, authorization::Authorization};
use crate::{
    sandbox::{gateway_error::GatewayError, request::ApiRequest},
    signature::{Pair, v3},
};

/// The headers that every request must have and sign.
const SIGNED: [&str; 6] = [
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
];

/// The access key id in `Authorization`.
pub(super) fn access_key_id(request: &ApiRequest) -> Result<Option<&str>, GatewayError> {
    let Some(header) = request.header("authorization") else {
        return Ok(None);
    };
    let authorization = Authorization::parse(header).ok_or(GatewayError::IncompleteSignature)?;
    Ok(Some(authorization.access_key_id).filter(|id| !id.is_empty()))
}

pub(super) fn read(request: &ApiRequest) -> Result<Unverified<'_>, GatewayError> {
    let authorization = request
        .header("authorization")
        .and_then(Authorization::parse)
        .ok_or(GatewayError::IncompleteSignature)?;
    let headers = signed_headers(request, &authorization)?;
    let content_sha256 = value_of(&headers, "x-acs-content-sha256")?;
    let string_to_sign = string_to_sign(request, &headers, content_sha256);
    Ok(Unverified {
        date: value_of(&headers, "x-acs-date")?,
        nonce: value_of(&headers, "x-acs-signature-nonce")?,
        security_token: value_of(&headers, "x-acs-security-token").ok(),
        signature: Signature {
            value: authorization.signature,
            string_to_sign,
            covers_the_body: content_sha256 == v3::sha256_hex(&request.body),
            is_right: v3::verify,
        },
        action: value_of(&headers, "x-acs-action")?,
        version: value_of(&headers, "x-acs-version")?,
    })
}

/// The headers that the client claims to have signed, if they include all required ones.
fn signed_headers<'a>(
    request: &'a ApiRequest,
    authorization: &Authorization<'a>,
) -> Result<Vec<Pair<'a>>, GatewayError> {
    let is_signed = |name: &str| authorization.signed_headers.contains(&name);
    let must_be_signed = |name: &str| {
        name.starts_with("x-acs-") || (name == "content-type" && !request.body.is_empty())
    };
    let is_enough = SIGNED.into_iter().all(is_signed)
        && request
            .headers
            .keys()
            .all(|name| !must_be_signed(name.as_str()) || is_signed(name.as_str()));
    if !is_enough {
        return Err(GatewayError::IncompleteSignature);
    }
    let mut headers = Vec::new();
    for (name, value) in &request.headers {
        if is_signed(name.as_str()) {
            let value = std::str::from_utf8(value.as_bytes())
                .map_err(|_| GatewayError::IncompleteSignature)?;
            headers.push((name.as_str(), value));
        }
    }
    Ok(headers)
}

fn value_of<'a>(headers: &[Pair<'a>], name: &str) -> Result<&'a str, GatewayError> {
    headers
        .iter()
        .find_map(|(header, value)| (*header == name).then_some(*value))
        .ok_or(GatewayError::IncompleteSignature)
}

fn string_to_sign(request: &ApiRequest, headers: &[Pair<'_>], content_sha256: &str) -> String {
    let query: Vec<Pair<'_>> = request
        .query
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let signed = v3::Request {
        method: request.method.as_str(),
        path: &request.path,
        query: &query,
        headers,
        content_sha256,
    };
    v3::string_to_sign(&signed.canonical())
}
