//! The configuration: the JSON that a person pastes into Logto's console for the connector.

use crate::{TemplateCode, Templates, UsageType};
use secrecy::SecretString;
use serde_json::{Map, Value};

/// A checked configuration. `Debug` does not show the secret.
#[derive(Clone, Debug)]
pub struct Config {
    /// Whose account.
    pub access_key_id: String,
    /// The key that signs requests; it is never sent.
    pub access_key_secret: SecretString,
    /// The approved signature that stands before the text, `【…】`.
    pub sign_name: String,
    /// Which template for which message.
    pub templates: Templates,
}

/// Everything that is wrong with a configuration, each with its place. No value of it is in the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the Aliyun SMS configuration is wrong: {}", list(.0))]
pub struct ConfigError(pub Vec<FieldProblem>);

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// Where, e.g. `templates.0.templateCode.overseas`.
    pub field: String,
    /// What is wrong.
    pub reason: String,
}

impl Config {
    /// Reads Logto's JSON. Unknown members are ignored, as Logto does; empty texts, which Logto lets pass and Aliyun
    /// refuses, are named here. `strictPhoneRegionNumberCheck` may be there and changes nothing: numbers always come
    /// with their country code, so the check is always strict.
    ///
    /// # Errors
    /// When fields are missing or wrong: all of them at once.
    pub fn from_json(json: Value) -> Result<Self, ConfigError> {
        let mut reader = Reader::default();
        let mut object = reader.object(json, "config");
        let access_key_id = reader.text(&mut object, "", "accessKeyId");
        let access_key_secret = reader.text(&mut object, "", "accessKeySecret");
        let sign_name = reader.text(&mut object, "", "signName");
        let templates = reader.templates(object.remove("templates"));
        if object
            .get("strictPhoneRegionNumberCheck")
            .is_some_and(|value| !value.is_boolean())
        {
            reader.problem("strictPhoneRegionNumberCheck", "must be true or false");
        }
        match templates {
            Some(templates) if reader.problems.is_empty() => Ok(Self {
                access_key_id,
                access_key_secret: access_key_secret.into(),
                sign_name,
                templates,
            }),
            _ => Err(ConfigError(reader.problems)),
        }
    }
}

/// Reads fields and collects what is wrong. After a problem the values mean nothing.
#[derive(Default)]
struct Reader {
    problems: Vec<FieldProblem>,
}

impl Reader {
    fn problem(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.problems.push(FieldProblem {
            field: field.into(),
            reason: reason.into(),
        });
    }

    fn object(&mut self, value: Value, place: &str) -> Map<String, Value> {
        if let Value::Object(object) = value {
            return object;
        }
        self.problem(place, "must be a JSON object");
        Map::new()
    }

    /// Takes the text out of the object, so that no second copy of a secret stays behind.
    fn text(&mut self, object: &mut Map<String, Value>, place: &str, key: &str) -> String {
        let reason = match object.remove(key) {
            Some(Value::String(text)) if !text.is_empty() => return text,
            Some(Value::String(_)) => "must not be empty",
            Some(_) => "must be a text",
            None => "is missing",
        };
        self.problem(format!("{place}{key}"), reason);
        String::new()
    }

    fn templates(&mut self, value: Option<Value>) -> Option<Templates> {
        let Some(Value::Array(list)) = value else {
            self.problem("templates", "must be a list");
            return None;
        };
        let templates: Vec<_> = list
            .into_iter()
            .enumerate()
            .filter_map(|(index, item)| self.template(item, &format!("templates.{index}")))
            .collect();
        Templates::new(templates)
            .map_err(|missing| {
                let names: Vec<_> = missing.into_iter().map(UsageType::as_str).collect();
                let reason = format!("lack the usage types {}", names.join(", "));
                self.problem("templates", reason);
            })
            .ok()
    }

    /// `None` for a usage type that Logto does not send: it may stand in the file.
    fn template(&mut self, value: Value, place: &str) -> Option<(UsageType, TemplateCode)> {
        let mut object = self.object(value, place);
        let usage = self.text(&mut object, &format!("{place}."), "usageType");
        let code = self.template_code(&mut object, place);
        Some((UsageType::from_name(&usage)?, code))
    }

    fn template_code(&mut self, template: &mut Map<String, Value>, place: &str) -> TemplateCode {
        if let Some(Value::Object(regions)) = template.get_mut("templateCode") {
            let place = format!("{place}.templateCode.");
            TemplateCode::ByRegion {
                china: self.text(regions, &place, "china"),
                overseas: self.text(regions, &place, "overseas"),
            }
        } else {
            TemplateCode::Everywhere(self.text(template, &format!("{place}."), "templateCode"))
        }
    }
}

fn list(problems: &[FieldProblem]) -> String {
    let lines: Vec<_> = problems
        .iter()
        .map(|problem| format!("`{}` {}", problem.field, problem.reason))
        .collect();
    lines.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use serde_json::json;

    fn right() -> Value {
        json!({
            "accessKeyId": "LTAI5tExample",
            "accessKeySecret": "a-secret",
            "signName": "Bookstore",
            "templates": [
                { "type": 2, "usageType": "SignIn", "templateCode": "SMS_1" },
                { "usageType": "Register", "templateCode": { "china": "SMS_2", "overseas": "SMS_3" } },
                { "usageType": "ForgotPassword", "templateCode": "SMS_4" },
                { "usageType": "Generic", "templateCode": "SMS_5" },
                { "usageType": "SomethingOfTheFuture", "templateCode": "SMS_6" },
            ],
            "strictPhoneRegionNumberCheck": true,
            "unknown": 1,
        })
    }

    #[test]
    fn the_json_of_logtos_console_is_read() {
        let config = Config::from_json(right()).unwrap();
        assert_eq!(config.access_key_id, "LTAI5tExample");
        assert_eq!(config.access_key_secret.expose_secret(), "a-secret");
        assert_eq!(config.sign_name, "Bookstore");
        assert_eq!(
            config.templates.choose(UsageType::Register),
            &TemplateCode::ByRegion {
                china: "SMS_2".to_owned(),
                overseas: "SMS_3".to_owned()
            }
        );
    }

    #[test]
    fn each_wrong_field_is_named_with_its_place() {
        let cases = [
            ("/accessKeyId", json!(1), "`accessKeyId` must be a text"),
            (
                "/accessKeySecret",
                json!(""),
                "`accessKeySecret` must not be empty",
            ),
            ("/signName", json!(null), "`signName` must be a text"),
            ("/templates", json!("[]"), "`templates` must be a list"),
            (
                "/templates/0",
                json!("SMS_1"),
                "`templates.0` must be a JSON object",
            ),
            (
                "/templates/0/usageType",
                json!(2),
                "`templates.0.usageType` must be a text",
            ),
            (
                "/templates/0/templateCode",
                json!([]),
                "`templates.0.templateCode` must be a text",
            ),
            (
                "/templates/1/templateCode",
                json!({ "china": "SMS_2" }),
                "`templates.1.templateCode.overseas` is missing",
            ),
            (
                "/templates/3/usageType",
                json!("generic"),
                "`templates` lack the usage types Generic",
            ),
            (
                "/strictPhoneRegionNumberCheck",
                json!("true"),
                "`strictPhoneRegionNumberCheck` must be true or false",
            ),
            ("", json!([]), "`config` must be a JSON object"),
        ];
        for (pointer, wrong, expected) in cases {
            let mut json = right();
            *json.pointer_mut(pointer).unwrap() = wrong;
            let error = Config::from_json(json).unwrap_err().to_string();
            assert!(error.contains(expected), "{pointer}: {error}");
        }
    }

    #[test]
    fn all_wrong_fields_are_named_at_once_without_their_values() {
        let json = json!({ "accessKeySecret": ["a-secret"], "templates": [] });
        assert_eq!(
            Config::from_json(json).unwrap_err().to_string(),
            "the Aliyun SMS configuration is wrong: `accessKeyId` is missing; `accessKeySecret` must be a text; \
             `signName` is missing; `templates` lack the usage types Register, SignIn, ForgotPassword, Generic"
        );
    }

    #[test]
    fn debug_shows_no_secret() {
        let debug = format!("{:?}", Config::from_json(right()).unwrap());
        assert!(!debug.contains("a-secret"), "{debug}");
    }
}
