//! The sign-in experience, as far as the pages follow it.

use serde::Deserialize;
use serde_json::Value;
use tenant::{LanguageInfo, SignInMode};

/// How people sign in and register.
pub(crate) struct SignInExperience {
    pub(crate) sign_in_mode: SignInMode,
    pub(crate) language_info: LanguageInfo,
    /// Whether people sign in or register with a code to their phone.
    pub(crate) has_phone_codes: bool,
}

/// What the Management API has stored. Members that do not matter here are ignored.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    sign_in_mode: SignInMode,
    language_info: LanguageInfo,
    sign_up: SignUp,
    sign_in: SignIn,
}

#[derive(Deserialize)]
struct SignUp {
    identifiers: Vec<String>,
}

#[derive(Deserialize)]
struct SignIn {
    methods: Vec<Method>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Method {
    identifier: String,
    verification_code: bool,
}

impl SignInExperience {
    /// Reads what the Management API has stored.
    pub(crate) fn from_document(body: Value) -> serde_json::Result<Self> {
        let stored: Stored = serde_json::from_value(body)?;
        let signs_in = stored
            .sign_in
            .methods
            .iter()
            .any(|method| method.identifier == "phone" && method.verification_code);
        let registers = stored.sign_up.identifiers.iter().any(|id| id == "phone");
        Ok(Self {
            sign_in_mode: stored.sign_in_mode,
            language_info: stored.language_info,
            has_phone_codes: signs_in || registers,
        })
    }
}
