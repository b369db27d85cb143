//! The claims as rows of a table that a person can read.

mod name;
mod value;

pub(crate) use name::ClaimName;
pub(crate) use value::ClaimValue;

use ClaimName as N;
use shared::Claims;
use value::{address, audience, identifier, json, list, milliseconds, organizations};
use value::{phone, seconds, text, verified, web_page};

/// One claim to show.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct ClaimRow {
    /// Which claim.
    pub(crate) name: ClaimName,
    /// What it says.
    pub(crate) value: ClaimValue,
}

type Reader = fn(&Claims) -> Option<ClaimValue>;

/// How each claim is read, the most personal first.
const READERS: &[(ClaimName, Reader)] = &[
    (N::Name, |c| text(c.name.as_deref())),
    (N::Username, |c| text(c.username.as_deref())),
    (N::PhoneNumber, |c| phone(c.phone_number.as_deref())),
    (N::PhoneNumberVerified, |c| {
        verified(c.phone_number.as_deref(), c.phone_number_verified)
    }),
    (N::Email, |c| text(c.email.as_deref())),
    (N::EmailVerified, |c| {
        verified(c.email.as_deref(), c.email_verified)
    }),
    (N::GivenName, |c| text(c.given_name.as_deref())),
    (N::MiddleName, |c| text(c.middle_name.as_deref())),
    (N::FamilyName, |c| text(c.family_name.as_deref())),
    (N::Nickname, |c| text(c.nickname.as_deref())),
    (N::PreferredUsername, |c| {
        text(c.preferred_username.as_deref())
    }),
    (N::Profile, |c| web_page(c.profile.as_deref())),
    (N::Picture, |c| web_page(c.picture.as_deref())),
    (N::Website, |c| web_page(c.website.as_deref())),
    (N::Gender, |c| text(c.gender.as_deref())),
    (N::Birthdate, |c| text(c.birthdate.as_deref())),
    (N::Address, |c| address(c.address.as_ref())),
    (N::Zoneinfo, |c| text(c.zoneinfo.as_deref())),
    (N::Locale, |c| text(c.locale.as_deref())),
    (N::Roles, |c| list(c.roles.as_deref())),
    (N::Organizations, |c| list(c.organizations.as_deref())),
    (N::OrganizationRoles, |c| {
        list(c.organization_roles.as_deref())
    }),
    (N::OrganizationData, |c| {
        organizations(c.organization_data.as_deref())
    }),
    (N::CustomData, |c| json(c.custom_data.as_ref())),
    (N::Identities, |c| json(c.identities.as_ref())),
    (N::SsoIdentities, |c| json(c.sso_identities.as_ref())),
    (N::CreatedAt, |c| milliseconds(c.created_at)),
    (N::UpdatedAt, |c| milliseconds(c.updated_at)),
    (N::AuthTime, |c| seconds(c.auth_time)),
    (N::Sub, |c| identifier(Some(&c.sub))),
    (N::Iss, |c| identifier(c.iss.as_deref())),
    (N::Aud, |c| audience(c.aud.as_ref())),
    (N::Iat, |c| seconds(c.iat)),
    (N::Exp, |c| seconds(c.exp)),
];

/// The claims that say something: of the protocol as the sign-in said, of the person as the provider says now, when it
/// has been asked. What is absent or empty is left out.
pub(crate) fn rows<'a>(
    claims: &'a Claims,
    user_info: Option<&'a Claims>,
) -> impl Iterator<Item = ClaimRow> + 'a {
    READERS.iter().filter_map(move |&(name, read)| {
        let of = match user_info {
            Some(user_info) if !name.is_of_the_id_token() => user_info,
            _ => claims,
        };
        let value = read(of)?;
        Some(ClaimRow { name, value })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn rows_of(claims: Value) -> Vec<(&'static str, ClaimValue)> {
        let claims: Claims = serde_json::from_value(claims).unwrap();
        rows(&claims, None)
            .map(|row| (row.name.as_str(), row.value))
            .collect()
    }

    #[test]
    fn a_new_user_with_a_phone_number_only() {
        let rows = rows_of(json!({
            "sub": "rm551g7117ni", "name": null, "updated_at": 1_795_374_701_759_i64,
            "phone_number": "8613944668173", "phone_number_verified": true,
            "email": null, "email_verified": false, "roles": [], "iat": 1_795_374_701
        }));
        assert_eq!(
            rows,
            [
                (
                    "phone_number",
                    ClaimValue::Phone("+8613944668173".to_owned())
                ),
                ("phone_number_verified", ClaimValue::YesNo(true)),
                ("updated_at", ClaimValue::Moment(1_795_374_701_759.0)),
                ("sub", ClaimValue::Identifier("rm551g7117ni".to_owned())),
                ("iat", ClaimValue::Moment(1_795_374_701_000.0)),
            ]
        );
    }

    #[test]
    fn what_the_provider_says_now_counts_for_the_person_and_not_for_the_sign_in() {
        let read = |claims: Value| serde_json::from_value::<Claims>(claims).unwrap();
        let signed_in =
            read(json!({"sub": "a", "iat": 1, "name": "Ada", "email": "ada@example.com"}));
        let user_info =
            read(json!({"sub": "a", "name": "Ada L.", "custom_data": {"tier": "gold"}}));
        let rows: Vec<_> = rows(&signed_in, Some(&user_info))
            .map(|row| (row.name.as_str(), row.value))
            .collect();
        assert_eq!(
            rows,
            [
                ("name", ClaimValue::Text("Ada L.".to_owned())),
                (
                    "custom_data",
                    ClaimValue::Identifier(r#"{"tier":"gold"}"#.to_owned())
                ),
                ("sub", ClaimValue::Identifier("a".to_owned())),
                ("iat", ClaimValue::Moment(1_000.0)),
            ]
        );
    }

    #[test]
    fn no_claim_that_is_there_is_forgotten() {
        let everything = json!({
            "iss": "https://id.example/oidc", "sub": "ktd83eqha1zz", "aud": ["a", "b"], "exp": 1, "iat": 1,
            "auth_time": 1, "name": "Ada Lovelace", "family_name": "Lovelace", "given_name": "Ada",
            "middle_name": "K", "nickname": "ada", "preferred_username": "ada",
            "profile": "https://example.com/ada", "picture": "https://example.com/a.png",
            "website": "https://example.com", "gender": "female", "birthdate": "1815-12-10",
            "zoneinfo": "Europe/London", "locale": "en-GB", "updated_at": 1, "username": "ada",
            "created_at": 1, "phone_number": "8613900139001", "phone_number_verified": true,
            "email": "ada@example.com", "email_verified": true, "address": {"country": "UK"},
            "roles": ["librarian"], "organizations": ["uxa0heymfqsc"],
            "organization_roles": ["uxa0heymfqsc:manager"],
            "organization_data": [{"id": "uxa0heymfqsc", "name": "Shop 1", "description": "first"}],
            "custom_data": {"tier": "gold"}, "identities": {"wechat": {"userId": "u"}},
            "sso_identities": [{"issuer": "x"}]
        });
        let mut expected: Vec<_> = everything.as_object().unwrap().keys().cloned().collect();
        let mut shown: Vec<_> = rows_of(everything)
            .iter()
            .map(|row| row.0.to_owned())
            .collect();
        expected.sort();
        shown.sort();
        assert_eq!(shown, expected);
    }
}
