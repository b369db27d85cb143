//! The text of a template, with its variables: `您的验证码为${code}。`

use std::str::FromStr;

/// A checked text: the part before its only variable, the variable's name, and the part after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateText {
    before: String,
    variable: String,
    after: String,
}

/// Why Aliyun would not approve a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateTextError {
    /// A verification template has exactly one variable.
    #[error("the text needs exactly one variable, such as ${{code}}")]
    NotOneVariable,
    /// `${` has no `}`, or the name has a character that is not in `[A-Za-z0-9_]`.
    #[error("a variable is ${{name}}, with a name of letters, digits and `_`")]
    BadVariable,
    /// The text contains the sign name, which the service adds itself.
    #[error("the text may not contain 【 or 】; the sign name is put in front of it")]
    Brackets,
}

impl TemplateText {
    /// The name of the variable.
    #[must_use]
    pub fn variable(&self) -> &str {
        &self.variable
    }

    /// The text of a message.
    #[must_use]
    pub fn fill(&self, value: &str) -> String {
        [&self.before, value, &self.after].concat()
    }
}

impl FromStr for TemplateText {
    type Err = TemplateTextError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.contains(['【', '】']) {
            return Err(TemplateTextError::Brackets);
        }
        let (before, rest) = text
            .split_once("${")
            .ok_or(TemplateTextError::NotOneVariable)?;
        let (variable, after) = rest
            .split_once('}')
            .filter(|(name, _)| is_name(name))
            .ok_or(TemplateTextError::BadVariable)?;
        if after.contains("${") {
            return Err(TemplateTextError::NotOneVariable);
        }
        Ok(Self {
            before: before.to_owned(),
            variable: variable.to_owned(),
            after: after.to_owned(),
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
        assert_eq!(text.variable(), "code");
        assert_eq!(text.fill("123456"), "验证码为123456。");
    }

    #[test]
    fn a_text_that_aliyun_would_not_approve_is_refused() {
        use TemplateTextError::{BadVariable, Brackets, NotOneVariable};
        let cases = [
            ("no variable", NotOneVariable),
            ("${a} and ${b}", NotOneVariable),
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
