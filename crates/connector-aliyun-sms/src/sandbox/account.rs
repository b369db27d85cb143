//! The accounts that the sandbox plays: access keys, sign names, templates; read from a TOML file.

mod file;
mod tenant;

use super::template_text::{TemplateText, TemplateTextError};
use crate::{ConfigError, credentials};
use secrecy::SecretString;
use std::collections::BTreeSet;

/// The account of the example tenant: the sign name and the template codes that stand in `tenant.toml`, each for mainland
/// China or for elsewhere, as Aliyun's are.
const BUNDLED: &str = include_str!("../../sandbox.toml");

/// An account of Aliyun SMS.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose requests are taken.
    pub access_key_id: String,
    /// The key that signs them.
    pub access_key_secret: SecretString,
    /// The token that must come with a temporary key (STS).
    pub security_token: Option<SecretString>,
    /// The approved signatures.
    pub sign_names: Vec<String>,
    /// The approved templates.
    pub templates: Vec<Template>,
}

/// An approved template for verification codes.
#[derive(Clone, Debug)]
pub struct Template {
    /// Its code, `SMS_…`.
    pub code: String,
    /// Its text.
    pub text: TemplateText,
    /// Where it may be sent to. Aliyun has no template for everywhere; here that is the default, for convenience.
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

/// Why a file cannot be used, in one line.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum AccountError {
    /// Not TOML, or a key is missing, unknown or of the wrong type.
    #[error("line {line}: {reason}")]
    WrongShape {
        /// Where, from 1.
        line: usize,
        /// What.
        reason: String,
    },
    /// An access key comes from a variable that is not set.
    #[error("the environment variable {0} is not set")]
    MissingVariable(String),
    /// A template's text is not one that Aliyun approves.
    #[error("template {code}: {source}")]
    WrongText {
        /// Which template.
        code: String,
        /// What.
        source: TemplateTextError,
    },
    /// Two templates with one code.
    #[error("template {0} stands twice")]
    Duplicate(String),
    /// Nothing to send in the name of.
    #[error("`signNames` needs at least one name, and none may be empty")]
    NoSignName,
    /// A tenant whose messages do not go through Aliyun.
    #[error("the tenant has no connector aliyun-short-message-service")]
    NoConnector,
    /// The configuration of a tenant's connector.
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
    /// When it has none.
    pub fn bundled_from(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Vec<Self>, AccountError> {
        Self::all_from_toml(BUNDLED, variable)
    }

    /// Reads a file like the bundled `sandbox.toml`, whose comments show every further key, or a `tenant.toml`, whose first
    /// Aliyun connector is the account.
    /// `variable` is the environment: an access key may stand in it, and `${NAME}` in a key is filled from it.
    ///
    /// # Errors
    /// When the text is neither, or a variable is not set.
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

/// Fills `${NAME}` when a value is nothing else.
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
