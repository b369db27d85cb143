//! Country calling codes (ITU-T E.164), by region (ISO 3166-1).

/// A region and the digits that begin its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) name: &'static str,
    pub(crate) calling_code: &'static str,
}

/// Two letters of the region, then its calling code. Where regions share a code, the first one stands for it.
const REGIONS: &str = "\
    US1 CN86 JP81 AD376 AE971 AF93 AG1268 AI1264 AL355 AM374 AO244 AR54 AS1684 AT43 AU61 AW297 AZ994 BA387 BB1246 \
    BD880 BE32 BF226 BG359 BH973 BI257 BJ229 BM1441 BN673 BO591 BR55 BS1242 BT975 BW267 BY375 BZ501 CA1 CD243 CF236 \
    CG242 CH41 CI225 CK682 CL56 CM237 CO57 CR506 CU53 CV238 CW599 CY357 CZ420 DE49 DJ253 DK45 DM1767 DO1809 DZ213 \
    EC593 EE372 EG20 ER291 ES34 ET251 FI358 FJ679 FK500 FM691 FO298 FR33 GA241 GB44 GD1473 GE995 GF594 GG44 GH233 \
    GI350 GL299 GM220 GN224 GP590 GQ240 GR30 GT502 GU1671 GW245 GY592 HK852 HN504 HR385 HT509 HU36 ID62 IE353 IL972 \
    IM44 IN91 IQ964 IR98 IS354 IT39 JE44 JM1876 JO962 KE254 KG996 KH855 KI686 KM269 KN1869 KP850 KR82 KW965 KY1345 \
    KZ7 LA856 LB961 LC1758 LI423 LK94 LR231 LS266 LT370 LU352 LV371 LY218 MA212 MC377 MD373 ME382 MG261 MH692 MK389 \
    ML223 MM95 MN976 MO853 MQ596 MR222 MS1664 MT356 MU230 MV960 MW265 MX52 MY60 MZ258 NA264 NC687 NE227 NG234 NI505 \
    NL31 NO47 NP977 NR674 NU683 NZ64 OM968 PA507 PE51 PF689 PG675 PH63 PK92 PL48 PM508 PR1787 PS970 PT351 PW680 \
    PY595 QA974 RE262 RO40 RS381 RU7 RW250 SA966 SB677 SC248 SD249 SE46 SG65 SH290 SI386 SK421 SL232 SM378 SN221 \
    SO252 SR597 SS211 ST239 SV503 SX1721 SY963 SZ268 TC1649 TD235 TG228 TH66 TJ992 TL670 TM993 TN216 TO676 TR90 \
    TT1868 TV688 TW886 TZ255 UA380 UG256 UY598 UZ998 VC1784 VE58 VG1284 VI1340 VN84 VU678 WF681 WS685 YE967 ZA27 \
    ZM260 ZW263";

/// Numbers of these regions may begin with a zero that belongs to them.
const KEEP_ZERO: [&str; 5] = ["39", "225", "241", "242", "378"];

/// How long a number without its calling code is at most, where people often type the calling code without `+`.
const LONGEST_NATIONAL: [(&str, usize); 5] =
    [("81", 10), ("82", 10), ("86", 11), ("852", 8), ("886", 9)];

/// All regions, the nearest ones first.
pub(crate) fn regions() -> impl Iterator<Item = Region> {
    REGIONS.split_ascii_whitespace().map(|entry| {
        let (name, calling_code) = entry.split_at(2);
        Region { name, calling_code }
    })
}

/// The region of a BCP 47 tag: its region subtag, else the one where most people speak the language.
pub(crate) fn region_of_tag(tag: &str) -> Option<Region> {
    let mut subtags = tag.split('-');
    let language = subtags.next()?;
    let named = subtags
        .find(|subtag| subtag.len() == 2)
        .map(str::to_ascii_uppercase);
    let usual = match language.to_ascii_lowercase().as_str() {
        "ja" => "JP",
        "zh" => "CN",
        "en" => "US",
        _ => "",
    };
    regions()
        .find(|region| Some(region.name) == named.as_deref())
        .or_else(|| regions().find(|region| region.name == usual))
}

/// The region whose calling code begins these digits, and the rest. The longest code wins.
pub(crate) fn split(digits: &str) -> Option<(Region, &str)> {
    let longest = regions()
        .filter(|region| digits.starts_with(region.calling_code))
        .map(|region| region.calling_code)
        .max_by_key(|code| code.len())?;
    let region = regions().find(|region| region.calling_code == longest)?;
    Some((region, &digits[longest.len()..]))
}

/// A national number as it follows the calling code: without the zero that is dialled only at home.
pub(crate) fn national<'a>(calling_code: &str, digits: &'a str) -> &'a str {
    if KEEP_ZERO.contains(&calling_code) {
        return digits;
    }
    let longest = LONGEST_NATIONAL
        .iter()
        .find(|(code, _)| *code == calling_code)
        .map_or(usize::MAX, |(_, longest)| *longest);
    let digits = digits
        .strip_prefix(calling_code)
        .filter(|_| digits.len() > longest && !digits.starts_with('0'))
        .unwrap_or(digits);
    digits.strip_prefix('0').unwrap_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_region_is_two_letters_and_one_to_four_digits_and_stands_once() {
        let mut names: Vec<&str> = Vec::new();
        for Region { name, calling_code } in regions() {
            assert!(name.bytes().all(|byte| byte.is_ascii_uppercase()), "{name}");
            assert!((1..=4).contains(&calling_code.len()), "{name}");
            assert!(
                calling_code.bytes().all(|byte| byte.is_ascii_digit()),
                "{name}"
            );
            assert!(!names.contains(&name), "{name}");
            names.push(name);
        }
        assert!(names.len() > 190);
    }

    #[test]
    fn a_tag_names_its_region() {
        let cases = [
            ("ja", Some("81")),
            ("zh-CN", Some("86")),
            ("zh-Hant-TW", Some("886")),
            ("en", Some("1")),
            ("en-GB", Some("44")),
            ("de", None),
            ("de-AT", Some("43")),
            ("", None),
        ];
        for (tag, code) in cases {
            assert_eq!(
                region_of_tag(tag).map(|region| region.calling_code),
                code,
                "{tag}"
            );
        }
    }
}
