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
