//! The phone region that a language tag suggests.

use connector_aliyun_sms::PhoneRegion;

/// The region of a BCP 47 tag: its region subtag, else the country where most speakers of the language live.
pub(crate) fn of_tag(tag: &str) -> Option<PhoneRegion> {
    let mut subtags = tag.split('-');
    let language = subtags.next()?;
    let named = subtags
        .find(|subtag| subtag.len() == 2)
        .and_then(PhoneRegion::from_code);
    let usual = match language.to_ascii_lowercase().as_str() {
        "ja" => "JP",
        "zh" => "CN",
        "en" => "US",
        _ => return named,
    };
    named.or_else(|| PhoneRegion::from_code(usual))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_its_region() {
        let cases = [
            ("ja", Some(81)),
            ("zh-CN", Some(86)),
            ("zh-Hant-TW", Some(886)),
            ("en", Some(1)),
            ("en-GB", Some(44)),
            ("de", None),
            ("de-AT", Some(43)),
            ("", None),
        ];
        for (tag, code) in cases {
            assert_eq!(of_tag(tag).map(PhoneRegion::calling_code), code, "{tag}");
        }
    }
}
