//! Checks the V3 signature of a request as the gateway does, in the order in which its errors were seen.

use super::{
    Account, authorization::Authorization, gateway_error::GatewayError, nonces::Nonces,
    request::ApiRequest,
};
use crate::signature::{Pair, v3};
use time::{Duration, OffsetDateTime, PrimitiveDateTime, macros::format_description};

/// How far `x-acs-date` may be from the clock, both ways.
const VALIDITY: Duration = Duration::minutes(15);

/// The headers that every request must have and sign.
const SIGNED: [&str; 6] = [
    "host",
    "x-acs-action",
    "x-acs-content-sha256",
    "x-acs-date",
    "x-acs-signature-nonce",
    "x-acs-version",
];

/// Whether the request is signed with the account's key, now, and for the first time.
pub(super) fn verify(
    request: &ApiRequest,
    account: &Account,
    nonces: &Nonces,
    now: OffsetDateTime,
) -> Result<(), GatewayError> {
    // 1. The access key.
    let unverified = unverified_authorization(request)?;
    if unverified.access_key_id != account.access_key_id {
        return Err(GatewayError::AccessKeyNotFound);
    }
    // 2. The date.
    let headers = signed_headers(request, &unverified)?;
    let date = date(value_of(&headers, "x-acs-date")?)?;
    if (now - date).abs() > VALIDITY {
        return Err(GatewayError::TimestampExpired);
    }
    // 3. The signature, and the body that it covers by its hash.
    let content_sha256 = value_of(&headers, "x-acs-content-sha256")?;
    let string_to_sign = string_to_sign(request, &headers, content_sha256);
    let is_ours = content_sha256 == v3::sha256_hex(&request.body)
        && v3::verify(
            &account.access_key_secret,
            &string_to_sign,
            unverified.signature,
        );
    if !is_ours {
        return Err(GatewayError::SignatureDoesNotMatch { string_to_sign });
    }
    // 4. The nonce, last: only the owner of the key can use one up.
    let nonce = value_of(&headers, "x-acs-signature-nonce")?;
    nonces
        .take(nonce, now, date + VALIDITY)
        .then_some(())
        .ok_or(GatewayError::NonceUsed)
}

fn unverified_authorization(request: &ApiRequest) -> Result<Authorization<'_>, GatewayError> {
    let header = request
        .header("authorization")
        .ok_or(GatewayError::Missing("AccessKeyId"))?;
    let authorization = Authorization::parse(header).ok_or(GatewayError::IncompleteSignature)?;
    if authorization.access_key_id.is_empty() {
        return Err(GatewayError::Missing("AccessKeyId"));
    }
    Ok(authorization)
}

/// The headers that the client says it signed, when they are enough.
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

fn date(text: &str) -> Result<OffsetDateTime, GatewayError> {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    PrimitiveDateTime::parse(text, format)
        .map(PrimitiveDateTime::assume_utc)
        .map_err(|_| GatewayError::TimestampFormat)
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
