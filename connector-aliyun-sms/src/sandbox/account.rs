//! The account that the sandbox plays: access key, sign names, templates; read from a TOML file.

use super::template_text::{TemplateText, TemplateTextError};
use secrecy::SecretString;
use serde::Deserialize;
use std::collections::BTreeSet;

/// The account of the example tenant: the sign name and the template codes that stand in `tenant.toml`.
const BUNDLED: &str = include_str!("../../sandbox.toml");

/// An account of Aliyun SMS.
#[derive(Clone, Debug)]
pub struct Account {
    /// Whose requests are taken.
    pub access_key_id: String,
    /// The key that signs them.
    pub access_key_secret: SecretString,
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
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    sign_names: Vec<String>,
    templates: Vec<FileTemplate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileTemplate {
    template_code: String,
    text: String,
}

impl Account {
    /// The account of the example tenant.
    #[must_use]
    pub fn bundled(
        access_key_id: impl Into<String>,
        access_key_secret: impl Into<SecretString>,
    ) -> Self {
        Self::from_toml(BUNDLED, access_key_id, access_key_secret)
            .unwrap_or_else(|error| unreachable!("a test reads the bundled file: {error}"))
    }

    /// Reads a file like the bundled `sandbox.toml`.
    ///
    /// # Errors
    /// When the text is not such a file.
    pub fn from_toml(
        text: &str,
        access_key_id: impl Into<String>,
        access_key_secret: impl Into<SecretString>,
    ) -> Result<Self, AccountError> {
        let file: File = toml::from_str(text).map_err(|error| wrong_shape(text, &error))?;
        if file.sign_names.is_empty() || file.sign_names.iter().any(String::is_empty) {
            return Err(AccountError::NoSignName);
        }
        Ok(Self {
            access_key_id: access_key_id.into(),
            access_key_secret: access_key_secret.into(),
            sign_names: file.sign_names,
            templates: templates(file.templates)?,
        })
    }
}

fn templates(list: Vec<FileTemplate>) -> Result<Vec<Template>, AccountError> {
    let mut codes = BTreeSet::new();
    list.into_iter()
        .map(
            |FileTemplate {
                 template_code,
                 text,
             }| {
                if !codes.insert(template_code.clone()) {
                    return Err(AccountError::Duplicate(template_code));
                }
                match text.parse() {
                    Ok(text) => Ok(Template {
                        code: template_code,
                        text,
                    }),
                    Err(source) => Err(AccountError::WrongText {
                        code: template_code,
                        source,
                    }),
                }
            },
        )
        .collect()
}

fn wrong_shape(text: &str, error: &toml::de::Error) -> AccountError {
    let before = error.span().and_then(|span| text.get(..span.start));
    AccountError::WrongShape {
        line: before.unwrap_or_default().matches('\n').count() + 1,
        reason: error.message().replace('\n', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bundled_account_has_the_names_of_the_example_tenant() {
        let account = Account::bundled("id", "secret");
        assert_eq!(account.sign_names, ["Bookstore"]);
        let tenant = include_str!("../../../tenant.toml");
        for template in &account.templates {
            assert!(tenant.contains(&format!("templateCode = \"{}\"", template.code)));
            // A domestic template must say that it is about a verification code.
            assert!(format!("{:?}", template.text).contains("验证码"));
        }
        assert_eq!(
            account.templates.len(),
            tenant.matches("templateCode").count()
        );
        assert!(!format!("{account:?}").contains("\"secret\""));
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_in_one_line() {
        let one = "[[templates]]\ntemplateCode = \"SMS_1\"\ntext = \"${code}\"\n";
        let cases = [
            ("signNames = [", "line 1: "),
            ("signNames = []\ntemplates = []", "`signNames` needs"),
            ("signNames = [\"\"]\ntemplates = []", "`signNames` needs"),
            ("signNames = [\"A\"]\n", "missing field `templates`"),
            (
                &format!("signName = [\"A\"]\n{one}"),
                "line 1: unknown field",
            ),
            (
                &format!("signNames = [\"A\"]\n{one}a = 1"),
                "line 5: unknown field",
            ),
            (
                &format!("signNames = [\"A\"]\n{}", one.replace("${code}", "")),
                "template SMS_1: ",
            ),
            (
                &format!("signNames = [\"A\"]\n{one}{one}"),
                "template SMS_1 stands twice",
            ),
        ];
        for (text, expected) in cases {
            let error = Account::from_toml(text, "id", "secret").unwrap_err();
            let line = error.to_string();
            assert!(
                line.starts_with(expected) || line.contains(expected),
                "{text}: {line}"
            );
            assert!(!line.contains('\n'), "{line}");
        }
    }
}
