//! Aliyun's error codes with their HTTP status and message, so that each can be requested as a fault.

/// One line for each code: status, code, message. If several messages were seen, the newest.
const LINES: &str = include_str!("codes.txt");

/// An error code of Aliyun.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Code {
    /// The HTTP status. It is 200 for the errors of `SendSms` itself.
    pub(super) status: u16,
    pub(super) name: &'static str,
    pub(super) message: &'static str,
}

/// Finds a code by name.
pub(super) fn find(code: &str) -> Option<Code> {
    all().find(|known| known.name == code)
}

fn all() -> impl Iterator<Item = Code> {
    LINES.lines().filter_map(|line| {
        let (status, rest) = line.split_once(' ')?;
        let (name, message) = rest.split_once(' ')?;
        let status = status.parse().ok()?;
        Some(Code {
            status,
            name,
            message,
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_line_is_a_code_and_none_stands_twice() {
        let names: BTreeSet<_> = all().map(|code| code.name).collect();
        assert_eq!(names.len(), LINES.lines().count());
        assert_eq!(find("isv.OF_THE_FUTURE"), None);
    }

    #[test]
    fn the_status_goes_with_the_layer() {
        for code in all() {
            let is_business = code.name.starts_with("is") || code.name == "PORT_NOT_REGISTERED";
            assert_eq!(code.status == 200, is_business, "{}", code.name);
        }
    }

    #[test]
    fn the_client_knows_what_each_code_means() {
        let unknown = [
            "InvalidSignatureMethod",
            "SignatureNonceUsed",
            "InvalidApi.NotFound",
            "UnsupportedHTTPMethod",
            "InvalidParameter.Format",
        ];
        for code in all().filter(|code| !unknown.contains(&code.name)) {
            let meaning = crate::Refusal::from_code(code.name);
            assert_ne!(meaning, crate::Refusal::Other, "{}", code.name);
        }
    }
}
