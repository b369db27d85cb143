//! The sandbox's own file: sign names and templates of the account whose key is in the environment, and further
//! accounts with their own keys.

use super::{Account, AccountError, Region, Template, checked, filled, unique, wrong_shape};
use crate::credentials::{ACCESS_KEY_ID, ACCESS_KEY_SECRET, SECURITY_TOKEN};
use secrecy::SecretString;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct File {
    sign_names: Vec<String>,
    templates: Vec<FileTemplate>,
    #[serde(default)]
    accounts: Vec<FileAccount>,
}

/// A further account. Missing sign names and templates are those of the first account.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileAccount {
    access_key_id: String,
    access_key_secret: SecretString,
    security_token: Option<SecretString>,
    sign_names: Option<Vec<String>>,
    templates: Option<Vec<FileTemplate>>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileTemplate {
    template_code: String,
    text: String,
    region: Option<Region>,
}

pub(super) fn names_and_templates(
    text: &str,
) -> Result<(Vec<String>, Vec<Template>), AccountError> {
    let file = read(text)?;
    Ok((names(file.sign_names)?, templates(file.templates)?))
}

pub(super) fn accounts(
    text: &str,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Vec<Account>, AccountError> {
    let file = read(text)?;
    let from = |name: &str| filled(format!("${{{name}}}"), variable);
    let first = Account {
        sign_names: names(file.sign_names)?,
        templates: templates(file.templates)?,
        access_key_id: checked("accessKeyId", from(ACCESS_KEY_ID)?)?,
        access_key_secret: checked("accessKeySecret", from(ACCESS_KEY_SECRET)?)?.into(),
        security_token: from(SECURITY_TOKEN).ok().map(Into::into),
    };
    let mut accounts = vec![first];
    for account in file.accounts {
        accounts.push(further(account, &accounts[0], variable)?);
    }
    Ok(accounts)
}

fn further(
    account: FileAccount,
    first: &Account,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Account, AccountError> {
    use secrecy::ExposeSecret;
    let secret = |key, secret: &SecretString| {
        let secret = filled(secret.expose_secret().to_owned(), variable)?;
        checked(key, secret).map(SecretString::from)
    };
    let token = account.security_token.as_ref();
    Ok(Account {
        access_key_id: checked("accessKeyId", filled(account.access_key_id, variable)?)?,
        access_key_secret: secret("accessKeySecret", &account.access_key_secret)?,
        security_token: token
            .map(|token| secret("securityToken", token))
            .transpose()?,
        sign_names: account
            .sign_names
            .map_or_else(|| Ok(first.sign_names.clone()), names)?,
        templates: account
            .templates
            .map_or_else(|| Ok(first.templates.clone()), templates)?,
    })
}

fn read(text: &str) -> Result<File, AccountError> {
    toml::from_str(text).map_err(|error| wrong_shape(text, &error))
}

fn names(names: Vec<String>) -> Result<Vec<String>, AccountError> {
    if names.is_empty() || names.iter().any(String::is_empty) {
        return Err(AccountError::NoSignName);
    }
    let names = names.into_iter().map(|name| checked("signNames", name));
    names.collect()
}

fn templates(list: Vec<FileTemplate>) -> Result<Vec<Template>, AccountError> {
    let templates: Vec<_> = list.into_iter().map(template).collect::<Result<_, _>>()?;
    unique(&templates)?;
    Ok(templates)
}

fn template(template: FileTemplate) -> Result<Template, AccountError> {
    match template.text.parse() {
        Ok(text) => Ok(Template {
            code: checked("templateCode", template.template_code)?,
            text,
            region: template.region,
        }),
        Err(source) => Err(AccountError::WrongText {
            code: template.template_code,
            source,
        }),
    }
}
