//! The sign-in experience: how people sign in and register (Logto: `/api/sign-in-exp`).

use serde::{Deserialize, Serialize};

/// How people sign in and register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignInExperience {
    /// Whether new people may register.
    pub sign_in_mode: SignInMode,
    /// The language of the pages.
    #[serde(default)]
    pub language_info: LanguageInfo,
    /// What a new person enters.
    pub sign_up: SignUp,
    /// What a known person enters.
    pub sign_in: SignIn,
}

/// Whether new people may register.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignInMode {
    /// Known people only.
    SignIn,
    /// New people only.
    Register,
    /// Both.
    SignInAndRegister,
}

/// The language of the pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LanguageInfo {
    /// Whether to use the browser's language.
    pub auto_detect: bool,
    /// The language otherwise, and if the browser's language is not supported: a BCP 47 tag.
    pub fallback_language: String,
}

impl Default for LanguageInfo {
    fn default() -> Self {
        Self {
            auto_detect: true,
            fallback_language: "en".to_owned(),
        }
    }
}

/// What a new person enters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignUp {
    /// Identifiers, e.g. `phone`.
    pub identifiers: Vec<String>,
    /// Whether a password is set.
    pub password: bool,
    /// Whether the identifier is verified by a code.
    pub verify: bool,
}

/// What a known person enters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignIn {
    /// The ways to sign in.
    pub methods: Vec<SignInMethod>,
}

/// One way to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SignInMethod {
    /// The identifier, e.g. `phone`.
    pub identifier: String,
    /// Whether a password is accepted.
    pub password: bool,
    /// Whether a verification code is accepted.
    pub verification_code: bool,
    /// Whether the password is asked for first if both are accepted.
    pub is_password_primary: bool,
}
