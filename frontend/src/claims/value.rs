//! What a claim says, in a form that a person can read. A function for each kind; `None` says nothing.

use crate::safe_url;
use shared::{Address, Audience, Json, OrganizationData};

/// What a claim says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ClaimValue {
    /// Words, shown as they are.
    Text(String),
    /// Something to read letter by letter.
    Identifier(String),
    /// A phone number (E.164).
    Phone(String),
    /// Yes or no.
    YesNo(bool),
    /// A moment, in milliseconds since 1970 (a number of JavaScript's `Date`).
    Moment(f64),
    /// An address of the web, safe to follow.
    Link(String),
}

/// The last moment of JavaScript's `Date` on either side of 1970, in milliseconds.
const LAST_MOMENT: i64 = 8_640_000_000_000_000;

fn filled(claim: Option<&str>) -> Option<String> {
    let text = claim?;
    (!text.trim().is_empty()).then(|| text.to_owned())
}

pub(super) fn text(claim: Option<&str>) -> Option<ClaimValue> {
    filled(claim).map(ClaimValue::Text)
}

pub(super) fn identifier(claim: Option<&str>) -> Option<ClaimValue> {
    filled(claim).map(ClaimValue::Identifier)
}

/// Logto sends digits without the `+` that makes them a number of the world (E.164).
pub(super) fn phone(claim: Option<&str>) -> Option<ClaimValue> {
    let number = filled(claim)?;
    let digits = number.trim_start_matches('+');
    Some(ClaimValue::Phone(format!("+{digits}")))
}

/// Whether a claim is verified. Logto says so even of a number or an address that nobody gave; then it says nothing.
pub(super) fn verified(of: Option<&str>, claim: Option<bool>) -> Option<ClaimValue> {
    filled(of)?;
    claim.map(ClaimValue::YesNo)
}

/// A person may have typed anything into these claims: only an address of the web becomes a link.
pub(super) fn web_page(claim: Option<&str>) -> Option<ClaimValue> {
    let address = filled(claim)?;
    Some(if safe_url::is_web_address(&address) {
        ClaimValue::Link(address)
    } else {
        ClaimValue::Text(address)
    })
}

/// `OpenID` Connect counts seconds.
pub(super) fn seconds(claim: Option<i64>) -> Option<ClaimValue> {
    milliseconds(claim.map(|seconds| seconds.saturating_mul(1000)))
}

/// Logto's own moments, and its `updated_at`, count milliseconds.
pub(super) fn milliseconds(claim: Option<i64>) -> Option<ClaimValue> {
    let moment = claim?;
    Some(if (-LAST_MOMENT..=LAST_MOMENT).contains(&moment) {
        #[expect(
            clippy::cast_precision_loss,
            reason = "below 2^53 every integer is exact"
        )]
        ClaimValue::Moment(moment as f64)
    } else {
        ClaimValue::Identifier(moment.to_string())
    })
}

pub(super) fn list(claim: Option<&[String]>) -> Option<ClaimValue> {
    text(Some(&claim?.join(", ")))
}

pub(super) fn audience(claim: Option<&Audience>) -> Option<ClaimValue> {
    match claim? {
        Audience::One(application) => identifier(Some(application)),
        Audience::Several(applications) => identifier(Some(&applications.join(", "))),
    }
}

pub(super) fn organizations(claim: Option<&[OrganizationData]>) -> Option<ClaimValue> {
    let names: Vec<_> = claim?.iter().map(|each| each.name.clone()).collect();
    list(Some(&names))
}

/// The address as the provider formatted it, else its parts, from the smallest to the largest.
pub(super) fn address(claim: Option<&Address>) -> Option<ClaimValue> {
    let address = claim?;
    let parts = [
        &address.street_address,
        &address.locality,
        &address.region,
        &address.postal_code,
        &address.country,
    ];
    let parts: Vec<_> = parts
        .into_iter()
        .filter_map(|part| filled(part.as_deref()))
        .collect();
    text(address.formatted.as_deref()).or_else(|| list(Some(&parts)))
}

/// Free data, as JSON; an empty list or object says nothing.
pub(super) fn json(claim: Option<&Json>) -> Option<ClaimValue> {
    let text = claim?.as_str();
    (text != "{}" && text != "[]").then(|| ClaimValue::Identifier(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_empty_says_nothing() {
        assert_eq!(text(Some(" ")), None);
        assert_eq!(phone(Some("")), None);
        assert_eq!(list(Some(&[])), None);
        assert_eq!(json(Some(&Json::from_text("{}".to_owned()))), None);
        assert_eq!(json(Some(&Json::from_text("[]".to_owned()))), None);
        assert_eq!(address(Some(&Address::default())), None);
    }

    #[test]
    fn only_what_is_there_is_verified_or_not() {
        for claim in [true, false] {
            let expected = Some(ClaimValue::YesNo(claim));
            assert_eq!(verified(Some("ada@example.com"), Some(claim)), expected);
            assert_eq!(verified(None, Some(claim)), None);
            assert_eq!(verified(Some(""), Some(claim)), None);
        }
        assert_eq!(verified(Some("ada@example.com"), None), None);
    }

    #[test]
    fn only_an_address_of_the_web_becomes_a_link() {
        let safe = "https://example.com/ada";
        assert_eq!(
            web_page(Some(safe)),
            Some(ClaimValue::Link(safe.to_owned()))
        );
        let unsafe_ = "javascript:alert(1)";
        assert_eq!(
            web_page(Some(unsafe_)),
            Some(ClaimValue::Text(unsafe_.to_owned()))
        );
    }

    #[test]
    fn seconds_and_milliseconds_are_the_same_moment() {
        assert_eq!(
            seconds(Some(1_795_374_701)),
            milliseconds(Some(1_795_374_701_000))
        );
    }

    #[test]
    fn a_moment_beyond_all_calendars_stays_a_number() {
        for moment in [i64::MAX, i64::MIN, LAST_MOMENT + 1] {
            let expected = ClaimValue::Identifier(moment.to_string());
            assert_eq!(milliseconds(Some(moment)), Some(expected));
        }
        assert!(matches!(
            seconds(Some(i64::MAX)),
            Some(ClaimValue::Identifier(_))
        ));
    }

    #[test]
    fn a_phone_number_has_one_plus() {
        let expected = Some(ClaimValue::Phone("+8613944668173".to_owned()));
        assert_eq!(phone(Some("8613944668173")), expected);
        assert_eq!(phone(Some("+8613944668173")), expected);
    }

    #[test]
    fn an_address_is_as_formatted_or_made_of_its_parts() {
        let mut home = Address {
            locality: Some("London".to_owned()),
            country: Some("UK".to_owned()),
            ..Address::default()
        };
        assert_eq!(address(Some(&home)), text(Some("London, UK")));
        home.formatted = Some("1 Main St".to_owned());
        assert_eq!(address(Some(&home)), text(Some("1 Main St")));
    }

    #[test]
    fn an_audience_is_one_application_or_several() {
        assert_eq!(
            audience(Some(&Audience::One("a".to_owned()))),
            identifier(Some("a"))
        );
        assert_eq!(
            audience(Some(&Audience::Several(vec![
                "a".to_owned(),
                "b".to_owned()
            ]))),
            identifier(Some("a, b"))
        );
    }
}
