//! References in the file: `${NAME}` and `${file:/run/secrets/name}`. `$${` is a plain `${`.

use crate::LoadError;
use std::fs;

/// Replaces the references in every string inside `value`. `key` is the current key, for the error.
pub(crate) fn expand(
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
        if let Some(before) = before.strip_suffix('$') {
            expanded.push_str(before);
            expanded.push_str("${");
            rest = from_name;
            continue;
        }
        let (name, after) = from_name
            .split_once('}')
            .ok_or_else(|| LoadError::wrong(key, "`${` without `}`"))?;
        expanded.push_str(before);
        expanded.push_str(&resolve(name, key, variable)?);
        rest = after;
    }
    expanded.push_str(rest);
    Ok(expanded)
}

/// The content of `file:…`; else the variable, or the content of the file that `<NAME>_FILE` names.
fn resolve(
    name: &str,
    key: &str,
    variable: &impl Fn(&str) -> Option<String>,
) -> Result<String, LoadError> {
    if let Some(path) = name.strip_prefix("file:") {
        return read(path, key);
    }
    if let Some(value) = variable(name) {
        return Ok(value);
    }
    match variable(&format!("{name}_FILE")) {
        Some(path) if !path.is_empty() => read(&path, key),
        _ => Err(LoadError::MissingVariable {
            key: key.to_owned(),
            variable: name.to_owned(),
        }),
    }
}

fn read(path: &str, key: &str) -> Result<String, LoadError> {
    let text = fs::read_to_string(path)
        .map_err(|error| LoadError::wrong(key, format!("cannot read the file {path}: {error}")))?;
    Ok(text.trim_end_matches(['\r', '\n']).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn references_are_replaced() {
        let mut file = tempfile::NamedTempFile::new().unwrap();
        file.write_all(b"from a file\r\n").unwrap();
        let path = file.path().to_str().unwrap();
        let variables = |name: &str| match name {
            "NAME" => Some("value".to_owned()),
            "IN_FILE_FILE" => Some(path.to_owned()),
            _ => None,
        };
        for (text, expanded) in [
            ("${NAME}", "value"),
            ("Bearer ${NAME}, ${NAME}", "Bearer value, value"),
            ("${IN_FILE}", "from a file"),
            (&format!("${{file:{path}}}"), "from a file"),
            ("Your code: $${code} $5 {}", "Your code: ${code} $5 {}"),
            ("$$${NAME}", "$${NAME}"),
        ] {
            assert_eq!(expand_text(text, "key", &variables).unwrap(), expanded);
        }
    }

    #[test]
    fn what_cannot_be_replaced_is_named() {
        let variables = |name: &str| (name == "GONE_FILE").then(|| "/nowhere/secret".to_owned());
        for (text, expected) in [
            (
                "${OTHER}",
                "`key` needs the environment variable OTHER, which is not set",
            ),
            (
                "${GONE}",
                "`key`: cannot read the file /nowhere/secret: No such file",
            ),
            (
                "${file:/nowhere/secret}",
                "`key`: cannot read the file /nowhere/secret: No such file",
            ),
            ("${NAME", "`key`: `${` without `}`"),
        ] {
            let error = expand_text(text, "key", &variables)
                .unwrap_err()
                .to_string();
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
