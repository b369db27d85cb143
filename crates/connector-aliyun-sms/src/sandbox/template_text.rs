//! The text of a template, with its variables: `您的验证码为${code}。`

use std::{collections::BTreeMap, str::FromStr};

/// A checked text: each variable with the part before it, and the part after the last one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateText {
    variables: Vec<(String, String)>,
    after: String,
}

/// Why Aliyun would not approve a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateTextError {
    /// There is nothing to fill in.
    #[error("the text needs a variable, such as ${{code}}")]
    NoVariable,
    /// `${` has no `}`, or the name has a character that is not in `[A-Za-z0-9_]`.
    #[error("a variable is ${{name}}, with a name of letters, digits and `_`")]
    BadVariable,
    /// The text contains the sign name, which the service adds itself.
    #[error("the text may not contain 【 or 】; the sign name is put in front of it")]
    Brackets,
}

impl TemplateText {
    /// The names of the variables. A verification template has exactly one, a notification may have several.
    pub fn variables(&self) -> impl Iterator<Item = &str> {
        self.variables.iter().map(|(_, name)| name.as_str())
    }

    /// The text of a message. A variable without a value stays empty.
    #[must_use]
    pub fn fill(&self, values: &BTreeMap<String, String>) -> String {
        let mut text = String::new();
        for (before, name) in &self.variables {
            text.push_str(before);
            text.push_str(values.get(name).map_or("", String::as_str));
        }
        text + &self.after
    }
}

impl FromStr for TemplateText {
    type Err = TemplateTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains(['【', '】']) {
            return Err(TemplateTextError::Brackets);
        }
        let mut variables = Vec::new();
        let mut rest = text;
        while let Some((before, from_name)) = rest.split_once("${") {
            let (name, after) = from_name
                .split_once('}')
                .filter(|(name, _)| is_name(name))
                .ok_or(TemplateTextError::BadVariable)?;
            variables.push((before.to_owned(), name.to_owned()));
            rest = after;
        }
        if variables.is_empty() {
            return Err(TemplateTextError::NoVariable);
        }
        Ok(Self {
            variables,
            after: rest.to_owned(),
        })
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variable_is_filled_with_its_value() {
        let text: TemplateText = "验证码为${code}。".parse().unwrap();
        assert!(text.variables().eq(["code"]));
        let values = BTreeMap::from([("code".to_owned(), "123456".to_owned())]);
        assert_eq!(text.fill(&values), "验证码为123456。");
    }

    #[test]
    fn a_text_that_aliyun_would_not_approve_is_refused() {
        use TemplateTextError::{BadVariable, Brackets, NoVariable};
        let cases = [
            ("no variable", NoVariable),
            ("${a} and ${b", BadVariable),
            ("${code", BadVariable),
            ("${}", BadVariable),
            ("${a b}", BadVariable),
            ("【Bookstore】${code}", Brackets),
        ];
        for (text, error) in cases {
            assert_eq!(text.parse::<TemplateText>(), Err(error), "{text}");
        }
    }
}
