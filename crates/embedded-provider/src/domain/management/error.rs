//! Every error of the Management API, with Logto's codes and messages.

use crate::domain::management::shape::Issues;
use http::StatusCode;
use serde_json::{Value, json};
use std::borrow::Cow;

/// Why a request is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ManagementError {
    NoAuthorization,
    AuthorizationIsNoBearer,
    /// The access token is refused. Contains the code and the name of the check that it has failed.
    BadToken(&'static str, &'static str),
    /// The access token lacks the scope `all`, or a page of another origin sends the request.
    Forbidden,
    /// The body is not JSON.
    NotJson,
    InvalidInput(Issues),
    /// A request for a test message has neither a phone number nor an email address.
    NoRecipient,
    /// A member has a value that Logto refuses in this environment, or that contradicts others.
    InvalidRequest(&'static str),
    /// A change changes nothing.
    NothingToChange,
    InvalidPage,
    NotExistsWithId {
        table: &'static str,
        id: String,
    },
    NotExists {
        table: &'static str,
    },
    NotFound,
    UnknownReference,
    AlreadyExists,
    ManagementApiIsNeeded,
    IndicatorInUse(String),
    ScopeNameInUse(String),
    ScopeNameWithSpace,
    RoleNameInUse(String),
    RoleHasScope(String),
    ManagementApiScopeOfUsers,
    ApplicationIsNoMachine,
    RoleOfUsers,
    SecretNameInUse,
    NoLegacySecret,
    NoEvents,
    ConnectorNotInCatalogue,
    ConnectorNotFound,
    ConnectorOfAnotherType,
    InvalidConfig(Issues),
    /// The connector refuses the configuration. Contains what it says.
    RefusedConfig(String),
    /// The connector refuses the number. Contains what it says.
    RefusedNumber(String),
    /// The SMS service has refused a message. Contains what the connector says, the service's code and its request id.
    MessageRefused(String, String, String),
    /// The same, because of a limit.
    MessageLimited(String, String, String),
    /// The response of the SMS service is not understood. Contains what the connector says.
    MessageNotUnderstood(String),
    EnabledConnectorNotFound(&'static str),
    ForgotPasswordNeedsConnector(&'static str),
    CodeWithoutVerify,
    CodeSignInNeeded,
    NoAuthenticationFactor,
    NoPrimaryIdentifier,
    DuplicateIdentifier,
    BackupCodeAlone,
    DuplicateFactor,
    PhoneCodeIsSignInMethod,
    MandatoryPrompt,
    SkippablePrompt,
    /// An internal error. The cause is in the log.
    ServerError,
}

type Row = (u16, &'static str, Cow<'static, str>);

impl ManagementError {
    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.row().0).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Logto's code. `None` for an error that has only a message.
    pub(crate) fn code(&self) -> Option<&'static str> {
        Some(self.row().1).filter(|code| !code.is_empty())
    }

    pub(crate) fn message(&self) -> Cow<'static, str> {
        self.row().2
    }

    /// Status, code and message.
    fn row(&self) -> Row {
        let (status, code, message) = match self {
            Self::NotExistsWithId { table, id } => {
                let message = format!("The {table} with ID `{id}` does not exist.");
                return (404, "entity.not_exists_with_id", message.into());
            }
            Self::NotExists { table } => {
                let message = format!("The {table} does not exist.");
                return (404, "entity.not_exists", message.into());
            }
            Self::InvalidRequest(reason) => {
                let message = format!("Input is invalid. {reason}");
                return (400, "request.invalid_input", message.into());
            }
            Self::IndicatorInUse(indicator) => {
                let message = format!("The API identifier {indicator} is already in use");
                return (422, "resource.resource_identifier_in_use", message.into());
            }
            Self::ScopeNameInUse(name) => {
                let message = format!("The scope name {name} is already in use");
                return (422, "scope.name_exists", message.into());
            }
            Self::RoleNameInUse(name) => {
                let message = format!("This role name {name} is already in use");
                return (422, "role.name_in_use", message.into());
            }
            Self::RoleHasScope(id) => {
                let message = format!("The scope id {id} has already been added to this role");
                return (422, "role.scope_exists", message.into());
            }
            Self::MessageRefused(description, ..) | Self::RefusedNumber(description) => {
                let message = format!("Error occurred in connector: {description}");
                return (400, "connector.general", message.into());
            }
            Self::EnabledConnectorNotFound(kind) => {
                let message = format!("Enabled {kind} connector not found.");
                return (
                    400,
                    "sign_in_experiences.enabled_connector_not_found",
                    message.into(),
                );
            }
            Self::ForgotPasswordNeedsConnector(kind) => {
                let message = format!(
                    "Forgot password method requires a corresponding {kind} connector to be configured."
                );
                return (
                    400,
                    "sign_in_experiences.forgot_password_method_requires_connector",
                    message.into(),
                );
            }
            fixed => fixed.fixed_row(),
        };
        (status, code, message.into())
    }

    #[expect(clippy::too_many_lines, reason = "one table of all errors")]
    const fn fixed_row(&self) -> (u16, &'static str, &'static str) {
        match self {
            Self::NoAuthorization => (
                401,
                "auth.authorization_header_missing",
                "Authorization header is missing.",
            ),
            Self::AuthorizationIsNoBearer => (
                401,
                "auth.authorization_token_type_not_supported",
                "Authorization type is not supported.",
            ),
            Self::BadToken(..) => (
                401,
                "auth.unauthorized",
                "Unauthorized. Please check credentials and its scope.",
            ),
            Self::Forbidden => (
                403,
                "auth.forbidden",
                "Forbidden. Please check your user roles and permissions.",
            ),
            Self::NotJson => (400, "", "Unexpected end of JSON input"),
            Self::InvalidInput(_) => (400, "guard.invalid_input", "The request body is invalid."),
            Self::NoRecipient => (
                400,
                "guard.invalid_input",
                "The request {{type}} is invalid.",
            ),
            Self::NothingToChange => (
                422,
                "entity.invalid_input",
                "Invalid input. Value list must not be empty.",
            ),
            Self::InvalidPage => (
                400,
                "guard.invalid_pagination",
                "The request pagination value is invalid.",
            ),
            Self::NotFound => (404, "entity.not_found", "The resource does not exist."),
            Self::UnknownReference => (
                422,
                "entity.relation_foreign_key_not_found",
                "Cannot find one or more foreign keys. Please check the input and ensure that all referenced entities exist.",
            ),
            Self::AlreadyExists => (
                422,
                "entity.unique_integrity_violation",
                "The entity already exists. Please check the input and try again.",
            ),
            Self::ManagementApiIsNeeded => (
                400,
                "resource.cannot_delete_management_api",
                "Cannot delete Logto Management API.",
            ),
            Self::ScopeNameWithSpace => (
                400,
                "scope.name_with_space",
                "The name of the scope cannot contain any spaces.",
            ),
            Self::ManagementApiScopeOfUsers => (
                400,
                "role.management_api_scopes_not_assignable_to_user_role",
                "Cannot assign Management API scopes to a user role.",
            ),
            Self::ApplicationIsNoMachine => (
                422,
                "application.invalid_type",
                "Only machine to machine applications can have associated roles.",
            ),
            Self::RoleOfUsers => (
                422,
                "application.invalid_role_type",
                "Can not assign user type role to machine to machine application.",
            ),
            Self::SecretNameInUse => (
                422,
                "application.secret_name_exists",
                "Secret name already exists.",
            ),
            Self::NoLegacySecret => (
                400,
                "application.no_legacy_secret_found",
                "The application does not have a legacy secret.",
            ),
            Self::NoEvents => (
                400,
                "hook.missing_events",
                "You need to provide at least one event.",
            ),
            Self::ConnectorNotInCatalogue => (
                422,
                "connector.not_found_with_connector_id",
                "Can not find connector with given standard connector id.",
            ),
            Self::ConnectorNotFound => (
                400,
                "connector.not_found",
                "Cannot find any available connector for type: Sms.",
            ),
            Self::ConnectorOfAnotherType => (
                400,
                "connector.unexpected_type",
                "The connector's type is unexpected.",
            ),
            Self::InvalidConfig(_) | Self::RefusedConfig(_) => (
                400,
                "connector.invalid_config",
                "The connector's config is invalid.",
            ),
            Self::MessageLimited(..) => (
                429,
                "connector.rate_limit_exceeded",
                "Trigger rate limit. Please try again later.",
            ),
            Self::MessageNotUnderstood(_) => (
                400,
                "connector.invalid_response",
                "The connector's response is invalid.",
            ),
            Self::CodeWithoutVerify => (
                400,
                "sign_in_experiences.passwordless_requires_verify",
                "Must enable verify for email/phone sign up identifier.",
            ),
            Self::CodeSignInNeeded => (
                400,
                "sign_in_experiences.code_sign_in_must_be_enabled",
                "Verification code sign in must be enabled when set a password is not required in sign up.",
            ),
            Self::NoAuthenticationFactor => (
                400,
                "sign_in_experiences.at_least_one_authentication_factor",
                "You have to select at least one authentication factor.",
            ),
            Self::NoPrimaryIdentifier => (
                400,
                "sign_in_experiences.missing_sign_up_identifiers",
                "Primary sign-up identifier cannot be empty.",
            ),
            Self::DuplicateIdentifier => (
                400,
                "sign_in_experiences.duplicated_sign_up_identifiers",
                "Duplicate sign-up identifiers detected.",
            ),
            Self::BackupCodeAlone => (
                400,
                "sign_in_experiences.backup_code_cannot_be_enabled_alone",
                "Backup code cannot be enabled alone.",
            ),
            Self::DuplicateFactor => (
                400,
                "sign_in_experiences.duplicated_mfa_factors",
                "Duplicated MFA factors.",
            ),
            Self::PhoneCodeIsSignInMethod => (
                400,
                "sign_in_experiences.phone_verification_code_cannot_be_used_for_mfa",
                "SMS verification code cannot be used for MFA when SMS verification is enabled for sign-in.",
            ),
            Self::MandatoryPrompt => (
                422,
                "sign_in_experiences.non_adaptive_mfa_requires_skippable_policy",
                "When adaptive MFA is disabled, MFA prompt policy must be skippable. Do not use PromptOnlyAtSignInMandatory or PromptAtSignInAndSignUpMandatory.",
            ),
            Self::SkippablePrompt => (
                422,
                "sign_in_experiences.adaptive_mfa_requires_non_skippable_policy",
                "Adaptive MFA requires a non-skippable MFA prompt policy. Use PromptOnlyAtSignInMandatory or PromptAtSignInAndSignUpMandatory.",
            ),
            _ => (500, "", "Internal server error."),
        }
    }

    /// The member `data`.
    pub(crate) fn data(&self) -> Option<Value> {
        Some(match self {
            Self::BadToken(code, name) => json!({"code": code, "name": name}),
            Self::InvalidInput(issues) | Self::InvalidConfig(issues) => issues.data(),
            Self::MessageRefused(description, code, request_id)
            | Self::MessageLimited(description, code, request_id) => json!({
                "errorDescription": description,
                "Code": code,
                "RequestId": request_id,
            }),
            Self::RefusedConfig(message)
            | Self::RefusedNumber(message)
            | Self::MessageNotUnderstood(message) => {
                json!({"message": message})
            }
            _ => return None,
        })
    }

    /// The member `details`, for developers.
    pub(crate) fn details(&self) -> Option<String> {
        match self {
            Self::InvalidInput(issues) | Self::InvalidConfig(issues) => Some(issues.details()),
            _ => None,
        }
    }
}
