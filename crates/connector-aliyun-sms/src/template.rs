//! The template of a message: chosen by usage type, then by the number's region.

use crate::PhoneNumber;
use std::collections::BTreeMap;

/// What a message is for: Logto's template usage types.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UsageType {
    /// A code to sign in.
    SignIn,
    /// A code to register.
    Register,
    /// A code to set a new password.
    ForgotPassword,
    /// An invitation to an organization.
    OrganizationInvitation,
    /// Anything without its own template.
    Generic,
    /// A code before a sensitive change.
    UserPermissionValidation,
    /// A code to add a phone number to an account.
    BindNewIdentifier,
    /// A code as the second factor.
    MfaVerification,
    /// A code to set up the second factor.
    BindMfa,
}

impl UsageType {
    /// Every usage type.
    pub const ALL: [Self; 9] = [
        Self::SignIn,
        Self::Register,
        Self::ForgotPassword,
        Self::OrganizationInvitation,
        Self::Generic,
        Self::UserPermissionValidation,
        Self::BindNewIdentifier,
        Self::MfaVerification,
        Self::BindMfa,
    ];

    /// The usage types that a configuration must have, as in Logto.
    pub const REQUIRED: [Self; 4] = [
        Self::Register,
        Self::SignIn,
        Self::ForgotPassword,
        Self::Generic,
    ];

    /// The name in Logto's configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "SignIn",
            Self::Register => "Register",
            Self::ForgotPassword => "ForgotPassword",
            Self::OrganizationInvitation => "OrganizationInvitation",
            Self::Generic => "Generic",
            Self::UserPermissionValidation => "UserPermissionValidation",
            Self::BindNewIdentifier => "BindNewIdentifier",
            Self::MfaVerification => "MfaVerification",
            Self::BindMfa => "BindMfa",
        }
    }

    /// The usage type of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|usage| usage.as_str() == name)
    }
}

/// The code of an approved template, `SMS_…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TemplateCode {
    /// One template for all numbers.
    Everywhere(String),
    /// One for each region: Aliyun has separate domestic and international templates.
    ByRegion {
        /// For mobile numbers of mainland China.
        china: String,
        /// For all other numbers.
        overseas: String,
    },
}

impl TemplateCode {
    /// The template's code for this number.
    #[must_use]
    pub fn for_number(&self, number: &PhoneNumber) -> &str {
        match self {
            Self::Everywhere(code) => code,
            Self::ByRegion { china, .. } if number.is_mainland_china() => china,
            Self::ByRegion { overseas, .. } => overseas,
        }
    }
}

/// The templates of a configuration. There is one for every usage type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Templates {
    by_usage: BTreeMap<UsageType, TemplateCode>,
    generic: TemplateCode,
}

impl Templates {
    /// Takes the templates in the order of the configuration. The first one of a usage type counts, as in Logto.
    ///
    /// # Errors
    /// Returns the required usage types that have no template.
    pub fn new(
        templates: impl IntoIterator<Item = (UsageType, TemplateCode)>,
    ) -> Result<Self, Vec<UsageType>> {
        let mut by_usage = BTreeMap::new();
        for (usage, code) in templates {
            by_usage.entry(usage).or_insert(code);
        }
        let missing: Vec<_> = UsageType::REQUIRED
            .into_iter()
            .filter(|usage| !by_usage.contains_key(usage))
            .collect();
        match by_usage.get(&UsageType::Generic).cloned() {
            Some(generic) if missing.is_empty() => Ok(Self { by_usage, generic }),
            _ => Err(missing),
        }
    }

    /// The usage types that have their own template.
    pub fn iter(&self) -> impl Iterator<Item = (UsageType, &TemplateCode)> {
        self.by_usage.iter().map(|(usage, code)| (*usage, code))
    }

    /// The template of this usage type, else the generic one.
    #[must_use]
    pub fn choose(&self, usage: UsageType) -> &TemplateCode {
        self.by_usage.get(&usage).unwrap_or(&self.generic)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn everywhere(code: &str) -> TemplateCode {
        TemplateCode::Everywhere(code.to_owned())
    }

    fn required() -> Vec<(UsageType, TemplateCode)> {
        UsageType::REQUIRED
            .map(|usage| (usage, everywhere(usage.as_str())))
            .to_vec()
    }

    #[test]
    fn every_name_of_logto_is_known_and_no_other() {
        for usage in UsageType::ALL {
            assert_eq!(UsageType::from_name(usage.as_str()), Some(usage));
        }
        assert_eq!(UsageType::from_name("signIn"), None);
    }

    #[test]
    fn a_usage_type_has_its_own_template_or_the_generic_one() {
        let templates = Templates::new(required()).unwrap();
        for usage in UsageType::ALL {
            let expected = if UsageType::REQUIRED.contains(&usage) {
                usage.as_str()
            } else {
                "Generic"
            };
            assert_eq!(templates.choose(usage), &everywhere(expected));
        }
    }

    #[test]
    fn the_first_of_two_templates_wins() {
        let mut list = required();
        list.push((UsageType::SignIn, everywhere("second")));
        let templates = Templates::new(list).unwrap();
        assert_eq!(templates.choose(UsageType::SignIn), &everywhere("SignIn"));
    }

    #[test]
    fn each_required_usage_type_is_missed() {
        for missing in UsageType::REQUIRED {
            let list = required()
                .into_iter()
                .filter(|(usage, _)| *usage != missing);
            assert_eq!(Templates::new(list), Err(vec![missing]));
        }
    }

    #[test]
    fn p048_a_code_by_region_goes_by_the_country_code() {
        let code = TemplateCode::ByRegion {
            china: "SMS_1".to_owned(),
            overseas: "SMS_2".to_owned(),
        };
        for (digits, expected) in [
            ("8613800138000", "SMS_1"),
            ("12015550123", "SMS_2"),
            ("85268326366", "SMS_2"),
        ] {
            assert_eq!(code.for_number(&digits.parse().unwrap()), expected);
        }
    }
}
