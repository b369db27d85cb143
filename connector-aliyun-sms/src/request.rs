//! One `SendSms` request, signed with V3. Pure: the date and the nonce are handed in.

use crate::{
    Endpoint,
    signature::{Pair, canonical_query, v3},
};
use secrecy::SecretString;
use time::{OffsetDateTime, UtcOffset, macros::format_description};
use url::Url;

/// The API's version, which is also its date.
const VERSION: &str = "2017-05-25";

/// Who signs.
#[derive(Clone, Copy)]
pub(crate) struct Credentials<'a> {
    pub(crate) access_key_id: &'a str,
    pub(crate) access_key_secret: &'a SecretString,
}

/// A POST with an empty body: in V3 the parameters of `SendSms` are in the query.
pub(crate) struct SendSms {
    pub(crate) url: Url,
    pub(crate) headers: Vec<(&'static str, String)>,
}

impl SendSms {
    pub(crate) fn signed(
        endpoint: &Endpoint,
        parameters: &[Pair<'_>],
        credentials: Credentials<'_>,
        now: OffsetDateTime,
        nonce: &str,
    ) -> Self {
        let content_sha256 = v3::sha256_hex(b"");
        let mut headers = vec![
            ("host", endpoint.host()),
            ("x-acs-action", "SendSms".to_owned()),
            ("x-acs-content-sha256", content_sha256.clone()),
            ("x-acs-date", date(now)),
            ("x-acs-signature-nonce", nonce.to_owned()),
            ("x-acs-version", VERSION.to_owned()),
        ];
        let to_sign: Vec<Pair<'_>> = headers
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let authorization = v3::Request {
            method: "POST",
            path: "/",
            query: parameters,
            headers: &to_sign,
            content_sha256: &content_sha256,
        }
        .authorization(credentials.access_key_id, credentials.access_key_secret);
        headers.push(("authorization", authorization));
        Self {
            url: endpoint.with_query(&canonical_query(parameters)),
            headers,
        }
    }
}

/// `x-acs-date`: UTC in whole seconds.
fn date(now: OffsetDateTime) -> String {
    let format = format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");
    now.to_offset(UtcOffset::UTC)
        .format(format)
        .expect("every part of the format is part of a time")
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn the_request_is_dated_in_utc_and_signs_all_it_says() {
        let endpoint: Endpoint = Url::parse("https://dysmsapi.aliyuncs.com")
            .unwrap()
            .try_into()
            .unwrap();
        let request = SendSms::signed(
            &endpoint,
            &[
                ("TemplateParam", r#"{"code":"1 2"}"#),
                ("PhoneNumbers", "8613800138000"),
            ],
            Credentials {
                access_key_id: "id",
                access_key_secret: &"secret".into(),
            },
            datetime!(2026-10-20 17:00:01.9 +9),
            "nonce",
        );
        assert_eq!(
            request.url.as_str(),
            "https://dysmsapi.aliyuncs.com/?PhoneNumbers=8613800138000&TemplateParam=%7B%22code%22%3A%221%202%22%7D"
        );
        assert_eq!(
            request.headers[3],
            ("x-acs-date", "2026-10-20T08:00:01Z".to_owned())
        );
        let (_, authorization) = request.headers.last().unwrap();
        assert!(authorization.starts_with(
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-action;x-acs-content-sha256;\
             x-acs-date;x-acs-signature-nonce;x-acs-version,Signature="
        ));
        assert!(!authorization.contains("secret"));
    }
}
