//! Reads the file: TOML, environment variables in it, and the checks that types cannot express.

use crate::{Application, Tenant};
use std::{collections::BTreeSet, fs, path::Path};
use url::Url;

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
    /// A key is missing, unknown or of the wrong type.
    #[error("{0}")]
    WrongShape(String),
    /// A value is invalid.
    #[error("`{key}`: {reason}")]
    WrongValue {
        /// The key.
        key: String,
        /// What is wrong, and what is expected.
        reason: String,
    },
}

impl Tenant {
    /// Reads a file. `${NAME}` in a string is replaced by an environment variable.
    ///
    /// # Errors
    /// When the file is missing or wrong, or refers to a variable that is not set.
    pub fn load(path: &Path) -> Result<Self, LoadError> {
        let text = fs::read_to_string(path).map_err(|source| LoadError::Unreadable {
            path: path.display().to_string(),
            source,
        })?;
        Self::parse(&text, |name| std::env::var(name).ok())
    }

    /// Parses a text. `variable` looks up environment variables.
    ///
    /// # Errors
    /// When the text is wrong, or refers to a variable that is not set.
    pub fn parse(text: &str, variable: impl Fn(&str) -> Option<String>) -> Result<Self, LoadError> {
        let table: toml::Table =
            toml::from_str(text).map_err(|error| LoadError::NotToml(error.to_string()))?;
        let value = expand(toml::Value::Table(table), "", &variable)?;
        let tenant: Self = value
            .try_into()
            .map_err(|error: toml::de::Error| LoadError::WrongShape(error.to_string()))?;
        for (index, application) in tenant.applications.iter().enumerate() {
            check_application(application, index)?;
        }
        check_unique_ids(&tenant)?;
        Ok(tenant)
    }
}

/// Replaces `${NAME}` in every string inside `value`. `key` is the current key, for the error.
fn expand(
    value: toml::Value,
    key: &str,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<toml::Value, LoadError> {
    let below = |part: &str| {
        if key.is_empty() {
            part.to_owned()
        } else {
            format!("{key}.{part}")
        }
    };
    Ok(match value {
        toml::Value::String(text) => toml::Value::String(expand_text(&text, key, variable)?),
        toml::Value::Array(list) => list
            .into_iter()
            .enumerate()
            .map(|(index, item)| expand(item, &below(&index.to_string()), variable))
            .collect::<Result<Vec<_>, _>>()?
            .into(),
        toml::Value::Table(table) => table
            .into_iter()
            .map(|(name, item)| Ok((name.clone(), expand(item, &below(&name), variable)?)))
            .collect::<Result<toml::Table, LoadError>>()?
            .into(),
        other => other,
    })
}

fn expand_text(
    text: &str,
    key: &str,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<String, LoadError> {
    let mut expanded = String::new();
    let mut rest = text;
    while let Some((before, from_name)) = rest.split_once("${") {
        let (name, after) = from_name
            .split_once('}')
            .ok_or_else(|| LoadError::WrongValue {
                key: key.to_owned(),
                reason: "`${` without `}`".to_owned(),
            })?;
        expanded.push_str(before);
        expanded.push_str(&variable(name).ok_or_else(|| LoadError::MissingVariable {
            key: key.to_owned(),
            variable: name.to_owned(),
        })?);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

fn check_application(application: &Application, index: usize) -> Result<(), LoadError> {
    let metadata = &application.oidc_client_metadata;
    let lists = [
        ("redirectUris", &metadata.redirect_uris),
        (
            "postLogoutRedirectUris",
            &metadata.post_logout_redirect_uris,
        ),
    ];
    for (list, uris) in lists {
        for (position, uri) in uris.iter().enumerate() {
            check_web_uri(uri).map_err(|reason| LoadError::WrongValue {
                key: format!("applications.{index}.oidcClientMetadata.{list}.{position}"),
                reason: reason.to_owned(),
            })?;
        }
    }
    if let Some(uri) = &metadata.backchannel_logout_uri {
        check_web_uri(uri).map_err(|reason| LoadError::WrongValue {
            key: format!("applications.{index}.oidcClientMetadata.backchannelLogoutUri"),
            reason: reason.to_owned(),
        })?;
    }
    if metadata.redirect_uris.is_empty() {
        return Err(LoadError::WrongValue {
            key: format!("applications.{index}.oidcClientMetadata.redirectUris"),
            reason: "needs at least one address".to_owned(),
        });
    }
    Ok(())
}

/// An address of a web client: absolute, http or https, without fragment (RFC 6749, section 3.1.2; OpenID Connect
/// Back-Channel Logout 1.0, section 2.2).
fn check_web_uri(uri: &str) -> Result<(), &'static str> {
    let url = Url::parse(uri)
        .map_err(|_| "is not an absolute address such as https://app.example/callback")?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err("must begin with https:// or http://");
    }
    if url.fragment().is_some() {
        return Err("must not have a fragment (`#…`)");
    }
    Ok(())
}

fn check_unique_ids(tenant: &Tenant) -> Result<(), LoadError> {
    let mut seen = BTreeSet::new();
    for (index, application) in tenant.applications.iter().enumerate() {
        if let Some(id) = &application.id
            && !seen.insert(id)
        {
            return Err(LoadError::WrongValue {
                key: format!("applications.{index}.id"),
                reason: "another application has this id already".to_owned(),
            });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret;

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
}
