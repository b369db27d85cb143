//! Applications, resources, roles, organizations and webhooks through the Management API.

use crate::support::{Answer, ManagementApi, World, management_api::application};
use serde_json::{Value, json};

/// The code of an error, or the status.
fn code(answer: &Answer) -> String {
    let body: Value = serde_json::from_str(&answer.text).unwrap_or_default();
    match body.get("code") {
        Some(code) => format!("{} {}", answer.status, code.as_str().unwrap()),
        None => answer.status.to_string(),
    }
}

/// Takes the id out of a response and returns it.
fn take_id(body: &mut Value, length: usize) -> String {
    let id = body.as_object_mut().unwrap().remove("id").unwrap();
    let id = id.as_str().unwrap().to_owned();
    assert_eq!(id.len(), length);
    id
}

/// Sends each request and compares the code.
async fn check(api: &ManagementApi, cases: &[(&str, &str, Value, &str)]) {
    for (method, path, body, expected) in cases {
        let answer = api.send(method, path, body).await;
        assert_eq!(
            code(&answer),
            *expected,
            "{method} {path} {body} {}",
            answer.text
        );
    }
}

#[tokio::test]
async fn an_application_is_that_of_logto() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let mut body = application();
    body["bogus"] = 1.into();
    body["oidcClientMetadata"]["bogus"] = 1.into();
    body["id"] = "chosen".into();
    body["secret"] = "chosen".into();
    let created = api.post("applications", body).await;
    assert_eq!(created.status, 200);
    let mut created = created.json();
    let id = take_id(&mut created, 21);
    let now_ms = world.clock.unix() * 1000;
    let mut expected = json!({
        "tenantId": "default",
        "name": "Bookstore",
        "description": null,
        "type": "Traditional",
        "oidcClientMetadata": {
            "redirectUris": ["http://localhost:3000/callback"],
            "postLogoutRedirectUris": ["http://localhost:3000/"],
        },
        "customClientMetadata": {},
        "protectedAppMetadata": null,
        "customData": {},
        "isThirdParty": false,
        "appLevelAccessControlEnabled": false,
        "createdAt": now_ms,
    });
    assert_eq!(created, expected);
    let path = format!("applications/{id}");
    expected["id"] = id.clone().into();
    let mut alone = expected.clone();
    alone["isAdmin"] = false.into();
    assert_eq!(api.get(&path).await.outcome(), (200, alone));
    assert_eq!(api.get("applications").await.json(), json!([expected]));
    let secrets = api.get(&format!("{path}/secrets")).await.json();
    let mut secret = secrets[0].clone();
    assert_eq!(secret["value"].take().as_str().unwrap().len(), 32);
    assert_eq!(
        secret,
        json!({
            "tenantId": "default",
            "applicationId": id,
            "name": "Default secret",
            "value": null,
            "createdAt": now_ms,
            "expiresAt": null,
        })
    );

    // A member is replaced as a whole.
    let metadata = json!({"alwaysIssueRefreshToken": true, "refreshTokenTtlInDays": 7});
    let changed = json!({"customClientMetadata": metadata, "type": "SPA"});
    expected["customClientMetadata"] = metadata;
    assert_eq!(
        api.patch(&path, changed).await.outcome(),
        (200, expected.clone())
    );
    let changed = json!({"customClientMetadata": {"rotateRefreshToken": true}});
    expected["customClientMetadata"] = json!({"rotateRefreshToken": true});
    assert_eq!(
        api.patch(&path, changed).await.outcome(),
        (200, expected.clone())
    );
    assert_eq!(api.patch(&path, json!({})).await.outcome(), (200, expected));

    let data = format!("{path}/custom-data");
    api.patch(&data, json!({"a": 1, "b": {"x": 1}})).await;
    let merged = api.patch(&data, json!({"b": {"y": 2}})).await;
    assert_eq!(merged.outcome(), (200, json!({"a": 1, "b": {"y": 2}})));
    assert_eq!(api.delete(&path).await.status, 204);
    assert_eq!(api.get(&format!("{path}/secrets")).await.status, 404);
}

#[tokio::test]
async fn a_wrong_application_is_refused_with_all_that_is_wrong() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let required = json!({
        "code": "invalid_type",
        "expected": "array",
        "received": "undefined",
        "path": ["oidcClientMetadata", "postLogoutRedirectUris"],
        "message": "Required",
    });
    let options = "'Native' | 'SPA' | 'Traditional' | 'MachineToMachine' | 'Protected' | 'SAML'";
    let enum_message = format!("Invalid enum value. Expected {options}, received 'Web'");
    let cases = [
        (
            json!({"name": "x", "type": "Traditional", "oidcClientMetadata": {
                "redirectUris": ["http://localhost:3000/callback"],
            }}),
            required,
            "Error in key path \"oidcClientMetadata.postLogoutRedirectUris\": (invalid_type) \
             Expected array but received undefined."
                .to_owned(),
        ),
        (
            json!({"name": "x", "type": "Traditional", "oidcClientMetadata": {
                "redirectUris": ["not a uri"],
                "postLogoutRedirectUris": [],
            }}),
            json!({
                "code": "custom",
                "message": "Invalid input",
                "path": ["oidcClientMetadata", "redirectUris", 0],
            }),
            "Error in key path \"oidcClientMetadata.redirectUris.0\": (custom) Invalid input"
                .to_owned(),
        ),
        (
            json!({"name": "x", "type": "Web"}),
            json!({
                "received": "Web",
                "code": "invalid_enum_value",
                "options": ["Native", "SPA", "Traditional", "MachineToMachine", "Protected", "SAML"],
                "path": ["type"],
                "message": enum_message,
            }),
            format!("Error in key path \"type\": (invalid_enum_value) {enum_message}"),
        ),
    ];
    for (body, issue, details) in cases {
        let answer = api.post("applications", body).await;
        assert_eq!(
            answer.outcome(),
            (
                400,
                json!({
                    "code": "guard.invalid_input",
                    "data": {"issues": [issue], "name": "ZodError"},
                    "details": details,
                    "message": "The request body is invalid.",
                })
            )
        );
    }
    let cases = [
        (
            "POST",
            "applications",
            json!({"name": "x"}),
            "400 guard.invalid_input",
        ),
        (
            "POST",
            "applications",
            json!({"type": "SPA"}),
            "400 guard.invalid_input",
        ),
        ("POST", "applications", json!([]), "400 guard.invalid_input"),
        (
            "GET",
            "applications/nope",
            Value::Null,
            "404 entity.not_exists_with_id",
        ),
        (
            "PATCH",
            "applications/nope",
            json!({}),
            "404 entity.not_exists_with_id",
        ),
        (
            "DELETE",
            "applications/nope",
            Value::Null,
            "404 entity.not_exists_with_id",
        ),
    ];
    check(&api, &cases).await;
    let unknown = api.get("applications/doesnotexist").await.json();
    assert_eq!(
        unknown["message"],
        "The applications with ID `doesnotexist` does not exist."
    );
}

#[tokio::test]
async fn secrets_have_names() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let id = api.create("applications", application()).await;
    let path = format!("applications/{id}/secrets");
    let own = |name: &str| format!("{path}/{name}");
    let past = world.clock.unix() * 1000;
    let cases = [
        ("POST", path.as_str(), json!({"name": "provisioner"}), "201"),
        (
            "POST",
            &path,
            json!({"name": "provisioner"}),
            "422 application.secret_name_exists",
        ),
        ("POST", &path, json!({}), "400 guard.invalid_input"),
        (
            "POST",
            &path,
            json!({"name": "old", "expiresAt": past}),
            "400 request.invalid_input",
        ),
        (
            "PATCH",
            &own("provisioner"),
            json!({"name": "Default secret"}),
            "422 application.secret_name_exists",
        ),
        ("PATCH", &own("provisioner"), json!({"name": "new"}), "200"),
        (
            "PATCH",
            &own("provisioner"),
            json!({"name": "newer"}),
            "404 entity.not_found",
        ),
        ("DELETE", &own("new"), Value::Null, "204"),
        ("DELETE", &own("new"), Value::Null, "404 entity.not_found"),
        ("DELETE", &own("Default%20secret"), Value::Null, "204"),
        (
            "DELETE",
            &format!("applications/{id}/legacy-secret"),
            Value::Null,
            "400 application.no_legacy_secret_found",
        ),
        (
            "POST",
            "applications/nope/secrets",
            json!({"name": "a"}),
            "404 entity.not_exists_with_id",
        ),
    ];
    check(&api, &cases).await;
    assert_eq!(api.get(&path).await.json(), json!([]));
    let browser_app = json!({"name": "x", "type": "SPA"});
    let browser_app = api.create("applications", browser_app).await;
    let none = api
        .get(&format!("applications/{browser_app}/secrets"))
        .await;
    assert_eq!(none.json(), json!([]));
}

#[expect(clippy::too_many_lines, reason = "one table of requests")]
#[tokio::test]
async fn resources_and_scopes_are_those_of_logto() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let management = json!({
        "tenantId": "default",
        "id": "management-api",
        "name": "Logto Management API",
        "indicator": "https://default.logto.app/api",
        "isDefault": false,
        "accessTokenTtl": 3600,
    });
    assert_eq!(api.get("resources").await.json(), json!([management]));
    let with_scopes = api.get("resources?includeScopes=true").await.json();
    assert_eq!(with_scopes[0]["scopes"][0]["name"], "all");

    let new = json!({"name": "Shop API", "indicator": "https://api.shop.test"});
    let created = api.post("resources", new.clone()).await;
    assert_eq!(created.status, 201);
    let mut created = created.json();
    let id = take_id(&mut created, 21);
    assert_eq!(
        created,
        json!({
            "tenantId": "default",
            "name": "Shop API",
            "indicator": "https://api.shop.test",
            "isDefault": false,
            "accessTokenTtl": 3600,
            "scopes": [],
        })
    );
    let (path, scopes) = (format!("resources/{id}"), format!("resources/{id}/scopes"));
    let changed = api
        .patch(&path, json!({"accessTokenTtl": 120}))
        .await
        .json();
    assert_eq!(
        (&changed["accessTokenTtl"], changed.get("scopes")),
        (&120.into(), None)
    );
    let scope = api.post(&scopes, json!({"name": "read:books"})).await;
    assert_eq!(scope.status, 201);
    let mut scope = scope.json();
    let scope_id = take_id(&mut scope, 21);
    assert_eq!(
        scope,
        json!({
            "tenantId": "default",
            "resourceId": id,
            "name": "read:books",
            "description": null,
            "createdAt": world.clock.unix() * 1000,
        })
    );
    api.create(
        &scopes,
        json!({"name": "write:books", "description": "Write"}),
    )
    .await;
    let one = format!("{scopes}/{scope_id}");
    let cases = [
        (
            "POST",
            "resources",
            new,
            "422 resource.resource_identifier_in_use",
        ),
        (
            "POST",
            "resources",
            json!({"indicator": "x"}),
            "400 guard.invalid_input",
        ),
        (
            "POST",
            "resources",
            json!({"name": "x", "indicator": "not a uri"}),
            "201",
        ),
        (
            "PATCH",
            &path,
            json!({"indicator": "https://other"}),
            "422 entity.invalid_input",
        ),
        (
            "PATCH",
            &format!("{path}/is-default"),
            json!({"isDefault": true}),
            "200",
        ),
        (
            "POST",
            &scopes,
            json!({"name": "read:books"}),
            "422 scope.name_exists",
        ),
        (
            "POST",
            &scopes,
            json!({"name": "read books"}),
            "400 scope.name_with_space",
        ),
        (
            "POST",
            &scopes,
            json!({"name": ""}),
            "400 guard.invalid_input",
        ),
        (
            "POST",
            "resources/nope/scopes",
            json!({"name": "x"}),
            "404 entity.not_exists_with_id",
        ),
        ("PATCH", &one, json!({"description": "x"}), "200"),
        (
            "PATCH",
            &one,
            json!({"name": "write:books"}),
            "422 scope.name_exists",
        ),
        (
            "PATCH",
            &format!("{scopes}/nope"),
            json!({"name": "x"}),
            "404 entity.not_exists",
        ),
        ("DELETE", &one, Value::Null, "204"),
        ("DELETE", &one, Value::Null, "404 entity.not_found"),
        (
            "DELETE",
            "resources/management-api",
            Value::Null,
            "400 resource.cannot_delete_management_api",
        ),
        ("DELETE", &path, Value::Null, "204"),
        (
            "DELETE",
            &path,
            Value::Null,
            "404 entity.not_exists_with_id",
        ),
        ("GET", &scopes, Value::Null, "404 entity.not_exists_with_id"),
    ];
    check(&api, &cases).await;
}

#[expect(clippy::too_many_lines, reason = "one table of requests")]
#[tokio::test]
async fn roles_are_those_of_logto() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let mut fresh = api.get("roles").await.json();
    take_id(&mut fresh[0], 21);
    assert_eq!(
        fresh,
        json!([{
            "tenantId": "default",
            "name": "Logto Management API access",
            "description": "This default role grants access to the Logto management API.",
            "type": "MachineToMachine",
            "isDefault": false,
            "usersCount": 0,
            "featuredUsers": [],
            "applicationsCount": 0,
            "featuredApplications": [],
        }])
    );
    let resource = json!({"name": "Shop API", "indicator": "https://api.shop.test"});
    let resource = api.create("resources", resource).await;
    let scopes = format!("resources/{resource}/scopes");
    let read = api.create(&scopes, json!({"name": "read"})).await;
    let write = api.create(&scopes, json!({"name": "write"})).await;
    let reader = json!({"name": "reader", "description": "Reads", "scopeIds": [read]});
    let created = api.post("roles", reader.clone()).await;
    assert_eq!(created.status, 200);
    let mut created = created.json();
    let id = take_id(&mut created, 21);
    assert_eq!(
        created,
        json!({
            "tenantId": "default",
            "name": "reader",
            "description": "Reads",
            "type": "User",
            "isDefault": false,
        })
    );
    let own = format!("roles/{id}/scopes");
    let list = api.get(&own).await.json();
    assert_eq!(
        (&list[0]["id"], &list[0]["resource"]["indicator"]),
        (&read.clone().into(), &"https://api.shop.test".into())
    );
    let added = api.post(&own, json!({"scopeIds": [write]})).await;
    assert_eq!(added.status, 201);
    let added = added.json();
    assert_eq!(
        (added.as_array().unwrap().len(), added[1].get("resource")),
        (2, None)
    );
    let path = format!("roles/{id}");
    let of_users = json!({"name": "admin", "description": "x", "scopeIds": ["management-api-all"]});
    let unknown = json!({"name": "made", "description": "x", "scopeIds": ["nope"]});
    let for_machines = json!({
        "name": "provisioner",
        "description": "x",
        "type": "MachineToMachine",
        "scopeIds": ["management-api-all"],
    });
    let cases = [
        ("POST", "roles", reader, "422 role.name_in_use"),
        (
            "POST",
            "roles",
            json!({"name": "x"}),
            "400 guard.invalid_input",
        ),
        (
            "POST",
            "roles",
            json!({"name": "x", "description": "x", "type": "X"}),
            "400 guard.invalid_input",
        ),
        (
            "POST",
            "roles",
            unknown.clone(),
            "404 entity.not_exists_with_id",
        ),
        // As in Logto, the role was created.
        ("POST", "roles", unknown, "422 role.name_in_use"),
        (
            "POST",
            "roles",
            of_users,
            "400 role.management_api_scopes_not_assignable_to_user_role",
        ),
        ("POST", "roles", for_machines, "200"),
        (
            "PATCH",
            &path,
            json!({"name": "provisioner"}),
            "422 role.name_in_use",
        ),
        (
            "PATCH",
            &path,
            json!({"type": "MachineToMachine"}),
            "422 entity.invalid_input",
        ),
        ("PATCH", &path, json!({"description": "y"}), "200"),
        (
            "POST",
            &own,
            json!({"scopeIds": [write]}),
            "422 role.scope_exists",
        ),
        (
            "POST",
            &own,
            json!({"scopeIds": []}),
            "400 guard.invalid_input",
        ),
        (
            "POST",
            &own,
            json!({"scopeIds": ["nope"]}),
            "404 entity.not_exists_with_id",
        ),
        (
            "POST",
            "roles/nope/scopes",
            json!({"scopeIds": [read]}),
            "404 entity.not_exists_with_id",
        ),
        ("DELETE", &format!("{own}/{write}"), Value::Null, "204"),
        (
            "DELETE",
            &format!("{own}/{write}"),
            Value::Null,
            "404 entity.not_found",
        ),
        ("DELETE", &path, Value::Null, "204"),
        ("GET", &path, Value::Null, "404 entity.not_exists_with_id"),
    ];
    check(&api, &cases).await;
    // A deleted scope is in no role.
    let role = api
        .get("roles?search.name=made&mode.name=exact")
        .await
        .json();
    let role = format!("roles/{}/scopes", role[0]["id"].as_str().unwrap());
    assert_eq!(
        api.post(&role, json!({"scopeIds": [read]})).await.status,
        201
    );
    api.delete(&format!("{scopes}/{read}")).await;
    assert_eq!(api.get(&role).await.json(), json!([]));
}

#[expect(clippy::too_many_lines, reason = "one table of requests")]
#[tokio::test]
async fn organizations_and_their_template_are_those_of_logto() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let scope = api
        .post("organization-scopes", json!({"name": "invite:member"}))
        .await;
    let mut scope_body = scope.json();
    let scope_id = take_id(&mut scope_body, 21);
    let expected = json!({"tenantId": "default", "name": "invite:member", "description": null});
    assert_eq!((scope.status, scope_body), (201, expected));
    let resource = json!({"name": "Shop API", "indicator": "https://api.shop.test"});
    let resource = api.create("resources", resource).await;
    let read = json!({"name": "read"});
    let read = api
        .create(&format!("resources/{resource}/scopes"), read)
        .await;

    let admin = json!({
        "name": "admin",
        "organizationScopeIds": [scope_id],
        "resourceScopeIds": [read],
    });
    let role = api.post("organization-roles", admin.clone()).await;
    let mut role_body = role.json();
    let role_id = take_id(&mut role_body, 21);
    let expected =
        json!({"tenantId": "default", "name": "admin", "description": null, "type": "User"});
    assert_eq!((role.status, role_body), (201, expected));
    let list = api.get("organization-roles?q=adm").await.json();
    assert_eq!(
        list[0]["scopes"],
        json!([{"id": scope_id, "name": "invite:member"}])
    );
    assert_eq!(
        list[0]["resourceScopes"],
        json!([{"id": read, "name": "read", "resource": {"id": resource, "name": "Shop API"}}])
    );

    let acme = api.post(
        "organizations",
        json!({"name": "Acme", "customData": {"plan": "pro"}}),
    );
    let acme = acme.await;
    let mut acme_body = acme.json();
    let acme_id = take_id(&mut acme_body, 12);
    let expected = json!({
        "tenantId": "default",
        "name": "Acme",
        "description": null,
        "customData": {"plan": "pro"},
        "isMfaRequired": false,
        "color": {},
        "branding": {},
        "customCss": null,
        "createdAt": world.clock.unix() * 1000,
    });
    assert_eq!((acme.status, acme_body), (201, expected));

    let (role, acme) = (
        format!("organization-roles/{role_id}"),
        format!("organizations/{acme_id}"),
    );
    let (scopes, api_scopes) = (format!("{role}/scopes"), format!("{role}/resource-scopes"));
    let (domains, jit_roles) = (
        format!("{acme}/jit/email-domains"),
        format!("{acme}/jit/roles"),
    );
    let no_reference = "422 entity.relation_foreign_key_not_found";
    let taken = "422 entity.unique_integrity_violation";
    let unknown = json!({"name": "not made", "organizationScopeIds": ["nope"]});
    let cases = [
        (
            "POST",
            "organization-scopes",
            json!({"name": "invite:member"}),
            taken,
        ),
        (
            "POST",
            "organization-scopes",
            json!({"name": ""}),
            "400 guard.invalid_input",
        ),
        (
            "POST",
            "organization-scopes",
            json!({"name": "with a space"}),
            "201",
        ),
        ("POST", "organization-roles", admin, taken),
        ("POST", "organization-roles", unknown.clone(), no_reference),
        ("POST", "organization-roles", unknown, no_reference),
        (
            "POST",
            &scopes,
            json!({"organizationScopeIds": [scope_id]}),
            "201",
        ),
        (
            "POST",
            &scopes,
            json!({"organizationScopeIds": ["nope"]}),
            no_reference,
        ),
        (
            "POST",
            &api_scopes,
            json!({"resourceScopeIds": [read]}),
            "400 guard.invalid_input",
        ),
        ("PUT", &api_scopes, json!({"scopeIds": []}), "204"),
        ("POST", &api_scopes, json!({"scopeIds": [read]}), "201"),
        (
            "DELETE",
            &format!("{api_scopes}/{read}"),
            Value::Null,
            "204",
        ),
        (
            "POST",
            "organizations",
            json!({}),
            "400 guard.invalid_input",
        ),
        (
            "POST",
            "organizations",
            json!({"name": "x", "branding": {"logoUrl": "x"}}),
            "400 guard.invalid_input",
        ),
        (
            "PATCH",
            &acme,
            json!({"branding": {"logoUrl": "https://acme.test/l.png"}}),
            "200",
        ),
        ("POST", &domains, json!({"emailDomain": "acme.test"}), "201"),
        ("POST", &domains, json!({"emailDomain": "acme.test"}), taken),
        (
            "POST",
            &domains,
            json!({"emailDomain": ""}),
            "400 guard.invalid_input",
        ),
        (
            "PUT",
            &domains,
            json!({"emailDomains": ["a.test", "b.test"]}),
            "204",
        ),
        ("DELETE", &format!("{domains}/a.test"), Value::Null, "204"),
        (
            "DELETE",
            &format!("{domains}/a.test"),
            Value::Null,
            "404 entity.not_found",
        ),
        (
            "POST",
            &jit_roles,
            json!({"organizationRoleIds": [role_id]}),
            "201",
        ),
        (
            "PUT",
            &jit_roles,
            json!({"organizationRoleIds": ["nope"]}),
            no_reference,
        ),
        (
            "GET",
            "organizations/nope",
            Value::Null,
            "404 entity.not_exists_with_id",
        ),
        (
            "PATCH",
            "organizations/nope",
            json!({"name": "x"}),
            "404 entity.not_exists",
        ),
        (
            "DELETE",
            "organizations/nope",
            Value::Null,
            "404 entity.not_found",
        ),
        (
            "GET",
            "organization-scopes/nope",
            Value::Null,
            "404 entity.not_exists_with_id",
        ),
        (
            "GET",
            "organization-roles/nope",
            Value::Null,
            "404 entity.not_found",
        ),
        (
            "PATCH",
            "organization-roles/nope",
            json!({"name": "x"}),
            "404 entity.not_exists",
        ),
    ];
    check(&api, &cases).await;
    assert_eq!(
        api.get(&domains).await.json(),
        json!([{"tenantId": "default", "organizationId": acme_id, "emailDomain": "b.test"}])
    );
    assert_eq!(api.get(&jit_roles).await.json()[0]["name"], "admin");
    let added = api
        .post(&scopes, json!({"organizationScopeIds": [scope_id]}))
        .await;
    assert_eq!((added.status, added.text.as_str()), (201, "Created"));
}

#[tokio::test]
async fn a_webhook_has_a_signing_key_that_nobody_chooses() {
    let world = World::empty().await;
    let api = world.management_api().await;
    let config = json!({"url": "http://127.0.0.1:3999/hook", "headers": {"X-Shop": "1"}});
    let body = json!({
        "name": "shop",
        "events": ["User.Deleted", "PostSignIn"],
        "config": config,
        "signingKey": "chosen",
    });
    let created = api.post("hooks", body).await;
    assert_eq!(created.status, 201);
    let mut hook = created.json();
    let id = take_id(&mut hook, 21);
    let key = hook["signingKey"].take();
    assert_eq!(key.as_str().unwrap().len(), 32);
    assert_eq!(
        hook,
        json!({
            "tenantId": "default",
            "name": "shop",
            "event": null,
            "events": ["User.Deleted", "PostSignIn"],
            "config": config,
            "signingKey": null,
            "enabled": true,
            "createdAt": world.clock.unix() * 1000,
        })
    );
    let path = format!("hooks/{id}");
    assert_eq!(api.get(&path).await.json()["signingKey"], key);
    let changed = api
        .patch(&path, json!({"config": {"url": "x"}}))
        .await
        .json();
    assert_eq!(
        (&changed["config"], &changed["signingKey"]),
        (&json!({"url": "x"}), &key)
    );
    let rotated = api
        .send("PATCH", &format!("{path}/signing-key"), &Value::Null)
        .await;
    assert_eq!(rotated.status, 200);
    assert_ne!(rotated.json()["signingKey"], key);
    let cases = [
        (
            "POST",
            "hooks",
            json!({"config": {"url": "x"}}),
            "400 hook.missing_events",
        ),
        (
            "POST",
            "hooks",
            json!({"events": [], "config": {"url": "x"}}),
            "400 guard.invalid_input",
        ),
        (
            "POST",
            "hooks",
            json!({"events": ["PostSignIn"]}),
            "400 guard.invalid_input",
        ),
        (
            "PATCH",
            &path,
            json!({"events": ["Nothing"]}),
            "400 guard.invalid_input",
        ),
        ("PATCH", &path, json!({}), "422 entity.invalid_input"),
        (
            "PATCH",
            "hooks/nope",
            json!({"name": "x"}),
            "404 entity.not_exists",
        ),
        ("DELETE", &path, Value::Null, "204"),
        ("DELETE", &path, Value::Null, "404 entity.not_found"),
    ];
    check(&api, &cases).await;
}
