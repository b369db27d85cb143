//! Dates: ISO 8601 in requests, RFC 9110 in the header `Date` of a response. Both are in UTC and whole seconds.

use time::{
    OffsetDateTime, UtcOffset, format_description::BorrowedFormatItem, macros::format_description,
};

const ISO: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second]Z");

#[cfg(feature = "sandbox")]
const ISO_WITH_FRACTION: &[BorrowedFormatItem<'_>] =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond]Z");

/// `2026-10-20T08:00:00Z`.
pub(crate) fn iso(time: OffsetDateTime) -> String {
    time.to_offset(UtcOffset::UTC)
        .format(ISO)
        .expect("every part of the format is part of a time")
}

/// `Tue, 20 Oct 2026 08:00:00 GMT`.
#[cfg(feature = "sandbox")]
pub(crate) fn http(time: OffsetDateTime) -> String {
    httpdate::fmt_http_date(time.into())
}

/// Parses `2026-10-20T08:00:00Z`, also with a fraction of a second, and no other form.
#[cfg(feature = "sandbox")]
pub(crate) fn parse(text: &str) -> Option<OffsetDateTime> {
    let time = time::PrimitiveDateTime::parse(text, ISO)
        .or_else(|_| time::PrimitiveDateTime::parse(text, ISO_WITH_FRACTION))
        .ok()?;
    Some(time.assume_utc())
}

/// Parses `Tue, 20 Oct 2026 08:00:00 GMT` and the two obsolete forms, which every recipient must accept (RFC 9110,
/// section 5.6.7).
pub(crate) fn parse_http(text: &str) -> Option<OffsetDateTime> {
    Some(httpdate::parse_http_date(text).ok()?.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    #[test]
    fn dates_are_in_utc_and_whole_seconds() {
        assert_eq!(
            iso(datetime!(2026-10-20 17:00:01.9 +9)),
            "2026-10-20T08:00:01Z"
        );
        assert_eq!(
            parse_http("Tue, 20 Oct 2026 08:00:01 GMT"),
            Some(datetime!(2026-10-20 08:00:01 UTC))
        );
        assert_eq!(
            parse_http("Tuesday, 20-Oct-26 08:00:01 GMT"),
            Some(datetime!(2026-10-20 08:00:01 UTC))
        );
        assert_eq!(parse_http("2026-10-20T08:00:01Z"), None);
    }

    #[cfg(feature = "sandbox")]
    #[test]
    fn q48_a_date_may_have_a_fraction_of_a_second() {
        let date = datetime!(2026-10-20 08:00:01 UTC);
        for (text, expected) in [
            ("2026-10-20T08:00:01Z", Some(date)),
            ("2026-10-20T08:00:01.000Z", Some(date)),
            (
                "2026-10-20T08:00:01.5Z",
                Some(date + time::Duration::milliseconds(500)),
            ),
            (
                "2026-10-20T08:00:01.123456789Z",
                Some(date + time::Duration::nanoseconds(123_456_789)),
            ),
            ("2026-10-20T08:00:01.Z", None),
            ("2026-10-20T08:00:01,5Z", None),
            ("2026-10-20T08:00:01", None),
            ("2026-10-20T08:00:01+00:00", None),
            ("2026-10-20 08:00:01Z", None),
        ] {
            assert_eq!(parse(text), expected, "{text}");
        }
    }
}
