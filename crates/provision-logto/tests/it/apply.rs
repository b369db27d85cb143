//! From an empty tenant to one that is as the file says.

use crate::support::{TestTenant, everything, example};
use serde_json::json;

#[tokio::test]
async fn an_empty_tenant_becomes_as_the_file_says_and_then_stays() {
    for file in [example(), everything()] {
        let tenant = TestTenant::empty().await;
        let program = tenant.program().with_file(file);
        let planned = program.run(&["plan"]).await.expect(2);
        assert!(
            planned.stdout().contains("application Bookstore"),
            "{}",
            planned.stdout()
        );
        assert_eq!(
            tenant.get("applications").await,
            json!([]),
            "a plan changes nothing"
        );

        let applied = program.run(&["apply"]).await.expect(0);
        assert!(
            applied
                .stdout()
                .contains("The tenant is as the file says, after "),
            "{}",
            applied.stdout()
        );
        program.run(&["plan"]).await.expect(0);

        tenant.relay.requests();
        let again = program.run(&["apply"]).await.expect(0);
        assert!(
            again.stdout().contains("Nothing to change"),
            "{}",
            again.stdout()
        );
        let requests = tenant.relay.requests();
        let is_read =
            |request: &String| request.starts_with("GET ") || request == "POST /oidc/token";
        assert!(requests.iter().all(is_read), "{requests:?}");
    }
}

#[tokio::test]
async fn each_step_is_shown_before_it_is_made() {
    let tenant = TestTenant::empty().await;
    tenant
        .relay
        .disturb("PATCH /api/sign-in-exp", 1, crate::support::Fault::Lost);
    let ran = tenant.program().run(&["apply"]).await.expect(1);
    let stderr = ran.stderr();
    let steps: Vec<_> = stderr
        .lines()
        .filter(|line| line.starts_with('['))
        .collect();
    assert!(steps[0].contains("application Bookstore"), "{steps:?}");
    assert!(
        steps.last().unwrap().contains("sign-in experience"),
        "{steps:?}"
    );
    assert!(
        stderr.contains(&format!("Changes made before: {}.", steps.len() - 1)),
        "{stderr}"
    );
}

#[tokio::test]
async fn what_somebody_changes_by_hand_is_shown_and_put_back() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program().with_file(everything());
    program.run(&["apply"]).await.expect(0);
    let id = |value: &serde_json::Value| value["id"].as_str().unwrap().to_owned();
    let application = id(&tenant.one("applications", "name", "Bookstore").await);
    let role = id(&tenant.one("roles", "name", "librarian").await);
    let hook = id(&tenant.one("hooks", "name", "bookstore").await);
    let scopes = tenant.get(&format!("roles/{role}/scopes")).await;
    let organization = id(&tenant.one("organizations", "name", "Acme").await);
    for (method, path, body, shown) in [
        (
            "PATCH",
            format!("applications/{application}"),
            json!({ "oidcClientMetadata": { "redirectUris": ["https://evil.example/callback"], "postLogoutRedirectUris": [] } }),
            "oidcClientMetadata.redirectUris",
        ),
        (
            "PATCH",
            format!("hooks/{hook}"),
            json!({ "enabled": false }),
            "enabled",
        ),
        (
            "PATCH",
            "sign-in-exp".to_owned(),
            json!({ "signInMode": "SignIn" }),
            "signInMode",
        ),
        (
            "PATCH",
            "account-center".to_owned(),
            json!({ "enabled": false }),
            "account center",
        ),
        (
            "DELETE",
            format!("roles/{role}/scopes/{}", id(&scopes[0])),
            json!(null),
            "librarian",
        ),
        (
            "PUT",
            format!("organizations/{organization}/jit/email-domains"),
            json!({ "emailDomains": ["evil.example"] }),
            "acme.example",
        ),
        (
            "DELETE",
            format!("hooks/{hook}"),
            json!(null),
            "webhook bookstore",
        ),
    ] {
        tenant.call(method, &path, body).await;
        let planned = program.run(&["plan"]).await.expect(2);
        assert!(
            planned.stdout().contains(shown),
            "{shown}: {}",
            planned.stdout()
        );
        program.run(&["apply"]).await.expect(0);
        program.run(&["plan"]).await.expect(0);
    }
}

#[tokio::test]
async fn what_somebody_else_made_is_left_alone_until_it_is_adopted() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program();
    program.run(&["plan"]).await.expect(2);
    let theirs = json!({ "name": "Bookstore", "type": "Traditional", "description": "theirs" });
    let theirs = tenant.call("POST", "applications", theirs).await;
    tenant.relay.requests();
    for command in ["plan", "apply"] {
        let ran = program.run(&[command]).await.expect(1);
        assert!(ran.stdout().contains("--adopt"), "{}", ran.stdout());
    }
    let requests = tenant.relay.requests();
    assert!(
        !requests.iter().any(|request| request.contains("PATCH")),
        "{requests:?}"
    );
    program.run(&["plan", "--adopt"]).await.expect(2);
    program.run(&["apply", "--adopt"]).await.expect(0);
    program.run(&["apply"]).await.expect(0);
    let ours = tenant.one("applications", "name", "Bookstore").await;
    assert_eq!(
        (&ours["id"], &ours["description"]),
        (&theirs["id"], &json!("Bookstore web app"))
    );
}

/// Names are not unique, so an object that is not found would be created twice.
#[tokio::test]
async fn an_object_among_many_is_found() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program().with_file(everything());
    program.run(&["plan"]).await.expect(2);
    for round in ["before", "after"] {
        for number in 0..120 {
            let body = json!({ "name": format!("{round} {number}") });
            tenant.call("POST", "organizations", body).await;
        }
        program.run(&["apply"]).await.expect(0);
    }
    let found = tenant.get("organizations?q=Acme").await;
    assert_eq!(found.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_the_file_no_longer_names_is_named_and_stays() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program().with_file(everything());
    program.run(&["apply"]).await.expect(0);
    let program = tenant.program().with_changed(&everything(), |text| {
        let (before, rest) = text.split_once("[[hooks]]").unwrap();
        let (_, after) = rest.split_once("[accountCenter]").unwrap();
        format!("{before}[accountCenter]{after}")
    });
    let planned = program.run(&["plan"]).await.expect(0);
    assert!(
        planned.stdout().contains("webhook bookstore"),
        "{}",
        planned.stdout()
    );
    program.run(&["apply"]).await.expect(0);
    tenant.one("hooks", "name", "bookstore").await;
}

/// The secrets of the exported file are in `.env`.
#[tokio::test]
async fn an_exported_tenant_is_as_its_file_says() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program().with_file(everything());
    program.run(&["apply"]).await.expect(0);
    let exported = program
        .run(&["export", "--write-env", ".env"])
        .await
        .expect(0);
    let program = program.with_changed(&everything(), |_| exported.stdout().into_owned());
    for command in ["plan", "apply"] {
        let ran = program.run(&[command]).await.expect(0);
        assert!(ran.stdout().contains("Nothing to"), "{}", ran.stdout());
    }
}
