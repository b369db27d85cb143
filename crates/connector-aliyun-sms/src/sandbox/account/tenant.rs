//! A `tenant.toml`: the account that its Aliyun connector needs. A tenant has no template texts, so each template gets
//! the bundled text for its usage.

use super::{Account, AccountError, Region, Template, filled};
use crate::{Config, TemplateCode, UsageType};
use serde_json::{Map, Value};

const CONNECTOR: &str = "aliyun-short-message-service";

pub(super) fn account(
    tenant: toml::Table,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Account, AccountError> {
    let mut json = connector(tenant).ok_or(AccountError::NoConnector)?;
    for key in ["accessKeyId", "accessKeySecret", "securityToken"] {
        if let Some(Value::String(value)) = json.get_mut(key) {
            *value = filled(std::mem::take(value), variable)?;
        }
    }
    let config = Config::from_json(Value::Object(json))?;
    let mut templates: Vec<Template> = Vec::new();
    for (usage, code) in config.templates.iter() {
        for template in of(usage, code) {
            // Logto lets several usages share a template. The first usage determines its text and region.
            if !templates.iter().any(|other| other.code == template.code) {
                templates.push(template);
            }
        }
    }
    Ok(Account {
        access_key_id: config.credentials.access_key_id,
        access_key_secret: config.credentials.access_key_secret,
        security_token: config.credentials.security_token,
        sign_names: vec![config.sign_name],
        templates,
    })
}

fn connector(mut tenant: toml::Table) -> Option<Map<String, Value>> {
    let connectors = tenant.remove("connectors")?;
    let ours = connectors.as_array()?.iter().find(|connector| {
        connector.get("connectorId").and_then(toml::Value::as_str) == Some(CONNECTOR)
    })?;
    match serde_json::to_value(ours.get("config")?).ok()? {
        Value::Object(config) => Some(config),
        _ => None,
    }
}

fn of(usage: UsageType, code: &TemplateCode) -> Vec<Template> {
    match code {
        TemplateCode::Everywhere(code) => vec![template(code, chinese(usage), None)],
        TemplateCode::ByRegion { china, overseas } => vec![
            template(china, chinese(usage), Some(Region::China)),
            template(overseas, english(usage), Some(Region::Overseas)),
        ],
    }
}

fn template(code: &str, text: &str, region: Option<Region>) -> Template {
    Template {
        code: code.to_owned(),
        text: text
            .parse()
            .unwrap_or_else(|error| unreachable!("a test reads each text: {error}")),
        region,
    }
}

/// The text of a template for mainland China, as in the bundled file.
fn chinese(usage: UsageType) -> &'static str {
    match usage {
        UsageType::SignIn => "您的登录验证码为${code}，10分钟内有效，请勿泄露于他人。",
        UsageType::Register => "您的注册验证码为${code}，10分钟内有效，请勿泄露于他人。",
        UsageType::ForgotPassword => {
            "您正在重置密码，验证码为${code}，10分钟内有效，请勿泄露于他人。"
        }
        _ => "您的验证码为${code}，10分钟内有效，请勿泄露于他人。",
    }
}

fn english(usage: UsageType) -> &'static str {
    match usage {
        UsageType::SignIn => "Your sign-in code is ${code}. It is valid for 10 minutes.",
        UsageType::Register => "Your registration code is ${code}. It is valid for 10 minutes.",
        UsageType::ForgotPassword => {
            "Your code to reset the password is ${code}. It is valid for 10 minutes."
        }
        _ => "Your verification code is ${code}. It is valid for 10 minutes.",
    }
}
