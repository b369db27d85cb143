//! The settings: which Logto, and the application that may use its Management API.

use ::settings::{
    Error, Reader, Refused, Setting, WhenUnset, all,
    parse::{Parsed, filled, web_url},
};
use http_client::HttpConfig;
use secrecy::SecretString;
use url::Url;

const ENDPOINT: &str = "LOGTO_ENDPOINT";
const ADMIN_ENDPOINT: &str = "LOGTO_ADMIN_ENDPOINT";
/// Resource indicator of the Management API of a Logto on its own server, whatever its address.
const DEFAULT_RESOURCE: &str = "https://default.logto.app/api";

/// `--help` shows them.
const SETTINGS: &[Setting] = &[
    Setting {
        name: ENDPOINT,
        default: WhenUnset::Required("http://localhost:3001"),
        meaning: "The address of Logto.",
    },
    Setting {
        name: ADMIN_ENDPOINT,
        default: WhenUnset::Absent,
        meaning: "Where the access token comes from. Logto Cloud: LOGTO_ENDPOINT. If LOGTO_ENDPOINT has port 3001: port 3002. Set it to LOGTO_ENDPOINT for a machine-to-machine application that you made in the console.",
    },
    Setting {
        name: "LOGTO_MANAGEMENT_APP_ID",
        default: WhenUnset::Required("m-default"),
        meaning: "A machine-to-machine application with the role `Logto Management API access`.",
    },
    Setting {
        name: "LOGTO_MANAGEMENT_APP_SECRET",
        default: WhenUnset::Required(""),
        meaning: "Its secret.",
    },
    Setting {
        name: "LOGTO_MANAGEMENT_RESOURCE",
        default: WhenUnset::Absent,
        meaning: "The resource indicator of the Management API. Logto Cloud: LOGTO_ENDPOINT and `/api`, else https://default.logto.app/api.",
    },
];

/// A line for each setting.
pub(crate) fn help() -> String {
    let lines = SETTINGS
        .iter()
        .map(|setting| format!("  {}\n      {}\n", setting.name, setting.meaning));
    let lines: String = lines.collect();
    format!(
        "Settings, from the environment or from .env (NAME_FILE may name a file with the value):\n{lines}  \
         EXTRA_CA_FILE, HTTPS_PROXY, HTTP_PROXY, NO_PROXY\n      As for the bff."
    )
}

/// The settings of a run.
pub(crate) struct Settings {
    /// The tenant's address.
    pub(crate) endpoint: Url,
    /// The address that issues the access token.
    pub(crate) admin_endpoint: Url,
    /// The client id for the access token.
    pub(crate) app_id: String,
    /// The client secret for the access token.
    pub(crate) app_secret: SecretString,
    /// The resource indicator of the Management API.
    pub(crate) resource: String,
    /// Roots and proxies.
    pub(crate) http: HttpConfig,
}

impl Settings {
    /// Reads the settings. `variable` returns the value of an environment variable.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Error> {
        ::settings::read(SETTINGS, variable, |reader| {
            let endpoint = reader.required(ENDPOINT, origin);
            let admin_endpoint = admin_endpoint(reader, endpoint.as_ref().ok());
            let app_id = reader.required("LOGTO_MANAGEMENT_APP_ID", filled);
            let app_secret = reader.required("LOGTO_MANAGEMENT_APP_SECRET", filled);
            let resource = reader.optional("LOGTO_MANAGEMENT_RESOURCE", filled);
            let http = HttpConfig::read(reader);
            let endpoint = endpoint?;
            let default_resource = || {
                if is_cloud(&endpoint) {
                    format!("{endpoint}api")
                } else {
                    DEFAULT_RESOURCE.to_owned()
                }
            };
            let resource = resource.map(|resource| resource.unwrap_or_else(default_resource));
            all!(Self {
                endpoint: Ok::<_, Refused>(endpoint),
                admin_endpoint: admin_endpoint,
                app_id: app_id,
                app_secret: app_secret.map(SecretString::from),
                resource: resource,
                http: http,
            })
        })
    }
}

/// `endpoint` is `None` if it is refused. That is error enough.
fn admin_endpoint(reader: &mut Reader<'_>, endpoint: Option<&Url>) -> Result<Url, Refused> {
    let given = reader.optional(ADMIN_ENDPOINT, origin)?;
    let endpoint = endpoint.ok_or(Refused)?;
    let guessed = || {
        if is_cloud(endpoint) {
            return Some(endpoint.clone());
        }
        let mut admin = endpoint.clone();
        (endpoint.port() == Some(3001) && admin.set_port(Some(3002)).is_ok()).then_some(admin)
    };
    given.or_else(guessed).ok_or_else(|| {
        reader.refuse(
            ADMIN_ENDPOINT,
            "is not set: for a machine-to-machine application that you made in the console it is LOGTO_ENDPOINT, for `m-default` the address of Logto's admin tenant",
        )
    })
}

/// Whether it is a tenant of Logto Cloud. Its tenants issue their own tokens.
fn is_cloud(endpoint: &Url) -> bool {
    endpoint
        .domain()
        .is_some_and(|domain| domain.ends_with(".logto.app"))
}

/// Scheme, host and port.
fn origin(text: &str) -> Parsed<Url> {
    let url = web_url(text)?;
    if url.path() == "/" {
        Ok(url)
    } else {
        Err("must be scheme, host and port only, such as https://logto.example")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashMap;

    fn read(variables: &[(&str, &str)]) -> Result<Settings, String> {
        let mut variables: HashMap<_, _> = variables.iter().copied().collect();
        for (name, value) in [
            ("LOGTO_MANAGEMENT_APP_ID", "m-default"),
            ("LOGTO_MANAGEMENT_APP_SECRET", "the-secret"),
        ] {
            variables.entry(name).or_insert(value);
        }
        Settings::read(|name| variables.get(name).map(ToString::to_string))
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_admin_endpoint_and_the_resource_follow_the_endpoint() {
        for (endpoint, admin_endpoint, resource) in [
            (
                "http://localhost:3001",
                "http://localhost:3002/",
                DEFAULT_RESOURCE,
            ),
            (
                "https://logto.example:3001/",
                "https://logto.example:3002/",
                DEFAULT_RESOURCE,
            ),
            (
                "https://abc123.logto.app",
                "https://abc123.logto.app/",
                "https://abc123.logto.app/api",
            ),
        ] {
            let settings = read(&[(ENDPOINT, endpoint)]).unwrap();
            assert_eq!(settings.admin_endpoint.as_str(), admin_endpoint);
            assert_eq!(settings.resource, resource);
        }
    }

    #[test]
    fn what_is_set_is_used() {
        let settings = read(&[
            (ENDPOINT, "https://id.example"),
            (ADMIN_ENDPOINT, "https://admin.example"),
            ("LOGTO_MANAGEMENT_RESOURCE", "urn:api"),
        ]);
        let settings = settings.unwrap();
        assert_eq!(settings.admin_endpoint.as_str(), "https://admin.example/");
        assert_eq!(settings.resource, "urn:api");
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (variables, expected) in [
            (&[][..], "LOGTO_ENDPOINT is not set"),
            (
                &[(ENDPOINT, "https://id.example")],
                "LOGTO_ADMIN_ENDPOINT is not set: for a machine-to-machine application",
            ),
            (
                &[(ENDPOINT, "https://id.example/oidc")],
                "LOGTO_ENDPOINT must be scheme, host and port only",
            ),
            (
                &[(ENDPOINT, "http://id.example")],
                "LOGTO_ENDPOINT must begin with https://",
            ),
            (
                &[
                    (ENDPOINT, "http://localhost:3001"),
                    ("LOGTO_MANAGEMENT_APP_SECRET", "<secret>"),
                ],
                "LOGTO_MANAGEMENT_APP_SECRET is still a placeholder",
            ),
            // Not a second line that guesses from a wrong value.
            (
                &[(ENDPOINT, "nonsense")],
                "LOGTO_ENDPOINT is not an address",
            ),
        ] {
            let error = read(variables).err().unwrap();
            assert!(error.starts_with(expected), "{error}");
            assert_eq!(error.lines().count(), 1, "{error}");
        }
    }
}
