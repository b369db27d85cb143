//! The connector `aliyun-short-message-service`: its entry in Logto's catalogue, and Logto's check of a configuration.

use crate::domain::management::{
    self, constant,
    error::ManagementError,
    shape::{
        Issues, Member,
        Shape::{Bool, Either, List, Object, Text},
        check, optional, required,
    },
};
use serde_json::Value;

const BY_REGION: &[Member] = &[required("china", Text(0)), required("overseas", Text(0))];
const TEMPLATE: &[Member] = &[
    required("usageType", Text(0)),
    required("templateCode", Either(&Text(0), &Object(BY_REGION))),
];
const CONFIG: &[Member] = &[
    required("accessKeyId", Text(0)),
    required("accessKeySecret", Text(0)),
    required("signName", Text(0)),
    required("templates", List(0, &Object(TEMPLATE))),
    optional("strictPhoneRegionNumberCheck", Bool),
];
/// Without one of these, a configuration is refused.
const USAGE_TYPES: [&str; 4] = ["Register", "SignIn", "ForgotPassword", "Generic"];

/// The entry in the catalogue.
pub(crate) fn factory() -> management::Object {
    constant(include_str!("aliyun_sms.json"))
}

/// Checks the whole configuration.
pub(crate) fn check_config(config: &Value) -> Result<(), ManagementError> {
    let checked = check(CONFIG, config).map_err(ManagementError::InvalidConfig)?;
    let templates = checked.get("templates").and_then(Value::as_array);
    let has = |usage: &str| {
        let mut templates = templates.into_iter().flatten();
        templates.any(|template| template["usageType"] == usage)
    };
    let missing: Vec<&str> = USAGE_TYPES
        .into_iter()
        .filter(|usage| !has(usage))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let message = format!(
        "UsageType ({}) should be provided in templates.",
        missing.join(", ")
    );
    Err(ManagementError::InvalidConfig(Issues::custom(
        &["templates"],
        &message,
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_in_the_catalogue_is_that_of_the_connector() {
        assert_eq!(factory()["id"], tenant::ALIYUN_SMS);
    }
}
