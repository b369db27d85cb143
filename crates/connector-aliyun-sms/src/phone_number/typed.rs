//! Numbers as people type them, read with the data of Google's libphonenumber.

use super::{PhoneNumber, characters::Dialled, region::PhoneRegion};
use rlibphonenumber::{
    NumberLengthType, PHONE_NUMBER_UTIL, ParseError, PhoneNumberFormat, PhoneNumberType,
    ValidationError,
};

/// Why a typed text is not one phone number.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TypedNumberError {
    /// The text has no digit.
    #[error("enter a phone number")]
    Empty,
    /// This character does not belong in a number.
    #[error("`{}` does not belong in a phone number: use digits, and `+` before a calling code", name(*.0))]
    Character(char),
    /// No country has the calling code.
    #[error("no country has this calling code")]
    UnknownCallingCode,
    /// Digits are missing, or the area code is.
    #[error("the phone number is too short")]
    TooShort,
    /// There are too many digits.
    #[error("the phone number is too long")]
    TooLong,
    /// The region has longer and shorter numbers, but none of this length.
    #[error("the phone number has too many or too few digits")]
    WrongLength,
    /// The digits are a number of the region, and with another meaning a number that begins with its calling code.
    #[error("the phone number has two meanings: write it with `+` and the calling code")]
    Ambiguous {
        /// The digits follow the calling code.
        national: PhoneNumber,
        /// The digits begin with the calling code.
        international: PhoneNumber,
    },
}

/// How likely a number exists. Regions open new ranges before any list has them, and test numbers are never valid, so
/// validity only chooses between two readings.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Likelihood {
    /// As long as a mobile number of its region.
    Possible,
    Valid,
    ValidMobile,
}

impl TypedNumberError {
    /// The character that does not belong in a number: itself, or a code such as `U+000A` if it cannot be seen.
    #[must_use]
    pub fn character(&self) -> Option<String> {
        match self {
            Self::Character(character) => Some(name(*character)),
            _ => None,
        }
    }
}

type Reading = Result<(Likelihood, PhoneNumber), TypedNumberError>;

impl PhoneNumber {
    /// Reads what a person typed: with `+`, `00` or the region's international prefix before a calling code, or as it is
    /// dialled inside `region`, with or without the calling code. If `region` is `None`, the calling code is always there.
    /// Digits of all scripts, spaces, dashes, brackets, invisible characters and `tel:` are allowed.
    ///
    /// # Errors
    /// When the text is not one phone number.
    pub fn from_typed(text: &str, region: Option<PhoneRegion>) -> Result<Self, TypedNumberError> {
        let Dialled { has_plus, digits } = Dialled::read(text)?;
        without_log(|| {
            let Some(region) = region.filter(|_| !has_plus) else {
                let digits = digits.strip_prefix("00").unwrap_or(&digits);
                return international(digits).map(|(_, number)| number);
            };
            let with_calling_code = match digits.strip_prefix("00") {
                Some(rest) => Some(international(rest)),
                None => digits
                    .starts_with(&region.calling_code().to_string())
                    .then(|| international(&digits)),
            };
            choose(national(&digits, region), with_calling_code)
        })
    }

    /// The number for people, such as `+81 90-1234-5678`.
    #[must_use]
    pub fn international(&self) -> String {
        let Some(number) = self.parsed() else {
            return format!("+{}", self.0);
        };
        let format = PhoneNumberFormat::International;
        without_log(|| PHONE_NUMBER_UTIL.format(&number, format)).into_owned()
    }

    /// The number's region, and the digits that follow the calling code. If no region has the number, the region is the
    /// largest one with the calling code.
    #[must_use]
    pub fn region_and_national_digits(&self) -> Option<(PhoneRegion, &str)> {
        let number = self.parsed()?;
        let region = without_log(|| PHONE_NUMBER_UTIL.get_region_for_number(&number))
            .or_else(|| PHONE_NUMBER_UTIL.get_region_for_country_code(number.country_code))?;
        let region = PhoneRegion::from_code(&region.to_string())?;
        let national = self.0.strip_prefix(&number.country_code.to_string())?;
        Some((region, national))
    }

    fn parsed(&self) -> Option<rlibphonenumber::PhoneNumber> {
        let text = format!("+{}", self.0);
        without_log(|| PHONE_NUMBER_UTIL.parse(&text, None)).ok()
    }
}

/// The likelier of two readings. The error is that of the national reading, which is the one that the person sees.
fn choose(
    national: Reading,
    international: Option<Reading>,
) -> Result<PhoneNumber, TypedNumberError> {
    let (national, international) = match (national, international) {
        (Ok(national), Some(Ok(international))) => (national, international),
        (Ok((_, number)), _) | (Err(_), Some(Ok((_, number)))) => return Ok(number),
        (Err(error), _) => return Err(error),
    };
    if national.1 == international.1 || national.0 > international.0 {
        Ok(national.1)
    } else if national.0 < international.0 {
        Ok(international.1)
    } else {
        Err(TypedNumberError::Ambiguous {
            national: national.1,
            international: international.1,
        })
    }
}

/// Reads digits that begin with a calling code.
fn international(digits: &str) -> Reading {
    rate(&PHONE_NUMBER_UTIL.parse(format!("+{digits}"), None)?)
}

/// Reads digits as they are dialled inside a region.
fn national(digits: &str, region: PhoneRegion) -> Reading {
    let number = PHONE_NUMBER_UTIL.parse_and_keep_raw_input(digits, Some(region.0))?;
    let rated = rate(&number);
    // Digits that select a carrier are dropped. In a number that does not exist, they may be digits of the number.
    let carrier = number.preferred_domestic_carrier_code.as_deref();
    let is_valid = matches!(rated, Ok((Likelihood::Valid | Likelihood::ValidMobile, _)));
    if !is_valid && carrier.is_some_and(|digits| !digits.is_empty()) {
        return Err(TypedNumberError::TooLong);
    }
    rated
}

fn rate(number: &rlibphonenumber::PhoneNumber) -> Reading {
    let e164 = PHONE_NUMBER_UTIL.format(number, PhoneNumberFormat::E164);
    // Until 2019, 1 preceded a mobile number of Mexico in calls from abroad.
    let e164 = match e164.strip_prefix("+521") {
        Some(rest) if rest.len() == 10 => PHONE_NUMBER_UTIL.parse(format!("+52{rest}"), None)?,
        _ => number.clone(),
    };
    let likelihood = likelihood(&e164)?;
    let digits = PHONE_NUMBER_UTIL.format(&e164, PhoneNumberFormat::E164);
    let number = digits.parse().map_err(|_| TypedNumberError::WrongLength)?;
    Ok((likelihood, number))
}

fn likelihood(number: &rlibphonenumber::PhoneNumber) -> Result<Likelihood, TypedNumberError> {
    match PHONE_NUMBER_UTIL.is_possible_number_with_reason(number) {
        Ok(NumberLengthType::IsPossible) => {}
        Ok(NumberLengthType::IsPossibleLocalOnly) => return Err(TypedNumberError::TooShort),
        Err(error) => return Err(error.into()),
    }
    if PHONE_NUMBER_UTIL.is_valid_number(number) {
        return Ok(match PHONE_NUMBER_UTIL.get_number_type(number) {
            PhoneNumberType::Mobile | PhoneNumberType::FixedLineOrMobile => Likelihood::ValidMobile,
            _ => Likelihood::Valid,
        });
    }
    // Only phones that get messages count here: in many regions landlines may have other lengths.
    let kind = PhoneNumberType::Mobile;
    PHONE_NUMBER_UTIL.is_possible_number_for_type_with_reason(number, kind)?;
    Ok(Likelihood::Possible)
}

impl From<ParseError> for TypedNumberError {
    fn from(error: ParseError) -> Self {
        match error {
            ParseError::InvalidCountryCode => Self::UnknownCallingCode,
            // Digits alone are always viable unless there are too few.
            ParseError::NotANumber(_) | ParseError::TooShortAfterIdd | ParseError::TooShortNsn => {
                Self::TooShort
            }
            ParseError::TooLongNsn => Self::TooLong,
        }
    }
}

impl From<ValidationError> for TypedNumberError {
    fn from(error: ValidationError) -> Self {
        match error {
            ValidationError::InvalidCountryCode => Self::UnknownCallingCode,
            ValidationError::TooShort => Self::TooShort,
            ValidationError::TooLong => Self::TooLong,
            ValidationError::InvalidLength => Self::WrongLength,
        }
    }
}

/// The character itself, or its code if it cannot be seen.
fn name(character: char) -> String {
    if character.is_control() || character.is_whitespace() {
        format!("U+{:04X}", u32::from(character))
    } else {
        character.to_string()
    }
}

/// Calls the library without a subscriber: at the level trace it logs the numbers that it reads.
fn without_log<T>(call: impl FnOnce() -> T) -> T {
    tracing::dispatcher::with_default(&tracing::Dispatch::none(), call)
}

#[cfg(test)]
mod tests;
