//! Which endpoints of a discovery document may be used. Some get codes and the client secret, and browsers are sent to others.

use crate::{ClientConfig, Metadata};
use openidconnect::{TokenUrl, UserInfoUrl};
use url::Url;

/// Why an endpoint must not be used. The text has its origin, and no path.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum EndpointError {
    /// Plain http, or something that is not a web address.
    #[error("`{0}` is at {1}, which is not https as the issuer is")]
    Insecure(&'static str, String),
    /// Browsers are sent to the issuer's origin only.
    #[error(
        "`{0}` is at {1}, and browsers are sent to the issuer's origin only: let the provider name its public address, also when it is asked at OIDC_INTERNAL_URL"
    )]
    NotForBrowsers(&'static str, String),
}

impl ClientConfig {
    /// Checks each endpoint. One for browsers is at the issuer's origin. Another one is at the internal address, or https if the
    /// issuer is.
    ///
    /// # Errors
    /// The first endpoint that must not be used.
    pub fn check_endpoints(&self, metadata: &Metadata) -> Result<(), EndpointError> {
        let issuer = self.issuer.url();
        for (name, url) in for_browsers(metadata) {
            if url.origin() != issuer.origin() {
                return Err(EndpointError::NotForBrowsers(name, origin(url)));
            }
        }
        let internal = self.internal_url.as_ref().map(Url::origin);
        for (name, url) in for_this_client(metadata) {
            let is_secure = url.scheme() == "https" || url.scheme() == issuer.scheme();
            if !is_secure && Some(url.origin()) != internal {
                return Err(EndpointError::Insecure(name, origin(url)));
            }
        }
        Ok(())
    }
}

fn for_browsers(metadata: &Metadata) -> impl Iterator<Item = (&'static str, &Url)> {
    let end_session = &metadata.additional_metadata().end_session_endpoint;
    let authorization = metadata.authorization_endpoint().url();
    [
        ("authorization_endpoint", Some(authorization)),
        ("end_session_endpoint", end_session.as_ref()),
    ]
    .into_iter()
    .filter_map(|(name, url)| url.map(|url| (name, url)))
}

fn for_this_client(metadata: &Metadata) -> impl Iterator<Item = (&'static str, &Url)> {
    let further = metadata.additional_metadata();
    let pushed = &further.pushed_authorization_request_endpoint;
    let user_info = metadata.userinfo_endpoint().map(UserInfoUrl::url);
    [
        (
            "token_endpoint",
            metadata.token_endpoint().map(TokenUrl::url),
        ),
        ("userinfo_endpoint", user_info),
        ("jwks_uri", Some(metadata.jwks_uri().url())),
        ("revocation_endpoint", further.revocation_endpoint.as_ref()),
        ("pushed_authorization_request_endpoint", pushed.as_ref()),
    ]
    .into_iter()
    .filter_map(|(name, url)| url.map(|url| (name, url)))
}

fn origin(url: &Url) -> String {
    let origin = url.origin();
    let text = if origin.is_tuple() {
        origin.ascii_serialization()
    } else {
        format!("{}:", url.scheme())
    };
    crate::visible(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_provider;
    use serde_json::json;

    const INTERNAL: &str = "http://logto:3001";

    /// The refused endpoint's name, or nothing.
    fn refused(issuer: &str, internal: Option<&str>, member: &str, url: &str) -> &'static str {
        let mut document = serde_json::to_value(test_provider::metadata()).unwrap();
        document["issuer"] = json!(issuer);
        document["authorization_endpoint"] = json!(format!("{issuer}/auth"));
        document[member] = json!(url);
        let config = ClientConfig {
            internal_url: internal.map(|url| url.parse().unwrap()),
            ..ClientConfig::new(issuer, "id", "secret", "https://app.example/callback").unwrap()
        };
        match config.check_endpoints(&serde_json::from_value(document).unwrap()) {
            Ok(()) => "",
            Err(EndpointError::Insecure(name, _) | EndpointError::NotForBrowsers(name, _)) => name,
        }
    }

    #[test]
    fn q23_an_endpoint_for_this_client_is_https_or_at_the_internal_address() {
        let https = "https://logto.example/oidc";
        for member in [
            "token_endpoint",
            "userinfo_endpoint",
            "jwks_uri",
            "revocation_endpoint",
            "pushed_authorization_request_endpoint",
        ] {
            for (internal, url, allowed) in [
                (None, "https://logto.example/x", true),
                (None, "https://other.example/x", true),
                (None, "http://logto.example/x", false),
                (None, "http://localhost:3001/x", false),
                (None, "http://127.0.0.1/x", false),
                (None, "ftp://logto.example/x", false),
                (None, "http://logto:3001/x", false),
                (Some(INTERNAL), "http://logto:3001/x", true),
                (Some(INTERNAL), "http://logto:3002/x", false),
                (Some(INTERNAL), "http://localhost:3001/x", false),
            ] {
                let expected = if allowed { "" } else { member };
                let found = refused(https, internal, member, url);
                assert_eq!(found, expected, "{member} {url} {internal:?}");
            }
            let local = "http://localhost:3001/oidc";
            let found = refused(local, None, member, "http://127.0.0.1:3001/x");
            assert_eq!(found, "", "the issuer has no TLS either");
        }
    }

    #[test]
    fn q23_an_endpoint_for_browsers_is_at_the_issuers_origin() {
        for (issuer, url, allowed) in [
            (
                "https://logto.example/oidc",
                "https://logto.example/x",
                true,
            ),
            (
                "https://logto.example/oidc",
                "https://logto.example:443/x",
                true,
            ),
            (
                "https://logto.example/oidc",
                "https://logto.example:8443/x",
                false,
            ),
            (
                "https://logto.example/oidc",
                "http://logto.example/x",
                false,
            ),
            (
                "https://logto.example/oidc",
                "https://evil.example/x",
                false,
            ),
            ("https://logto.example/oidc", "javascript:alert(1)", false),
            ("https://logto.example/oidc", "http://logto:3001/x", false),
            (
                "http://localhost:3001/oidc",
                "http://localhost:3001/x",
                true,
            ),
            (
                "http://localhost:3001/oidc",
                "http://127.0.0.1:3001/x",
                false,
            ),
        ] {
            for internal in [None, Some(INTERNAL)] {
                for member in ["authorization_endpoint", "end_session_endpoint"] {
                    let expected = if allowed { "" } else { member };
                    assert_eq!(refused(issuer, internal, member, url), expected, "{url}");
                }
            }
        }
    }

    #[test]
    fn q23_a_refusal_names_the_endpoint_its_origin_and_the_setting() {
        let (name, url) = (
            "end_session_endpoint",
            "http://logto:3001/oidc/session/end?a=secret",
        );
        let error = EndpointError::NotForBrowsers(name, origin(&url.parse().unwrap()));
        let text = error.to_string();
        for word in [name, "http://logto:3001,", "OIDC_INTERNAL_URL"] {
            assert!(text.contains(word), "{word} in {text}");
        }
        assert!(!text.contains("secret"), "{text}");
    }
}
