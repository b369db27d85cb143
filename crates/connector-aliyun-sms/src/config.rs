//! The configuration: the JSON that an operator pastes into Logto's console for the connector.

mod reader;

use crate::{Credentials, Endpoint, Templates, signature::SignatureVersion};
use reader::Reader;
use serde_json::Value;

/// A checked configuration. `Debug` does not show the secret.
#[derive(Clone, Debug)]
pub struct Config {
    /// The access key.
    pub credentials: Credentials,
    /// The approved sign name, which is shown in front of the text as `【…】`.
    pub sign_name: String,
    /// The template for each usage type.
    pub templates: Templates,
    /// The endpoint of requests.
    pub endpoint: Endpoint,
    /// The version of the signature.
    pub signature_version: SignatureVersion,
}

/// All problems of a configuration, each with its field. The message contains no value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the Aliyun SMS configuration is wrong: {}", list(.0))]
pub struct ConfigError(pub Vec<FieldProblem>);

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldProblem {
    /// The field, e.g. `templates.0.templateCode.overseas`.
    pub field: String,
    /// What is wrong.
    pub reason: String,
}

impl Config {
    /// Reads Logto's JSON. Unknown members are ignored, as in Logto. Empty strings and the placeholders of Logto's form
    /// are errors: Logto accepts them, but Aliyun would refuse them. `strictPhoneRegionNumberCheck` is accepted and
    /// changes nothing, because numbers always have a country code.
    ///
    /// Four optional members are unknown to Logto: `securityToken` of a temporary key; `region`, such as
    /// `ap-southeast-1`; `endpoint`, which takes precedence over `region`; `signatureVersion`, which is `V3` (the
    /// default) or `V1`.
    ///
    /// # Errors
    /// When fields are missing or wrong. The error lists all of them.
    pub fn from_json(json: Value) -> Result<Self, ConfigError> {
        Reader::default().config(json, None)
    }

    /// The same, but if the JSON has no `accessKeyId` and no `accessKeySecret`, they are taken from the environment
    /// variables `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for a temporary key,
    /// `ALIBABA_CLOUD_SECURITY_TOKEN`. `variable` looks them up.
    ///
    /// # Errors
    /// As [`Config::from_json`].
    pub fn from_json_and_environment(
        json: Value,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        Reader::default().config(json, Some(&variable))
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
mod tests;
