//! `test-sms`: lets Logto send a message with the connector of the file.

use super::{load, print};
use crate::{
    management_api::{ApiError, ManagementApi},
    settings::Settings,
};
use anyhow::{Context as _, bail};
use connector_aliyun_sms::{PhoneNumber, Refusal};
use reqwest::Method;
use serde_json::json;
use std::{path::Path, process::ExitCode};
use tenant::{ALIYUN_SMS, Connector};

pub(super) async fn run(
    tenant: &Path,
    settings: Settings,
    phone: &PhoneNumber,
) -> anyhow::Result<ExitCode> {
    let tenant = load(tenant)?;
    let is_sms = |connector: &&Connector| connector.connector_id == ALIYUN_SMS;
    let connector = tenant.connectors.iter().find(is_sms);
    let connector = connector.with_context(|| format!("the file has no connector {ALIYUN_SMS}"))?;
    let mut api = ManagementApi::connect(settings).await?;
    // Nothing has to be stored at Logto: the request has the configuration.
    let path = ["connectors", &connector.connector_id, "test"];
    let body = json!({ "phone": phone.digits(), "config": connector.config });
    match api.write(Method::POST, &path, Some(&body)).await {
        Ok(()) => {
            print(
                "Aliyun took the message: the phone gets the code 000000, with the template of `Generic`.",
            )?;
            Ok(ExitCode::SUCCESS)
        }
        Err(error) => bail!(explained(error)),
    }
}

/// What went wrong between Logto and the phone.
fn explained(error: ApiError) -> String {
    let Some(answer) = error.refusal() else {
        return error.to_string();
    };
    match (&answer.service_code, answer.status) {
        (Some(code), _) => {
            let refusal = Refusal::from_code(code);
            format!("Aliyun refuses the message with {code}: {refusal}. {}", refusal.advice())
        }
        (None, 500) if answer.code.is_none() => {
            "Logto cannot reach Aliyun. Let Logto's machine reach dysmsapi.aliyuncs.com (name, firewall, proxy), and look into Logto's log.".to_owned()
        }
        (None, 429) => {
            "Logto sends no more messages to this number for now. Wait ten minutes.".to_owned()
        }
        _ => error.to_string(),
    }
}
