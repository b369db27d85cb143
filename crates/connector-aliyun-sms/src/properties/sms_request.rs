//! Requests to the sandbox: any bytes are decoded without a panic, and only a request that the owner of the key signed
//! is accepted.

use super::vendor;
use crate::{
    Clock,
    sandbox::{Account, ApiRequest, Sandbox},
    signature::{Pair, canonical_query, v1},
};
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Uri, header::CONTENT_TYPE},
};
use time::{OffsetDateTime, macros::datetime};

const KEY_ID: &str = "LTAI5tOfTheProperty";
const SECRET: &str = "the-secret-of-the-property";
const NOW: OffsetDateTime = datetime!(2026-10-20 08:00:00 UTC);
const DATE: &str = "2026-10-20T08:00:00Z";

/// The property, for any bytes: a first line `METHOD target`, lines of headers, an empty line, a body.
///
/// # Panics
/// When the property does not hold.
pub fn holds(input: &[u8]) {
    if let Some(request) = request(input) {
        check(&request);
    }
}

fn request(input: &[u8]) -> Option<ApiRequest> {
    let (head, body) = match input.windows(2).position(|two| two == b"\n\n") {
        Some(end) => (&input[..end], &input[end + 2..]),
        None => (input, &[][..]),
    };
    let mut lines = head.split(|byte| *byte == b'\n');
    let mut first = lines.next()?.splitn(2, |byte| *byte == b' ');
    let method = Method::from_bytes(first.next()?).ok()?;
    let uri = Uri::try_from(first.next()?).ok()?;
    let mut headers = HeaderMap::new();
    for line in lines {
        let colon = line.iter().position(|byte| *byte == b':')?;
        let name = HeaderName::from_bytes(&line[..colon]).ok()?;
        let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
        headers.append(name, value);
    }
    let body = Bytes::copy_from_slice(body);
    Some(ApiRequest::new(method, &uri, headers, body))
}

fn check(request: &ApiRequest) {
    let parameters: Vec<(String, String)> = request
        .parameters()
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect();
    is_canonical(&parameters);
    let answer = answer(request);
    assert!(!answer.contains(SECRET), "the secret is never said");
    assert!(
        !answer.contains("<Code>OK"),
        "nobody has signed this: {answer}"
    );
    assert!(
        !answer.contains(r#""Code":"OK""#),
        "nobody has signed this: {answer}"
    );
    assert!(is_well_formed(&answer), "{answer}");
    only_what_is_signed_is_accepted(parameters);
}

/// We sign what Alibaba's description says, and decoding it returns the parameters.
fn is_canonical(parameters: &[(String, String)]) {
    let canonical = canonical_query(&pairs(parameters));
    assert_eq!(canonical, vendor::canonical_query(parameters));
    let mut decoded: Vec<(String, String)> = url::form_urlencoded::parse(canonical.as_bytes())
        .into_owned()
        .collect();
    let mut sorted = parameters.to_vec();
    sorted.sort();
    decoded.sort();
    // A form cannot express a single pair of two empty strings.
    sorted.retain(|(name, value)| !(name.is_empty() && value.is_empty()));
    decoded.retain(|(name, value)| !(name.is_empty() && value.is_empty()));
    assert_eq!(decoded, sorted);
}

/// Any parameters, beside those that V1 needs.
fn only_what_is_signed_is_accepted(extra: Vec<(String, String)>) {
    let ours = [
        ("Action", "SendSms"),
        ("Version", "2017-05-25"),
        ("Format", "JSON"),
        ("AccessKeyId", KEY_ID),
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
        ("SignatureNonce", "a-nonce"),
        ("Timestamp", DATE),
        ("PhoneNumbers", "8613900000000"),
        ("SignName", "Bookstore"),
        ("TemplateCode", "SMS_100000001"),
        ("TemplateParam", r#"{"code":"123456"}"#),
    ];
    let mut all: Vec<(String, String)> = ours
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec();
    // The first of two equal parameters counts, and this one would change the access key.
    let taken = ["Signature", "SecurityToken"];
    all.extend(
        extra
            .into_iter()
            .filter(|(name, _)| !taken.contains(&name.as_str())),
    );
    let to_sign = v1::string_to_sign("POST", &pairs(&all));
    let vendors = format!(
        "POST&%2F&{}",
        vendor::encode(&vendor::canonical_query(&all))
    );
    assert_eq!(to_sign, vendors);
    let signature = v1::sign(&SECRET.into(), &to_sign);
    all.push(("Signature".to_owned(), signature));
    assert!(answer(&form(&all)).contains(r#""Code":"OK""#), "{all:?}");
    let last = all.len() - 2;
    all[last].1.push('x');
    let answer = answer(&form(&all));
    assert!(
        answer.contains(r#""Code":"SignatureDoesNotMatch""#),
        "{answer}"
    );
}

fn form(parameters: &[(String, String)]) -> ApiRequest {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish();
    let form = HeaderValue::from_static("application/x-www-form-urlencoded");
    let headers = [(CONTENT_TYPE, form)].into_iter().collect();
    ApiRequest::new(Method::POST, &Uri::from_static("/"), headers, body.into())
}

/// The body of the response of a new sandbox.
fn answer(request: &ApiRequest) -> String {
    let account = Account::bundled(KEY_ID, SECRET);
    Sandbox::with_clock(account, Clock::new(|| NOW)).answer_to(request)
}

/// Asserts that the body is JSON, or XML in which no text became markup: as many opening as closing tags, and none from
/// the client.
fn is_well_formed(answer: &str) -> bool {
    if answer.starts_with('{') {
        return serde_json::from_str::<serde_json::Value>(answer).is_ok();
    }
    let known = [
        "RequestId",
        "HostId",
        "Code",
        "Message",
        "Recommend",
        "Error",
    ];
    let tags: Vec<_> = answer.split('<').skip(2).collect();
    tags.len() == 2 * known.len()
        && tags.iter().all(|tag| {
            let name = tag.split('>').next().unwrap_or_default();
            known.contains(&name.trim_start_matches('/'))
        })
}

fn pairs(list: &[(String, String)]) -> Vec<Pair<'_>> {
    list.iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::properties::{cases, seeds};
    use proptest::{collection::vec, prelude::*};

    proptest! {
        #![proptest_config(cases(10_000))]

        #[test]
        fn p056_any_parameters_are_signed_as_alibaba_describes_it(
            parameters in vec((any::<String>(), any::<String>()), 0..4)
        ) {
            is_canonical(&parameters);
        }
    }

    proptest! {
        #![proptest_config(cases(100))]

        #[test]
        fn p056_what_the_owner_signed_is_accepted_and_nothing_else(
            parameters in vec((any::<String>(), "[!'()*+ ~&=%验👍a-c]{0,12}"), 0..4)
        ) {
            only_what_is_signed_is_accepted(parameters);
        }

        #[test]
        fn whatever_arrives_is_refused_without_harm(input in vec(any::<u8>(), 0..200)) {
            holds(&[b"POST /?", &input[..]].concat());
            holds(&[b"POST /\nauthorization: ACS3-HMAC-SHA256 ", &input[..]].concat());
            holds(&[b"POST /\ncontent-type: application/x-www-form-urlencoded\n\n", &input[..]].concat());
        }
    }

    #[test]
    fn every_seed_holds_and_is_a_request_when_its_name_says_so() {
        for (name, input) in seeds::of("sms_request") {
            holds(&input);
            assert_eq!(request(&input).is_none(), name.starts_with("no_"), "{name}");
        }
    }
}
