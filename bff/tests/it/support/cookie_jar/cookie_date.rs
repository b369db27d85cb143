//! The date of an `Expires` attribute, read as forgivingly as browsers do (RFC 6265bis, section 5.1.1).

use time::{Date, Month, OffsetDateTime, PrimitiveDateTime, Time};

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The first token that looks like a time, a day, a month or a year is one; the others do not count.
pub(super) fn parse(text: &str) -> Option<OffsetDateTime> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(is_delimiter).filter(|token| !token.is_empty()) {
        if time.is_none()
            && let Some(found) = time_of(token)
        {
            time = Some(found);
        } else if day.is_none()
            && let Some(found) = number(token, 1, 2)
        {
            day = Some(found);
        } else if month.is_none()
            && let Some(found) = month_of(token)
        {
            month = Some(found);
        } else if year.is_none()
            && let Some(found) = number(token, 2, 4)
        {
            year = Some(found);
        }
    }
    let (hour, minute, second) = time?;
    let year = match year? {
        year @ 70..=99 => 1_900 + year,
        year @ 0..=69 => 2_000 + year,
        year => year,
    };
    if year < 1_601 {
        return None;
    }
    let small = |number: u16| u8::try_from(number).ok();
    let date = Date::from_calendar_date(i32::from(year), month?, small(day?)?).ok()?;
    let time = Time::from_hms(small(hour)?, small(minute)?, small(second)?).ok()?;
    Some(PrimitiveDateTime::new(date, time).assume_utc())
}

fn is_delimiter(character: char) -> bool {
    matches!(character, '\t' | ' '..='/' | ';'..='@' | '['..='`' | '{'..='~')
}

/// One or two digits three times, between colons.
fn time_of(token: &str) -> Option<(u16, u16, u16)> {
    let mut fields = token.splitn(3, ':');
    let (hour, minute, second) = (fields.next()?, fields.next()?, fields.next()?);
    let whole = |field: &str| number(field, 1, 2).filter(|_| field.len() <= 2);
    let is_all_digits = |field: &str| field.bytes().all(|byte| byte.is_ascii_digit());
    if !is_all_digits(hour) || !is_all_digits(minute) {
        return None;
    }
    Some((whole(hour)?, whole(minute)?, number(second, 1, 2)?))
}

/// So many digits, and then no further one.
fn number(token: &str, fewest: usize, most: usize) -> Option<u16> {
    let digits = token.bytes().take_while(u8::is_ascii_digit).count();
    (fewest..=most)
        .contains(&digits)
        .then(|| token[..digits].parse().ok())
        .flatten()
}

fn month_of(token: &str) -> Option<Month> {
    let name = token.get(..3)?.to_ascii_lowercase();
    let index = MONTHS.iter().position(|month| *month == name)?;
    Month::try_from(u8::try_from(index).ok()? + 1).ok()
}

#[test]
fn dates_are_read_as_browsers_read_them() {
    use time::macros::datetime;
    let expected = Some(datetime!(1994-11-06 08:49:37 UTC));
    for (text, date) in [
        ("Sun, 06 Nov 1994 08:49:37 GMT", expected),
        ("Sunday, 06-Nov-94 08:49:37 GMT", expected),
        ("Sun Nov  6 08:49:37 1994", expected),
        ("6 november 1994 8:49:37", expected),
        ("1994 6 8:49:37 nov", expected),
        ("06 Nov 1994 08:49:37x +9", expected),
        (
            "06 Nov 69 08:49:37",
            Some(datetime!(2069-11-06 08:49:37 UTC)),
        ),
        (
            "06 Nov 70 08:49:37",
            Some(datetime!(1970-11-06 08:49:37 UTC)),
        ),
        ("06 Nov 1600 08:49:37", None),
        (
            "06 Nov 1601 08:49:37",
            Some(datetime!(1601-11-06 08:49:37 UTC)),
        ),
        ("06 Nov 12345 08:49:37", None),
        ("31 Feb 1994 08:49:37", None),
        ("00 Nov 1994 08:49:37", None),
        ("06 Nov 1994 24:00:00", None),
        ("06 Nov 1994 08:60:00", None),
        ("06 Nov 1994 08:49:60", None),
        ("06 Nov 1994 08:49", None),
        ("06 Nov 1994", None),
        ("06 Xov 1994 08:49:37", None),
        ("", None),
    ] {
        assert_eq!(parse(text), date, "{text}");
    }
}
