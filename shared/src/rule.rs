//! What a person must be allowed: one rule for handlers, for routes to APIs, and for pages.

use crate::Claims;
use serde::{Deserialize, Serialize};

/// What a person must be allowed.
///
/// In a file: `{ role = "librarian" }`, `{ any = [{ scope = "read:books" }, { organizationRole = "manager" }] }`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Rule {
    /// Has the role of this name.
    Role(String),
    /// The access token has this scope.
    Scope(String),
    /// Has the role of this name in the active organization.
    OrganizationRole(String),
    /// All of these hold. An empty list holds.
    All(Vec<Rule>),
    /// One of these holds. An empty list does not.
    Any(Vec<Rule>),
}

/// What is known of a person when a rule is checked.
#[derive(Clone, Copy, Debug)]
pub struct Allowed<'a> {
    /// The claims: roles, and roles in organizations.
    pub claims: &'a Claims,
    /// The scopes of the access token that the request would use.
    pub scopes: &'a [String],
    /// The id of the active organization.
    pub organization: Option<&'a str>,
}

impl Rule {
    /// Whether the rule holds.
    #[must_use]
    pub fn holds(&self, allowed: Allowed<'_>) -> bool {
        match self {
            Self::Role(role) => has(allowed.claims.roles.as_deref(), role),
            Self::Scope(scope) => allowed.scopes.contains(scope),
            Self::OrganizationRole(role) => allowed.organization.is_some_and(|organization| {
                let role = format!("{organization}:{role}");
                has(allowed.claims.organization_roles.as_deref(), &role)
            }),
            Self::All(rules) => rules.iter().all(|rule| rule.holds(allowed)),
            Self::Any(rules) => rules.iter().any(|rule| rule.holds(allowed)),
        }
    }

    /// The names that the rule refers to, each with its kind. For a check that the tenant has them.
    pub fn names(&self) -> Vec<&Self> {
        match self {
            Self::Role(_) | Self::Scope(_) | Self::OrganizationRole(_) => vec![self],
            Self::All(rules) | Self::Any(rules) => rules.iter().flat_map(Self::names).collect(),
        }
    }
}

fn has(names: Option<&[String]>, name: &str) -> bool {
    names.is_some_and(|names| names.iter().any(|known| known == name))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn rule(value: serde_json::Value) -> Rule {
        serde_json::from_value(value).unwrap()
    }

    fn holds(value: serde_json::Value) -> bool {
        let claims: Claims = serde_json::from_value(json!({
            "sub": "u1",
            "roles": ["librarian"],
            "organization_roles": ["acme:manager", "beta:reader"],
        }))
        .unwrap();
        rule(value).holds(Allowed {
            claims: &claims,
            scopes: &["read:books".to_owned()],
            organization: Some("acme"),
        })
    }

    #[test]
    fn a_rule_holds_for_what_a_person_has() {
        assert!(holds(json!({"role": "librarian"})));
        assert!(holds(json!({"scope": "read:books"})));
        assert!(holds(json!({"organizationRole": "manager"})));
        assert!(holds(
            json!({"all": [{"role": "librarian"}, {"scope": "read:books"}]})
        ));
        assert!(holds(
            json!({"any": [{"role": "nobody"}, {"scope": "read:books"}]})
        ));
        assert!(holds(json!({"all": []})));
    }

    #[test]
    fn a_rule_does_not_hold_for_what_a_person_lacks() {
        assert!(!holds(json!({"role": "Librarian"})));
        assert!(!holds(json!({"scope": "read:book"})));
        assert!(
            !holds(json!({"organizationRole": "reader"})),
            "of another organization"
        );
        assert!(!holds(json!({"organizationRole": "acme:manager"})));
        assert!(!holds(
            json!({"all": [{"role": "librarian"}, {"role": "nobody"}]})
        ));
        assert!(!holds(json!({"any": [{"all": [{"role": "nobody"}]}]})));
        assert!(!holds(json!({"any": []})));
    }

    #[test]
    fn nothing_holds_for_a_person_without_claims_or_organization() {
        let claims: Claims = serde_json::from_value(json!({"sub": "u1"})).unwrap();
        let allowed = Allowed {
            claims: &claims,
            scopes: &[],
            organization: None,
        };
        for value in [
            json!({"role": "a"}),
            json!({"scope": "a"}),
            json!({"organizationRole": "a"}),
        ] {
            assert!(!rule(value).holds(allowed));
        }
    }

    #[test]
    fn an_unknown_rule_is_refused_and_the_names_are_listed() {
        let unknown: Result<Rule, _> = serde_json::from_value(json!({"group": "a"}));
        assert!(
            unknown
                .unwrap_err()
                .to_string()
                .contains("unknown variant `group`")
        );
        let names = rule(json!({"all": [{"role": "a"}, {"any": [{"scope": "b"}]}]}));
        assert_eq!(
            names.names(),
            [&Rule::Role("a".into()), &Rule::Scope("b".into())]
        );
    }
}
