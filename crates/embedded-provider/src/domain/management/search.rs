//! Which documents of a list a query asks for.

use crate::domain::management::{Object, page::Query};
use serde_json::Value;

/// Whether the query asks for the document. `filters` are the members that it may name directly.
pub(crate) fn is_wanted(filters: &[&str], query: &Query, id: &str, body: &Object) -> bool {
    let text = |member: &str| body.get(member).and_then(Value::as_str).unwrap_or_default();
    let is_case_sensitive = query
        .iter()
        .any(|(name, value)| name == "isCaseSensitive" && value == "true");
    let folded = |text: &str| {
        if is_case_sensitive {
            text.to_owned()
        } else {
            text.to_lowercase()
        }
    };
    let like = |text: &str, pattern: &str| is_like(&folded(text), &folded(pattern));
    let mode = |member: &str| {
        let name = format!("mode.{member}");
        query.iter().find(|(known, _)| *known == name)
    };
    let one = |name: &str, value: &str| match name {
        "q" => id == value || text("name").to_lowercase().contains(&value.to_lowercase()),
        "search" => [id, text("name"), text("description")]
            .iter()
            .any(|text| like(text, value)),
        _ => {
            let member = name.trim_start_matches("search.");
            let found = if member == "id" { id } else { text(member) };
            match mode(member) {
                Some((_, mode)) if mode == "exact" => folded(found) == folded(value),
                _ => like(found, value),
            }
        }
    };
    let searches: Vec<_> = query
        .iter()
        .filter(|(name, _)| name == "q" || name == "search" || name.starts_with("search."))
        .collect();
    let is_found = searches.is_empty() || searches.iter().any(|(name, value)| one(name, value));
    is_found && filters.iter().all(|filter| passes(filter, query, body))
}

/// Several values of one filter mean one of them.
fn passes(filter: &str, query: &Query, body: &Object) -> bool {
    let member = if filter == "types" { "type" } else { filter };
    let found = match body.get(member) {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => String::new(),
    };
    let mut wanted = query.iter().filter(|(name, _)| name == filter).peekable();
    wanted.peek().is_none() || wanted.any(|(_, value)| *value == found)
}

/// `LIKE` of SQL, with `%` only.
fn is_like(text: &str, pattern: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('%') else {
        return text == pattern;
    };
    let Some(text) = text.strip_prefix(first) else {
        return false;
    };
    if rest.is_empty() {
        return true;
    }
    text.char_indices()
        .map(|(index, _)| index)
        .chain([text.len()])
        .any(|index| is_like(&text[index..], rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_list_is_searched_as_logto_does() {
        let body = json!({"name": "Reader", "description": "Reads", "type": "User"});
        let body = body.as_object().unwrap();
        for (query, expected) in [
            ("", true),
            ("search=%25ead%25", true),
            ("search=ead", false),
            ("search.name=reader&mode.name=exact", true),
            (
                "search.name=reader&mode.name=exact&isCaseSensitive=true",
                false,
            ),
            ("search.name=read%25", true),
            ("search.name=%25s", false),
            ("q=eade", true),
            ("q=the-id", true),
            ("q=writer", false),
            ("type=User", true),
            ("type=MachineToMachine", false),
            ("type=MachineToMachine&type=User", true),
            ("unknown=x", true),
        ] {
            let pairs = url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect();
            assert_eq!(
                is_wanted(&["type"], &pairs, "the-id", body),
                expected,
                "{query}"
            );
        }
    }
}
