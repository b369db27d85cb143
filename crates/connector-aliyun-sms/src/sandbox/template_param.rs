//! `TemplateParam`: a JSON object of strings that fill the variables of a template.

use super::{Template, business_error::BusinessError};
use serde_json::Value;
use std::collections::BTreeMap;

/// The allowed length of a verification code, in characters.
const CODE_LENGTH: std::ops::RangeInclusive<usize> = 4..=6;

/// The values by the name of their variable.
pub(super) type TemplateParam = BTreeMap<String, String>;

/// Parses the parameter. An empty one has no values.
pub(super) fn parse(text: &str) -> Result<TemplateParam, BusinessError> {
    if text.is_empty() {
        return Ok(TemplateParam::new());
    }
    let Ok(Value::Object(object)) = serde_json::from_str(text) else {
        return Err(BusinessError::ParamNotJson);
    };
    object
        .into_iter()
        .map(|(name, value)| match value {
            Value::String(value) => Ok((name, value)),
            _ => Err(BusinessError::ParamNotText),
        })
        .collect()
}

/// The text of a message. A template with one variable is one for verification codes: every value must be a code's, even
/// that of a variable which the template does not have. One with several variables is a notification, with any values.
pub(super) fn fill(template: &Template, values: &TemplateParam) -> Result<String, BusinessError> {
    let mut filled = Vec::new();
    for name in template.text.variables() {
        filled.push(values.get(name).ok_or(BusinessError::MissingVariable)?);
    }
    if let [code] = filled[..] {
        let is_alphanumeric =
            |value: &String| value.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !values.values().all(is_alphanumeric) {
            return Err(BusinessError::ParamNotAlphanumeric);
        }
        if !CODE_LENGTH.contains(&code.len()) {
            return Err(BusinessError::CodeLength);
        }
    }
    Ok(template.text.fill(values))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_template_takes_a_code_and_nothing_odd_beside_it() {
        use BusinessError::{
            CodeLength, MissingVariable, ParamNotAlphanumeric, ParamNotJson, ParamNotText,
        };
        let template = Template {
            code: "SMS_1".to_owned(),
            text: "验证码${code}".parse().unwrap(),
            region: None,
        };
        let cases = [
            (r#"{"code":"123456"}"#, Ok("验证码123456")),
            (r#"{"code":"aB3d"}"#, Ok("验证码aB3d")),
            (r#"{"code":"123456","product":"x"}"#, Ok("验证码123456")),
            ("", Err(MissingVariable)),
            ("{}", Err(MissingVariable)),
            (r#"{"Code":"123456"}"#, Err(MissingVariable)),
            ("bad", Err(ParamNotJson)),
            (r#"["123456"]"#, Err(ParamNotJson)),
            (r#"{"code":"123456""#, Err(ParamNotJson)),
            (r#"{"code":123456}"#, Err(ParamNotText)),
            (r#"{"code":"12 456"}"#, Err(ParamNotAlphanumeric)),
            (r#"{"code":"１２３４５６"}"#, Err(ParamNotAlphanumeric)),
            // Logto sends this when the authorization request has `ui_locales`.
            (
                r#"{"code":"123456","uiLocales":"zh-CN en"}"#,
                Err(ParamNotAlphanumeric),
            ),
            (r#"{"code":""}"#, Err(CodeLength)),
            (r#"{"code":"123"}"#, Err(CodeLength)),
            (r#"{"code":"1234567"}"#, Err(CodeLength)),
        ];
        for (param, expected) in cases {
            let result = parse(param).and_then(|values| fill(&template, &values));
            assert_eq!(result.as_deref(), expected.as_ref().copied(), "{param}");
        }
    }

    #[test]
    fn q48_a_notification_has_several_variables() {
        let template = Template {
            code: "SMS_2".to_owned(),
            text: "${name}，您的订单${order}已发货。".parse().unwrap(),
            region: None,
        };
        let cases = [
            (
                r#"{"name":"王 小明","order":"2026-11/7"}"#,
                Ok("王 小明，您的订单2026-11/7已发货。"),
            ),
            (r#"{"name":"王"}"#, Err(BusinessError::MissingVariable)),
            (
                r#"{"name":"王","order":7}"#,
                Err(BusinessError::ParamNotText),
            ),
        ];
        for (param, expected) in cases {
            let result = parse(param).and_then(|values| fill(&template, &values));
            assert_eq!(result.as_deref(), expected.as_ref().copied(), "{param}");
        }
    }
}
