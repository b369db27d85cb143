//! Checks the signature of a request as the gateway does: access key, then signature, in the order of its observed
//! errors. When the gateway checks date and nonce is not known.

mod authorization;
mod v1;
mod v3;

use super::{Account, gateway_error::GatewayError, nonces::Nonces, request::ApiRequest};
use crate::{date, signature::SignatureVersion};
use secrecy::{ExposeSecret, SecretString};
use time::{Duration, OffsetDateTime};

/// The largest difference between a request's date and the clock, in both directions.
const VALIDITY: Duration = Duration::minutes(15);

/// What a request claims about itself beside its access key. None of it is verified.
struct Unverified<'a> {
    date: &'a str,
    nonce: &'a str,
    security_token: Option<&'a str>,
    signature: Signature<'a>,
    action: &'a str,
    version: &'a str,
}

/// The signature, and the text that it should sign.
struct Signature<'a> {
    value: &'a str,
    string_to_sign: String,
    /// Whether the body has the signed hash.
    covers_the_body: bool,
    is_right: fn(&SecretString, &str, &str) -> bool,
}

/// A verified request: signed with an account's access key, recent, and not replayed.
#[derive(Debug)]
pub(super) struct Verified<'a> {
    pub(super) account: &'a Account,
    pub(super) action: &'a str,
    pub(super) version: &'a str,
}

/// Verifies that the request is signed with an account's key, that it is recent, and that it is not replayed.
pub(super) fn verify<'a>(
    request: &'a ApiRequest,
    accounts: &'a [Account],
    nonces: &Nonces,
    now: OffsetDateTime,
) -> Result<Verified<'a>, GatewayError> {
    let version = request.signature_version();
    // 1. Find the access key.
    let access_key_id = match version {
        SignatureVersion::V1 => request.parameter("AccessKeyId"),
        SignatureVersion::V3 => v3::access_key_id(request)?,
    };
    let access_key_id = access_key_id.ok_or(GatewayError::Missing("AccessKeyId"))?;
    let account = accounts
        .iter()
        .find(|account| account.access_key_id == access_key_id)
        .ok_or(GatewayError::AccessKeyNotFound)?;
    // 2. Read all parts that a signed request must have.
    let unverified = match version {
        SignatureVersion::V1 => v1::read(request)?,
        SignatureVersion::V3 => v3::read(request)?,
    };
    has_the_token_of(account, unverified.security_token)?;
    // 3. Check the date.
    let date = date::parse(unverified.date).ok_or(GatewayError::TimestampFormat)?;
    if (now - date).abs() > VALIDITY {
        return Err(GatewayError::TimestampExpired);
    }
    // 4. Check the signature, and the body against the signed hash.
    let Signature {
        value,
        string_to_sign,
        covers_the_body,
        is_right,
    } = unverified.signature;
    if !covers_the_body || !is_right(&account.access_key_secret, &string_to_sign, value) {
        return Err(GatewayError::SignatureDoesNotMatch {
            version,
            string_to_sign,
        });
    }
    // 5. Take the nonce last, so that only the owner of the key can use one up.
    let nonce = format!("{access_key_id} {}", unverified.nonce);
    if !nonces.take(&nonce, now, date + VALIDITY) {
        return Err(GatewayError::NonceUsed);
    }
    Ok(Verified {
        account,
        action: unverified.action,
        version: unverified.version,
    })
}

/// A temporary key (STS) is valid only together with its token.
fn has_the_token_of(account: &Account, given: Option<&str>) -> Result<(), GatewayError> {
    let right = account.security_token.as_ref();
    match (right.map(ExposeSecret::expose_secret), given) {
        (None, None) => Ok(()),
        (Some(right), Some(given)) if right == given => Ok(()),
        (Some(_), None) => Err(GatewayError::AccessKeyNotFound),
        (_, Some(_)) => Err(GatewayError::SecurityTokenMismatch),
    }
}

#[cfg(test)]
mod tests;
