//! The table of settings.

use settings::{Setting, WhenUnset};

/// All settings, in the order of `.env.example`.
#[rustfmt::skip]
pub(super) const SETTINGS: &[Setting] = &[
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
    Setting { name: "OIDC_INTERNAL_URL", default: WhenUnset::Absent, meaning: "Where the bff reaches the provider, when that is not the issuer's origin, e.g. http://logto:3001 between containers; the provider is asked there by the issuer's host name." },
    Setting { name: "EXTRA_CA_FILE", default: WhenUnset::Absent, meaning: "A PEM file with certificates of authorities to trust beside the system's and the built-in ones, for the provider and the collector of traces." },
    Setting { name: "HTTPS_PROXY", default: WhenUnset::Absent, meaning: "The proxy for https:// addresses, e.g. http://proxy.example:3128; never used for this machine or OIDC_INTERNAL_URL. HTTP_PROXY is the one for http://." },
    Setting { name: "HTTP_PROXY", default: WhenUnset::Absent, meaning: "The proxy for http:// addresses." },
    Setting { name: "NO_PROXY", default: WhenUnset::Absent, meaning: "Hosts, domains and CIDRs that are reached without a proxy, separated by commas." },
    Setting { name: "PUSHED_AUTHORIZATION_REQUESTS", default: WhenUnset::Value("true"), meaning: "true or false: whether sign-ins are handed to the provider behind the browser's back (RFC 9126) when it offers that." },
    Setting { name: "ID_TOKEN_ALGORITHMS", default: WhenUnset::Value("ES384,RS256"), meaning: "The only algorithms that an ID token may be signed with." },
    Setting { name: "SESSION_STORE", default: WhenUnset::Value("sqlite:data/sessions.sqlite"), meaning: "memory: or sqlite:PATH for one instance, postgres://… or redis://… (rediss://…) for several." },
    Setting { name: "SESSION_IDLE_SECONDS", default: WhenUnset::Value("86400"), meaning: "A session ends after this many seconds without a visit." },
    Setting { name: "SESSION_LIFETIME_SECONDS", default: WhenUnset::Value("1209600"), meaning: "A session ends after this many seconds in any case." },
    Setting { name: "REFRESH_TOKEN_LIFETIME_SECONDS", default: WhenUnset::Value("1209600"), meaning: "How long the provider's refresh tokens live (Logto: 14 days); a session that has one ends with it." },
    Setting { name: "LISTEN", default: WhenUnset::Value("127.0.0.1:3000"), meaning: "The address of the public server; localhost:3000 is 127.0.0.1 and [::1]." },
    Setting { name: "ADMIN_LISTEN", default: WhenUnset::Value("127.0.0.1:9300"), meaning: "The address of /healthz, /readyz and /metrics; not for the public." },
    Setting { name: "SHUTDOWN_DELAY_SECONDS", default: WhenUnset::Value("0"), meaning: "How long a stop keeps accepting connections after /readyz has turned, so that a load balancer can notice; 5 suits most." },
    Setting { name: "FRONTEND_DIST", default: WhenUnset::Value("dist"), meaning: "The folder with the built frontend (cargo xtask dist)." },
    Setting { name: "LOG_FORMAT", default: WhenUnset::Value("text"), meaning: "text or json." },
    Setting { name: "RUST_LOG", default: WhenUnset::Value("info,tower_sessions=error"), meaning: "What is logged: a level for all, and levels for modules." },
    Setting { name: "OTEL_EXPORTER_OTLP_ENDPOINT", default: WhenUnset::Absent, meaning: "The collector of traces (OTLP over HTTP, protobuf), e.g. http://localhost:4318; with it OpenTelemetry also reads OTEL_EXPORTER_OTLP_HEADERS, OTEL_RESOURCE_ATTRIBUTES and OTEL_TRACES_SAMPLER." },
    Setting { name: "OTEL_SERVICE_NAME", default: WhenUnset::Value("bff"), meaning: "What traces call this service." },
    Setting { name: "TRUSTED_PROXIES", default: WhenUnset::Absent, meaning: "CIDRs of reverse proxies whose X-Forwarded-For and traceparent are believed (the latter they must set or remove), separated by commas; one machine is 192.0.2.1/32." },
    Setting { name: "SIGN_IN_REQUESTS_PER_MINUTE", default: WhenUnset::Value("240"), meaning: "Requests to /sign-in and /callback that one address (IPv6: /64) may make in a minute, and logout tokens that may be refused; 0 is no limit." },
    Setting { name: "API_ROUTES", default: WhenUnset::Absent, meaning: "A file with the APIs that pages may call at /api/proxy/{name}/, with the person's access token." },
    Setting { name: "LOGTO_WEBHOOK_SIGNING_KEY", default: WhenUnset::Absent, meaning: "The signing key of Logto's webhook at /webhooks/logto; without it there is no webhook." },
];

/// The text of `.env.example`: every setting, its default, one sentence.
#[must_use]
pub fn env_example() -> String {
    let heading = "# The settings of the bff. Copy to `.env` for development; a secret may be given as <NAME>_FILE instead.\n";
    heading.to_owned() + &settings::env_example(SETTINGS)
}
