//! Writes the file: TOML, with references in place of secrets.

use crate::{Tenant, secret};
use secrecy::SecretString;
use std::{collections::BTreeMap, convert::Infallible};
use toml::{Table, Value};

/// A tenant as a text.
pub struct Written {
    /// The text, which [`Tenant::parse`] reads.
    pub text: String,
    /// The secrets that it refers to, by the names of their variables.
    pub secrets: BTreeMap<String, SecretString>,
}

/// The tenant has a value that TOML cannot express, such as null in a list.
#[derive(Debug, thiserror::Error)]
#[error("cannot be written as TOML: {0}")]
pub struct WriteError(String);

impl Tenant {
    /// Writes the tenant as a file. Ids and secrets of applications are left out.
    ///
    /// # Errors
    /// When a value cannot be expressed in TOML.
    pub fn to_toml(&self) -> Result<Written, WriteError> {
        let wrong = |error: toml::ser::Error| WriteError(error.to_string());
        let mut file = Table::try_from(self).map_err(wrong)?;
        for (_, value) in &mut file {
            escape(value);
        }
        let mut secrets: BTreeMap<String, String> = BTreeMap::new();
        let Ok(()) = secret::visit::<Infallible>(&mut file, |_, text, variable| {
            if !text.is_empty() {
                let secret = text.replace("$${", "${");
                let variable = free(&secrets, variable, &secret);
                *text = format!("${{{variable}}}");
                secrets.insert(variable, secret);
            }
            Ok(())
        });
        let secrets = secrets.into_iter();
        Ok(Written {
            text: toml::to_string_pretty(&file).map_err(wrong)?,
            secrets: secrets
                .map(|(name, secret)| (name, secret.into()))
                .collect(),
        })
    }
}

/// Two secrets have two variables: `NAME`, `NAME_2`, …
fn free(secrets: &BTreeMap<String, String>, variable: String, secret: &str) -> String {
    let is_free = |name: &String| secrets.get(name).is_none_or(|known| known == secret);
    let more = (2..).map(|number| format!("{variable}_{number}"));
    let mut names = std::iter::once(variable.clone()).chain(more);
    names.find(is_free).unwrap_or(variable)
}

fn escape(value: &mut Value) {
    match value {
        Value::String(text) => *text = text.replace("${", "$${"),
        Value::Array(list) => list.iter_mut().for_each(escape),
        Value::Table(table) => table.iter_mut().for_each(|(_, value)| escape(value)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::ExposeSecret as _;

    const EXAMPLE: &str = include_str!("../../../tenant.toml");

    fn parse(text: &str, secrets: &BTreeMap<String, SecretString>) -> Tenant {
        let variable = |name: &str| Some(secrets.get(name)?.expose_secret().to_owned());
        Tenant::parse(text, variable).unwrap()
    }

    #[test]
    fn what_is_written_is_read_as_the_same_tenant() {
        let mut tenant = Tenant::parse(EXAMPLE, |name| Some(format!("value of {name}"))).unwrap();
        tenant.hooks[0].config.headers = Some(BTreeMap::from([
            ("Authorization".to_owned(), "Bearer ${x}".to_owned()),
            ("X-Shop".to_owned(), "a $${b} \"c\"\n".to_owned()),
        ]));
        let mut second = tenant.hooks[0].clone();
        second.name = "bookstore!".to_owned();
        second.config.headers = Some(BTreeMap::from([(
            "authorization".to_owned(),
            "other".to_owned(),
        )]));
        tenant.hooks.push(second);
        let Written { text, secrets } = tenant.to_toml().unwrap();
        let names: Vec<_> = secrets.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            [
                "ALIBABA_CLOUD_ACCESS_KEY_ID",
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                "BOOKSTORE_AUTHORIZATION",
                "BOOKSTORE_AUTHORIZATION_2",
            ]
        );
        for secret in secrets.values() {
            assert!(!text.contains(secret.expose_secret()), "{text}");
        }
        let again = parse(&text, &secrets);
        let json = |tenant: &Tenant| serde_json::to_value(tenant).unwrap();
        assert_eq!(json(&again), json(&tenant), "{text}");
    }

    #[test]
    fn what_toml_lacks_is_named() {
        let mut tenant = Tenant::parse(EXAMPLE, |name| Some(name.to_owned())).unwrap();
        tenant.connectors[0].config = serde_json::json!({"list": [null]});
        let error = tenant.to_toml().map(|_| ()).unwrap_err().to_string();
        assert!(error.starts_with("cannot be written as TOML: "), "{error}");
    }
}
