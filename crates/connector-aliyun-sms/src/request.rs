//! Builds and signs one `SendSms` request. Pure: the caller passes the date and the nonce.

use crate::{
    Credentials, Endpoint, date,
    signature::{Pair, SignatureVersion, canonical_query, v1, v3},
};
use secrecy::ExposeSecret;
use time::OffsetDateTime;
use url::Url;

const ACTION: &str = "SendSms";
/// The API's version, which is a date.
const VERSION: &str = "2017-05-25";

/// A POST with an empty body. The parameters are in the query, as in Aliyun's description of the action.
pub(crate) struct SendSms {
    pub(crate) url: Url,
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// The date of a request and its nonce.
#[derive(Clone, Copy)]
pub(crate) struct Moment<'a> {
    pub(crate) now: OffsetDateTime,
    pub(crate) nonce: &'a str,
}

impl SendSms {
    pub(crate) fn signed(
        version: SignatureVersion,
        endpoint: &Endpoint,
        parameters: &[Pair<'_>],
        credentials: &Credentials,
        moment: Moment<'_>,
    ) -> Self {
        match version {
            SignatureVersion::V1 => Self::signed_v1(endpoint, parameters, credentials, moment),
            SignatureVersion::V3 => Self::signed_v3(endpoint, parameters, credentials, moment),
        }
    }

    fn signed_v1(
        endpoint: &Endpoint,
        parameters: &[Pair<'_>],
        credentials: &Credentials,
        moment: Moment<'_>,
    ) -> Self {
        let timestamp = date::iso(moment.now);
        let mut all = vec![
            ("Action", ACTION),
            ("Version", VERSION),
            ("Format", "JSON"),
            ("AccessKeyId", credentials.access_key_id.as_str()),
            ("SignatureMethod", v1::METHOD),
            ("SignatureVersion", v1::VERSION),
            ("SignatureNonce", moment.nonce),
            ("Timestamp", &timestamp),
        ];
        if let Some(token) = &credentials.security_token {
            all.push(("SecurityToken", token.expose_secret()));
        }
        all.extend_from_slice(parameters);
        let signature = v1::sign(
            &credentials.access_key_secret,
            &v1::string_to_sign("POST", &all),
        );
        all.push(("Signature", &signature));
        Self {
            url: endpoint.with_query(&canonical_query(&all)),
            headers: Vec::new(),
        }
    }

    fn signed_v3(
        endpoint: &Endpoint,
        parameters: &[Pair<'_>],
        credentials: &Credentials,
        moment: Moment<'_>,
    ) -> Self {
        let content_sha256 = v3::sha256_hex(b"");
        let mut headers = vec![
            ("host", endpoint.host()),
            ("x-acs-action", ACTION.to_owned()),
            ("x-acs-content-sha256", content_sha256.clone()),
            ("x-acs-date", date::iso(moment.now)),
            ("x-acs-signature-nonce", moment.nonce.to_owned()),
            ("x-acs-version", VERSION.to_owned()),
        ];
        if let Some(token) = &credentials.security_token {
            let id = credentials.access_key_id.clone();
            headers.push(("x-acs-accesskey-id", id));
            headers.push(("x-acs-security-token", token.expose_secret().to_owned()));
        }
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
        .authorization(&credentials.access_key_id, &credentials.access_key_secret);
        headers.push(("authorization", authorization));
        Self {
            url: endpoint.with_query(&canonical_query(parameters)),
            headers,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    const PARAMETERS: [Pair<'_>; 2] = [
        ("TemplateParam", r#"{"code":"1 2"}"#),
        ("PhoneNumbers", "8613800138000"),
    ];

    fn signed(version: SignatureVersion, security_token: Option<&str>) -> SendSms {
        let credentials = Credentials {
            access_key_id: "id".to_owned(),
            access_key_secret: "secret".into(),
            security_token: security_token.map(Into::into),
        };
        let moment = Moment {
            now: datetime!(2026-10-20 17:00:01.9 +9),
            nonce: "nonce",
        };
        SendSms::signed(
            version,
            &Endpoint::default(),
            &PARAMETERS,
            &credentials,
            moment,
        )
    }

    #[test]
    fn p057_the_request_is_dated_in_utc_and_signs_all_it_says() {
        let request = signed(SignatureVersion::V3, None);
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

    #[test]
    fn p056_p057_v1_is_all_parameters() {
        let request = signed(SignatureVersion::V1, None);
        assert!(request.headers.is_empty());
        let query = request.url.query().unwrap();
        assert!(query.starts_with(
            "AccessKeyId=id&Action=SendSms&Format=JSON&PhoneNumbers=8613800138000&Signature="
        ));
        assert!(query.ends_with(
            "&SignatureMethod=HMAC-SHA1&SignatureNonce=nonce&SignatureVersion=1.0\
             &TemplateParam=%7B%22code%22%3A%221%202%22%7D&Timestamp=2026-10-20T08%3A00%3A01Z&Version=2017-05-25"
        ));
        assert!(!query.contains("secret"));
    }

    #[test]
    fn a_temporary_key_goes_with_its_token_which_is_signed() {
        let v1 = signed(SignatureVersion::V1, Some("a token"));
        assert!(v1.url.as_str().contains("&SecurityToken=a%20token&"));
        let v3 = signed(SignatureVersion::V3, Some("a token"));
        let (_, authorization) = v3.headers.last().unwrap();
        assert!(authorization.contains("=host;x-acs-accesskey-id;x-acs-action;"));
        assert!(authorization.contains(";x-acs-security-token;"));
    }
}
