//! Changing any signed byte of a recorded request must make it fail.

use super::*;
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue},
};
use serde::Deserialize;
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

const V1: &str = include_str!("../../../tests/data/v1_vectors.json");
const V3: &str = include_str!("../../../tests/data/v3_vectors.json");

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Vector {
    id: String,
    access_key_id: String,
    access_key_secret: String,
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: String,
}

fn vectors() -> Vec<Vector> {
    let mut vectors: Vec<Vector> = serde_json::from_str(V1).unwrap();
    vectors.extend(serde_json::from_str::<Vec<Vector>>(V3).unwrap());
    assert_eq!(vectors.len(), 39);
    vectors
}

impl Vector {
    fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        let found = headers.find(|(header, _)| header.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    fn request(&self) -> ApiRequest {
        let headers: HeaderMap = self
            .headers
            .iter()
            .map(|(name, value)| {
                let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
                (name, HeaderValue::from_str(value).unwrap())
            })
            .collect();
        let method = self.method.parse().unwrap();
        let body = Bytes::from(self.body.clone());
        ApiRequest::new(method, &self.target.parse().unwrap(), headers, body)
    }

    /// The account and the time of the signature.
    fn circumstances(&self) -> (Account, OffsetDateTime) {
        let request = self.request();
        let mut account = Account::bundled(&*self.access_key_id, &*self.access_key_secret);
        let token = self.header("x-acs-security-token");
        account.security_token = token.or(request.parameter("SecurityToken")).map(Into::into);
        let date = self.header("x-acs-date").or(request.parameter("Timestamp"));
        (
            account,
            OffsetDateTime::parse(date.unwrap(), &Rfc3339).unwrap(),
        )
    }

    /// The ranges of bytes that are signed, or that are the signature.
    fn signed_places(&mut self) -> Vec<&mut String> {
        let authorization = self.header("authorization").map(str::to_owned);
        let mut places = vec![&mut self.target, &mut self.body];
        if let Some(authorization) = authorization {
            let signed = authorization.split("SignedHeaders=").nth(1).unwrap();
            let signed: Vec<_> = signed.split(',').next().unwrap().split(';').collect();
            places.extend(self.headers.iter_mut().filter_map(|(name, value)| {
                let name = name.to_lowercase();
                (name == "authorization" || signed.contains(&name.as_str())).then_some(value)
            }));
        }
        places
    }
}

fn verify_at(request: &ApiRequest, account: &Account, now: OffsetDateTime) -> bool {
    let accounts = std::slice::from_ref(account);
    verify(request, accounts, &Nonces::default(), now).is_ok()
}

#[test]
fn p056_every_recorded_request_is_accepted_and_none_with_one_byte_changed() {
    let mut changes = 0;
    for mut vector in vectors() {
        let (account, now) = vector.circumstances();
        assert!(verify_at(&vector.request(), &account, now), "{}", vector.id);
        for place in 0..vector.signed_places().len() {
            let original = vector.signed_places()[place].clone();
            // Another path is not part of the API.
            let first = original
                .find('?')
                .map_or(0, |question_mark| question_mark + 1);
            let first = if original == "/" { 1 } else { first };
            for index in first..original.len() {
                if !original.is_char_boundary(index) || !original.as_bytes()[index].is_ascii() {
                    continue;
                }
                let other = if &original[index..=index] == "0" {
                    "1"
                } else {
                    "0"
                };
                let mut spoiled = vector.clone();
                spoiled.signed_places()[place].replace_range(index..=index, other);
                let is_accepted = verify_at(&spoiled.request(), &account, now);
                assert!(!is_accepted, "{} {place} {index}", vector.id);
                changes += 1;
            }
        }
    }
    assert!(changes > 20_000, "{changes}");
}
