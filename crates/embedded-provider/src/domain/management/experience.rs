//! The sign-in experience: its defaults, its shape, and the combinations that Logto refuses.

use crate::domain::management::{
    self,
    error::ManagementError,
    shape::{
        Member,
        Shape::{
            Bool, Color, Integer, Language, List, Nullable, Object, OneOf, OrEmpty, Record, Text,
            Url,
        },
        optional, required,
    },
};
use serde_json::{Value, json};

/// The name in the path.
pub(crate) const NAME: &str = "sign-in-exp";

/// As long as nothing is changed.
pub(crate) const DEFAULTS: &str = include_str!("experience.json");

const COLOR: &[Member] = &[
    required("primaryColor", Color),
    required("isDarkModeEnabled", Bool),
    required("darkPrimaryColor", Color),
];
const BRANDING: &[Member] = &[
    optional("logoUrl", Url),
    optional("darkLogoUrl", Url),
    optional("favicon", Url),
    optional("darkFavicon", Url),
];
const LANGUAGE_INFO: &[Member] = &[
    required("autoDetect", Bool),
    required("fallbackLanguage", Language),
];
const METHOD: &[Member] = &[
    required("identifier", OneOf(&["username", "email", "phone"])),
    required("password", Bool),
    required("verificationCode", Bool),
    required("isPasswordPrimary", Bool),
];
const SIGN_IN: &[Member] = &[required("methods", List(0, &Object(METHOD)))];
const SECONDARY_IDENTIFIER: &[Member] = &[
    required(
        "identifier",
        OneOf(&["username", "email", "phone", "emailOrPhone"]),
    ),
    optional("verify", Bool),
];
const SIGN_UP: &[Member] = &[
    required(
        "identifiers",
        List(0, &OneOf(&["username", "email", "phone"])),
    ),
    required("password", Bool),
    required("verify", Bool),
    optional(
        "secondaryIdentifiers",
        List(0, &Object(SECONDARY_IDENTIFIER)),
    ),
];
const LENGTH: &[Member] = &[
    optional("min", Integer(1, 256)),
    optional("max", Integer(1, 256)),
];
const CHARACTER_TYPES: &[Member] = &[optional("min", Integer(1, 4))];
const REJECTS: &[Member] = &[
    optional("pwned", Bool),
    optional("repetitionAndSequence", Bool),
    optional("userInfo", Bool),
    optional("words", List(0, &Text(0))),
];
const PASSWORD_POLICY: &[Member] = &[
    optional("length", Object(LENGTH)),
    optional("characterTypes", Object(CHARACTER_TYPES)),
    optional("rejects", Object(REJECTS)),
];
const FACTORS: &[&str] = &[
    "Totp",
    "WebAuthn",
    "BackupCode",
    "EmailVerificationCode",
    "PhoneVerificationCode",
];
const MANDATORY_PROMPTS: [&str; 2] = [
    "PromptOnlyAtSignInMandatory",
    "PromptAtSignInAndSignUpMandatory",
];
const MFA: &[Member] = &[
    required("factors", List(0, &OneOf(FACTORS))),
    required(
        "policy",
        OneOf(&[
            "UserControlled",
            "Mandatory",
            "NoPrompt",
            "PromptAtSignInAndSignUp",
            "PromptOnlyAtSignIn",
            MANDATORY_PROMPTS[0],
            MANDATORY_PROMPTS[1],
        ]),
    ),
    optional(
        "organizationRequiredMfaPolicy",
        OneOf(&["Mandatory", "NoPrompt"]),
    ),
];
const ENABLED: &[Member] = &[optional("enabled", Bool)];
const SENTINEL_POLICY: &[Member] = &[
    optional("maxAttempts", Integer(0, i64::MAX)),
    optional("lockoutDuration", Integer(0, i64::MAX)),
];
const CODE_POLICY: &[Member] = &[
    optional("expirationDuration", Integer(60, i64::MAX)),
    optional("maxRetryAttempts", Integer(1, i64::MAX)),
];
const PASSWORD_EXPIRATION: &[Member] = &[
    optional("enabled", Bool),
    optional("validPeriodDays", Integer(1, i64::MAX)),
];
const EMAIL_BLOCKLIST: &[Member] = &[
    optional("blockDisposableAddresses", Bool),
    optional("blockSubaddressing", Bool),
    optional("customBlocklist", List(0, &Text(1))),
];
const ALLOWED_CHARACTERS: &[Member] = &[
    required("lowercase", Bool),
    required("uppercase", Bool),
    required("numbers", Bool),
    required("underscore", Bool),
];
const USERNAME_POLICY: &[Member] = &[
    required("caseSensitive", Bool),
    required("minLength", Integer(1, 128)),
    required("maxLength", Integer(1, 128)),
    required("allowedChars", Object(ALLOWED_CHARACTERS)),
];

/// The body of a PATCH.
pub(crate) const CHANGE: &[Member] = &[
    optional("color", Object(COLOR)),
    optional("branding", Object(BRANDING)),
    optional("hideLogtoBranding", Bool),
    optional("languageInfo", Object(LANGUAGE_INFO)),
    optional("termsOfUseUrl", OrEmpty(&Url)),
    optional("privacyPolicyUrl", OrEmpty(&Url)),
    optional(
        "agreeToTermsPolicy",
        OneOf(&["Automatic", "ManualRegistrationOnly", "Manual"]),
    ),
    optional("signIn", Object(SIGN_IN)),
    optional("signUp", Object(SIGN_UP)),
    optional("socialSignIn", Record),
    optional("socialSignInConnectorTargets", List(0, &Text(1))),
    optional(
        "signInMode",
        OneOf(&["SignIn", "Register", "SignInAndRegister"]),
    ),
    optional("customCss", Nullable(&Text(0))),
    optional("customContent", Record),
    optional("customUiCsp", Record),
    optional("passwordPolicy", Object(PASSWORD_POLICY)),
    optional("mfa", Object(MFA)),
    optional("adaptiveMfa", Object(ENABLED)),
    optional("singleSignOnEnabled", Bool),
    optional("supportEmail", OrEmpty(&Text(1))),
    optional("supportWebsiteUrl", OrEmpty(&Url)),
    optional("unknownSessionRedirectUrl", OrEmpty(&Url)),
    optional("captchaPolicy", Object(ENABLED)),
    optional("sentinelPolicy", Object(SENTINEL_POLICY)),
    optional("emailBlocklistPolicy", Object(EMAIL_BLOCKLIST)),
    optional("verificationCodePolicy", Object(CODE_POLICY)),
    optional(
        "forgotPasswordMethods",
        Nullable(&List(
            0,
            &OneOf(&["PhoneVerificationCode", "EmailVerificationCode"]),
        )),
    ),
    optional("passkeySignIn", Record),
    optional("passwordExpiration", Object(PASSWORD_EXPIRATION)),
    optional("usernamePolicy", Object(USERNAME_POLICY)),
];

/// Members that the public view of the sign-in experience lacks.
pub(crate) const NOT_PUBLIC: [&str; 2] = ["emailBlocklistPolicy", "forgotPasswordMethods"];

/// Checks a change of the experience and completes it. `current` is what was there before.
pub(crate) fn complete(
    change: &mut management::Object,
    current: &management::Object,
    has_sms: bool,
    now_ms: i64,
) -> Result<(), ManagementError> {
    if change.get("hideLogtoBranding") == Some(&true.into()) {
        return Err(ManagementError::InvalidRequest(
            "Hide Logto branding is not supported in this environment",
        ));
    }
    if change.get("emailBlocklistPolicy").unwrap_or(&Value::Null)["blockDisposableAddresses"]
        == true
    {
        return Err(ManagementError::InvalidRequest(
            "Block disposable addresses is not supported in this environment",
        ));
    }
    check_connectors(change, has_sms)?;
    let either = |name: &str| change.get(name).or_else(|| current.get(name));
    let null = Value::Null;
    let sign_up = either("signUp").unwrap_or(&null);
    if change.contains_key("signUp") {
        check_sign_up(sign_up)?;
    }
    if let Some(sign_in) = change.get("signIn") {
        check_sign_in(sign_in, sign_up)?;
    }
    if change.contains_key("mfa") || change.contains_key("adaptiveMfa") {
        let is_adaptive = either("adaptiveMfa").unwrap_or(&null)["enabled"] == true;
        let (mfa, sign_in) = (either("mfa"), either("signIn"));
        check_mfa(mfa.unwrap_or(&null), is_adaptive, sign_in.unwrap_or(&null))?;
    }
    if let Some(Value::Object(length)) = change
        .get_mut("passwordPolicy")
        .and_then(|policy| policy.get_mut("length"))
    {
        length.entry("min").or_insert(8.into());
        length.entry("max").or_insert(256.into());
    }
    if let Some(Value::Object(expiration)) = change.get_mut("passwordExpiration")
        && expiration.get("enabled") == Some(&true.into())
    {
        expiration.insert("enabledAt".to_owned(), now_ms.into());
    }
    Ok(())
}

/// A code needs a connector that sends it. There is never one for email.
fn check_connectors(change: &management::Object, has_sms: bool) -> Result<(), ManagementError> {
    let needed = |identifier: &Value| match identifier.as_str() {
        Some("phone") if !has_sms => Some("Sms"),
        Some("email" | "emailOrPhone") => Some("Email"),
        _ => None,
    };
    let sign_up = change.get("signUp");
    let primary = items(sign_up, "identifiers").filter_map(needed);
    let secondary = items(sign_up, "secondaryIdentifiers")
        .filter_map(|secondary| needed(&secondary["identifier"]));
    let codes = items(change.get("signIn"), "methods")
        .filter(|method| method["verificationCode"] == true)
        .filter_map(|method| needed(&method["identifier"]));
    if let Some(kind) = primary.chain(secondary).chain(codes).next() {
        return Err(ManagementError::EnabledConnectorNotFound(kind));
    }
    let forgot = json!({"methods": change.get("forgotPasswordMethods")});
    let missing = items(Some(&forgot), "methods").find_map(|method| match method.as_str() {
        Some("PhoneVerificationCode") if !has_sms => Some("sms"),
        Some("EmailVerificationCode") => Some("email"),
        _ => None,
    });
    missing.map_or(Ok(()), |kind| {
        Err(ManagementError::ForgotPasswordNeedsConnector(kind))
    })
}

fn check_sign_up(sign_up: &Value) -> Result<(), ManagementError> {
    let gets_codes = |identifier: &Value| {
        matches!(
            identifier.as_str(),
            Some("phone" | "email" | "emailOrPhone")
        )
    };
    let primary: Vec<&Value> = items(Some(sign_up), "identifiers").collect();
    let secondary: Vec<&Value> = items(Some(sign_up), "secondaryIdentifiers").collect();
    if primary.is_empty() && !secondary.is_empty() {
        return Err(ManagementError::NoPrimaryIdentifier);
    }
    if secondary
        .iter()
        .any(|secondary| primary.contains(&&secondary["identifier"]))
    {
        return Err(ManagementError::DuplicateIdentifier);
    }
    let is_unverified = primary.into_iter().any(gets_codes) && sign_up["verify"] != true
        || secondary
            .iter()
            .any(|secondary| gets_codes(&secondary["identifier"]) && secondary["verify"] != true);
    if is_unverified {
        return Err(ManagementError::CodeWithoutVerify);
    }
    Ok(())
}

fn check_sign_in(sign_in: &Value, sign_up: &Value) -> Result<(), ManagementError> {
    let needs_codes = sign_up["password"] == false && sign_up["verify"] == true;
    for method in items(Some(sign_in), "methods") {
        let has_code = method["verificationCode"] == true;
        if !has_code && method["password"] != true {
            return Err(ManagementError::NoAuthenticationFactor);
        }
        if needs_codes && !has_code && method["identifier"] != "username" {
            return Err(ManagementError::CodeSignInNeeded);
        }
    }
    Ok(())
}

fn check_mfa(mfa: &Value, is_adaptive: bool, sign_in: &Value) -> Result<(), ManagementError> {
    let factors: Vec<&Value> = items(Some(mfa), "factors").collect();
    if factors.len() == 1 && factors[0] == "BackupCode" {
        return Err(ManagementError::BackupCodeAlone);
    }
    let is_twice = |(index, factor): (usize, &&Value)| factors[..index].contains(factor);
    if factors.iter().enumerate().any(is_twice) {
        return Err(ManagementError::DuplicateFactor);
    }
    let signs_in_by_phone_code = items(Some(sign_in), "methods")
        .any(|method| method["identifier"] == "phone" && method["verificationCode"] == true);
    let has_phone_code = factors
        .iter()
        .any(|factor| *factor == "PhoneVerificationCode");
    if signs_in_by_phone_code && has_phone_code {
        return Err(ManagementError::PhoneCodeIsSignInMethod);
    }
    let is_mandatory = mfa["policy"]
        .as_str()
        .is_some_and(|policy| MANDATORY_PROMPTS.contains(&policy));
    match (is_adaptive, is_mandatory) {
        (false, true) => Err(ManagementError::MandatoryPrompt),
        (true, false) => Err(ManagementError::SkippablePrompt),
        _ => Ok(()),
    }
}

/// The items of a list in an object. None if either is absent.
fn items<'a>(object: Option<&'a Value>, list: &str) -> impl Iterator<Item = &'a Value> + use<'a> {
    object
        .and_then(|object| object.get(list)?.as_array())
        .into_iter()
        .flatten()
}
