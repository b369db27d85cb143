//! Why a call failed: which call, what Logto says, and what to do next. One line, without a secret.

use super::transport::{Answer, Fault};
use crate::settings::Settings;
use crate::visible::visible;
use reqwest::Method;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use std::fmt;

/// Characters that are shown of a text of Logto's.
const LONGEST_DETAIL: usize = 300;

/// A call that is about to be made.
pub(super) struct Asked {
    /// `POST /api/roles`.
    call: String,
    /// The setting that has the address.
    setting: &'static str,
}

/// A failed call.
#[derive(Debug)]
pub(crate) struct ApiError {
    call: String,
    setting: &'static str,
    failure: Failure,
}

/// Why a call failed.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The HTTP client cannot be created.
    Client(reqwest::Error),
    /// There is no answer.
    Transport(Fault),
    /// The answer is not JSON: a page of a console or a proxy.
    NotJson { status: u16 },
    /// The answer has another form than Logto's.
    WrongForm(String),
    /// A list is longer than this.
    TooMany(usize),
    /// Logto refuses.
    Refused(Box<Refusal>),
}

/// What Logto says when it refuses.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    /// Logto's code, e.g. `role.name_in_use`; of the token endpoint the error of OAuth. `None` for a bare 500.
    pub(crate) code: Option<String>,
    /// The code of the SMS service behind a connector.
    pub(crate) service_code: Option<String>,
    /// What is wrong with the request.
    detail: Option<String>,
    retry_after: Option<u64>,
}

/// The body of an error.
#[derive(Default, Deserialize)]
struct Body {
    code: Option<String>,
    message: Option<String>,
    details: Option<String>,
    /// Of the token endpoint.
    error: Option<String>,
    error_description: Option<String>,
    #[serde(default)]
    data: Value,
}

impl Asked {
    pub(super) fn api(method: &Method, path: &[&str]) -> Self {
        Self {
            call: format!("{method} /api/{}", path.join("/")),
            setting: "LOGTO_ENDPOINT",
        }
    }

    pub(super) fn token(settings: &Settings) -> Self {
        Self {
            call: format!("POST {}oidc/token", settings.admin_endpoint),
            setting: "LOGTO_ADMIN_ENDPOINT",
        }
    }

    pub(super) fn failed(&self, failure: Failure) -> ApiError {
        ApiError {
            call: self.call.clone(),
            setting: self.setting,
            failure,
        }
    }

    /// The answer's body.
    pub(super) fn parsed<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, ApiError> {
        if !answer.is_json {
            let status = answer.status.as_u16();
            return Err(self.failed(Failure::NotJson { status }));
        }
        let mut json = serde_json::Deserializer::from_slice(&answer.body);
        // The error of serde repeats values.
        serde_path_to_error::deserialize(&mut json)
            .map_err(|error| self.failed(Failure::WrongForm(error.path().to_string())))
    }

    /// `secrets` are texts that must not be repeated.
    pub(super) fn refused(&self, answer: &Answer, secrets: &[&str]) -> ApiError {
        let status = answer.status.as_u16();
        if !answer.is_json
            && !answer.body.is_empty()
            && answer.body.trim_ascii_start()[..].first() == Some(&b'<')
        {
            return self.failed(Failure::NotJson { status });
        }
        let body: Body = serde_json::from_slice(&answer.body).unwrap_or_default();
        let code = body.error.or(body.code).filter(|code| is_code(code));
        let service_code = body.data.get("Code").and_then(Value::as_str);
        // A connector's message repeats the SMS service's, which may repeat the phone number.
        let is_connectors = code
            .as_deref()
            .is_some_and(|code| code.starts_with("connector."));
        let message = body.error_description.or(body.message);
        let message = message.filter(|_| !is_connectors);
        self.failed(Failure::Refused(Box::new(Refusal {
            status,
            service_code: service_code.filter(|code| is_code(code)).map(str::to_owned),
            detail: body.details.or(message).map(|text| shown(&text, secrets)),
            retry_after: answer.retry_after,
            code,
        })))
    }
}

/// Codes are short words with dots.
fn is_code(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    (1..=100).contains(&text.len()) && text.bytes().all(is_allowed)
}

/// A text of Logto's in one line, without secrets and control characters.
fn shown(text: &str, secrets: &[&str]) -> String {
    let mut text = text.to_owned();
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        text = text.replace(secret, "[redacted]");
    }
    let words: Vec<_> = text.split_whitespace().collect();
    let line = words.join(" ");
    visible(&line).chars().take(LONGEST_DETAIL).collect()
}

impl ApiError {
    /// What Logto says, if it refused.
    pub(crate) fn refusal(&self) -> Option<&Refusal> {
        match &self.failure {
            Failure::Refused(refusal) => Some(refusal),
            _ => None,
        }
    }

    /// The answer to a GET request has another form than Logto's, at `member`.
    pub(crate) fn wrong_form(path: &str, member: &str) -> Self {
        Asked::api(&Method::GET, &[path]).failed(Failure::WrongForm(member.to_owned()))
    }

    /// Whether another change was made between this run's reading and its call. Reading again shows it.
    pub(crate) fn is_overtaken(&self) -> bool {
        let Some(refusal) = self.refusal() else {
            return false;
        };
        let code = refusal.code.as_deref().unwrap_or_default();
        let is_taken = [
            "_in_use",
            "name_exists",
            "scope_exists",
            "unique_integrity_violation",
        ];
        match refusal.status {
            404 => code.starts_with("entity."),
            409 => true,
            422 => {
                is_taken.iter().any(|end| code.ends_with(end))
                    || code == "entity.relation_foreign_key_not_found"
            }
            _ => false,
        }
    }

    /// Whether Logto has a fault that it does not name. Logto 1.42 says so, too, when two runs create a role of one name at the same
    /// moment.
    pub(crate) fn is_unnamed_fault(&self) -> bool {
        let refusal = self.refusal();
        refusal.is_some_and(|refusal| refusal.status == 500 && refusal.code.is_none())
    }

    /// Which call failed, and why.
    pub(crate) fn found(&self) -> String {
        let found = match &self.failure {
            Failure::Client(error) => format!("no HTTP client ({error})"),
            Failure::Transport(fault) => format!("Logto {fault}"),
            Failure::NotJson { status } => format!("the answer {status} is a page, not JSON"),
            Failure::WrongForm(path) => format!("the answer is not as Logto's are (at `{path}`)"),
            Failure::TooMany(limit) => format!("there are more than {limit} objects"),
            Failure::Refused(refusal) => format!("Logto answers {refusal}"),
        };
        format!("{}: {found}", self.call)
    }

    /// What a person should do.
    pub(crate) fn next_step(&self) -> String {
        let setting = self.setting;
        match &self.failure {
            Failure::Client(_) => "check EXTRA_CA_FILE, HTTPS_PROXY and HTTP_PROXY".to_owned(),
            Failure::Transport(fault) => match fault {
                Fault::Unreachable(_) => format!(
                    "check {setting}, and that this machine may reach it (firewall, HTTPS_PROXY, NO_PROXY)"
                ),
                Fault::UnknownAuthority => {
                    "set EXTRA_CA_FILE to a PEM file with the authority's certificate".to_owned()
                }
                Fault::Closed | Fault::TimedOut | Fault::BrokeOff => {
                    "run the same command again: it goes on where this run ended".to_owned()
                }
                Fault::TooLarge => format!("check that {setting} is the address of a Logto"),
            },
            Failure::NotJson { .. } | Failure::WrongForm(_) => format!(
                "check that {setting} is the address of a Logto, not of its console or of a proxy's page"
            ),
            Failure::TooMany(_) => "remove objects that nobody needs".to_owned(),
            Failure::Refused(refusal) => refusal.next_step(setting),
        }
    }
}

impl Refusal {
    fn next_step(&self, setting: &str) -> String {
        let code = self.code.as_deref().unwrap_or_default();
        if setting == "LOGTO_ADMIN_ENDPOINT"
            && let Some(step) = token_step(code, self.detail.as_deref())
        {
            return step.to_owned();
        }
        let step = match self.status {
            300..400 => return format!("set {setting} to the address that it leads to"),
            401 => {
                "check LOGTO_ADMIN_ENDPOINT and LOGTO_MANAGEMENT_RESOURCE: this Logto does not accept the token that they give"
            }
            403 => {
                "give the application of LOGTO_MANAGEMENT_APP_ID the role `Logto Management API access` in Logto's console"
            }
            404 if code.starts_with("entity.") => {
                "run the same command again: the object was deleted meanwhile"
            }
            404 => {
                return format!(
                    "check that {setting} is the address of a Logto (1.19 or newer), not of its console"
                );
            }
            409 => "run the same command again: somebody else changes the tenant at this moment",
            429 => {
                return match self.retry_after {
                    Some(seconds) => format!("run the same command again in {seconds} seconds"),
                    None => "run the same command again in some minutes".to_owned(),
                };
            }
            400 | 422 => "correct the tenant file",
            500 => {
                "look into Logto's log, then run the same command again: it goes on where this run ended"
            }
            502..=504 => {
                "start Logto, or mend the proxy before it, then run the same command again"
            }
            _ => return format!("check that {setting} is the address of a Logto"),
        };
        step.to_owned()
    }
}

/// For errors of the token endpoint (RFC 6749, section 5.2).
fn token_step(code: &str, detail: Option<&str>) -> Option<&'static str> {
    let is_expired = detail.is_some_and(|text| text.contains("expired"));
    Some(match code {
        "invalid_client" if detail.is_some_and(|text| text.starts_with("invalid client ")) => {
            "check LOGTO_MANAGEMENT_APP_ID; for an application that you made in the console LOGTO_ADMIN_ENDPOINT is LOGTO_ENDPOINT"
        }
        "invalid_client" => "check LOGTO_MANAGEMENT_APP_ID and LOGTO_MANAGEMENT_APP_SECRET",
        "invalid_target" => "check LOGTO_MANAGEMENT_RESOURCE",
        "invalid_request" if is_expired => {
            "make a new secret for the application, and set LOGTO_MANAGEMENT_APP_SECRET to it"
        }
        "unauthorized_client" | "unsupported_grant_type" => {
            "let LOGTO_MANAGEMENT_APP_ID be a machine-to-machine application"
        }
        _ => return None,
    })
}

impl fmt::Display for ApiError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}; what to do: {}",
            self.found(),
            self.next_step()
        )
    }
}

impl std::error::Error for ApiError {}

/// `422 role.name_in_use (This role name is already in use)`.
impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.status)?;
        if let Some(code) = &self.code {
            write!(formatter, " {code}")?;
        }
        if let Some(detail) = &self.detail {
            write!(formatter, " ({detail})")?;
        }
        Ok(())
    }
}
