//! Every setting: right, missing, wrong.

use super::*;
use oidc_rp::openidconnect::core::CoreJwsSigningAlgorithm;
use shared::Prompt;
use std::collections::HashMap;

const SECRET: &str = "n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g";

fn settings() -> HashMap<&'static str, &'static str> {
    HashMap::from([
        ("LOGTO_ENDPOINT", "https://logto.example"),
        ("LOGTO_APP_ID", "bookstore"),
        ("LOGTO_APP_SECRET", "s3cr3t"),
        ("BASE_URL", "https://app.example"),
        ("COOKIE_SECRET", SECRET),
    ])
}

fn read(settings: &HashMap<&'static str, &'static str>) -> Result<Config, Vec<String>> {
    Config::read(|name| settings.get(name).map(|&value| value.to_owned()))
        .map_err(|errors| errors.to_string().lines().map(str::to_owned).collect())
}

fn read_with(name: &'static str, value: &'static str) -> Result<Config, Vec<String>> {
    let mut settings = settings();
    settings.insert(name, value);
    read(&settings)
}

#[test]
fn the_guides_five_settings_are_enough() {
    let config = read(&settings()).unwrap();
    assert_eq!(
        config.provider.issuer.as_str(),
        "https://logto.example/oidc"
    );
    assert_eq!(
        config.base_url.redirect_uri().as_str(),
        "https://app.example/callback"
    );
    assert_eq!(
        config.base_url.post_logout_redirect_uri().as_str(),
        "https://app.example/"
    );
    assert!(config.base_url.is_https());
    assert_eq!(config.provider.prompt, [Prompt::Consent]);
    assert_eq!(
        config.provider.id_token_algorithms,
        [
            CoreJwsSigningAlgorithm::EcdsaP384Sha384,
            CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256
        ]
    );
    assert!(
        matches!(config.session.store, Address::Sqlite(path) if path.ends_with("data/sessions.sqlite"))
    );
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
}

#[test]
fn every_missing_setting_is_named_at_once() {
    assert_eq!(
        read(&HashMap::new()).unwrap_err(),
        [
            "BASE_URL is not set",
            "COOKIE_SECRET is not set",
            "LOGTO_ENDPOINT is not set",
            "LOGTO_APP_ID is not set",
            "LOGTO_APP_SECRET is not set",
        ]
    );
}

/// Setting, wrong value, what is said.
const WRONG: &[(&str, &str, &str)] = &[
    (
        "LOGTO_ENDPOINT",
        "logto.example",
        "is not an address such as https://logto.example",
    ),
    (
        "LOGTO_ENDPOINT",
        "http://logto.example",
        "must begin with https:// (plain http is for localhost only)",
    ),
    (
        "LOGTO_ENDPOINT",
        "https://logto.example/oidc",
        "must be Logto's address without /oidc",
    ),
    (
        "LOGTO_APP_SECRET",
        "<your-app-secret>",
        "is still a placeholder",
    ),
    ("LOGTO_APP_SECRET", "", "is not set"),
    (
        "BASE_URL",
        "http://app.example",
        "must begin with https:// (plain http is for localhost only)",
    ),
    (
        "BASE_URL",
        "https://app.example/shop",
        "must be an origin such as https://app.example, without a path",
    ),
    (
        "BASE_URL",
        "javascript:alert(1)",
        "is not an address such as https://logto.example",
    ),
    (
        "COOKIE_SECRET",
        "too short",
        "is too short: at least 32 characters, e.g. from `openssl rand -base64 32`",
    ),
    (
        "COOKIE_SECRET",
        "complex_password_at_least_32_characters_long",
        "is too easy to guess: take random characters, e.g. from `openssl rand -base64 32`",
    ),
    (
        "COOKIE_SECRET",
        "abababababababababababababababababab",
        "is too easy to guess: take random characters, e.g. from `openssl rand -base64 32`",
    ),
    (
        "COOKIE_SECURE",
        "false",
        "contradicts the scheme of BASE_URL; leave it out",
    ),
    ("COOKIE_SECURE", "no", "is neither true nor false"),
    (
        "LOGTO_PROMPT",
        "none consent",
        "says none together with another one",
    ),
    (
        "LOGTO_PROMPT",
        "select_account",
        "is not made of none, consent, login",
    ),
    (
        "ID_TOKEN_ALGORITHMS",
        "HS256",
        "is not a list of ES256, ES384, EdDSA, PS256, PS384, PS512, RS256, RS384, RS512",
    ),
    ("ID_TOKEN_ALGORITHMS", "", "names no algorithm"),
    (
        "SESSION_STORE",
        "redis://localhost:port",
        "is not an address such as redis://user:password@host:6379/0",
    ),
    (
        "SESSION_STORE",
        "postgres://user:secret@host:port/bff",
        "is not an address such as postgres://user:password@host:5432/database",
    ),
    (
        "SESSION_STORE",
        "sqlite:",
        "must be memory:, sqlite:PATH, postgres://… or redis://…",
    ),
    (
        "SESSION_IDLE_SECONDS",
        "0",
        "is not a number of seconds from 1 to 315360000",
    ),
    (
        "SESSION_LIFETIME_SECONDS",
        "99999999999",
        "is not a number of seconds from 1 to 315360000",
    ),
    (
        "LISTEN",
        "localhost",
        "is not an address with a port such as 127.0.0.1:3000",
    ),
    (
        "TRUSTED_PROXIES",
        "10.0.0.0/33",
        "is not a list of CIDRs such as 10.0.0.0/8, 192.0.2.1/32",
    ),
    ("LOG_FORMAT", "xml", "is neither text nor json"),
    (
        "RUST_LOG",
        "bff=loud",
        "is not a list of levels such as info,bff=debug",
    ),
];

#[test]
fn a_wrong_setting_is_named_with_the_mend_and_without_its_value() {
    for &(name, value, reason) in WRONG {
        assert_eq!(
            read_with(name, value).unwrap_err(),
            [format!("{name} {reason}")],
            "{value}"
        );
    }
}

#[test]
fn http_is_for_this_machine_only() {
    for base_url in [
        "http://localhost:8080",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
    ] {
        assert!(
            !read_with("BASE_URL", base_url).unwrap().base_url.is_https(),
            "{base_url}"
        );
    }
}

#[test]
fn a_secret_may_be_in_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cookie-secret");
    std::fs::write(&path, format!("{SECRET}\n")).unwrap();
    let mut settings = settings();
    settings.remove("COOKIE_SECRET");
    settings.insert(
        "COOKIE_SECRET_FILE",
        path.to_str().unwrap().to_owned().leak(),
    );
    assert_eq!(
        read(&settings).unwrap().cookie_secret.expose(),
        SECRET.as_bytes()
    );

    settings.insert("COOKIE_SECRET_FILE", "/nowhere/cookie-secret");
    let error = &read(&settings).unwrap_err()[0];
    assert!(
        error.starts_with("COOKIE_SECRET cannot be read from /nowhere/cookie-secret: "),
        "{error}"
    );
}

#[test]
fn debug_shows_no_secret() {
    let debug = format!("{:?}", read(&settings()).unwrap());
    assert!(
        !debug.contains(SECRET) && !debug.contains("s3cr3t"),
        "{debug}"
    );
}

#[test]
fn env_example_is_the_table_of_settings() {
    let file = include_str!("../../../.env.example");
    assert_eq!(
        file,
        env_example(),
        "write it anew: cargo run -p bff -- env-example > .env.example"
    );
}

#[test]
fn routes_are_checked_with_the_settings() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("routes.toml");
    let routes = |lines: &str| {
        let text =
            format!("[[routes]]\nname = \"books\"\nupstream = \"https://api.example\"\n{lines}");
        std::fs::write(&file, text).unwrap();
        let variable = |name: &str| match name {
            "API_ROUTES" => file.to_str().map(str::to_owned),
            _ => settings().get(name).map(|&value| value.to_owned()),
        };
        let routes = Config::read(variable).unwrap().routes();
        routes.map_err(|error| format!("{error:#}"))
    };
    assert!(routes("token = \"user\"").unwrap().get("books").is_some());
    for (lines, expected) in [
        (
            "token = \"client\"\nresource = \"https://api.example\"",
            "the route `books`",
        ),
        ("token = \"organization\"", "the route `books`"),
        (
            "token = \"user\"\nrequire = { all = [{ organizationRole = \"buyer\" }] }",
            "the route `books`",
        ),
        (
            "token = \"user\"\nrequire = { group = \"a\" }",
            "unknown variant `group`",
        ),
    ] {
        let error = routes(lines).err().unwrap();
        assert!(
            error.starts_with("API_ROUTES") && error.contains(expected),
            "{error}"
        );
    }
    assert!(
        read(&settings())
            .unwrap()
            .routes()
            .unwrap()
            .iter()
            .next()
            .is_none()
    );
}
