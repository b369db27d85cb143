//! Client authentication by the secret itself: `client_secret_basic` or `client_secret_post`, never both (RFC 6749,
//! section 2.3).

use crate::domain::{oidc_error::OidcError, parameters::Parameters};
use base64::{Engine, prelude::BASE64_STANDARD};
use secrecy::SecretString;

/// The credentials in a request. They are not verified yet.
pub(crate) struct UnverifiedCredentials {
    pub(crate) client_id: String,
    pub(crate) secret: Option<SecretString>,
}

/// Reads the credentials from the header `Authorization` or from the form.
pub(crate) fn credentials(
    authorization: Option<&str>,
    form: &Parameters,
) -> Result<UnverifiedCredentials, OidcError> {
    let posted_id = form.optional("client_id")?;
    let posted_secret = form.optional("client_secret")?;
    let Some(header) = authorization else {
        return Ok(UnverifiedCredentials {
            client_id: posted_id.ok_or(NO_AUTHENTICATION)?.to_owned(),
            secret: posted_secret.map(SecretString::from),
        });
    };
    if posted_secret.is_some() || form.has("client_assertion") {
        return Err(OidcError::invalid_request(
            "client authentication must only be provided using one mechanism",
        ));
    }
    let basic = decode_basic(header).ok_or(OidcError::ClientAuthenticationFailed)?;
    match posted_id {
        Some(posted_id) if posted_id != basic.client_id => Err(OidcError::invalid_request(
            "mismatch in body and authorization client ids",
        )),
        _ => Ok(basic),
    }
}

const NO_AUTHENTICATION: OidcError = OidcError::InvalidRequest(std::borrow::Cow::Borrowed(
    "no client authentication mechanism provided",
));

/// `Basic` over the form-encoded id and secret (RFC 6749, section 2.3.1 and appendix B).
fn decode_basic(header: &str) -> Option<UnverifiedCredentials> {
    let (scheme, encoded) = header.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(BASE64_STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some(UnverifiedCredentials {
        client_id: form_decoded(id),
        secret: Some(SecretString::from(form_decoded(secret))),
    })
}

fn form_decoded(text: &str) -> String {
    // This decodes one value, so `&` and `=` have no special meaning.
    let value = text.replace('&', "%26").replace('=', "%3D");
    url::form_urlencoded::parse(value.as_bytes())
        .map(|(value, _)| value.into_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

    fn basic(text: &str) -> String {
        format!("Basic {}", BASE64_STANDARD.encode(text))
    }

    fn read(header: Option<&str>, form: &str) -> Result<(String, Option<String>), OidcError> {
        let found = credentials(header, &Parameters::parse(form))?;
        let secret = found.secret.map(|secret| secret.expose_secret().to_owned());
        Ok((found.client_id, secret))
    }

    #[test]
    fn both_ways_are_read_with_form_decoding() {
        let cases = [
            (Some(basic("id:secret")), "", "id", Some("secret")),
            (
                Some(basic("id:secret")),
                "client_id=id",
                "id",
                Some("secret"),
            ),
            (
                Some(basic("i%3Ad:a%3Ab+c%2B%C3%BC%25")),
                "",
                "i:d",
                Some("a:b c+ü%"),
            ),
            (Some(basic("id:a:b=c&d")), "", "id", Some("a:b=c&d")),
            (Some(basic("id:")), "", "id", Some("")),
            (None, "client_id=id&client_secret=a%3Ab", "id", Some("a:b")),
            (None, "client_id=id", "id", None),
        ];
        for (header, form, id, secret) in cases {
            let expected = (id.to_owned(), secret.map(str::to_owned));
            assert_eq!(
                read(header.as_deref(), form),
                Ok(expected),
                "{header:?} {form}"
            );
        }
    }

    #[test]
    fn every_other_way_is_refused() {
        let failed = OidcError::ClientAuthenticationFailed;
        let cases = [
            (None, "", NO_AUTHENTICATION),
            (
                Some(basic("id:secret")),
                "client_id=id&client_secret=secret",
                OidcError::invalid_request(
                    "client authentication must only be provided using one mechanism",
                ),
            ),
            (
                Some(basic("id:secret")),
                "client_id=other",
                OidcError::invalid_request("mismatch in body and authorization client ids"),
            ),
            (Some(basic("without colon")), "", failed.clone()),
            (Some("Basic %%%".to_owned()), "", failed.clone()),
            (Some("Basic".to_owned()), "", failed.clone()),
            (Some("Bearer abc".to_owned()), "", failed),
        ];
        for (header, form, error) in cases {
            assert_eq!(
                read(header.as_deref(), form),
                Err(error),
                "{header:?} {form}"
            );
        }
    }
}
