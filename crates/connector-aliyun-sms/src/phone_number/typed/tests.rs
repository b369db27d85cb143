use super::*;
use std::sync::Mutex;
use tempfile::NamedTempFile;
use tracing_subscriber::util::SubscriberInitExt as _;

fn typed(text: &str, region: &str) -> Result<String, TypedNumberError> {
    let region = PhoneRegion::from_code(region).unwrap();
    PhoneNumber::from_typed(text, Some(region)).map(|number| number.digits().to_owned())
}

fn check(cases: &[(&str, &str, &str)]) {
    for (text, region, digits) in cases {
        assert_eq!(
            typed(text, region).as_deref(),
            Ok(*digits),
            "{text} {region}"
        );
    }
}

#[test]
fn p047_p048_p049_a_number_is_understood_however_it_is_typed() {
    check(&[
        ("+86 138 0013 8000", "US", "8613800138000"),
        ("0086-138-0013-8000", "US", "8613800138000"),
        ("(86)138 0013 8000", "CN", "8613800138000"),
        ("8613800138000", "CN", "8613800138000"),
        ("13800138000", "CN", "8613800138000"),
        ("090-1234-5678", "JP", "819012345678"),
        ("９０ー１２３４ー５６７８", "JP", "819012345678"),
        ("＋８１ ９０ １２３４ ５６７８", "CN", "819012345678"),
        ("+81 (0)90 1234 5678", "CN", "819012345678"),
        ("819012345678", "JP", "819012345678"),
        ("+1 (650) 253-0000", "JP", "16502530000"),
        ("650.253.0000", "US", "16502530000"),
        ("+61 0412 345 678", "US", "61412345678"),
        ("07700 900123", "GB", "447700900123"),
        ("+39 06 1234 5678", "US", "390612345678"),
        ("06 1234 5678", "IT", "390612345678"),
        ("+225 0712345678", "US", "2250712345678"),
        ("+1876 555 1234", "US", "18765551234"),
        // Forms that depend on the region's rules
        ("1 (650) 253-0000", "US", "16502530000"),
        ("8 (912) 345-67-89", "RU", "79123456789"),
        ("658 555 1234", "JM", "16585551234"),
        ("010 86 138 0013 8000", "JP", "8613800138000"),
        ("０９０（１２３４）５６７８", "JP", "819012345678"),
        ("６８３２ ６３６６", "HK", "85268326366"),
        ("0912-345-678", "TW", "886912345678"),
        ("333 123 4567", "IT", "393331234567"),
        ("００８６ 138 0013 8000", "JP", "8613800138000"),
        ("tel:+8613800138000", "US", "8613800138000"),
        ("++8613800138000", "CN", "8613800138000"),
    ]);
}

#[test]
fn q02_a_calling_code_without_plus_is_understood() {
    check(&[
        ("16502530000", "US", "16502530000"),
        ("447700900123", "GB", "447700900123"),
        ("4915112345678", "DE", "4915112345678"),
        ("33612345678", "FR", "33612345678"),
        ("393401234567", "IT", "393401234567"),
        ("886912345678", "TW", "886912345678"),
        ("14165550123", "CA", "14165550123"),
        ("819000000000", "JP", "819000000000"),
        ("77010001234", "KZ", "77010001234"),
    ]);
}

/// The four forms of an example number: as dialled inside the region, with the calling code and no plus, with plus, and
/// without anything in front.
fn forms(number: &rlibphonenumber::PhoneNumber) -> [String; 4] {
    let format = |format| PHONE_NUMBER_UTIL.format(number, format).into_owned();
    let e164 = format(PhoneNumberFormat::E164);
    let calling_code = number.country_code.to_string();
    [
        format(PhoneNumberFormat::National),
        e164[1..].to_owned(),
        format(PhoneNumberFormat::International),
        e164[1 + calling_code.len()..].to_owned(),
    ]
}

#[test]
fn q02_q03_the_example_number_of_every_region_is_right_in_four_forms() {
    let (mut regions, mut asked, mut wrong) = (0, Vec::new(), Vec::new());
    for region in PhoneRegion::all() {
        let example = [PhoneNumberType::Mobile, PhoneNumberType::FixedLine]
            .into_iter()
            .find_map(|kind| {
                let util = &PHONE_NUMBER_UTIL;
                util.get_example_number_for_type_and_region(region.0, kind)
                    .ok()
            })
            .unwrap();
        regions += 1;
        let e164 = PHONE_NUMBER_UTIL.format(&example, PhoneNumberFormat::E164);
        let right: PhoneNumber = e164.parse().unwrap();
        for form in forms(&example) {
            match PhoneNumber::from_typed(&form, Some(region)) {
                Ok(number) if number == right => {}
                Err(TypedNumberError::Ambiguous {
                    national,
                    international,
                }) if [&national, &international].contains(&&right) => {
                    asked.push(format!("{} {form}", region.code()));
                }
                other => {
                    let got = other.map(|number| number.digits().to_owned());
                    wrong.push(format!("{} {form}: {got:?} for {e164}", region.code()));
                }
            }
        }
    }
    assert_eq!(wrong, [""; 0]);
    assert_eq!(asked, [""; 0]);
    assert!(regions >= 228, "{regions}");
}

#[test]
fn q03_trunk_prefixes_and_plans() {
    check(&[
        ("8 912 345-67-89", "RU", "79123456789"),
        ("06 30 123 4567", "HU", "36301234567"),
        ("80 29 123-45-67", "BY", "375291234567"),
        ("+229 01 97 12 34 56", "BJ", "2290197123456"),
        ("01 97 12 34 56", "BJ", "2290197123456"),
        ("074 12 34 56", "GA", "24174123456"),
        ("(268) 464-1234", "AG", "12684641234"),
        ("+52 1 55 1234 5678", "MX", "525512345678"),
        ("+52 1 55 1234 5678", "JP", "525512345678"),
        ("0052 1 55 1234 5678", "JP", "525512345678"),
        ("52 1 55 1234 5678", "MX", "525512345678"),
        ("55 1234 5678", "MX", "525512345678"),
        ("011 15-2345-6789", "AR", "5491123456789"),
        ("8 701 123 45 67", "KZ", "77011234567"),
        ("+7 (912) 345-67-89", "KZ", "79123456789"),
        ("8 612 34567", "LT", "37061234567"),
        ("0 532 123 45 67", "TR", "905321234567"),
        ("0011 86 138 0013 8000", "AU", "8613800138000"),
        ("0086 138 0013 8000", "KR", "8613800138000"),
        ("011 81 90 1234 5678", "US", "819012345678"),
    ]);
}

#[test]
fn q03_a_number_with_two_meanings_is_not_chosen_for_the_person() {
    let ambiguous = |national: &str, international: &str| TypedNumberError::Ambiguous {
        national: national.parse().unwrap(),
        international: international.parse().unwrap(),
    };
    let cases = [
        ("376447350", "AD", "376376447350", "376447350"),
        ("49 417054", "DE", "4949417054", "49417054"),
        ("508 12 42 93", "PM", "508508124293", "508124293"),
        ("55 12337-3157", "BR", "5555123373157", "55123373157"),
    ];
    for (text, region, national, international) in cases {
        let asked = Err(ambiguous(national, international));
        assert_eq!(typed(text, region), asked, "{text}");
        for text in [format!("+{national}"), format!("+{international}")] {
            assert_eq!(typed(&text, region).as_deref(), Ok(&text[1..]));
        }
    }
}

#[test]
fn q04_invisible_and_other_characters_around_a_right_number() {
    for text in [
        "\u{202a}+8613800138000\u{202c}",
        "\u{feff}+86\u{200b}138\u{2060}0013\u{ad}8000\u{200e}",
        "\u{2068}138 0013 8000\u{2069}",
        "TEL:+86-138-0013-8000",
        "Tel：138 0013 8000",
        "☎ 138 0013 8000",
        "☎️138—0013–8000",
        "📞【138】0013.8000",
        "١٣٨٠٠١٣٨٠٠٠",
        "१३८००१३८०००",
        "+８６\u{3000}１３８\u{a0}００１３ー８０００",
        "[86] {138} ⟨0013⟩ 8000",
        "\t138 0013 8000\r\n",
    ] {
        assert_eq!(
            typed(text, "CN").as_deref(),
            Ok("8613800138000"),
            "{text:?}"
        );
    }
    assert_eq!(
        TypedNumberError::Character('O').to_string(),
        "`O` does not belong in a phone number: use digits, and `+` before a calling code"
    );
    let line = TypedNumberError::Character('\n').to_string();
    assert!(line.starts_with("`U+000A` does not belong"), "{line}");
}

#[test]
fn q06_lengths() {
    let cases = [
        ("", "CN", TypedNumberError::Empty),
        ("+999 123456", "CN", TypedNumberError::UnknownCallingCode),
        ("110", "CN", TypedNumberError::TooShort),
        ("1", "CN", TypedNumberError::TooShort),
        ("253-0000", "US", TypedNumberError::TooShort),
        ("12345678901234", "CN", TypedNumberError::TooLong),
        ("1380013800000", "CN", TypedNumberError::TooLong),
        ("1390000000", "CN", TypedNumberError::TooShort),
        ("+86 139 0000 000", "CN", TypedNumberError::TooShort),
        ("090-1234-567", "JP", TypedNumberError::TooShort),
        ("090-1234-56789", "JP", TypedNumberError::TooLong),
        ("+81 90-1234-567", "US", TypedNumberError::TooShort),
        ("07700 90012", "GB", TypedNumberError::TooShort),
        (
            "123456789012345678901234567890",
            "US",
            TypedNumberError::TooLong,
        ),
    ];
    for (text, region, error) in cases {
        assert_eq!(typed(text, region), Err(error), "{text}");
    }
    check(&[
        ("0 15 11 98765-4321", "BR", "5511987654321"),
        // Test numbers are possible and never valid.
        ("+44 7700 900123", "US", "447700900123"),
        ("139 0000 0000", "CN", "8613900000000"),
        ("090-0000-0000", "JP", "819000000000"),
        ("+1 202 555 0123", "JP", "12025550123"),
    ]);
}

#[test]
fn a_number_is_shown_as_its_country_writes_it() {
    let shown = |digits: &str| digits.parse::<PhoneNumber>().unwrap().international();
    assert_eq!(shown("8613800138000"), "+86 138 0013 8000");
    assert_eq!(shown("819012345678"), "+81 90-1234-5678");
    assert_eq!(shown("9991234567"), "+9991234567");
}

#[test]
fn a_number_has_a_region_and_national_digits() {
    let parts = |digits: &str| {
        let number: PhoneNumber = digits.parse().unwrap();
        let parts = number.region_and_national_digits();
        parts.map(|(region, national)| (region.code(), national.to_owned()))
    };
    let cases = [
        ("8613944668173", "CN", "13944668173"),
        ("390612345678", "IT", "0612345678"),
        ("14165550123", "CA", "4165550123"),
        ("77011234567", "KZ", "7011234567"),
        ("447700900123", "GB", "7700900123"),
    ];
    for (digits, region, national) in cases {
        let expected = Some((region.to_owned(), national.to_owned()));
        assert_eq!(parts(digits), expected);
    }
    assert_eq!(parts("80012345678"), None, "of no region");
    assert_eq!(parts("9991234567"), None);
}

#[test]
fn p054_reading_and_showing_a_number_logs_nothing() {
    let log = NamedTempFile::new().unwrap();
    // Of this thread: other tests log, too.
    let _subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(log.reopen().map(Mutex::new).unwrap())
        .set_default();
    log::trace!(target: "rlibphonenumber", "records of this target are written");
    for text in [
        "090-1234-5678",
        "+44 7700 900123",
        "+999 123456",
        "819012345678",
    ] {
        let region = PhoneRegion::from_code("JP").unwrap();
        if let Ok(number) = PhoneNumber::from_typed(text, Some(region)) {
            assert!(number.international().starts_with('+'));
            assert!(number.region_and_national_digits().is_some());
        }
    }
    let log = std::fs::read_to_string(log.path()).unwrap();
    assert!(log.contains("records of this target are written"), "{log}");
    assert_eq!(log.matches("rlibphonenumber").count(), 1, "{log}");
}
