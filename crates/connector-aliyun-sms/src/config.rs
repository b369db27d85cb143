//! The configuration: the JSON that a person pastes into Logto's console for the connector.

mod reader;

use crate::{Credentials, Endpoint, Templates, signature::SignatureVersion};
use reader::Reader;
use serde_json::Value;

/// A checked configuration. `Debug` does not show the secret.
#[derive(Clone, Debug)]
pub struct Config {
    /// The access key.
    pub credentials: Credentials,
    /// The approved signature that stands before the text, `【…】`.
    pub sign_name: String,
    /// Which template for which message.
    pub templates: Templates,
    /// Where requests go.
    pub endpoint: Endpoint,
    /// How they are signed.
    pub signature_version: SignatureVersion,
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
    /// Reads Logto's JSON. Unknown members are ignored, as Logto does; empty texts and the placeholders of its form, which
    /// Logto lets pass and Aliyun refuses, are named here. `strictPhoneRegionNumberCheck` may be there and changes
    /// nothing: numbers always come with their country code, so the check is always strict.
    ///
    /// Four members that Logto does not know, all optional: `securityToken` of a temporary key; `region`, such as
    /// `ap-southeast-1`, or `endpoint`, which goes first; `signatureVersion`, `V3` (when it is absent) or `V1`.
    ///
    /// # Errors
    /// When fields are missing or wrong: all of them at once.
    pub fn from_json(json: Value) -> Result<Self, ConfigError> {
        Reader::default().config(json, None)
    }

    /// The same, but a JSON without `accessKeyId` and `accessKeySecret` gets them from the environment, for which
    /// `variable` stands: `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for a temporary key,
    /// `ALIBABA_CLOUD_SECURITY_TOKEN`.
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
