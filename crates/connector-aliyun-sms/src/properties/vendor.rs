//! The encoding as Alibaba describes it: an HTML form's, with three corrections.

use url::form_urlencoded::byte_serialize;

/// "Encode as a form, then replace `+` by `%20`, `*` by `%2A`, and `%7E` by `~`."
pub(super) fn encode(text: &str) -> String {
    let form: String = byte_serialize(text.as_bytes()).collect();
    form.replace('+', "%20")
        .replace('*', "%2A")
        .replace("%7E", "~")
}

/// Pairs sorted by name, then by value, encoded and joined.
pub(super) fn canonical_query(parameters: &[(String, String)]) -> String {
    let mut sorted: Vec<_> = parameters.iter().collect();
    sorted.sort();
    let mut query = String::new();
    for (name, value) in sorted {
        let separator = if query.is_empty() { "" } else { "&" };
        query = query + separator + &encode(name) + "=" + &encode(value);
    }
    query
}
