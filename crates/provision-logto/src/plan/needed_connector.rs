//! A code needs a connector that sends it: of the file, or of the tenant.

use super::{Conflict, Step};
use crate::object::{Actual, Kind, Object};
use serde_json::{Map, Value};
use tenant::ConnectorType;

/// What is missing for the sign-in experience that a step sends (Logto: `sign_in_experiences.enabled_connector_not_found`).
pub(super) fn conflicts(steps: &[Step], desired: &[Object], actual: &Actual) -> Vec<Conflict> {
    let connectors: Vec<_> = actual
        .objects
        .iter()
        .map(|existing| &existing.object)
        .chain(desired)
        .filter(|object| object.key.kind == Kind::Connector)
        .collect();
    let is_there = |kind| {
        let mut types = connectors.iter().map(|connector| type_name(connector));
        types.any(|name| name.is_none_or(|name| name == ConnectorType::name(kind)))
    };
    let mut conflicts = Vec::new();
    for step in steps {
        if let Step::Update { key, body, .. } = step
            && key.kind == Kind::SignInExperience
        {
            let missing = [ConnectorType::Sms, ConnectorType::Email].into_iter();
            let missing = missing.filter(|&kind| needs(body, kind) && !is_there(kind));
            conflicts.extend(missing.map(|missing| Conflict::NoConnector {
                key: key.clone(),
                missing,
            }));
        }
    }
    conflicts
}

pub(super) fn is_of_type(connector: &Object, kind: ConnectorType) -> bool {
    type_name(connector) == Some(kind.name())
}

/// What Logto says of the connector; else what its id says. `None` if neither does: it may be of any type.
fn type_name(connector: &Object) -> Option<&str> {
    let said = connector.fields.get("type").and_then(Value::as_str);
    said.or_else(|| ConnectorType::of(&connector.key.name).map(ConnectorType::name))
}

fn needs(body: &Map<String, Value>, kind: ConnectorType) -> bool {
    let (identifier, forgotten) = match kind {
        ConnectorType::Sms => ("phone", "PhoneVerificationCode"),
        ConnectorType::Email => ("email", "EmailVerificationCode"),
    };
    let fields = Value::Object(body.clone());
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
