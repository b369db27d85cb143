//! Countries and regions that have phone numbers, with the data of Google's libphonenumber.

use rlibphonenumber::PHONE_NUMBER_UTIL;

/// A country or region that has phone numbers, by its ISO 3166-1 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PhoneRegion(pub(super) rlibphonenumber::Region);

impl PhoneRegion {
    /// All regions, by code.
    #[must_use]
    pub fn all() -> Vec<Self> {
        let mut regions: Vec<_> = PHONE_NUMBER_UTIL.get_supported_regions().collect();
        regions.sort_unstable_by_key(rlibphonenumber::Region::to_string);
        regions.into_iter().map(Self).collect()
    }

    /// The region of a code such as `JP`. `None` if there is no such region or it has no numbers.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let region = code.to_ascii_uppercase().parse().ok()?;
        PHONE_NUMBER_UTIL.get_country_code_for_region(region)?;
        Some(Self(region))
    }

    /// The code, such as `JP`.
    #[must_use]
    pub fn code(self) -> String {
        self.0.to_string()
    }

    /// The country calling code, such as 81. Several regions share 1, 7, 44 and others.
    #[must_use]
    pub fn calling_code(self) -> i32 {
        PHONE_NUMBER_UTIL
            .get_country_code_for_region(self.0)
            .unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_has_a_code_of_two_letters_and_a_calling_code_and_is_listed_once() {
        let mut codes: Vec<String> = Vec::new();
        for region in PhoneRegion::all() {
            let code = region.code();
            assert!(code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()));
            assert!((1..=999).contains(&region.calling_code()), "{code}");
            assert_eq!(PhoneRegion::from_code(&code), Some(region));
            assert!(!codes.contains(&code), "{code}");
            codes.push(code);
        }
        assert!(codes.len() > 190);
        for unknown in ["ZZ", "999", "", "Japan"] {
            assert_eq!(PhoneRegion::from_code(unknown), None, "{unknown}");
        }
    }
}
