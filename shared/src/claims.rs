//! The claims about a person, as Logto sends them in an ID token and from userinfo.

use crate::Json;
use serde::{Deserialize, Deserializer, Serialize};

/// What the OpenID Provider says about the person (OpenID Connect Core 1.0, section 5.1, and Logto's own claims).
///
/// Names are the wire's. Logto sends `null` for what is not set; here that is `None`, and `None` is not sent on.
/// [`Claims::updated_at`] and [`Claims::created_at`] are milliseconds, unlike in OpenID Connect, and
/// [`Claims::phone_number`] is digits with the country code and without a `+`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Claims {
    /// The issuer: which OpenID Provider speaks. Absent in userinfo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub iss: Option<String>,
    /// The subject: the person's identifier, never reused, unique with `iss`.
    pub sub: String,
    /// The application that the ID token is for. Absent in userinfo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub aud: Option<Audience>,
    /// When the ID token ends, in seconds since 1970. Not the end of the session.
    #[serde(
        default,
        deserialize_with = "whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub exp: Option<i64>,
    /// When the ID token was issued, in seconds since 1970.
    #[serde(
        default,
        deserialize_with = "whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub iat: Option<i64>,
    /// When the person last gave proof of identity, in seconds since 1970. Only when `max_age` or `prompt=login` asked for it.
    #[serde(
        default,
        deserialize_with = "whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub auth_time: Option<i64>,
    /// Full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Middle name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub middle_name: Option<String>,
    /// Nickname.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub nickname: Option<String>,
    /// The name that the person wants to be called by; not unique.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub preferred_username: Option<String>,
    /// Address of a profile page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// Address of a picture. Any string may come: show it only when it is `https`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<String>,
    /// Address of the person's website.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub website: Option<String>,
    /// Gender, free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gender: Option<String>,
    /// Birthday, `YYYY-MM-DD` or `YYYY`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub birthdate: Option<String>,
    /// Time zone, e.g. `Asia/Tokyo`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoneinfo: Option<String>,
    /// Language tag (BCP 47), e.g. `ja-JP`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// When the profile last changed, in **milliseconds** since 1970.
    #[serde(
        default,
        deserialize_with = "whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub updated_at: Option<i64>,
    /// Logto: the user name, unique in the tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// Logto: when the user was created, in **milliseconds** since 1970.
    #[serde(
        default,
        deserialize_with = "whole",
        skip_serializing_if = "Option::is_none"
    )]
    pub created_at: Option<i64>,
    /// Phone number: digits with the country code, without `+`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Whether the phone number was verified by a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number_verified: Option<bool>,
    /// E-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Whether the e-mail address was verified.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_verified: Option<bool>,
    /// Postal address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Logto: names of the person's roles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub roles: Option<Vec<String>>,
    /// Logto: ids of the person's organizations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organizations: Option<Vec<String>>,
    /// Logto: roles in organizations, each `organization-id:role-name`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_roles: Option<Vec<String>>,
    /// Logto: the organizations with their names. From userinfo only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_data: Option<Vec<OrganizationData>>,
    /// Logto: what the application stored for the person. From userinfo unless the tenant says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_data: Option<Json>,
    /// Logto: linked social identities, by connector target. From userinfo unless the tenant says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identities: Option<Json>,
    /// Logto: linked enterprise identities. From userinfo unless the tenant says otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sso_identities: Option<Json>,
}

/// Whom an ID token is for (OpenID Connect Core 1.0, section 2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Audience {
    /// One application, which is usual.
    One(String),
    /// Several.
    Several(Vec<String>),
}

/// A postal address (OpenID Connect Core 1.0, section 5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// The whole address, ready to print.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub formatted: Option<String>,
    /// Street, house number, floor.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street_address: Option<String>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locality: Option<String>,
    /// State, province, prefecture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
}

/// One of the person's organizations, as Logto's userinfo tells it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationData {
    /// The id that [`Claims::organizations`] lists.
    pub id: String,
    /// Name.
    pub name: String,
    /// Description.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

/// A number without its fraction: RFC 7519, section 2, allows a `NumericDate` to have one.
#[expect(
    clippy::cast_possible_truncation,
    reason = "a float becomes the nearest possible integer, and a date far from now is refused anyway"
)]
fn whole<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<i64>, D::Error> {
    let number = Option::<serde_json::Number>::deserialize(deserializer)?;
    Ok(number.and_then(|number| {
        number
            .as_i64()
            .or_else(|| number.as_f64().map(|float| float as i64))
    }))
}

impl Claims {
    /// What to call the person: the name, else the user name, else the phone number masked, else `sub`.
    #[must_use]
    pub fn display_name(&self) -> String {
        let filled = |claim: &Option<String>| claim.clone().filter(|text| !text.trim().is_empty());
        filled(&self.name)
            .or_else(|| filled(&self.username))
            .or_else(|| filled(&self.phone_number).map(|number| mask_phone(&number)))
            .unwrap_or_else(|| self.sub.clone())
    }
}

/// A phone number that its owner knows again and a passer-by cannot dial: `+81••••••5678`.
#[must_use]
pub fn mask_phone(number: &str) -> String {
    let digits: Vec<char> = number.trim_start_matches('+').chars().collect();
    let shown_at_the_end = digits.len().saturating_sub(4).max(2);
    let masked = |(place, digit): (usize, &char)| {
        let is_shown = place < 2 || place >= shown_at_the_end;
        if is_shown && digits.len() > 8 {
            *digit
        } else {
            '•'
        }
    };
    let masked: String = digits.iter().enumerate().map(masked).collect();
    format!("+{masked}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;
    use serde_json::json;

    /// The ID token of a new user who has a phone number only, as Logto 1.42 sent it.
    fn new_phone_user() -> Value {
        json!({
            "sub": "rm551g7117ni", "name": null, "picture": null, "updated_at": 1_795_374_701_759_i64,
            "username": null, "created_at": 1_795_374_701_724_i64, "phone_number": "8613944668173",
            "phone_number_verified": true, "email": null, "email_verified": false, "roles": [],
            "organizations": [], "nonce": "CFYumk_b5ecvA7RU", "sid": "ZZXGz9v1WoSYm7iqygqVoZBpYulUOKSXan77lkbGw8j",
            "aud": "1w9fx6ddektc5ego4vr40", "exp": 1_795_378_301, "iat": 1_795_374_701,
            "iss": "http://localhost:3001/oidc"
        })
    }

    /// Userinfo of a user with everything set, as Logto 1.42 sent it.
    fn full_user() -> Value {
        json!({
            "sub": "ktd83eqha1zz", "name": "Ada Lovelace", "family_name": "Lovelace", "given_name": "Ada",
            "nickname": "ada", "preferred_username": "ada", "picture": "https://example.com/a.png",
            "website": "https://example.com", "gender": "female", "birthdate": "1815-12-10",
            "zoneinfo": "Europe/London", "locale": "en-GB", "updated_at": 1_795_374_702_046_i64,
            "username": "ada", "created_at": 1_795_374_304_869_i64, "phone_number": "8613900139001",
            "phone_number_verified": true, "email": "ada@example.com", "email_verified": true,
            "custom_data": {"n": 1, "tier": "gold"}, "identities": {}, "sso_identities": [],
            "roles": ["librarian"], "organizations": ["uxa0heymfqsc"],
            "organization_data": [{"id": "uxa0heymfqsc", "name": "Shop 1", "description": "first"}],
            "address": {"country": "UK", "formatted": "1 Main St"},
            "organization_roles": ["uxa0heymfqsc:manager"]
        })
    }

    #[test]
    fn everything_logto_sends_survives_a_round_trip() {
        let claims: Claims = serde_json::from_value(full_user()).unwrap();
        assert_eq!(serde_json::to_value(&claims).unwrap(), full_user());
    }

    #[test]
    fn null_members_are_none_and_are_not_sent_on() {
        let claims: Claims = serde_json::from_value(new_phone_user()).unwrap();
        let sent = serde_json::to_value(&claims).unwrap();

        let mut expected = new_phone_user();
        let members = expected.as_object_mut().unwrap();
        members.retain(|_, value| !value.is_null());
        members.remove("nonce"); // protocol, not about the person
        members.remove("sid");
        assert_eq!(sent, expected);
    }

    #[test]
    fn a_date_with_a_fraction_loses_it() {
        let claims: Claims =
            serde_json::from_value(json!({"sub": "a", "exp": 1_795_378_301.5, "iat": 1e300}))
                .unwrap();
        assert_eq!(
            (claims.exp, claims.iat),
            (Some(1_795_378_301), Some(i64::MAX))
        );
        assert!(
            serde_json::from_value::<Claims>(json!({"sub": "a", "exp": "1795378301"})).is_err()
        );
    }

    #[test]
    fn claims_without_a_subject_are_refused() {
        let error = serde_json::from_value::<Claims>(json!({"name": "Ada"})).unwrap_err();
        assert_eq!(error.to_string(), "missing field `sub`");
    }

    #[test]
    fn a_person_is_called_by_name_then_user_name_then_phone_then_subject() {
        let mut claims: Claims = serde_json::from_value(full_user()).unwrap();
        assert_eq!(claims.display_name(), "Ada Lovelace");
        claims.name = Some("  ".to_owned());
        assert_eq!(claims.display_name(), "ada");
        claims.username = None;
        assert_eq!(claims.display_name(), "+86•••••••9001");
        claims.phone_number = None;
        assert_eq!(claims.display_name(), "ktd83eqha1zz");
    }

    #[test]
    fn a_masked_number_keeps_its_length_and_little_else() {
        for (number, masked) in [
            ("819012345678", "+81••••••5678"),
            ("+819012345678", "+81••••••5678"),
            ("123456789", "+12•••6789"),
            ("12345678", "+••••••••"),
            ("", "+"),
        ] {
            assert_eq!(mask_phone(number), masked, "{number}");
        }
    }
}
