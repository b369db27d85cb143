//! `--write-env`: what the bff needs of the tenant.

use crate::support::{TestTenant, everything};
use std::{fs, os::unix::fs::PermissionsExt as _};

#[tokio::test]
async fn the_settings_of_the_tenant_replace_their_lines_and_others_stay() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program().with_file(everything());
    let path = program.folder.path().join("bff.env");
    fs::write(
        &path,
        "# The bookstore\nBASE_URL=https://bookstore.example\nLOGTO_APP_ID=<your-app-id>\n",
    )
    .unwrap();
    let arguments = ["apply", "--write-env", "bff.env"];
    program.run(&arguments).await.expect(0);

    let application = tenant.one("applications", "name", "Bookstore").await;
    let id = application["id"].as_str().unwrap();
    let secrets = tenant.get(&format!("applications/{id}/secrets")).await;
    let secret = secrets[0]["value"].as_str().unwrap();
    let hook = tenant.one("hooks", "name", "bookstore").await;
    let key = hook["signingKey"].as_str().unwrap();
    let expected = format!(
        "# The bookstore\nBASE_URL=https://bookstore.example\nLOGTO_APP_ID={id}\nLOGTO_ENDPOINT={}\nLOGTO_APP_SECRET={secret}\nLOGTO_WEBHOOK_SIGNING_KEY={key}\n",
        tenant.relay.url
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    assert_eq!(
        fs::metadata(&path).unwrap().permissions().mode() & 0o777,
        0o600
    );

    let again = program.run(&arguments).await.expect(0);
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    for hidden in [secret, key] {
        assert!(!again.stdout().contains(hidden) && !again.stderr().contains(hidden));
    }
}

#[tokio::test]
async fn the_newest_secret_that_is_valid_is_written() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program();
    program.run(&["apply"]).await.expect(0);
    let application = tenant.one("applications", "name", "Bookstore").await;
    let path = format!(
        "applications/{}/secrets",
        application["id"].as_str().unwrap()
    );
    let newer = tenant
        .call("POST", &path, serde_json::json!({ "name": "newer" }))
        .await;
    program
        .run(&["apply", "--write-env", ".env"])
        .await
        .expect(0);
    let text = fs::read_to_string(program.folder.path().join(".env")).unwrap();
    let line = format!("LOGTO_APP_SECRET={}\n", newer["value"].as_str().unwrap());
    assert!(text.contains(&line), "{text}");

    for name in ["newer", "Default%20secret"] {
        tenant
            .call("DELETE", &format!("{path}/{name}"), serde_json::Value::Null)
            .await;
    }
    let ran = program
        .run(&["apply", "--write-env", ".env"])
        .await
        .expect(1);
    assert!(
        ran.error()
            .contains("application Bookstore has no secret that is valid"),
        "{}",
        ran.error()
    );
}

#[tokio::test]
async fn what_cannot_be_written_is_found_out_before_anything_is_changed() {
    let tenant = TestTenant::empty().await;
    let program = tenant.program().with_file(everything());
    for (arguments, expected) in [
        (
            &["apply", "--write-env", "no/such/folder/.env"][..],
            "cannot write no/such/folder/.env",
        ),
        (
            &["apply", "--write-env", ".env", "--application", "Nobody"],
            "--write-env: the file has no application Nobody",
        ),
    ] {
        let ran = program.run(arguments).await.expect(1);
        assert!(ran.error().starts_with(expected), "{}", ran.error());
    }
    program.run(&["plan"]).await.expect(2);
    assert_eq!(tenant.get("applications").await, serde_json::json!([]));
}
