//! `PhoneNumbers`: up to 1,000 numbers with commas between them, and how people read one.

use super::business_error::BusinessError;
use crate::PhoneNumber;

/// How many numbers one request may have.
const LIMIT: usize = 1_000;

/// The digits of each number, without `+` and `00`. Numbers of mainland China may come without 86, as at Aliyun;
/// then they stay without it.
pub(super) fn parse(list: &str) -> Result<Vec<&str>, BusinessError> {
    let numbers: Vec<_> = list.split(',').map(digits).collect();
    if numbers.len() > LIMIT {
        return Err(BusinessError::TooManyNumbers);
    }
    numbers.into_iter().collect()
}

fn digits(text: &str) -> Result<&str, BusinessError> {
    let digits = text
        .strip_prefix('+')
        .or_else(|| text.strip_prefix("00"))
        .unwrap_or(text);
    let is_number = (7..=15).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0');
    let is_mobile = match digits.strip_prefix("86") {
        Some(national) => national.len() == 11 && national.starts_with('1'),
        None => true,
    };
    if is_number && is_mobile {
        Ok(digits)
    } else {
        Err(BusinessError::BadNumber)
    }
}

/// The number for people. The digits count as complete, as the client sends them: a number of mainland China without
/// its 86 looks like a North American one.
pub(super) fn shown(digits: &str) -> String {
    let number = digits.parse::<PhoneNumber>();
    if number.is_ok_and(|number| number.is_mainland_china()) {
        let (prefix, middle, last) = (&digits[2..5], &digits[5..9], &digits[9..]);
        format!("+86 {prefix} {middle} {last}")
    } else {
        format!("+{digits}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_shown_with_plus_and_country_code() {
        for (digits, expected) in [
            ("8613800138000", "+86 138 0013 8000"),
            ("12025550123", "+12025550123"),
            ("14155550123", "+14155550123"),
            ("19175550123", "+19175550123"),
            ("85268326366", "+85268326366"),
            ("819012345678", "+819012345678"),
        ] {
            assert_eq!(shown(digits), expected);
        }
    }

    #[test]
    fn numbers_of_every_country_are_taken_in_every_form_that_aliyun_takes() {
        let cases = [
            ("13800138000", "13800138000"),
            ("8613800138000", "8613800138000"),
            ("+8613800138000", "8613800138000"),
            ("008613800138000", "8613800138000"),
            ("85268326366", "85268326366"),
            ("12015550123", "12015550123"),
            ("+819012345678", "819012345678"),
        ];
        for (number, expected) in cases {
            assert_eq!(parse(number), Ok(vec![expected]));
        }
        assert_eq!(
            parse("13800138000,+8613900000000"),
            Ok(vec!["13800138000", "8613900000000"])
        );
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for wrong in [
            "",
            "abc",
            "123456",
            "1234567890123456",
            "01380013800",
            "86138001380",
            "862112345678",
            "+86 13800138000",
            "13800138000,",
            "13800138000;13900139000",
        ] {
            assert_eq!(parse(wrong), Err(BusinessError::BadNumber), "{wrong}");
        }
        let many = |count| vec!["13800138000"; count].join(",");
        assert_eq!(parse(&many(1_000)).unwrap().len(), 1_000);
        assert_eq!(parse(&many(1_001)), Err(BusinessError::TooManyNumbers));
    }
}
