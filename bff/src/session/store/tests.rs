//! The same properties on every engine.

use super::*;
use crate::{config::CookieSecret, session::keys::Purpose};
use std::collections::HashMap;
use time::Duration;

fn keys(secret: &str) -> Keys {
    Keys::derive(
        &[CookieSecret::parse(secret).unwrap()],
        Purpose::StoredSession,
    )
}

const SECRET: &str = "n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g";

struct Engine {
    store: Store,
    clock: Clock,
    folder: tempfile::TempDir,
}

async fn engines() -> Vec<Engine> {
    let mut engines = Vec::new();
    for memory in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped_at(Clock::system().now());
        let config = if memory {
            StoreConfig::Memory
        } else {
            StoreConfig::Sqlite(folder.path().join("new/sessions.sqlite"))
        };
        let store = Store::open(&config, keys(SECRET), clock.clone())
            .await
            .unwrap();
        engines.push(Engine {
            store,
            clock,
            folder,
        });
    }
    engines
}

fn record(clock: &Clock, text: &str) -> Record {
    Record {
        id: Id::default(),
        data: HashMap::from([("key".to_owned(), text.into())]),
        expiry_date: clock.now() + Duration::HOUR,
    }
}

#[tokio::test]
async fn a_session_is_created_loaded_saved_and_deleted() {
    for Engine { store, clock, .. } in engines().await {
        let mut record = record(&clock, "first");
        store.create(&mut record).await.unwrap();
        assert_eq!(
            store.load(&record.id).await.unwrap().unwrap().data,
            record.data
        );

        record.data.insert("key".to_owned(), "second".into());
        store.save(&record).await.unwrap();
        assert_eq!(
            store.load(&record.id).await.unwrap().unwrap().data["key"],
            "second"
        );

        store.delete(&record.id).await.unwrap();
        assert_eq!(store.load(&record.id).await.unwrap(), None);
        assert_eq!(
            store.load(&Id::default()).await.unwrap(),
            None,
            "an id that never was"
        );
    }
}

#[tokio::test]
async fn t05_a_late_save_does_not_revive_a_session() {
    for Engine { store, clock, .. } in engines().await {
        let mut record = record(&clock, "text");
        store.create(&mut record).await.unwrap();
        store.delete(&record.id).await.unwrap();
        store.save(&record).await.unwrap();
        assert_eq!(store.load(&record.id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn what_has_expired_is_not_loaded_even_before_the_sweep_takes_it() {
    for Engine { store, clock, .. } in engines().await {
        let mut record = record(&clock, "text");
        store.create(&mut record).await.unwrap();
        clock.advance(Duration::HOUR - Duration::SECOND);
        assert!(store.load(&record.id).await.unwrap().is_some());
        assert_eq!(store.sweep().await.unwrap(), 0);
        clock.advance(Duration::SECOND);
        assert_eq!(store.load(&record.id).await.unwrap(), None);
        assert_eq!(store.sweep().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn another_secret_reads_nothing() {
    for Engine {
        mut store, clock, ..
    } in engines().await
    {
        let mut record = record(&clock, "text");
        store.create(&mut record).await.unwrap();
        store.keys = keys("Zt4QmW8xK2bN6vR0yE3uI7oP1aS5dF9h");
        assert_eq!(store.load(&record.id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_row_moved_under_another_id_does_not_open() {
    for Engine { store, clock, .. } in engines().await {
        let mut record = record(&clock, "text");
        store.create(&mut record).await.unwrap();
        let row = store.get(&key_of(&record.id)).await.unwrap().unwrap();
        let other = Id::default();
        store
            .insert(
                &key_of(&other),
                row,
                Index {
                    subject: None,
                    sid: None,
                },
            )
            .await
            .unwrap();
        assert_eq!(store.load(&other).await.unwrap(), None);
    }
}

#[tokio::test]
async fn tables_of_another_version_are_made_anew_and_ours_are_kept() {
    let Engine { clock, folder, .. } = engines().await.remove(1);
    let path = folder.path().join("other.sqlite");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true);
    let other = sqlx::SqlitePool::connect_with(options).await.unwrap();
    sqlx::query("CREATE TABLE session (id TEXT)")
        .execute(&other)
        .await
        .unwrap();
    other.close().await;

    let open = async || {
        Store::open(
            &StoreConfig::Sqlite(path.clone()),
            keys(SECRET),
            clock.clone(),
        )
        .await
        .unwrap()
    };
    let mut record = record(&clock, "text");
    open().await.create(&mut record).await.unwrap();
    assert!(open().await.load(&record.id).await.unwrap().is_some());
}

#[tokio::test]
async fn the_files_hold_neither_id_nor_content_and_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let Engine {
        store,
        clock,
        folder,
    } = engines().await.remove(1);
    let mut record = record(&clock, "a text that would be found");
    store.create(&mut record).await.unwrap();

    let mut read = 0;
    for file in std::fs::read_dir(folder.path().join("new")).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        read += bytes.len();
        for secret in ["a text that would be found", record.id.to_string().as_str()] {
            assert!(
                !bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes()),
                "{}",
                path.display()
            );
        }
        assert!(
            !bytes
                .windows(16)
                .any(|window| window == record.id.0.to_le_bytes()),
            "{}",
            path.display()
        );
        assert_eq!(
            std::fs::metadata(&path).unwrap().permissions().mode() & 0o077,
            0,
            "{}",
            path.display()
        );
    }
    assert!(read > 4_096, "something was written");
}

fn record_of(clock: &Clock, sub: &str, sid: &str) -> Record {
    let data = serde_json::json!({"claims": {"sub": sub}, "sid": sid});
    Record {
        data: HashMap::from([("signed_in".to_owned(), data)]),
        ..record(clock, "")
    }
}

#[tokio::test]
async fn sessions_are_ended_by_person_or_by_the_providers_session() {
    for Engine { store, clock, .. } in engines().await {
        let mut records = [("ada", "1"), ("ada", "2"), ("ada", "3"), ("bob", "4")]
            .map(|(sub, sid)| record_of(&clock, sub, sid));
        for record in &mut records {
            store.create(record).await.unwrap();
        }
        let alive = async || {
            let mut alive = Vec::new();
            for record in &records {
                alive.push(store.load(&record.id).await.unwrap().is_some());
            }
            alive
        };
        store.delete_begun_in("2").await.unwrap();
        assert_eq!(alive().await, [true, false, true, true]);
        store.save(&records[0]).await.unwrap();
        store.delete_all_of("ada").await.unwrap();
        assert_eq!(alive().await, [false, false, false, true]);
    }
}

#[tokio::test]
async fn a_used_token_is_remembered_until_it_is_dead_anyway() {
    for Engine { store, clock, .. } in engines().await {
        assert!(!store.is_used("jti").await.unwrap());
        assert!(
            store.mark_used("jti", clock.unix() + 60).await.unwrap(),
            "the first use"
        );
        assert!(
            !store.mark_used("jti", clock.unix() + 60).await.unwrap(),
            "the second"
        );
        assert!(store.is_used("jti").await.unwrap());
        clock.advance(Duration::MINUTE);
        store.sweep().await.unwrap();
        assert!(!store.is_used("jti").await.unwrap());
    }
}
