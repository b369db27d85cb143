//! The table of settings, and reading one of them.

use std::{fmt, fs};

/// One setting of the bff.
struct Setting {
    /// The environment variable.
    name: &'static str,
    /// What holds when it is not set.
    default: WhenUnset,
    /// One sentence for the operator.
    meaning: &'static str,
}

/// What holds when a setting is not set.
enum WhenUnset {
    /// Nothing: it must be set. The text is an example that works in a local run, or empty for a secret.
    Required(&'static str),
    /// This value.
    Value(&'static str),
    /// The bff does without it, or derives it.
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
    Setting { name: "SESSION_IDLE_SECONDS", default: WhenUnset::Value("86400"), meaning: "A session ends after so many seconds without a visit." },
    Setting { name: "SESSION_LIFETIME_SECONDS", default: WhenUnset::Value("1209600"), meaning: "A session ends after so many seconds whatever happens." },
    Setting { name: "REFRESH_TOKEN_LIFETIME_SECONDS", default: WhenUnset::Value("1209600"), meaning: "How long the provider's refresh tokens live (Logto: 14 days); a session that has one ends with it." },
    Setting { name: "LISTEN", default: WhenUnset::Value("127.0.0.1:3000"), meaning: "The address of the public server." },
    Setting { name: "ADMIN_LISTEN", default: WhenUnset::Value("127.0.0.1:9300"), meaning: "The address of /healthz, /readyz and /metrics; not for the public." },
    Setting { name: "FRONTEND_DIST", default: WhenUnset::Value("dist"), meaning: "The folder with the built frontend (cargo xtask dist)." },
    Setting { name: "LOG_FORMAT", default: WhenUnset::Value("text"), meaning: "text or json; RUST_LOG chooses what is logged." },
    Setting { name: "OTEL_EXPORTER_OTLP_ENDPOINT", default: WhenUnset::Absent, meaning: "Who collects traces (OTLP over HTTP, protobuf), e.g. http://localhost:4318; OTEL_EXPORTER_OTLP_HEADERS, OTEL_RESOURCE_ATTRIBUTES and OTEL_TRACES_SAMPLER of OpenTelemetry hold then, too." },
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingError {
    name: &'static str,
    reason: String,
}

impl fmt::Display for SettingError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.name, self.reason)
    }
}

impl std::error::Error for SettingError {}

/// A setting was refused; the [`Reader`] has noted why.
#[derive(Debug)]
pub(super) struct Refused;

/// Reads settings one by one and notes what is wrong.
pub(super) struct Reader<'a> {
    variable: &'a dyn Fn(&str) -> Option<String>,
    errors: Vec<SettingError>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(variable: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self {
            variable,
            errors: Vec::new(),
        }
    }

    /// A setting that is set, or has a default.
    pub(super) fn required<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Refused> {
        match self.optional(name, parse)? {
            Some(value) => Ok(value),
            None => Err(self.refuse(name, "is not set")),
        }
    }

    /// A setting that may be absent.
    pub(super) fn optional<T>(
        &mut self,
        name: &'static str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<T>, Refused> {
        match self.text(name)? {
            Some(text) => parse(&text)
                .map(Some)
                .map_err(|reason| self.refuse(name, reason)),
            None => Ok(None),
        }
    }

    /// Notes that a setting is wrong.
    pub(super) fn refuse(&mut self, name: &'static str, reason: impl Into<String>) -> Refused {
        self.errors.push(SettingError {
            name,
            reason: reason.into(),
        });
        Refused
    }

    /// The result, if nothing was noted.
    pub(super) fn finish<T>(self, result: Result<T, Refused>) -> Result<T, Vec<SettingError>> {
        match result {
            Ok(value) if self.errors.is_empty() => Ok(value),
            _ => Err(self.errors),
        }
    }

    /// The variable, else the file that `<NAME>_FILE` names, else the default. Set but empty is unset
    /// for a setting that must be filled, and a value for one that has a default.
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
