//! The table of settings, and reading one of them.

use super::parse::Parsed;
use std::fs;

/// One setting of the bff.
struct Setting {
    /// The environment variable.
    name: &'static str,
    /// The value if it is not set.
    default: WhenUnset,
    /// One sentence for the operator.
    meaning: &'static str,
}

/// The value of a setting that is not set.
enum WhenUnset {
    /// It must be set. The text is an example that works in a local run, or empty for a secret.
    Required(&'static str),
    /// This value.
    Value(&'static str),
    /// The bff does without it, or derives it from others.
    Absent,
}

/// All settings, in the order of `.env.example`.
#[rustfmt::skip]
const SETTINGS: &[Setting] = &[
    Setting { name: "LOGTO_ENDPOINT", default: WhenUnset::Required("http://localhost:3001"), meaning: "Where Logto is, without /oidc." },
    Setting { name: "LOGTO_APP_ID", default: WhenUnset::Required("bookstore"), meaning: "The application's id at Logto." },
    Setting { name: "LOGTO_APP_SECRET", default: WhenUnset::Required(""), meaning: "The application's secret at Logto." },
    Setting { name: "BASE_URL", default: WhenUnset::Required("http://localhost:3000"), meaning: "Where people reach the bff; decides redirect URIs and cookies. https, except on loopback." },
    Setting { name: "COOKIE_SECRET", default: WhenUnset::Required(""), meaning: "Protects cookies and stored sessions: at least 32 characters, random (openssl rand -base64 32), the same on every instance." },
    Setting { name: "COOKIE_SECURE", default: WhenUnset::Absent, meaning: "true or false; follows the scheme of BASE_URL and may only repeat it." },
    Setting { name: "COOKIE_SECRET_PREVIOUS", default: WhenUnset::Absent, meaning: "The secret before the last change: what it sealed still opens." },
    Setting { name: "LOGTO_SCOPES", default: WhenUnset::Value("openid offline_access profile phone email"), meaning: "Scopes to ask for, separated by spaces; openid is always asked for." },
    Setting { name: "LOGTO_RESOURCES", default: WhenUnset::Absent, meaning: "API resource indicators, separated by spaces." },
    Setting { name: "LOGTO_PROMPT", default: WhenUnset::Value("consent"), meaning: "none; or consent, login or both, separated by a space; without consent Logto gives no refresh token." },
    Setting { name: "OIDC_ISSUER", default: WhenUnset::Absent, meaning: "The issuer, when it is not LOGTO_ENDPOINT followed by /oidc." },
    Setting { name: "OIDC_INTERNAL_URL", default: WhenUnset::Absent, meaning: "Where the bff reaches the provider, when that is not the issuer's origin, e.g. http://logto:3001 between containers." },
    Setting { name: "PUSHED_AUTHORIZATION_REQUESTS", default: WhenUnset::Value("true"), meaning: "true or false: whether sign-ins are handed to the provider behind the browser's back (RFC 9126) when it offers that." },
    Setting { name: "ID_TOKEN_ALGORITHMS", default: WhenUnset::Value("ES384,RS256"), meaning: "The only algorithms that an ID token may be signed with." },
    Setting { name: "SESSION_STORE", default: WhenUnset::Value("sqlite:data/sessions.sqlite"), meaning: "memory: or sqlite:PATH for one instance, postgres://… or redis://… (rediss://…) for several." },
    Setting { name: "SESSION_IDLE_SECONDS", default: WhenUnset::Value("86400"), meaning: "A session ends after this many seconds without a visit." },
    Setting { name: "SESSION_LIFETIME_SECONDS", default: WhenUnset::Value("1209600"), meaning: "A session ends after this many seconds in any case." },
    Setting { name: "REFRESH_TOKEN_LIFETIME_SECONDS", default: WhenUnset::Value("1209600"), meaning: "How long the provider's refresh tokens live (Logto: 14 days); a session that has one ends with it." },
    Setting { name: "LISTEN", default: WhenUnset::Value("127.0.0.1:3000"), meaning: "The address of the public server." },
    Setting { name: "ADMIN_LISTEN", default: WhenUnset::Value("127.0.0.1:9300"), meaning: "The address of /healthz, /readyz and /metrics; not for the public." },
    Setting { name: "FRONTEND_DIST", default: WhenUnset::Value("dist"), meaning: "The folder with the built frontend (cargo xtask dist)." },
    Setting { name: "LOG_FORMAT", default: WhenUnset::Value("text"), meaning: "text or json." },
    Setting { name: "RUST_LOG", default: WhenUnset::Value("info,tower_sessions=error"), meaning: "What is logged: a level for all, and levels for modules." },
    Setting { name: "OTEL_EXPORTER_OTLP_ENDPOINT", default: WhenUnset::Absent, meaning: "The collector of traces (OTLP over HTTP, protobuf), e.g. http://localhost:4318; with it OpenTelemetry also reads OTEL_EXPORTER_OTLP_HEADERS, OTEL_RESOURCE_ATTRIBUTES and OTEL_TRACES_SAMPLER." },
    Setting { name: "OTEL_SERVICE_NAME", default: WhenUnset::Value("bff"), meaning: "What traces call this service." },
    Setting { name: "TRUSTED_PROXIES", default: WhenUnset::Absent, meaning: "CIDRs of reverse proxies whose X-Forwarded-For and traceparent are believed (the latter they must set or remove), separated by commas; one machine is 192.0.2.1/32." },
    Setting { name: "SIGN_IN_REQUESTS_PER_MINUTE", default: WhenUnset::Value("240"), meaning: "Requests to /sign-in and /callback that one address (IPv6: /64) may make in a minute, and logout tokens that may be refused; 0 is no limit." },
    Setting { name: "LOGTO_WEBHOOK_SIGNING_KEY", default: WhenUnset::Absent, meaning: "The signing key of Logto's webhook at /webhooks/logto; without it there is no webhook." },
];

/// The text of `.env.example`: every setting, its default, one sentence.
#[must_use]
pub fn env_example() -> String {
    let mut text = "# The settings of the bff. Copy to `.env` for development; a secret may be given as <NAME>_FILE instead.\n".to_owned();
    for Setting {
        name,
        default,
        meaning,
    } in SETTINGS
    {
        let line = match default {
            WhenUnset::Required(example) => format!("{name}={example}"),
            WhenUnset::Value(value) if value.contains(' ') => format!("# {name}=\"{value}\""),
            WhenUnset::Value(value) => format!("# {name}={value}"),
            WhenUnset::Absent => format!("# {name}="),
        };
        text.extend(["\n# ", meaning, "\n", &line, "\n"]);
    }
    text
}

/// A setting that is missing or wrong. The text names the setting and never its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{name} {reason}")]
pub struct SettingError {
    name: &'static str,
    reason: String,
}

/// A setting was refused; the [`Reader`] has the reason.
#[derive(Debug)]
pub(super) struct Refused;

/// Reads settings one by one, and collects what is wrong with them.
pub(super) struct Reader<'a> {
    pub(super) variable: &'a dyn Fn(&str) -> Option<String>,
    pub(super) errors: Vec<SettingError>,
}

impl Reader<'_> {
    /// A setting that must be set, or has a default.
    pub(super) fn required<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Parsed<T>,
    ) -> Result<T, Refused> {
        let value = self.optional(name, parse)?;
        value.ok_or_else(|| self.refuse(name, "is not set"))
    }

    /// A setting that may be absent.
    pub(super) fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Parsed<T>,
    ) -> Result<Option<T>, Refused> {
        let parsed = self.text(name)?.map(|text| parse(&text)).transpose();
        parsed.map_err(|reason| self.refuse(name, reason))
    }

    /// Notes why a setting is refused.
    pub(super) fn refuse(&mut self, name: &'static str, reason: impl Into<String>) -> Refused {
        let reason = reason.into();
        self.errors.push(SettingError { name, reason });
        Refused
    }

    /// The variable, else the content of the file that `<NAME>_FILE` names, else the default. An empty variable is a value
    /// for a setting with a default, and unset for the others.
    fn text(&mut self, name: &'static str) -> Result<Option<String>, Refused> {
        let setting = SETTINGS.iter().find(|setting| setting.name == name);
        let default = setting.and_then(|setting| match setting.default {
            WhenUnset::Value(value) => Some(value.to_owned()),
            WhenUnset::Required(_) | WhenUnset::Absent => None,
        });
        match (self.variable)(name) {
            Some(text) if !text.is_empty() || default.is_some() => Ok(Some(text)),
            _ => Ok(self.file(name)?.or(default)),
        }
    }

    fn file(&mut self, name: &'static str) -> Result<Option<String>, Refused> {
        let Some(path) = (self.variable)(&format!("{name}_FILE")) else {
            return Ok(None);
        };
        match fs::read_to_string(&path) {
            Ok(text) => Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned())),
            Err(error) => Err(self.refuse(name, format!("cannot be read from {path}: {error}"))),
        }
    }
}
