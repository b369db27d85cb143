//! The simulated accounts: access keys, sign names and templates, from a TOML file.

mod file;
mod tenant;

use super::template_text::{TemplateText, TemplateTextError};
use crate::{ConfigError, credentials, value};
use secrecy::SecretString;
use std::collections::BTreeSet;

/// The account of the example tenant: the sign name and the template codes of `tenant.toml`, each for mainland China or
/// for other regions, as in Aliyun.
const BUNDLED: &str = include_str!("../../sandbox.toml");

/// An account of Aliyun SMS.
#[derive(Clone, Debug)]
pub struct Account {
    /// The access key id.
    pub access_key_id: String,
    /// The access key secret, which signs requests.
    pub access_key_secret: SecretString,
    /// The token of a temporary key (STS).
    pub security_token: Option<SecretString>,
    /// The approved sign names.
    pub sign_names: Vec<String>,
    /// The approved templates.
    pub templates: Vec<Template>,
}

/// An approved template for verification codes.
#[derive(Clone, Debug)]
pub struct Template {
    /// The code, `SMS_…`.
    pub code: String,
    /// The text.
    pub text: TemplateText,
    /// Where the template may be sent to. `None` means everywhere, which Aliyun does not have.
    pub region: Option<Region>,
}

/// Where a template may be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Region {
    /// Mainland China.
    China,
    /// Everywhere else.
    Overseas,
}

/// Why a file cannot be used. Each message is one line.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// It is not TOML, or a key is missing, unknown or of the wrong type.
    #[error("line {line}: {reason}")]
    WrongShape {
        /// The line, from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// An access key refers to a variable that is not set.
    #[error("the environment variable {0} is not set")]
    MissingVariable(String),
    /// Aliyun would not approve a template's text.
    #[error("template {code}: {source}")]
    WrongText {
        /// Which template.
        code: String,
        /// What is wrong.
        source: TemplateTextError,
    },
    /// Two templates have the same code.
    #[error("template {0} is defined twice")]
    Duplicate(String),
    /// An account has no sign name.
    #[error("`signNames` needs at least one name, and none may be empty")]
    NoSignName,
    /// Aliyun can have no such sign name, template code or access key.
    #[error("`{key}` {reason}")]
    WrongValue {
        /// The key of the file.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
    /// The tenant has no Aliyun connector.
    #[error("the tenant has no connector aliyun-short-message-service")]
    NoConnector,
    /// The configuration of the tenant's connector is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
}

impl Account {
    /// The account of the example tenant.
    #[must_use]
    pub fn bundled(
        access_key_id: impl Into<String>,
        access_key_secret: impl Into<SecretString>,
    ) -> Self {
        Self::try_bundled(access_key_id.into(), access_key_secret.into())
            .unwrap_or_else(|error| unreachable!("a test reads the bundled file: {error}"))
    }

    fn try_bundled(id: String, secret: SecretString) -> Result<Self, AccountError> {
        let (sign_names, templates) = file::names_and_templates(BUNDLED)?;
        Ok(Self {
            access_key_id: id,
            access_key_secret: secret,
            security_token: None,
            sign_names,
            templates,
        })
    }

    /// The account of the example tenant, with the access key of the environment.
    ///
    /// # Errors
    /// When the environment has none.
    pub fn bundled_from(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<Self>, AccountError> {
        Self::all_from_toml(BUNDLED, variable)
    }

    /// Reads a file like the bundled `sandbox.toml`, whose comments show all keys, or a `tenant.toml`, whose first
    /// Aliyun connector becomes the account.
    /// `variable` looks up environment variables, for the access key and for `${NAME}` in a key.
    ///
    /// # Errors
    /// When the text is neither of them, or a variable is not set.
    pub fn all_from_toml(
        text: &str,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<Self>, AccountError> {
        let table: toml::Table = toml::from_str(text).map_err(|error| wrong_shape(text, &error))?;
        if table.contains_key("connectors") {
            Ok(vec![tenant::account(table, &variable)?])
        } else {
            file::accounts(text, &variable)
        }
    }
}

/// Replaces a value that consists of `${NAME}` only.
fn filled(
    value: String,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<String, AccountError> {
    match credentials::variable_name(&value) {
        Some(name) => variable(name)
            .filter(|value| !value.is_empty())
            .ok_or_else(|| AccountError::MissingVariable(name.to_owned())),
        None => Ok(value),
    }
}

/// Checks a value that Aliyun must be able to have.
fn checked(key: &'static str, value: String) -> Result<String, AccountError> {
    match value::name_problem(&value) {
        Some(reason) => Err(AccountError::WrongValue { key, reason }),
        None => Ok(value),
    }
}

fn unique(templates: &[Template]) -> Result<(), AccountError> {
    let mut codes = BTreeSet::new();
    match templates
        .iter()
        .find(|template| !codes.insert(&template.code))
    {
        Some(twice) => Err(AccountError::Duplicate(twice.code.clone())),
        None => Ok(()),
    }
}

fn wrong_shape(text: &str, error: &toml::de::Error) -> AccountError {
    let before = error.span().and_then(|span| text.get(..span.start));
    AccountError::WrongShape {
        line: before.unwrap_or_default().matches('\n').count() + 1,
        reason: error.message().replace('\n', " "),
    }
}

#[cfg(test)]
mod tests;
