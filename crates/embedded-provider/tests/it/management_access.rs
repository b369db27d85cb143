//! Who may use the Management API, and how a client gets a token for it.

use crate::support::{
    Answer, World,
    management_api::{APP_ID, APP_SECRET, RESOURCE, http_client, request_token},
    relying_party::{basic, decoded},
};
use clock::Clock;
use embedded_provider::{Config, Database, Provider};
use reqwest::{Method, header::ORIGIN};
use serde_json::{Value, json};

#[tokio::test]
async fn a_token_is_that_of_logto() {
    let world = World::empty().await;
    let issued = request_token(&world, &[("resource", RESOURCE), ("scope", "all")]).await;
    let mut body = issued.json();
    let token = body["access_token"].take();
    assert_eq!(
        body,
        json!({"access_token": null, "expires_in": 3600, "token_type": "Bearer", "scope": "all"})
    );
    let token = token.as_str().unwrap();
    let header = decoded(token, 0);
    assert_eq!(
        (&header["alg"], &header["typ"]),
        (&"ES384".into(), &"at+jwt".into())
    );
    let mut claims = decoded(token, 1);
    assert_eq!(claims["jti"].take().as_str().unwrap().len(), 43);
    let now = world.clock.unix();
    assert_eq!(
        claims,
        json!({
            "jti": null,
            "sub": APP_ID,
            "client_id": APP_ID,
            "iat": now,
            "exp": now + 3600,
            "scope": "all",
            "iss": format!("{}/oidc", world.admin_endpoint),
            "aud": RESOURCE,
        })
    );
    let keys = http_client().get(format!("{}/oidc/jwks", world.admin_endpoint));
    let keys = Answer::of(keys.send().await.unwrap()).await.json();
    assert_eq!(keys["keys"][0]["kid"], header["kid"]);
}

/// The client secret, the form, and the status, the code and the description of the response.
type Case = (
    &'static str,
    &'static [(&'static str, &'static str)],
    u16,
    &'static str,
    &'static str,
);

#[tokio::test]
async fn a_wrong_request_for_a_token_is_refused_as_by_logto() {
    let world = World::empty().await;
    let cases: [Case; 8] = [
        (
            APP_SECRET,
            &[("scope", "all")],
            400,
            "oidc.invalid_target",
            "both `resource` and `organization_id` are not provided",
        ),
        (
            APP_SECRET,
            &[("resource", "https://nope.test")],
            400,
            "oidc.invalid_target",
            "resource indicator is missing, or unknown",
        ),
        (
            "wrong",
            &[("resource", RESOURCE)],
            401,
            "oidc.invalid_client",
            "client authentication failed",
        ),
        (
            "",
            &[("resource", RESOURCE)],
            401,
            "oidc.invalid_client",
            "client authentication failed",
        ),
        (
            APP_SECRET,
            &[("grant_type", "authorization_code"), ("code", "x")],
            400,
            "oidc.invalid_request",
            "requested grant type is not allowed for this client",
        ),
        (
            APP_SECRET,
            &[("grant_type", "nope")],
            400,
            "oidc.unsupported_grant_type",
            "unsupported grant_type requested",
        ),
        (
            APP_SECRET,
            &[("grant_type", "")],
            400,
            "oidc.invalid_request",
            "missing required parameter 'grant_type'",
        ),
        (
            APP_SECRET,
            &[("client_id", "other"), ("resource", RESOURCE)],
            400,
            "oidc.invalid_request",
            "mismatch in body and authorization client ids",
        ),
    ];
    let address = format!("{}/oidc/token", world.admin_endpoint);
    for (secret, fields, status, code, description) in cases {
        let mut form = vec![("grant_type", "client_credentials")];
        if fields[0].0 == "grant_type" {
            form.clear();
        }
        form.extend(fields);
        let request = http_client()
            .post(&address)
            .header("authorization", basic(APP_ID, secret))
            .form(&form);
        let answer = Answer::of(request.send().await.unwrap()).await;
        let body = answer.json();
        assert_eq!(
            (answer.status, &body["code"], &body["error_description"]),
            (status, &code.into(), &description.into()),
            "{form:?}"
        );
        let challenge = answer.header("www-authenticate");
        let realm = format!("Basic realm=\"{}/oidc\"", world.admin_endpoint);
        assert_eq!(challenge.starts_with(&realm), status == 401, "{challenge}");
    }
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", APP_ID),
        ("client_secret", APP_SECRET),
        ("resource", RESOURCE),
    ];
    let by_form = http_client().post(&address).form(&form);
    assert_eq!(by_form.send().await.unwrap().status(), 200);
    // The tenant of people does not know the client.
    let elsewhere = http_client()
        .post(format!("{}/oidc/token", world.endpoint))
        .form(&form);
    let answer = Answer::of(elsewhere.send().await.unwrap()).await;
    let description = &answer.json()["error_description"];
    assert_eq!(
        (answer.status, description),
        (400, &format!("invalid client {APP_ID}").into())
    );
}

/// Requests the list of applications with this header.
async fn applications(world: &World, authorization: Option<&str>) -> Answer {
    let mut request = http_client().get(format!("{}/api/applications", world.endpoint));
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    Answer::of(request.send().await.unwrap()).await
}

#[tokio::test]
async fn only_a_token_for_the_management_api_gives_access() {
    let world = World::new().await;
    let without_scope = request_token(&world, &[("resource", RESOURCE)])
        .await
        .json();
    assert_eq!(without_scope.get("scope"), None);
    let without_scope = without_scope["access_token"].as_str().unwrap();
    let mut browser = world.browser();
    let signed_in = browser
        .sign_in(
            &world,
            &crate::support::Request::new().address(),
            crate::support::PHONE,
        )
        .await;
    let code = &signed_in.authorization_response()["code"];
    let tokens = world.relying_party().exchange(code).await.json();
    let of_person = |name: &str| format!("Bearer {}", tokens[name].as_str().unwrap());
    let api = world.management_api().await;
    let changed = format!("{}x", &api.token[..api.token.len() - 1]);

    let cases: [(Option<String>, u16, &str, &str); 8] = [
        (None, 401, "auth.authorization_header_missing", ""),
        (
            Some(basic(APP_ID, APP_SECRET)),
            401,
            "auth.authorization_token_type_not_supported",
            "",
        ),
        (
            Some("Bearer garbage".to_owned()),
            401,
            "auth.unauthorized",
            "ERR_JWS_INVALID",
        ),
        (
            Some(format!("Bearer {changed}")),
            401,
            "auth.unauthorized",
            "ERR_JWS_SIGNATURE_VERIFICATION_FAILED",
        ),
        (
            Some(of_person("id_token")),
            401,
            "auth.unauthorized",
            "ERR_JWS_INVALID",
        ),
        (
            Some(of_person("access_token")),
            401,
            "auth.unauthorized",
            "ERR_JWS_INVALID",
        ),
        (
            Some(format!("Bearer {without_scope}")),
            403,
            "auth.forbidden",
            "",
        ),
        (Some(format!("Bearer {}", api.token)), 200, "", ""),
    ];
    for (authorization, status, code, data) in cases {
        let answer = applications(&world, authorization.as_deref()).await;
        let body = answer.json();
        let found = body.get("code").and_then(Value::as_str).unwrap_or_default();
        assert_eq!((answer.status, found), (status, code), "{authorization:?}");
        if !data.is_empty() {
            assert_eq!(body["data"]["code"], data, "{authorization:?}");
        }
    }
    world.advance(3600);
    let late = applications(&world, Some(&format!("Bearer {}", api.token))).await;
    assert_eq!(
        (late.status, &late.json()["data"]["code"]),
        (401, &"ERR_JWT_EXPIRED".into())
    );
}

/// Every protected route refuses before it looks at anything else, and at both addresses.
#[tokio::test]
async fn no_route_answers_without_a_token() {
    let world = World::empty().await;
    let paths = [
        "applications",
        "applications/x",
        "applications/x/secrets",
        "applications/x/secrets/y",
        "applications/x/custom-data",
        "applications/x/roles",
        "connectors",
        "connectors/x",
        "connectors/x/test",
        "connector-factories",
        "connector-factories/x",
        "sign-in-exp",
        "account-center",
        "resources",
        "resources/x",
        "resources/x/scopes",
        "resources/x/scopes/y",
        "roles",
        "roles/x",
        "roles/x/scopes",
        "organization-scopes",
        "organization-roles",
        "organization-roles/x/scopes",
        "organization-roles/x/resource-scopes",
        "organizations",
        "organizations/x",
        "organizations/x/jit/email-domains",
        "organizations/x/jit/roles",
        "hooks",
        "hooks/x",
    ];
    for endpoint in [&world.endpoint, &world.admin_endpoint] {
        for path in paths {
            for method in [Method::GET, Method::POST, Method::PATCH, Method::DELETE] {
                let request = http_client()
                    .request(method.clone(), format!("{endpoint}/api/{path}"))
                    .body("not even JSON");
                let answer = Answer::of(request.send().await.unwrap()).await;
                if answer.status == 405 {
                    continue;
                }
                assert_eq!(answer.status, 401, "{method} {path}");
                assert_eq!(answer.json()["code"], "auth.authorization_header_missing");
                assert_eq!(answer.header("access-control-allow-origin"), "");
                assert_eq!(answer.header("cache-control"), "no-store");
            }
        }
    }
}

#[tokio::test]
async fn a_page_of_another_origin_changes_nothing_even_with_a_token() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let request = api
        .request(Method::POST, "roles")
        .header(ORIGIN, "https://evil.example")
        .json(&json!({"name": "a", "description": "b"}));
    let answer = Answer::of(request.send().await.unwrap()).await;
    assert_eq!(
        (answer.status, &answer.json()["code"]),
        (403, &"auth.forbidden".into())
    );
    assert_eq!(api.get("roles").await.json().as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn unknown_routes_methods_and_bodies_are_refused_as_by_logto() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let unknown = api.get("nope").await;
    assert_eq!((unknown.status, unknown.text.as_str()), (404, "Not Found"));
    assert!(unknown.header("content-type").starts_with("text/plain"));
    let wrong = api.send("PUT", "applications", &json!({})).await;
    assert_eq!(
        (wrong.status, wrong.text.as_str()),
        (405, "Method Not Allowed")
    );
    assert!(
        wrong.header("allow").contains("POST"),
        "{}",
        wrong.header("allow")
    );

    let post = |content_type: &str, body: String| {
        api.request(Method::POST, "roles")
            .header("content-type", content_type)
            .body(body)
    };
    let broken = post("application/json", "{\"name\":".to_owned());
    let broken = Answer::of(broken.send().await.unwrap()).await;
    assert_eq!(broken.status, 400);
    assert_eq!(
        broken.json(),
        json!({"message": "Unexpected end of JSON input"})
    );
    let text = post(
        "text/plain",
        "{\"name\": \"a\", \"description\": \"b\"}".to_owned(),
    );
    let text = Answer::of(text.send().await.unwrap()).await;
    assert_eq!(text.json()["code"], "guard.invalid_input");
    let large = post("application/json", format!("\"{}\"", "x".repeat(100_000)));
    assert_eq!(large.send().await.unwrap().status(), 413);
    for endpoint in [&world.endpoint, &world.admin_endpoint] {
        let status = http_client().get(format!("{endpoint}/api/status"));
        assert_eq!(status.send().await.unwrap().status(), 204);
    }
}

#[tokio::test]
async fn without_its_client_there_is_no_management_api() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}", listener.local_addr().unwrap());
    let config = Config {
        endpoint: endpoint.parse().unwrap(),
        tenant: None,
        management: None,
        database: Database::Memory,
        sms_endpoint: None,
    };
    let provider = Provider::open(config, Clock::system()).await.unwrap();
    assert!(provider.admin_router().is_none());
    let router = provider.router();
    tokio::spawn(async move { axum::serve(listener, router).await });
    let answer = http_client()
        .get(format!("{endpoint}/api/applications"))
        .bearer_auth("x");
    let answer = Answer::of(answer.send().await.unwrap()).await;
    assert_eq!((answer.status, answer.text.as_str()), (404, "Not Found"));
}

#[tokio::test]
async fn an_application_with_the_role_manages_the_tenant_too() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let robot = json!({"name": "Robot", "type": "MachineToMachine"});
    let id = api.create("applications", robot).await;
    let secrets = api.get(&format!("applications/{id}/secrets")).await.json();
    let secret = secrets[0]["value"].as_str().unwrap();
    let form = [
        ("grant_type", "client_credentials"),
        ("client_id", &id),
        ("client_secret", secret),
        ("resource", RESOURCE),
        ("scope", "all"),
    ];
    let token = async || {
        let request = http_client()
            .post(format!("{}/oidc/token", world.endpoint))
            .form(&form);
        Answer::of(request.send().await.unwrap()).await.json()
    };
    assert_eq!(token().await.get("scope"), None, "it has no role yet");

    let roles = api.get("roles").await.json();
    let role = roles[0]["id"].as_str().unwrap();
    let path = format!("applications/{id}/roles");
    let assigned = api.post(&path, json!({"roleIds": [role]})).await;
    let expected = json!({"roleIds": [role], "addedRoleIds": [role]});
    assert_eq!(assigned.outcome(), (201, expected));
    let again = api.post(&path, json!({"roleIds": [role]})).await;
    let expected = json!({"roleIds": [role], "addedRoleIds": []});
    assert_eq!(again.outcome(), (201, expected));
    assert_eq!(api.get("roles").await.json()[0]["applicationsCount"], 1);

    let issued = token().await;
    assert_eq!(issued["scope"], "all");
    let claims = decoded(issued["access_token"].as_str().unwrap(), 1);
    assert_eq!(
        (&claims["sub"], &claims["iss"]),
        (&id.clone().into(), &world.issuer.clone().into())
    );
    let mut own = world.management_api().await;
    issued["access_token"]
        .as_str()
        .unwrap()
        .clone_into(&mut own.token);
    assert_eq!(own.get("roles").await.status, 200);

    let refused = [
        (
            "authorization_code",
            "requested grant type is not allowed for this client",
        ),
        (
            "refresh_token",
            "requested grant type is not allowed for this client",
        ),
    ];
    for (grant_type, description) in refused {
        let mut form = form;
        form[0].1 = grant_type;
        let request = http_client()
            .post(format!("{}/oidc/token", world.endpoint))
            .form(&form[..3]);
        let answer = Answer::of(request.send().await.unwrap()).await;
        assert_eq!(answer.status, 400);
        assert_eq!(
            answer.json()["error_description"],
            description,
            "{grant_type}"
        );
    }
}
