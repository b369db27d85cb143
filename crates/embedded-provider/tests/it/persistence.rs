//! The database file: users and keys survive a restart, and it contains no usable secret.

use crate::support::{Browser, PHONE, Request, World, relying_party::decoded};
use clock::Clock;
use embedded_provider::Database;
use serde_json::Value;
use sqlx::{ConnectOptions, sqlite::SqliteConnectOptions};
use std::{fs, path::Path};
use time::macros::datetime;

async fn world(path: &Path) -> World {
    let clock = Clock::stopped_at(datetime!(2026-11-22 19:11:41 UTC));
    World::on(Database::File(path.to_owned()), clock).await
}

async fn sign_in(world: &World) -> (Browser, Value) {
    let mut browser = world.browser();
    let answer = browser
        .sign_in(world, &Request::new().address(), PHONE)
        .await;
    let code = &answer.authorization_response()["code"];
    let tokens = world.relying_party().exchange(code).await.json();
    (browser, tokens)
}

async fn key_id(world: &World) -> String {
    let keys = world.browser().get("/oidc/jwks").await.json();
    keys["keys"][0]["kid"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn people_keys_and_tokens_outlive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a folder/that is made/provider.sqlite");
    let first = world(&path).await;
    let (_, tokens) = sign_in(&first).await;
    let second = world(&path).await;
    assert_eq!(key_id(&first).await, key_id(&second).await);
    let refresh_token = tokens["refresh_token"].as_str().unwrap();
    assert_eq!(
        second.relying_party().refresh(refresh_token).await.status,
        200
    );
    let (_, again) = sign_in(&second).await;
    let sub = |tokens: &Value| decoded(tokens["id_token"].as_str().unwrap(), 1)["sub"].clone();
    assert_eq!(sub(&tokens), sub(&again));
}

#[tokio::test]
async fn two_installations_share_no_key() {
    assert_ne!(
        key_id(&World::new().await).await,
        key_id(&World::new().await).await
    );
}

#[tokio::test]
async fn the_files_hold_no_usable_secret_and_only_their_owner_reads_them() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("provider.sqlite");
    let world = world(&path).await;
    let (mut browser, tokens) = sign_in(&world).await;
    browser
        .get(&Request::new().with("prompt", "login").address())
        .await;
    browser.ask_for_code(PHONE, "SignIn").await;
    let code = world.newest_code(PHONE);

    let mut secrets = vec![format!("\0{code}\0"), code];
    secrets.extend(
        ["access_token", "refresh_token"].map(|name| tokens[name].as_str().unwrap().to_owned()),
    );
    secrets.extend(browser.cookies.values().cloned());
    assert!(secrets.len() >= 6);
    let mut files = 0;
    for entry in fs::read_dir(folder.path()).unwrap() {
        let path = entry.unwrap().path();
        let bytes = fs::read(&path).unwrap();
        for secret in &secrets[2..] {
            let found = bytes
                .windows(secret.len())
                .any(|window| window == secret.as_bytes());
            assert!(!found, "{}", path.display());
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(&path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", path.display());
        }
        files += 1;
    }
    assert!(files >= 1);
}

/// Runs statements as another tool does, which leaves rows that refer to deleted ones.
async fn with_another_tool(path: &Path, statements: &'static str) {
    let options = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(false);
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(statements)
        .execute(&mut connection)
        .await
        .unwrap();
}

#[tokio::test]
async fn q46_a_session_of_nobody_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("provider.sqlite");
    let world = world(&path).await;
    let (mut browser, tokens) = sign_in(&world).await;
    let half_way = {
        let mut browser = world.browser();
        browser.follow(&Request::new().address()).await;
        let resume = browser.prove_phone(&world, PHONE).await;
        (browser, resume)
    };
    with_another_tool(&path, "DELETE FROM users").await;

    let silent = Request::plain().with("prompt", "none").address();
    let response = browser.get(&silent).await.authorization_response();
    assert_eq!(response["error"], "login_required");
    let text = |name: &str| tokens[name].as_str().unwrap();
    let relying_party = world.relying_party();
    assert_eq!(
        relying_party.userinfo(text("access_token")).await.status,
        401
    );
    assert_eq!(
        relying_party.refresh(text("refresh_token")).await.status,
        400
    );
    let (mut other, resume) = half_way;
    assert_eq!(other.get(&resume).await.status, 400);

    // The page is shown, and a person who signs in is somebody again.
    let answer = browser
        .sign_in(&world, &Request::plain().address(), PHONE)
        .await;
    assert!(answer.authorization_response().contains_key("code"));
    let response = browser.get(&silent).await.authorization_response();
    assert!(response.contains_key("code"));
}
