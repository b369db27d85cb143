//! A code needs a connector that sends it: of the file, or of the tenant.

use super::Conflict;
use crate::object::{Actual, Kind, Object};
use serde_json::Value;
use tenant::ConnectorType;

/// What is missing for the sign-in experience of the file (Logto: `sign_in_experiences.enabled_connector_not_found`).
pub(super) fn conflicts(desired: &[Object], actual: &Actual) -> Vec<Conflict> {
    let mut experiences = desired
        .iter()
        .filter(|object| object.key.kind == Kind::SignInExperience);
    let Some(experience) = experiences.next() else {
        return Vec::new();
    };
    let known = actual
        .objects
        .iter()
        .map(|existing| &existing.object)
        .chain(desired);
    let connectors: Vec<_> = known
        .filter(|object| object.key.kind == Kind::Connector)
        .collect();
    [ConnectorType::Sms, ConnectorType::Email]
        .into_iter()
        .filter(|&kind| needs(experience, kind))
        .filter(|&kind| {
            !connectors
                .iter()
                .any(|connector| is_of_type(connector, kind))
        })
        .map(|missing| Conflict::NoConnector {
            key: experience.key.clone(),
            missing,
        })
        .collect()
}

/// By what Logto says of the connector; else by its id.
pub(super) fn is_of_type(connector: &Object, kind: ConnectorType) -> bool {
    match connector.fields.get("type").and_then(Value::as_str) {
        Some(name) => name == kind.name(),
        None => ConnectorType::of(&connector.key.name) == Some(kind),
    }
}

fn needs(experience: &Object, kind: ConnectorType) -> bool {
    let (identifier, forgotten) = match kind {
        ConnectorType::Sms => ("phone", "PhoneVerificationCode"),
        ConnectorType::Email => ("email", "EmailVerificationCode"),
    };
    let fields = Value::Object(experience.fields.clone());
    let list = |path| {
        fields
            .pointer(path)
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
    };
    list("/signUp/identifiers").any(|each| each == identifier)
        || list("/signIn/methods")
            .any(|method| method["identifier"] == identifier && method["verificationCode"] == true)
        || list("/signUp/secondaryIdentifiers")
            .any(|each| each["identifier"] == identifier || each["identifier"] == "emailOrPhone")
        || list("/forgotPasswordMethods").any(|each| each == forgotten)
}
