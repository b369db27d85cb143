//! Reads the file: TOML, references in it, and the checks that types cannot express.

use crate::{Tenant, reference, secret};
use std::{fs, path::Path};

/// Why the file cannot be used. The message names the key and never contains a value from the environment.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// The file cannot be read.
    #[error("cannot read {path}: {source}")]
    Unreadable {
        /// The file.
        path: String,
        /// The cause.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("not TOML: {0}")]
    NotToml(String),
    /// `${NAME}` refers to a variable that is not set.
    #[error("`{key}` needs the environment variable {variable}, which is not set")]
    MissingVariable {
        /// The key, e.g. `applications.0.secret`.
        key: String,
        /// The variable.
        variable: String,
    },
    /// A key is missing or of the wrong type.
    #[error("{0}")]
    WrongShape(String),
    /// A key is unknown.
    #[error("unknown field `{name}` at `{key}`: the names are those of Logto's Management API")]
    UnknownField {
        /// The key, e.g. `applications.0.nmae`.
        key: String,
        /// Its last part.
        name: String,
    },
    /// A value is invalid.
    #[error("`{key}`: {reason}")]
    WrongValue {
        /// The key.
        key: String,
        /// What is wrong, and what is expected.
        reason: String,
    },
}

impl LoadError {
    pub(crate) fn wrong(key: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::WrongValue {
            key: key.into(),
            reason: reason.into(),
        }
    }
}

impl Tenant {
    /// Reads a file, for the embedded provider. `${NAME}` in a string is replaced by an environment variable, or by the content
    /// of the file that `NAME_FILE` names; `${file:/run/secrets/name}` by the content of that file.
    ///
    /// # Errors
    /// When the file is missing or wrong, or refers to a variable that is not set.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        Self::parse(&read(path)?, |name| std::env::var(name).ok())
    }

    /// Reads a file, for a real Logto. Logto chooses client ids and client secrets itself, so those of the file are not read, and
    /// their variables need not be set.
    ///
    /// # Errors
    /// When the file is missing or wrong, or refers to a variable that is not set.
    pub fn load_for_logto(path: &Path) -> Result<Self, LoadError> {
        let mut file = parse_toml(&read(path)?)?;
        let applications = file
            .get_mut("applications")
            .and_then(toml::Value::as_array_mut);
        for application in applications.into_iter().flatten() {
            if let Some(application) = application.as_table_mut() {
                application.remove("id");
                application.remove("secret");
            }
        }
        Self::from_toml(file, |name| std::env::var(name).ok())
    }

    /// Parses a text. `variable` looks up environment variables.
    ///
    /// # Errors
    /// When the text is wrong, or refers to a variable that is not set.
    pub fn parse(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Self, LoadError> {
        Self::from_toml(parse_toml(text)?, variable)
    }

    fn from_toml(
        file: toml::Table,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, LoadError> {
        let value = reference::expand(toml::Value::Table(file), "", &variable)?;
        // The types ignore unknown fields, because the Management API returns many more than the file has.
        let mut unknown = None;
        let tenant: Result<Self, toml::de::Error> = serde_ignored::deserialize(value, |path| {
            // A question mark in the path is a field that may be missing.
            unknown.get_or_insert_with(|| path.to_string().replace(".?", ""));
        });
        if let Some(key) = unknown {
            let name = key.rsplit('.').next().unwrap_or(&key).to_owned();
            return Err(LoadError::UnknownField { key, name });
        }
        let tenant = tenant.map_err(|error| LoadError::WrongShape(error.to_string()))?;
        tenant.check()?;
        Ok(tenant)
    }
}

fn read(path: &Path) -> Result<String, LoadError> {
    fs::read_to_string(path).map_err(|source| LoadError::Unreadable {
        path: path.display().to_string(),
        source,
    })
}

/// Parses a file, and refuses one with a secret in it.
fn parse_toml(text: &str) -> Result<toml::Table, LoadError> {
    let mut file = toml::from_str(text).map_err(|error| LoadError::NotToml(error.to_string()))?;
    secret::refuse_literals(&mut file)?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;
    use std::io::Write as _;

    const EXAMPLE: &str = include_str!("../../../tenant.toml");

    #[expect(
        clippy::unnecessary_wraps,
        reason = "the shape of a look-up that may miss"
    )]
    fn variables(name: &str) -> Option<String> {
        Some(format!("value of {name}"))
    }

    #[test]
    fn the_example_is_the_bookstore_of_the_guide() {
        let tenant = Tenant::parse(EXAMPLE, variables).unwrap();
        let [application] = tenant.applications.as_slice() else {
            panic!("one application")
        };
        assert_eq!(application.name, "Bookstore");
        assert_eq!(
            application.secret.as_ref().unwrap().expose_secret(),
            "value of LOGTO_APP_SECRET"
        );
        let metadata = &application.oidc_client_metadata;
        assert!(
            metadata
                .redirect_uris
                .iter()
                .any(|uri| uri == "http://localhost:3000/callback")
        );
        assert!(
            metadata
                .post_logout_redirect_uris
                .iter()
                .any(|uri| uri == "http://localhost:3000/")
        );
        assert_eq!(tenant.connectors[0].connector_id, crate::ALIYUN_SMS);
        assert_eq!(tenant.sign_in_experience.sign_up.identifiers, ["phone"]);
        assert!(tenant.sign_in_experience.sign_in.methods[0].verification_code);
    }

    #[test]
    fn a_request_body_has_the_names_of_logtos_api_and_no_secret() {
        let tenant = Tenant::parse(EXAMPLE, variables).unwrap();
        let body = serde_json::to_value(&tenant.applications[0]).unwrap();
        assert_eq!(body["type"], "Traditional");
        assert_eq!(
            body["oidcClientMetadata"]["redirectUris"][0],
            "http://localhost:3000/callback"
        );
        assert_eq!(body["customClientMetadata"]["refreshTokenTtlInDays"], 14);
        assert_eq!((body.get("secret"), body.get("id")), (None, None));
    }

    #[test]
    fn debug_shows_no_secret() {
        let debug = format!("{:?}", Tenant::parse(EXAMPLE, variables).unwrap());
        assert!(!debug.contains("value of"), "{debug}");
    }

    #[test]
    fn a_missing_variable_is_named_with_its_place() {
        let error = Tenant::parse(EXAMPLE, |name| {
            (name != "LOGTO_APP_SECRET").then(String::new)
        })
        .unwrap_err();
        assert_eq!(
            error.to_string(),
            "`applications.0.secret` needs the environment variable LOGTO_APP_SECRET, which is not set"
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases = [
            (
                "name = \"Bookstore\"",
                "nmae = \"Bookstore\"",
                "unknown field `nmae`",
            ),
            (
                "type = \"Traditional\"",
                "type = \"Spa\"",
                "unknown variant `Spa`, expected `Traditional`",
            ),
            (
                "http://localhost:3000/callback",
                "localhost/callback",
                "`applications.0.oidcClientMetadata.redirectUris.0`: is not an absolute address",
            ),
            (
                "http://localhost:3000/callback",
                "javascript:alert(1)",
                "must begin with https:// or http://",
            ),
            (
                "http://localhost:3000/callback",
                "https://app.example/#x",
                "must not have a fragment",
            ),
            (
                "http://localhost:3000/backchannel-logout",
                "/backchannel-logout",
                "`applications.0.oidcClientMetadata.backchannelLogoutUri`: is not an absolute address",
            ),
            (
                "${LOGTO_APP_SECRET}",
                "${LOGTO_APP_SECRET",
                "`applications.0.secret`: `${` without `}`",
            ),
            ("[[applications]]", "[[applications]", "not TOML"),
        ];
        for (right, wrong, expected) in cases {
            let error = Tenant::parse(&EXAMPLE.replacen(right, wrong, 1), variables)
                .unwrap_err()
                .to_string();
            assert!(error.contains(expected), "{wrong}: {error}");
        }
    }

    #[test]
    fn two_applications_with_one_id_are_refused() {
        let application = EXAMPLE.split("[[connectors]]").next().unwrap();
        let error = Tenant::parse(&format!("{application}\n{EXAMPLE}"), variables).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`applications.1.id`: another application has this id already"
        );
    }

    #[test]
    fn a_real_logto_needs_no_client_secret_in_the_environment() {
        let (before, rest) = EXAMPLE.split_once("[[connectors]]").unwrap();
        let (_, after) = rest.split_once("[signInExperience]").unwrap();
        let text = format!("{before}[signInExperience]{after}");
        let mut file = tempfile::NamedTempFile::new().unwrap();
        let unset = text.replace("LOGTO_APP_SECRET", "A_VARIABLE_THAT_IS_NEVER_SET");
        file.write_all(unset.as_bytes()).unwrap();
        let application = &Tenant::load_for_logto(file.path()).unwrap().applications[0];
        assert!(application.id.is_none() && application.secret.is_none());
        let error = Tenant::load(file.path()).unwrap_err().to_string();
        assert!(error.contains("A_VARIABLE_THAT_IS_NEVER_SET"), "{error}");

        let literal = text.replace("${LOGTO_APP_SECRET}", "s3cr3t");
        std::fs::write(file.path(), literal).unwrap();
        let error = Tenant::load_for_logto(file.path()).unwrap_err().to_string();
        assert!(
            error.starts_with("`applications.0.secret`: is a secret"),
            "{error}"
        );
    }
}
