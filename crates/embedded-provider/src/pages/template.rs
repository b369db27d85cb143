//! Templates: HTML with `{{name}}`. Every value is escaped; there is no way to put one in raw.

/// Fills the places of a template.
///
/// # Panics
/// When a place has no value: a mistake in the program, which the tests of the pages find.
pub(super) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        let (name, after) = after
            .split_once("}}")
            .unwrap_or_else(|| panic!("a place that is not closed"));
        let (_, value) = values
            .iter()
            .find(|(known, _)| *known == name)
            .unwrap_or_else(|| panic!("no value for {name}"));
        filled.push_str(before);
        escape_into(&mut filled, value);
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// For text and for attribute values in double or single quotes.
fn escape_into(filled: &mut String, value: &str) {
    for character in value.chars() {
        match character {
            '&' => filled.push_str("&amp;"),
            '<' => filled.push_str("&lt;"),
            '>' => filled.push_str("&gt;"),
            '"' => filled.push_str("&quot;"),
            '\'' => filled.push_str("&#39;"),
            other => filled.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_escaped_and_not_read_again() {
        assert_eq!(
            fill(
                "<p title=\"{{a}}\">{{b}}</p>",
                &[("a", "\"'<>&"), ("b", "{{a}}")]
            ),
            "<p title=\"&quot;&#39;&lt;&gt;&amp;\">{{a}}</p>"
        );
    }
}
