//! What is wrong although the tenant is as the file says, or as nobody said.

use super::APPLY;
use crate::{
    application_secret,
    management_api::{ApiError, Entity, ManagementApi},
    object::{Actual, Kind, Object},
};
use clock::Clock;
use serde_json::{Map, Value};
use sign_in_checks::Report;

/// Milliseconds before a secret's end from which on there is a warning: 30 days.
const SOON: i64 = 30 * 24 * 60 * 60 * 1000;
/// The events that end sessions in the bff.
const SESSION_EVENTS: [&str; 2] = ["User.Deleted", "User.SuspensionStatus.Updated"];

pub(super) async fn run(
    api: &mut ManagementApi,
    objects: &[Object],
    actual: &Actual,
    report: &mut Report,
) -> Result<(), ApiError> {
    for existing in &actual.objects {
        let Object { key, fields, .. } = &existing.object;
        if !objects.iter().any(|object| object.key == *key) {
            continue;
        }
        match key.kind {
            Kind::Application if fields["type"] == "Traditional" => {
                application(&key.name, fields, report);
                access_control(api, &existing.id, fields, report).await?;
                secret(api, &existing.id, report).await?;
            }
            Kind::SignInExperience => sign_in_experience(api, fields, report).await?,
            Kind::Hook => hook(&key.name, fields, report),
            _ => {}
        }
    }
    Ok(())
}

/// A member of a member. `Null` if there is none.
fn at<'a>(fields: &'a Map<String, Value>, member: &str, inner: &str) -> &'a Value {
    fields
        .get(member)
        .map_or(&Value::Null, |value| &value[inner])
}

fn application(name: &str, fields: &Map<String, Value>, report: &mut Report) {
    let check = "application";
    let of = |member| at(fields, "oidcClientMetadata", member);
    if of("backchannelLogoutUri").is_null() {
        let found = format!(
            "{name} has no back-channel logout URI: a sign-out elsewhere does not reach the bff"
        );
        report.warn(check, found, "set `backchannelLogoutUri` in the tenant file to the bff's address followed by /backchannel-logout");
    } else if of("backchannelLogoutSessionRequired") != true {
        let found = format!(
            "{name} gets logout tokens without `sid`: a sign-out on one device ends the sessions on all"
        );
        report.wrong(
            check,
            found,
            "set `backchannelLogoutSessionRequired = true` in the tenant file",
        );
    }
    if at(fields, "customClientMetadata", "rotateRefreshToken") == false {
        let found =
            format!("{name} does not rotate refresh tokens: a stolen one works until its end");
        report.warn(
            check,
            found,
            "set `rotateRefreshToken = true` in the tenant file",
        );
    }
}

async fn access_control(
    api: &mut ManagementApi,
    id: &str,
    fields: &Map<String, Value>,
    report: &mut Report,
) -> Result<(), ApiError> {
    if fields.get("appLevelAccessControlEnabled") != Some(&Value::Bool(true)) {
        return Ok(());
    }
    let rules: Map<String, Value> = api.get(&["applications", id, "access-control"]).await?;
    let is_empty = |rule: &Value| rule.as_array().is_none_or(Vec::is_empty);
    let check = "access control";
    if rules.values().all(is_empty) {
        report.wrong(
            check,
            "it is on, and lets nobody in",
            "add a person, role or organization in Logto's console, or switch it off there",
        );
    } else {
        report.fine(check, "it lets some people in");
    }
    Ok(())
}

async fn secret(api: &mut ManagementApi, id: &str, report: &mut Report) -> Result<(), ApiError> {
    let check = "client secret";
    let now = Clock::system().unix_milliseconds();
    match application_secret::newest_valid(api, id, now).await? {
        None => report.wrong(
            check,
            "there is none, or it has expired",
            "add one in Logto's console, then run `provision-logto apply --write-env .env`",
        ),
        Some(secret) if secret.expires_at.is_some_and(|end| end < now + SOON) => report.warn(
            check,
            "the newest expires within 30 days",
            "add one in Logto's console, then run `provision-logto apply --write-env .env`",
        ),
        Some(_) => report.fine(check, "there is a valid one"),
    }
    Ok(())
}

async fn sign_in_experience(
    api: &mut ManagementApi,
    fields: &Map<String, Value>,
    report: &mut Report,
) -> Result<(), ApiError> {
    let check = "sign-in experience";
    let methods = at(fields, "signIn", "methods").as_array();
    let methods = methods.map(Vec::as_slice).unwrap_or_default();
    let method = |identifier: &str| {
        let is_it = |method: &&Value| method["identifier"] == identifier;
        methods.iter().find(is_it)
    };
    if method("phone").is_some_and(|phone| phone["verificationCode"] == true) {
        sms_connector(api, report).await?;
    } else {
        report.warn(check, "nobody can sign in by phone and code", "add a method with `identifier = \"phone\"` and `verificationCode = true` in the tenant file");
    }
    let identifiers = at(fields, "signUp", "identifiers").as_array();
    for identifier in identifiers.into_iter().flatten().filter_map(Value::as_str) {
        if method(identifier).is_none() {
            let found = format!("people sign up with {identifier}, and cannot sign in with it");
            report.wrong(
                check,
                found,
                "add a method for it to `signIn.methods` in the tenant file",
            );
        }
    }
    let asks_password = at(fields, "signUp", "password") == true
        || methods.iter().any(|method| method["password"] == true);
    let looks_up = at(fields, "passwordPolicy", "rejects")["pwned"] != false;
    if asks_password && looks_up {
        report.warn(
            "password policy",
            "Logto asks api.pwnedpasswords.com about each new password; if it cannot reach it, each is refused",
            "if Logto has no way to the Internet, set `passwordPolicy.rejects.pwned = false` in the tenant file",
        );
    }
    if at(fields, "captchaPolicy", "enabled") == true {
        captcha(api, report).await?;
    }
    Ok(())
}

async fn sms_connector(api: &mut ManagementApi, report: &mut Report) -> Result<(), ApiError> {
    let connectors: Vec<Entity> = api.list(&["connectors"], &[]).await?;
    let is_sms = |connector: &&Entity| connector.text("type") == Some("Sms");
    let check = "connector";
    let Some(connector) = connectors.iter().find(is_sms) else {
        report.wrong(check, "there is none for SMS", APPLY);
        return Ok(());
    };
    let is_ours = connector.text("connectorId") == Some(tenant::ALIYUN_SMS);
    if is_ours && at(&connector.fields, "config", "strictPhoneRegionNumberCheck") != true {
        report.wrong(
            check,
            "numbers of North America get the template of China, and no message",
            "set `strictPhoneRegionNumberCheck = true` in the connector's config in the tenant file",
        );
    }
    Ok(())
}

async fn captcha(api: &mut ManagementApi, report: &mut Report) -> Result<(), ApiError> {
    let check = "captcha";
    match api.get::<Map<String, Value>>(&["captcha-provider"]).await {
        Ok(_) => report.fine(check, "there is a provider"),
        Err(error) if error.refusal().is_some_and(|refusal| refusal.status == 404) => report.wrong(
            check,
            "it is on without a provider: nobody can sign in",
            "add a provider in Logto's console, or switch it off there",
        ),
        Err(error) => return Err(error),
    }
    Ok(())
}

fn hook(name: &str, fields: &Map<String, Value>, report: &mut Report) {
    let check = "webhook";
    let url = at(fields, "config", "url").as_str().unwrap_or_default();
    if !url.ends_with("/webhooks/logto") {
        return; // somebody else's
    }
    if fields.get("enabled") == Some(&Value::Bool(false)) {
        let found = format!("{name} is off: who is deleted or suspended stays signed in");
        report.wrong(check, found, "set `enabled = true` in the tenant file");
    }
    let events = fields.get("events").and_then(Value::as_array);
    let events: Vec<_> = events
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let missing: Vec<_> = SESSION_EVENTS
        .into_iter()
        .filter(|event| !events.contains(event))
        .collect();
    if !missing.is_empty() {
        let found = format!("{name} does not send {}", missing.join(", "));
        report.wrong(check, found, "add these events in the tenant file");
    }
}
