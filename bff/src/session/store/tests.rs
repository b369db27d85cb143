//! The same properties on every engine.

use super::*;
use crate::{
    config::CookieSecret,
    session::{fresh_store::Kind, seal::Purpose},
};
use time::Duration;

fn keys(secret: &str) -> Keys {
    Keys::derive(
        &[CookieSecret::parse(secret).unwrap()],
        Purpose::StoredSession,
    )
}

const SECRET: &str = "n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g";

struct Engine {
    kind: Kind,
    config: StoreConfig,
    store: Store,
    clock: Clock,
    folder: tempfile::TempDir,
}

async fn engines() -> Vec<Engine> {
    let mut engines = Vec::new();
    for kind in Kind::ALL {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped_at(Clock::system().now());
        let config = crate::config::store(&kind.fresh(folder.path()).await).unwrap();
        let store = Store::open(&config, keys(SECRET), clock.clone())
            .await
            .unwrap();
        engines.push(Engine {
            kind,
            config,
            store,
            clock,
            folder,
        });
    }
    engines
}

fn content(who: &str) -> Value {
    serde_json::json!({"who": who, "tokens": "", "id_token": ""})
}

fn record(clock: &Clock, text: &str) -> Record {
    Record {
        id: Id::default(),
        data: HashMap::from([(CONTENT.to_owned(), content(text))]),
        expiry_date: clock.now() + Duration::HOUR,
    }
}

/// Who is signed in by a record.
async fn who_of(store: &Store, id: &Id) -> Option<String> {
    let record = store.load(id).await.unwrap()?;
    Some(Content::of(&record.data).unwrap().who)
}

#[tokio::test]
async fn a_session_is_created_loaded_saved_and_deleted() {
    for Engine { store, clock, .. } in engines().await {
        let mut record = record(&clock, "first");
        store.create(&mut record).await.unwrap();
        assert_eq!(store.count().await.unwrap(), 1);
        for text in ["second", "third"] {
            let mut loaded = store.load(&record.id).await.unwrap().unwrap();
            loaded.data.insert(CONTENT.to_owned(), content(text));
            store.save(&loaded).await.unwrap();
            assert_eq!(who_of(&store, &record.id).await.unwrap(), text);
        }
        store.delete(&record.id).await.unwrap();
        assert_eq!(store.load(&record.id).await.unwrap(), None);
        assert_eq!(store.count().await.unwrap(), 0);
        assert_eq!(
            store.load(&Id::default()).await.unwrap(),
            None,
            "an id that never was"
        );
    }
}

#[tokio::test]
async fn b157_a_late_save_does_not_overwrite_a_newer_one() {
    for Engine { store, clock, .. } in engines().await {
        let mut record = record(&clock, "first");
        store.create(&mut record).await.unwrap();
        let mut late = store.load(&record.id).await.unwrap().unwrap();
        let mut soon = late.clone();
        soon.data.insert(CONTENT.to_owned(), content("newer"));
        late.data.insert(CONTENT.to_owned(), content("older"));
        assert!(store.replace(&soon).await.unwrap());
        assert!(!store.replace(&late).await.unwrap());
        store.save(&late).await.unwrap();
        assert_eq!(who_of(&store, &record.id).await.unwrap(), "newer");

        assert!(!store.end_unchanged(&late, WHY).await.unwrap());
        let newest = store.load(&record.id).await.unwrap().unwrap();
        assert!(store.end_unchanged(&newest, WHY).await.unwrap());
        assert!(!store.replace(&newest).await.unwrap());
        assert_eq!(who_of(&store, &record.id).await, None);
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
        assert_eq!(store.count().await.unwrap(), 0);
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
        let row = store
            .engine
            .get(&key_of(&record.id))
            .await
            .unwrap()
            .unwrap();
        let other = Id::default();
        store
            .engine
            .insert(
                &key_of(&other),
                &row,
                &Index {
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
async fn b089_the_files_hold_neither_id_nor_content_and_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let Engine {
        store,
        clock,
        folder,
        ..
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

const WHY: SignedOutReason = SignedOutReason::Provider;

fn record_of(clock: &Clock, sub: &str, sid: Option<&str>) -> Record {
    let who = serde_json::json!({"claims": {"sub": sub}, "sid": sid});
    record(clock, &who.to_string())
}

#[tokio::test]
async fn sessions_are_ended_by_person_or_by_the_providers_session() {
    for Engine { store, clock, .. } in engines().await {
        let mut records = [("ada", "1"), ("ada", "2"), ("ada", "3"), ("bob", "4")]
            .map(|(sub, sid)| record_of(&clock, sub, Some(sid)));
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
        store.end_begun_in("2", WHY).await.unwrap();
        assert_eq!(alive().await, [true, false, true, true]);
        store.save(&records[0]).await.unwrap();
        store.end_all_of("ada", WHY).await.unwrap();
        assert_eq!(alive().await, [false, false, false, true]);
    }
}

#[tokio::test]
async fn the_sessions_of_a_person_that_no_sid_is_known_of_are_ended_and_no_others() {
    for Engine { store, clock, .. } in engines().await {
        let until = clock.unix() + 60;
        let begun = store.mark_used("state", until).await.unwrap().unwrap();
        let mut records = [("ada", None), ("ada", Some("1")), ("bob", None)]
            .map(|(sub, sid)| record_of(&clock, sub, sid));
        for record in &mut records {
            store.create(record).await.unwrap();
        }
        store.end_without_sid("ada", WHY).await.unwrap();
        for (record, is_alive) in records.iter().zip([false, true, true]) {
            let loaded = store.load(&record.id).await.unwrap();
            assert_eq!(loaded.is_some(), is_alive);
        }
        // Known to a sign-in that was under way, too.
        for (sub, sid, expected) in [
            ("ada", None, true),
            ("ada", Some("1"), false),
            ("bob", None, false),
        ] {
            let ended = store.ended_since(begun, sub, sid).await.unwrap();
            assert_eq!(ended, expected, "{sub} {sid:?}");
        }
    }
}

#[tokio::test]
async fn an_end_is_known_to_a_sign_in_that_was_under_way_and_to_no_later_one() {
    for engine in engines().await {
        let Engine { store, clock, .. } = engine;
        let until = clock.unix() + 60;
        let begun = async |state| store.mark_used(state, until).await.unwrap().unwrap();
        let first = begun("first").await;
        let ended = async |since, sub, sid| store.ended_since(since, sub, sid).await.unwrap();
        assert!(!ended(first, "ada", Some("1")).await);
        store.end_all_of("ada", WHY).await.unwrap();
        store.end_begun_in("1", WHY).await.unwrap();
        for (sub, sid, expected) in [
            ("ada", None, true),
            ("ada", Some("2"), true),
            ("bob", Some("1"), true),
            ("bob", Some("2"), false),
            ("1", Some("ada"), false),
        ] {
            assert_eq!(ended(first, sub, sid).await, expected, "{sub} {sid:?}");
        }
        // By the engine's clock, which goes on.
        tokio::time::sleep(std::time::Duration::from_millis(2)).await;
        let second = begun("second").await;
        assert!(!ended(second, "ada", Some("1")).await);
    }
}

#[tokio::test]
async fn what_is_ended_is_answered_as_it_was_at_its_end() {
    for Engine { store, clock, .. } in engines().await {
        let mut records = [("ada", "1"), ("ada", "2"), ("ada", "3")]
            .map(|(sub, sid)| record_of(&clock, sub, Some(sid)));
        for record in &mut records {
            store.create(record).await.unwrap();
        }
        let mut changed = store.load(&records[0].id).await.unwrap().unwrap();
        changed.data.insert(CONTENT.to_owned(), content("newest"));
        assert!(store.replace(&changed).await.unwrap());
        let first = store.end_of(&records[0].id, WHY).await.unwrap().unwrap();
        assert_eq!(first.content.who, "newest");
        assert!(store.end_of(&records[0].id, WHY).await.unwrap().is_none());
        let mut others = store.end_all_of("ada", WHY).await.unwrap();
        let sid = |found: &Found| Belongs::read(&found.content).unwrap().sid.unwrap();
        others.sort_by_key(sid);
        assert_eq!(others.iter().map(sid).collect::<Vec<_>>(), ["2", "3"]);
        assert!(store.end_all_of("ada", WHY).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_used_token_is_remembered_until_it_is_dead_anyway() {
    for engine in engines().await {
        let Engine { store, clock, .. } = engine;
        assert!(!store.is_used("jti").await.unwrap());
        let dead_at = clock.unix() + 60;
        let used = store.mark_used("jti", dead_at).await.unwrap();
        assert!(used.is_some(), "the first");
        let used = store.mark_used("jti", dead_at).await.unwrap();
        assert!(used.is_none(), "the second");
        assert!(store.is_used("jti").await.unwrap());
        clock.advance(Duration::MINUTE);
        store.sweep().await.unwrap();
        // Redis forgets by itself, and by its own clock.
        assert_eq!(
            store.is_used("jti").await.unwrap(),
            engine.kind == Kind::Redis
        );
    }
}

#[tokio::test]
async fn a_persons_sessions_are_found_and_each_can_be_ended() {
    for Engine { store, clock, .. } in engines().await {
        let mut records = [("ada", "1"), ("ada", "2"), ("bob", "3")]
            .map(|(sub, sid)| record_of(&clock, sub, Some(sid)));
        for record in &mut records {
            store.create(record).await.unwrap();
        }
        let handles = async |sub| {
            let found = store.sessions_of(sub).await.unwrap();
            let mut handles: Vec<_> = found.iter().map(Found::handle).collect();
            handles.sort();
            handles
        };
        let mut expected = [0, 1].map(|number: usize| Store::handle(&records[number].id));
        expected.sort();
        assert_eq!(handles("ada").await, expected);
        assert_eq!(handles("nobody").await, [""; 0]);

        let handle = Store::handle(&records[1].id);
        let found = store.sessions_of("ada").await.unwrap();
        let second = found.iter().find(|found| found.handle() == handle).unwrap();
        store.end(second, WHY).await.unwrap();
        assert_eq!(handles("ada").await, [Store::handle(&records[0].id)]);
        clock.advance(Duration::HOUR);
        assert_eq!(handles("ada").await, [""; 0], "expired");
    }
}

#[tokio::test]
async fn a_session_filed_under_another_person_is_not_theirs() {
    for Engine { store, clock, .. } in engines().await {
        let mut record = record_of(&clock, "ada", Some("1"));
        store.create(&mut record).await.unwrap();
        let key = key_of(&record.id);
        let row = store.engine.get(&key).await.unwrap().unwrap();
        store.engine.delete(&key).await.unwrap();
        let index = Index {
            subject: Some(hash("mallory")),
            sid: None,
        };
        store.engine.insert(&key, &row, &index).await.unwrap();
        assert!(store.sessions_of("mallory").await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_lease_has_one_holder_until_it_is_given_back_or_dies() {
    for Engine { store, .. } in engines().await {
        let (id, other) = (Id(1), Id(2));
        let held = store.lease(&id).await.unwrap().unwrap();
        assert!(store.lease(&id).await.unwrap().is_none());
        assert!(store.lease(&other).await.unwrap().is_some());
        held.hold(async {
            assert!(store.lease(&id).await.unwrap().is_none());
        })
        .await;
        assert!(store.lease(&id).await.unwrap().is_some(), "given back");

        let (key, moment) = ([7; 16], std::time::Duration::from_millis(1));
        let engine = &store.engine;
        assert!(engine.lease(&key, &[1; 16], moment).await.unwrap());
        while !engine.lease(&key, &[2; 16], PATIENCE).await.unwrap() {
            tokio::task::yield_now().await;
        }
        assert!(!engine.lease(&key, &[1; 16], PATIENCE).await.unwrap());
        engine.release(&key, &[1; 16]).await.unwrap();
        assert!(!engine.lease(&key, &[3; 16], PATIENCE).await.unwrap());
        assert!(
            engine.lease(&key, &[2; 16], PATIENCE).await.unwrap(),
            "for longer"
        );
    }
}

#[tokio::test]
async fn what_happens_is_told_here_and_to_every_other_instance() {
    for engine in engines().await {
        let Engine {
            store,
            clock,
            config,
            kind,
            ..
        } = engine;
        let mut instances = vec![store.clone()];
        if Kind::SHARED.contains(&kind) {
            instances.push(
                Store::open(&config, keys(SECRET), clock.clone())
                    .await
                    .unwrap(),
            );
        }
        let heard: Vec<_> = instances.iter().map(Store::notices).collect();
        let mut record = record_of(&clock, "ada", Some("1"));
        store.create(&mut record).await.unwrap();
        store.tell_claims_changed(&record.id).await;
        store.end_all_of("ada", WHY).await.unwrap();
        let (session, subject) = (key_of(&record.id), hash("ada"));
        let expected = [
            (Whose::Session(session), What::ClaimsChanged),
            (Whose::Subject(subject), What::Ended(WHY)),
        ]
        .map(|(whose, what)| Notice { whose, what });
        for mut heard in heard {
            for notice in expected {
                // One's own notices come back from the server too.
                let told = async { while heard.recv().await.unwrap() != notice {} };
                tokio::time::timeout(PATIENCE, told).await.expect("told");
            }
        }
    }
}
