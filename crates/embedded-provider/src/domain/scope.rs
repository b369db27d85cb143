//! Scopes that this provider supports, in the order of the request.

use serde::{Deserialize, Serialize};
use std::fmt;

/// The scopes in the discovery document. Any other scope is ignored.
pub(crate) const SUPPORTED: [&str; 11] = [
    "openid",
    OFFLINE_ACCESS,
    "profile",
    "email",
    "phone",
    "address",
    "custom_data",
    "identities",
    "roles",
    "urn:logto:scope:organizations",
    "urn:logto:scope:organization_roles",
];

/// The scope that requests a refresh token. Its tokens stay valid after sign-out.
pub(crate) const OFFLINE_ACCESS: &str = "offline_access";

/// A list of scopes without duplicates.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Scopes(Vec<String>);

impl Scopes {
    /// Splits a space-separated list (RFC 6749, section 3.3).
    pub(crate) fn parse(text: &str) -> Self {
        let mut scopes = Self::default();
        scopes.add(text.split_ascii_whitespace().map(str::to_owned));
        scopes
    }

    fn add(&mut self, more: impl Iterator<Item = String>) {
        for scope in more {
            if !self.contains(&scope) {
                self.0.push(scope);
            }
        }
    }

    pub(crate) fn contains(&self, scope: &str) -> bool {
        self.0.iter().any(|known| known == scope)
    }

    /// The scopes for which `keep` returns `true`.
    pub(crate) fn filtered(mut self, keep: impl Fn(&str) -> bool) -> Self {
        self.0.retain(|scope| keep(scope));
        self
    }

    /// The union: first the scopes of `self`, then the new ones of `other`.
    pub(crate) fn union(mut self, other: &Self) -> Self {
        self.add(other.0.iter().cloned());
        self
    }

    /// The scopes of `self` that are not in `granted`.
    pub(crate) fn missing_in(&self, granted: &Self) -> Self {
        self.clone().filtered(|scope| !granted.contains(scope))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_keep_their_order_and_lose_repetitions() {
        let scopes = Scopes::parse("phone  openid phone\tprofile");
        assert_eq!(scopes.to_string(), "phone openid profile");
        assert_eq!(
            scopes
                .clone()
                .union(&Scopes::parse("openid email"))
                .to_string(),
            "phone openid profile email"
        );
        assert_eq!(
            scopes.missing_in(&Scopes::parse("openid")).to_string(),
            "phone profile"
        );
    }
}
