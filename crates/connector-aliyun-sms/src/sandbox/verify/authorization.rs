//! The header `Authorization` of signature V3.

use crate::signature::v3::ALGORITHM;

/// `ACS3-HMAC-SHA256 Credential=…,SignedHeaders=a;b,Signature=…`, as the client wrote it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Authorization<'a> {
    pub(super) access_key_id: &'a str,
    /// Lower-case names.
    pub(super) signed_headers: Vec<&'a str>,
    pub(super) signature: &'a str,
}

impl<'a> Authorization<'a> {
    /// `None` if the header does not have this form.
    pub(super) fn parse(header: &'a str) -> Option<Self> {
        let fields = header.strip_prefix(ALGORITHM)?.strip_prefix(' ')?;
        let field = |name: &str| {
            fields
                .split(',')
                .find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
        };
        Some(Self {
            access_key_id: field("Credential")?,
            signed_headers: field("SignedHeaders")?.split(';').collect(),
            signature: field("Signature")?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_fields_are_read_in_any_order() {
        let expected = Authorization {
            access_key_id: "id",
            signed_headers: vec!["host", "x-acs-date"],
            signature: "ff",
        };
        for header in [
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host;x-acs-date,Signature=ff",
            "ACS3-HMAC-SHA256 Signature=ff, SignedHeaders=host;x-acs-date, Credential=id",
        ] {
            assert_eq!(Authorization::parse(header).as_ref(), Some(&expected));
        }
    }

    #[test]
    fn anything_else_is_refused() {
        for header in [
            "",
            "Bearer token",
            "ACS3-HMAC-SHA256",
            "ACS3-HMAC-SM3 Credential=id,SignedHeaders=host,Signature=ff",
            "ACS3-HMAC-SHA256Credential=id,SignedHeaders=host,Signature=ff",
            "ACS3-HMAC-SHA256 Credential=id,SignedHeaders=host",
            "ACS3-HMAC-SHA256 Credential=id,Signature=ff",
            "ACS3-HMAC-SHA256 SignedHeaders=host,Signature=ff",
        ] {
            assert_eq!(Authorization::parse(header), None, "{header}");
        }
    }
}
