//! Claims about a person, by granted scope, as Logto sends them. An unset member is `null` and not left out. Times are
//! in milliseconds. A phone number has no `+`.

use crate::domain::{scope::Scopes, user::User};
use serde::Serialize;
use serde_json::{Value, json};

/// The claims about the person in an ID token.
#[derive(Serialize)]
pub(crate) struct PersonClaims {
    sub: String,
    #[serde(flatten)]
    profile: Option<Profile>,
    #[serde(flatten)]
    phone: Option<Phone>,
    #[serde(flatten)]
    email: Option<Email>,
    #[serde(skip_serializing_if = "Option::is_none")]
    roles: Option<[String; 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organizations: Option<[String; 0]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_roles: Option<[String; 0]>,
}

/// The response of the userinfo endpoint: the same claims, and those that are too large for an ID token.
#[derive(Serialize)]
pub(crate) struct UserinfoClaims {
    #[serde(flatten)]
    person: PersonClaims,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_data: Option<Value>,
    #[serde(flatten)]
    identities: Option<Identities>,
    #[serde(skip_serializing_if = "Option::is_none")]
    organization_data: Option<[Value; 0]>,
}

#[derive(Serialize)]
struct Profile {
    name: Option<String>,
    picture: Option<String>,
    updated_at: i64,
    username: Option<String>,
    created_at: i64,
}

#[derive(Serialize)]
struct Phone {
    phone_number: String,
    phone_number_verified: bool,
}

#[derive(Serialize)]
struct Email {
    email: Option<String>,
    email_verified: bool,
}

#[derive(Serialize)]
struct Identities {
    identities: Value,
    sso_identities: [Value; 0],
}

impl PersonClaims {
    pub(crate) fn new(user: &User, scopes: &Scopes) -> Self {
        let granted = |scope| scopes.contains(scope);
        Self {
            sub: user.id.clone(),
            profile: granted("profile").then_some(Profile {
                name: None,
                picture: None,
                updated_at: user.updated_at_ms,
                username: None,
                created_at: user.created_at_ms,
            }),
            phone: granted("phone").then(|| Phone {
                phone_number: user.phone.digits().to_owned(),
                phone_number_verified: true,
            }),
            email: granted("email").then_some(Email {
                email: None,
                email_verified: false,
            }),
            roles: granted("roles").then_some([]),
            organizations: granted("urn:logto:scope:organizations").then_some([]),
            organization_roles: granted("urn:logto:scope:organization_roles").then_some([]),
        }
    }
}

impl UserinfoClaims {
    pub(crate) fn new(user: &User, scopes: &Scopes) -> Self {
        let granted = |scope| scopes.contains(scope);
        Self {
            person: PersonClaims::new(user, scopes),
            custom_data: granted("custom_data").then(|| json!({})),
            identities: granted("identities").then(|| Identities {
                identities: json!({}),
                sso_identities: [],
            }),
            organization_data: granted("urn:logto:scope:organizations").then_some([]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use connector_aliyun_sms::PhoneNumber;

    fn user() -> User {
        User {
            id: "rm551g7117ni".to_owned(),
            phone: PhoneNumber::from_digits("8613944668173").unwrap(),
            created_at_ms: 1_795_374_701_724,
            updated_at_ms: 1_795_374_701_759,
        }
    }

    const ALL: &str = "openid offline_access profile phone email custom_data identities roles \
                       urn:logto:scope:organizations";

    #[test]
    fn userinfo_is_what_logto_sends() {
        assert_eq!(
            serde_json::to_value(UserinfoClaims::new(&user(), &Scopes::parse(ALL))).unwrap(),
            json!({
                "sub": "rm551g7117ni", "name": null, "picture": null, "updated_at": 1_795_374_701_759_i64,
                "username": null, "created_at": 1_795_374_701_724_i64, "phone_number": "8613944668173",
                "phone_number_verified": true, "email": null, "email_verified": false, "custom_data": {},
                "identities": {}, "sso_identities": [], "roles": [], "organizations": [],
                "organization_data": [],
            })
        );
    }

    #[test]
    fn each_scope_brings_its_claims_and_no_others() {
        let cases = [
            ("openid", vec![]),
            (
                "openid phone",
                vec!["phone_number", "phone_number_verified"],
            ),
            ("openid email", vec!["email", "email_verified"]),
            (
                "openid profile",
                vec!["created_at", "name", "picture", "updated_at", "username"],
            ),
            ("openid roles", vec!["roles"]),
            ("openid custom_data identities address", vec![]),
            (
                "openid urn:logto:scope:organizations",
                vec!["organizations"],
            ),
            (
                "openid urn:logto:scope:organization_roles",
                vec!["organization_roles"],
            ),
        ];
        for (scopes, expected) in cases {
            let claims = serde_json::to_value(PersonClaims::new(&user(), &Scopes::parse(scopes)));
            let mut names: Vec<String> = claims
                .unwrap()
                .as_object()
                .unwrap()
                .keys()
                .cloned()
                .collect();
            names.retain(|name| name != "sub");
            names.sort();
            assert_eq!(names, expected, "{scopes}");
        }
    }
}
