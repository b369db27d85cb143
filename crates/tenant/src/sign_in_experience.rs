//! The sign-in experience: how people sign in and register (Logto: `/api/sign-in-exp`).
//!
//! What is `None` stays as it is in Logto. An empty text removes an address.

use serde::{Deserialize, Serialize};

/// How people sign in and register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInExperience {
    /// Whether new people may register.
    pub sign_in_mode: SignInMode,
    /// The language of the pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language_info: Option<LanguageInfo>,
    /// What a new person enters.
    pub sign_up: SignUp,
    /// What a known person enters.
    pub sign_in: SignIn,
    /// How a person who forgot the password proves to be the same. An empty list offers no way.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forgot_password_methods: Option<Vec<ForgotPasswordMethod>>,
    /// Which passwords are accepted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password_policy: Option<PasswordPolicy>,
    /// Second factors.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mfa: Option<Mfa>,
    /// Sign-in with an account elsewhere.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub social_sign_in: Option<SocialSignIn>,
    /// The social connectors on the sign-in page, by their `target`, e.g. `github`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub social_sign_in_connector_targets: Option<Vec<String>>,
    /// The colours of the pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub color: Option<Color>,
    /// The pictures of the pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branding: Option<Branding>,
    /// A style sheet for the pages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom_css: Option<String>,
    /// The address of the terms of use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms_of_use_url: Option<String>,
    /// The address of the privacy policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub privacy_policy_url: Option<String>,
    /// How people agree to both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agree_to_terms_policy: Option<AgreeToTermsPolicy>,
    /// Where people write to for help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_email: Option<String>,
    /// Where people find help.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub support_website_url: Option<String>,
    /// Where a person is sent whose sign-in is unknown, e.g. after a bookmark of the sign-in page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unknown_session_redirect_url: Option<String>,
    /// When too many failures lock an identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sentinel_policy: Option<SentinelPolicy>,
    /// How long a verification code is valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verification_code_policy: Option<VerificationCodePolicy>,
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
#[serde(rename_all = "camelCase")]
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
#[serde(rename_all = "camelCase")]
pub struct SignUp {
    /// Identifiers: `phone`, `email` or `username`. Of several, a person enters one.
    pub identifiers: Vec<String>,
    /// Whether a password is set.
    pub password: bool,
    /// Whether the identifier is verified by a code.
    pub verify: bool,
    /// Identifiers that a person enters in addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub secondary_identifiers: Option<Vec<SecondaryIdentifier>>,
}

/// An identifier that a new person enters in addition.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SecondaryIdentifier {
    /// `phone`, `email`, `username` or `emailOrPhone`.
    pub identifier: String,
    /// Whether it is verified by a code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verify: Option<bool>,
}

/// What a known person enters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignIn {
    /// The ways to sign in.
    pub methods: Vec<SignInMethod>,
}

/// One way to sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SignInMethod {
    /// The identifier: `phone`, `email` or `username`.
    pub identifier: String,
    /// Whether a password is accepted.
    pub password: bool,
    /// Whether a verification code is accepted.
    pub verification_code: bool,
    /// Whether the password is asked for first if both are accepted.
    pub is_password_primary: bool,
}

/// How a person who forgot the password proves to be the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ForgotPasswordMethod {
    /// With a code that the SMS connector sends.
    PhoneVerificationCode,
    /// With a code that the email connector sends.
    EmailVerificationCode,
}

/// Which passwords are accepted. Logto's default rejects leaked passwords, for which it asks a service on the Internet.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordPolicy {
    /// How many characters it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<PasswordLength>,
    /// How many kinds of characters it has.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub character_types: Option<CharacterTypes>,
    /// What it must not be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rejects: Option<RejectedPasswords>,
}

/// How many characters a password has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PasswordLength {
    /// At least (Logto: 8).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<u32>,
    /// At most (Logto: 256).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
}

/// How many kinds of characters a password has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CharacterTypes {
    /// At least, 1 to 4 of: capital letters, small letters, digits, others.
    pub min: u32,
}

/// What a password must not be.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RejectedPasswords {
    /// Known from a leak. Logto asks api.pwnedpasswords.com, and without Internet it refuses every new password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pwned: Option<bool>,
    /// Like `aaaa` or `1234`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repetition_and_sequence: Option<bool>,
    /// Like the person's name or number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_info: Option<bool>,
    /// One of these words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<Vec<String>>,
}

/// Second factors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Mfa {
    /// `Totp`, `WebAuthn`, `BackupCode`, `EmailVerificationCode`, `PhoneVerificationCode`.
    pub factors: Vec<String>,
    /// When a person sets one up, e.g. `UserControlled` or `Mandatory`.
    pub policy: String,
    /// The same for members of an organization that requires it: `Mandatory` or `NoPrompt`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization_required_mfa_policy: Option<String>,
}

/// Sign-in with an account elsewhere.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SocialSignIn {
    /// Whether it is joined to a known person with the same email address without a question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub automatic_account_linking: Option<bool>,
    /// Whether such a person need not enter the identifiers of [`SignUp`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skip_required_identifiers: Option<bool>,
}

/// The colours of pages, e.g. `#6139f6`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Color {
    /// The colour of buttons and links.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub primary_color: Option<String>,
    /// Whether there is a dark mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_dark_mode_enabled: Option<bool>,
    /// The colour of buttons and links in dark mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dark_primary_color: Option<String>,
}

/// The pictures of pages: their addresses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Branding {
    /// The logo.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub logo_url: Option<String>,
    /// The logo in dark mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dark_logo_url: Option<String>,
    /// The icon of the browser's tab.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub favicon: Option<String>,
    /// The icon of the browser's tab in dark mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dark_favicon: Option<String>,
}

/// How people agree to the terms of use and the privacy policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum AgreeToTermsPolicy {
    /// By going on.
    Automatic,
    /// With a tick when they register.
    ManualRegistrationOnly,
    /// With a tick each time.
    Manual,
}

/// When too many failures lock an identifier.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SentinelPolicy {
    /// Failures within an hour (Logto: 100).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_attempts: Option<u32>,
    /// Minutes (Logto: 60).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lockout_duration: Option<u32>,
}

/// How long a verification code is valid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VerificationCodePolicy {
    /// Seconds, at least 60 (Logto: 600).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiration_duration: Option<u32>,
    /// Wrong tries (Logto: 10).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max_retry_attempts: Option<u32>,
}
