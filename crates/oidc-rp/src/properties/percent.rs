//! A model of percent-decoding (WHATWG URL, section 1.3): what is not `%` with two digits stays as it is.

pub(super) fn decode(encoded: &[u8]) -> Vec<u8> {
    let mut decoded = Vec::new();
    let mut at = 0;
    while at < encoded.len() {
        let digit = |offset: usize| {
            let character = char::from(*encoded.get(at + offset)?);
            u8::try_from(character.to_digit(16)?).ok()
        };
        match (encoded[at], digit(1), digit(2)) {
            (b'%', Some(high), Some(low)) => {
                decoded.push(high << 4 | low);
                at += 3;
            }
            (byte, _, _) => {
                decoded.push(byte);
                at += 1;
            }
        }
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn only_two_digits_after_a_percent_sign_are_decoded() {
        for (encoded, decoded) in [
            ("", ""),
            ("plain", "plain"),
            ("%2F%2f", "//"),
            ("%252F", "%2F"),
            ("%", "%"),
            ("%2", "%2"),
            ("%+1%g0%2", "%+1%g0%2"),
        ] {
            assert_eq!(decode(encoded.as_bytes()), decoded.as_bytes(), "{encoded}");
        }
        assert_eq!(decode(b"%ff\x80"), [0xff, 0x80]);
    }
}
