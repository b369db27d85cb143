//! A model of the form parser (WHATWG URL, section 5.1) for queries and form bodies.

use super::percent;

/// Names and values in their order.
pub(super) fn pairs(form: &[u8]) -> Vec<(String, String)> {
    form.split(|&byte| byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let name_ends = pair.iter().position(|&byte| byte == b'=');
            let (name, value) = match name_ends {
                Some(end) => (&pair[..end], &pair[end + 1..]),
                None => (pair, &[][..]),
            };
            (text(name), text(value))
        })
        .collect()
}

/// All values of one name.
pub(super) fn values<'a>(pairs: &'a [(String, String)], name: &str) -> Vec<&'a str> {
    let named = pairs.iter().filter(|(given, _)| given == name);
    named.map(|(_, value)| value.as_str()).collect()
}

fn text(encoded: &[u8]) -> String {
    let spaced: Vec<u8> = encoded
        .iter()
        .map(|&byte| if byte == b'+' { b' ' } else { byte })
        .collect();
    String::from_utf8_lossy(&percent::decode(&spaced)).into_owned()
}
