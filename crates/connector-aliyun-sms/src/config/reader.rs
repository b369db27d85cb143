//! Reads fields and collects the problems.

use super::{Config, ConfigError, FieldProblem};
use crate::{
    Credentials, Endpoint, TemplateCode, Templates, UsageType,
    credentials::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, SECURITY_TOKEN},
    signature::SignatureVersion,
    value,
};
use serde_json::{Map, Value};

type Object = Map<String, Value>;
type Environment<'a> = &'a dyn Fn(&str) -> Option<String>;

/// After a problem the returned values are meaningless.
#[derive(Default)]
pub(super) struct Reader {
    problems: Vec<FieldProblem>,
}

impl Reader {
    pub(super) fn config(
        mut self,
        json: Value,
        environment: Option<Environment<'_>>,
    ) -> Result<Config, ConfigError> {
        let mut object = self.object(json, "config");
        let credentials = self.credentials(&mut object, environment);
        let sign_name = self.text(&mut object, "", "signName");
        let templates = self.templates(object.remove("templates"));
        let endpoint = self.endpoint(&mut object);
        let signature_version = self.signature_version(&mut object);
        if object
            .get("strictPhoneRegionNumberCheck")
            .is_some_and(|value| !value.is_boolean())
        {
            self.problem("strictPhoneRegionNumberCheck", "must be true or false");
        }
        match templates {
            Some(templates) if self.problems.is_empty() => Ok(Config {
                credentials,
                sign_name,
                templates,
                endpoint,
                signature_version,
            }),
            _ => Err(ConfigError(self.problems)),
        }
    }

    fn problem(&mut self, field: impl Into<String>, reason: impl Into<String>) {
        self.problems.push(FieldProblem {
            field: field.into(),
            reason: reason.into(),
        });
    }

    fn object(&mut self, value: Value, place: &str) -> Object {
        if let Value::Object(object) = value {
            return object;
        }
        self.problem(place, "must be a JSON object");
        Map::new()
    }

    /// Moves the string out of the object, so that no second copy of a secret remains.
    fn text(&mut self, object: &mut Object, place: &str, key: &str) -> String {
        let text = self.optional_text(object, place, key);
        let reason = match &text {
            Some(text) => value::name_problem(text),
            None if self.has_problem(place, key) => None,
            None => Some("is missing".to_owned()),
        };
        if let Some(reason) = reason {
            self.problem(format!("{place}{key}"), reason);
        }
        text.unwrap_or_default()
    }

    fn has_problem(&self, place: &str, key: &str) -> bool {
        let field = format!("{place}{key}");
        self.problems.iter().any(|problem| problem.field == field)
    }

    /// `None` if it is missing or unusable.
    fn optional_text(&mut self, object: &mut Object, place: &str, key: &str) -> Option<String> {
        let reason = match object.remove(key)? {
            Value::String(text) if text.starts_with('<') && text.ends_with('>') => {
                "is still the placeholder of the form".to_owned()
            }
            Value::String(text) => match value::problem(&text) {
                Some(reason) => reason,
                None => return Some(text),
            },
            _ => "must be a text".to_owned(),
        };
        self.problem(format!("{place}{key}"), reason);
        None
    }

    /// From the JSON, or completely from the environment.
    fn credentials(
        &mut self,
        object: &mut Object,
        environment: Option<Environment<'_>>,
    ) -> Credentials {
        let is_in_json =
            object.contains_key("accessKeyId") || object.contains_key("accessKeySecret");
        if let (Some(variable), false) = (environment, is_in_json) {
            return self.credentials_of(variable);
        }
        Credentials {
            access_key_id: self.text(object, "", "accessKeyId"),
            access_key_secret: self.text(object, "", "accessKeySecret").into(),
            security_token: self
                .optional_text(object, "", "securityToken")
                .map(Into::into),
        }
    }

    fn credentials_of(&mut self, variable: Environment<'_>) -> Credentials {
        let value = |name: &str| variable(name).filter(|value| !value.is_empty());
        let mut required = |key: &str, name: &str| {
            let found = value(name);
            let reason = match &found {
                None => Some(format!("is missing, and {name} is not set")),
                Some(text) => {
                    value::name_problem(text).map(|reason| format!("is in {name}, which {reason}"))
                }
            };
            if let Some(reason) = reason {
                self.problem(key, reason);
            }
            found.unwrap_or_default()
        };
        Credentials {
            access_key_id: required("accessKeyId", ACCESS_KEY_ID),
            access_key_secret: required("accessKeySecret", ACCESS_KEY_SECRET).into(),
            security_token: value(SECURITY_TOKEN).map(Into::into),
        }
    }

    fn endpoint(&mut self, object: &mut Object) -> Endpoint {
        let region = self.optional_text(object, "", "region");
        let endpoint = self.optional_text(object, "", "endpoint");
        let (field, found) = match (endpoint, region) {
            (Some(endpoint), _) => ("endpoint", endpoint.parse()),
            (None, Some(region)) => ("region", Endpoint::of_region(&region)),
            (None, None) => return Endpoint::default(),
        };
        found.unwrap_or_else(|error| {
            self.problem(field, format!("is refused: {error}"));
            Endpoint::default()
        })
    }

    fn signature_version(&mut self, object: &mut Object) -> SignatureVersion {
        match self
            .optional_text(object, "", "signatureVersion")
            .as_deref()
        {
            None | Some("V3") => SignatureVersion::V3,
            Some("V1") => SignatureVersion::V1,
            Some(_) => {
                self.problem("signatureVersion", "must be V3 or V1");
                SignatureVersion::V3
            }
        }
    }

    fn templates(&mut self, value: Option<Value>) -> Option<Templates> {
        let Some(Value::Array(list)) = value else {
            let reason = match value {
                None => "is missing",
                Some(_) => "must be a list",
            };
            self.problem("templates", reason);
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

    /// `None` for a usage type that Logto does not send. A file may contain such a type.
    fn template(&mut self, value: Value, place: &str) -> Option<(UsageType, TemplateCode)> {
        let mut object = self.object(value, place);
        let usage = self.text(&mut object, &format!("{place}."), "usageType");
        let code = self.template_code(&mut object, place);
        Some((UsageType::from_name(&usage)?, code))
    }

    fn template_code(&mut self, template: &mut Object, place: &str) -> TemplateCode {
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
