//! Claims about a person, as providers send them. Most are optional, and a wrong one must not prevent a sign-in: a claim whose
//! JSON has an unexpected shape is left out.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

/// Reads a JSON object, and leaves out the members that do not fit `T`. The log names them. `None` when the JSON is not an
/// object, or has no `sub` that fits.
pub(crate) fn read<T: DeserializeOwned>(json: &[u8]) -> Option<T> {
    let mut members: Map<String, Value> = serde_json::from_slice(json).ok()?;
    let mut left_out = Vec::new();
    members.retain(|name, value| {
        let mut alone = json!({"sub": ""});
        alone[name] = value.clone();
        let fits = serde_json::from_value::<T>(alone).is_ok();
        if !fits {
            left_out.push(crate::visible(name));
        }
        fits
    });
    if !left_out.is_empty() {
        tracing::warn!(event = "claims.left_out", claims = left_out.join(", "));
    }
    serde_json::from_value(members.into()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::Claims;

    #[test]
    fn q41_a_claim_of_an_unexpected_shape_is_left_out_and_the_others_are_kept() {
        for (name, value) in [
            ("name", json!(["Ada"])),
            ("email_verified", json!("true")),
            ("email_verified", json!(1)),
            ("phone_number", json!(8_613_900_000_000_i64)),
            ("phone_number_verified", json!("yes")),
            ("updated_at", json!("2026-11-22T19:11:41Z")),
            ("updated_at", json!("1795374701")),
            ("created_at", json!({})),
            ("auth_time", json!(false)),
            ("address", json!("1 Main St")),
            ("address", json!({"country": 44})),
            ("roles", json!("admin")),
            ("roles", json!(["admin", 7])),
            ("locale", json!([])),
            ("organizations", json!({"a": "b"})),
            ("organization_data", json!([{"id": "a"}])),
            ("picture", json!({"url": "https://example.com/a.png"})),
        ] {
            let mut members = json!({"sub": "ada", "nickname": "a", "unknown": [7]});
            members[name] = value.clone();
            let claims: Claims = read(members.to_string().as_bytes()).unwrap();
            let kept = serde_json::to_value(claims).unwrap();
            assert_eq!(
                kept,
                json!({"sub": "ada", "nickname": "a"}),
                "{name}={value}"
            );
        }
    }

    #[test]
    fn claims_without_a_subject_are_no_claims() {
        for wrong in [
            "",
            "null",
            r#"["ada"]"#,
            "{}",
            r#"{"sub":7}"#,
            r#"{"sub":null}"#,
            r#"{"sub":"ada""#,
        ] {
            assert!(read::<Claims>(wrong.as_bytes()).is_none(), "{wrong}");
        }
    }
}
