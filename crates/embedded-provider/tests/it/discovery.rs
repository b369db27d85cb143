//! Discovery and keys: every listed feature works, and nothing private is published.

use crate::support::{Request, World};
use reqwest::Method;
use serde_json::{Value, json};

#[tokio::test]
async fn q56_discovery_lists_what_works_and_nothing_else() {
    let world = World::new().await;
    let mut browser = world.browser();
    let answer = browser.get("/oidc/.well-known/openid-configuration").await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "application/json; charset=utf-8")
    );
    let metadata = answer.json();
    let issuer = &world.issuer;
    assert_eq!(
        metadata,
        json!({
            "issuer": issuer,
            "authorization_endpoint": format!("{issuer}/auth"),
            "token_endpoint": format!("{issuer}/token"),
            "userinfo_endpoint": format!("{issuer}/me"),
            "jwks_uri": format!("{issuer}/jwks"),
            "pushed_authorization_request_endpoint": format!("{issuer}/request"),
            "introspection_endpoint": format!("{issuer}/token/introspection"),
            "revocation_endpoint": format!("{issuer}/token/revocation"),
            "end_session_endpoint": format!("{issuer}/session/end"),
            "response_types_supported": ["code"],
            "response_modes_supported": ["form_post", "fragment", "query"],
            "grant_types_supported": ["authorization_code", "refresh_token"],
            "code_challenge_methods_supported": ["S256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_jwt", "client_secret_post"],
            "token_endpoint_auth_signing_alg_values_supported": ["HS256"],
            "id_token_signing_alg_values_supported": ["ES384"],
            "subject_types_supported": ["public"],
            "claim_types_supported": ["normal"],
            "claims_parameter_supported": false,
            "request_parameter_supported": false,
            "request_uri_parameter_supported": false,
            "authorization_response_iss_parameter_supported": true,
            "backchannel_logout_supported": true,
            "backchannel_logout_session_supported": true,
            "scopes_supported": [
                "openid", "offline_access", "profile", "email", "phone", "address", "custom_data", "identities",
                "roles", "urn:logto:scope:organizations", "urn:logto:scope:organization_roles",
            ],
            "claims_supported": [
                "sub", "name", "picture", "updated_at", "username", "created_at", "email", "email_verified",
                "phone_number", "phone_number_verified", "custom_data", "identities", "sso_identities", "roles",
                "organizations", "organization_data", "organization_roles", "sid", "auth_time", "nonce", "iss",
            ],
        })
    );
    let other = browser
        .get("/oidc/.well-known/oauth-authorization-server")
        .await;
    assert_eq!(other.json(), metadata);
    for (name, address) in metadata.as_object().unwrap() {
        let method = match name.as_str() {
            "token_endpoint"
            | "introspection_endpoint"
            | "revocation_endpoint"
            | "pushed_authorization_request_endpoint" => Method::POST,
            name if name.ends_with("_endpoint") || name == "jwks_uri" => Method::GET,
            _ => continue,
        };
        let request = browser.request(method, address.as_str().unwrap());
        assert_ne!(browser.send(request).await.status, 404, "{name}");
    }
}

#[tokio::test]
async fn q23_endpoints_follow_the_host_header_as_at_a_logto_and_the_issuer_does_not() {
    let world = World::new().await;
    let mut browser = world.browser();
    let discovery = browser
        .request(Method::GET, "/oidc/.well-known/openid-configuration")
        .header("host", "other.example");
    let metadata: Value = serde_json::from_str(&browser.send(discovery).await.text).unwrap();
    assert_eq!(metadata["issuer"], world.issuer);
    assert_eq!(
        metadata["token_endpoint"],
        "http://other.example/oidc/token"
    );
    let end = browser
        .request(Method::GET, "/oidc/session/end")
        .header("host", "evil.example");
    assert!(!browser.send(end).await.text.contains("evil"));
    let request = browser
        .request(
            Method::GET,
            &Request::new().with("prompt", "none").address(),
        )
        .header("host", "evil.example");
    let response = browser.send(request).await.authorization_response();
    assert_eq!(response["iss"], world.issuer);
}

#[tokio::test]
async fn the_key_set_has_only_public_parts() {
    let world = World::new().await;
    let answer = world.browser().get("/oidc/jwks").await;
    assert_eq!(
        answer.header("content-type"),
        "application/jwk-set+json; charset=utf-8"
    );
    assert_eq!(
        answer.header("cache-control"),
        "no-cache, max-age=0, must-revalidate"
    );
    let set = answer.json();
    let [key] = set["keys"].as_array().unwrap().as_slice() else {
        panic!("one key")
    };
    let mut names: Vec<&String> = key.as_object().unwrap().keys().collect();
    names.sort();
    assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x", "y"]);
    assert_eq!(
        (&key["kty"], &key["alg"], &key["crv"], &key["use"]),
        (
            &json!("EC"),
            &json!("ES384"),
            &json!("P-384"),
            &json!("sig")
        )
    );
}

#[tokio::test]
async fn an_unknown_address_is_404_in_the_words_of_the_protocol() {
    let world = World::new().await;
    for (method, path, said) in [
        (Method::GET, "/oidc/nope", "GET on /nope"),
        (Method::GET, "/oidc/token", "GET on /token"),
        (Method::DELETE, "/oidc/me", "DELETE on /me"),
        (Method::GET, "/oidc/request", "GET on /request"),
    ] {
        let mut browser = world.browser();
        let request = browser.request(method, path);
        let answer = browser.send(request).await;
        assert_eq!(
            answer.outcome(),
            (
                404,
                json!({
                    "code": "oidc.invalid_request",
                    "message": "Request is invalid.",
                    "error": "invalid_request",
                    "error_description": format!("unrecognized route or not allowed method ({said})"),
                })
            )
        );
    }
}
