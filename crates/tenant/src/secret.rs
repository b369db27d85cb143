//! Secrets in the file are references, never literals, so that the file can be shown and kept in a repository.

use crate::{ALIYUN_SMS, LoadError};
use toml::{Table, Value};

/// Whether a value of this name is a secret: `accessKeySecret`, `Authorization`, `x-api-key`, … Such a value is a reference
/// in the file, and is never shown.
#[must_use]
pub fn is_secret_key(name: &str) -> bool {
    const ANYWHERE: [&str; 7] = [
        "secret",
        "passphrase",
        "accesskey",
        "apikey",
        "privatekey",
        "signingkey",
        "credential",
    ];
    const AT_THE_END: [&str; 5] = ["password", "token", "tokens", "authorization", "cookie"];
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect();
    ANYWHERE.iter().any(|word| name.contains(word))
        || AT_THE_END.iter().any(|word| name.ends_with(word))
        || matches!(name.as_str(), "pass" | "pwd")
}

/// A name for the environment variable of a secret: `BOOKSTORE_ACCESS_KEY_SECRET` for the member `accessKeySecret` of `Bookstore`.
/// Alibaba Cloud's variables have the names that its own programs use.
fn variable_name(owner: &str, member: &str) -> String {
    let owner = if owner == ALIYUN_SMS {
        "ALIBABA_CLOUD"
    } else {
        owner
    };
    let name = [screaming(owner), screaming(member)];
    let name: Vec<_> = name.into_iter().filter(|part| !part.is_empty()).collect();
    name.join("_")
}

/// `accessKeySecret`, `access-key-secret` → `ACCESS_KEY_SECRET`. Letters that a variable cannot have are left out.
fn screaming(name: &str) -> String {
    let mut screaming = String::new();
    let mut after_small = false;
    for letter in name.chars() {
        let starts_word =
            letter.is_ascii_uppercase() && after_small || !letter.is_ascii_alphanumeric();
        if starts_word && !screaming.is_empty() && !screaming.ends_with('_') {
            screaming.push('_');
        }
        if letter.is_ascii_alphanumeric() {
            screaming.push(letter.to_ascii_uppercase());
        }
        after_small = letter.is_ascii_lowercase() || letter.is_ascii_digit();
    }
    screaming.trim_end_matches('_').to_owned()
}

/// Refuses a file that has a secret in it.
pub(crate) fn refuse_literals(file: &mut Table) -> Result<(), LoadError> {
    visit(file, |key, text, variable| {
        if text.is_empty() || text.contains("${") {
            return Ok(());
        }
        let reason = format!(
            "is a secret, which must not be in the file: write \"${{{variable}}}\" and set the variable {variable}, \
             or {variable}_FILE to the path of a file with the secret"
        );
        Err(LoadError::wrong(key, reason))
    })
}

/// Calls a function for each secret of a file, with its key, its text, and a name for its variable.
pub(crate) fn visit<E>(
    file: &mut Table,
    mut each: impl FnMut(&str, &mut String, String) -> Result<(), E>,
) -> Result<(), E> {
    for (index, application) in items(file, "applications") {
        let variable = if index == 0 {
            "LOGTO_APP_SECRET".to_owned()
        } else {
            variable_name(text(application, "name"), "secret")
        };
        if let Some(Value::String(secret)) = application.get_mut("secret") {
            each(&format!("applications.{index}.secret"), secret, variable)?;
        }
    }
    for (section, member, owner) in [
        ("connectors", "config", "connectorId"),
        ("hooks", "config", "name"),
        ("organizations", "customData", "name"),
    ] {
        for (index, item) in items(file, section) {
            let owner = text(item, owner).to_owned();
            if let Some(value) = item.get_mut(member) {
                let key = format!("{section}.{index}.{member}");
                visit_inside(value, member, &key, &owner, &mut each)?;
            }
        }
    }
    Ok(())
}

fn visit_inside<E>(
    value: &mut Value,
    name: &str,
    key: &str,
    owner: &str,
    each: &mut impl FnMut(&str, &mut String, String) -> Result<(), E>,
) -> Result<(), E> {
    match value {
        Value::String(text) if is_secret_key(name) => each(key, text, variable_name(owner, name)),
        Value::Table(table) => table.iter_mut().try_for_each(|(name, value)| {
            visit_inside(value, name, &format!("{key}.{name}"), owner, each)
        }),
        Value::Array(list) => list.iter_mut().enumerate().try_for_each(|(index, value)| {
            visit_inside(value, name, &format!("{key}.{index}"), owner, each)
        }),
        _ => Ok(()),
    }
}

fn items<'a>(file: &'a mut Table, section: &str) -> impl Iterator<Item = (usize, &'a mut Table)> {
    let list = file.get_mut(section).and_then(Value::as_array_mut);
    list.into_iter()
        .flatten()
        .filter_map(Value::as_table_mut)
        .enumerate()
}

fn text<'a>(table: &'a Table, name: &str) -> &'a str {
    table.get(name).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_says_whether_the_value_is_a_secret() {
        for name in [
            "secret",
            "accessKeySecret",
            "accessKeyId",
            "clientSecret",
            "securityToken",
            "password",
            "x-api-key",
            "API_KEY",
            "private_key",
            "Authorization",
            "Proxy-Authorization",
            "credentials",
            "pass",
            "Cookie",
        ] {
            assert!(is_secret_key(name), "{name}");
        }
        for name in [
            "name",
            "signName",
            "tokenEndpoint",
            "authorizationEndpoint",
            "refreshTokenTtlInDays",
            "X-Shop",
            "passkey",
            "forgotPasswordMethods",
            "url",
            "",
        ] {
            assert!(!is_secret_key(name), "{name}");
        }
    }

    #[test]
    fn a_variable_is_named_after_the_owner_and_the_member() {
        for (owner, member, variable) in [
            (
                ALIYUN_SMS,
                "accessKeySecret",
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            ),
            ("http-sms", "authorization", "HTTP_SMS_AUTHORIZATION"),
            ("Bookstore 2", "X-Api-Key", "BOOKSTORE_2_X_API_KEY"),
            ("本屋", "secret", "SECRET"),
            ("", "apiKEY", "API_KEY"),
        ] {
            assert_eq!(variable_name(owner, member), variable);
        }
    }

    #[test]
    fn a_literal_secret_is_refused_with_the_right_way() {
        let refused = |file: &str| refuse_literals(&mut file.parse().unwrap()).unwrap_err();
        assert_eq!(
            refused("[[applications]]\nname = \"Bookstore\"\nsecret = \"s3cr3t\"").to_string(),
            "`applications.0.secret`: is a secret, which must not be in the file: write \"${LOGTO_APP_SECRET}\" and set the variable \
             LOGTO_APP_SECRET, or LOGTO_APP_SECRET_FILE to the path of a file with the secret"
        );
        for (file, key, variable) in [
            (
                "[[applications]]\n[[applications]]\nname = \"Other\"\nsecret = \"s3cr3t\"",
                "applications.1.secret",
                "OTHER_SECRET",
            ),
            (
                "[[connectors]]\nconnectorId = \"aliyun-short-message-service\"\nconfig = { accessKeySecret = \"s3cr3t\" }",
                "connectors.0.config.accessKeySecret",
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
            ),
            (
                "[[connectors]]\nconnectorId = \"http-email\"\nconfig = { accounts = [{ auth = { pass = \"s3cr3t\" } }] }",
                "connectors.0.config.accounts.0.auth.pass",
                "HTTP_EMAIL_PASS",
            ),
            (
                "[[hooks]]\nname = \"events\"\nconfig = { url = \"https://a.example\", headers = { Authorization = \"Bearer s3cr3t\" } }",
                "hooks.0.config.headers.Authorization",
                "EVENTS_AUTHORIZATION",
            ),
            (
                "[[organizations]]\nname = \"Acme\"\ncustomData = { apiKeys = [\"s3cr3t\"] }",
                "organizations.0.customData.apiKeys.0",
                "ACME_API_KEYS",
            ),
        ] {
            let error = refused(file).to_string();
            assert!(
                error.starts_with(&format!("`{key}`: is a secret")),
                "{error}"
            );
            assert!(error.contains(&format!("${{{variable}}}")), "{error}");
            assert!(!error.contains("s3cr3t"), "{error}");
            assert!(refuse_literals(&mut file.replace("s3cr3t", "${X}").parse().unwrap()).is_ok());
        }
    }
}
