//! The same properties on every engine.

use super::*;
use crate::{fresh_database::Kind, lease::Lease, store::TIMEOUT};
use clock::Clock;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use std::{collections::HashMap, time::Duration as StdDuration};
use time::{Duration, OffsetDateTime};
use tower_sessions::{
    SessionStore,
    session::{Id, Record},
};

fn keys(secret: &str) -> Keys {
    Keys::derive(secret, "session")
}

const SECRET: &str = "n5yJ0rQkY3vB8sT1mZ6wX4cL9pH2dF7g";

struct Engine {
    kind: Kind,
    address: Address,
    store: Store,
    clock: Clock,
    folder: tempfile::TempDir,
}

async fn engines() -> Vec<Engine> {
    let mut engines = Vec::new();
    for kind in Kind::ALL {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped_at(Clock::system().now());
        let address: Address = kind.fresh(folder.path()).await.parse().unwrap();
        let store = Store::open(&address, keys(SECRET), "bookstore", clock.clone())
            .await
            .unwrap();
        engines.push(Engine {
            kind,
            address,
            store,
            clock,
            folder,
        });
    }
    engines
}

fn data(text: &str) -> Data {
    HashMap::from([("text".to_owned(), Value::from(text))])
}

impl Engine {
    /// The same database, opened by another process of this realm.
    async fn store_of(&self, realm: &str) -> Store {
        let opening = Store::open(&self.address, keys(SECRET), realm, self.clock.clone());
        opening.await.unwrap()
    }

    async fn insert(&self, text: &str) -> Id {
        self.insert_of(text, &Index::default()).await
    }

    async fn insert_of(&self, text: &str, index: &Index) -> Id {
        let end = self.clock.now() + Duration::HOUR;
        self.store
            .insert(&data(text), index, end.unix_timestamp())
            .await
            .unwrap()
    }

    /// The text in a session.
    async fn text_of(&self, id: &Id) -> Option<String> {
        let session = self.store.load(id).await.unwrap()?;
        Some(session.data["text"].as_str().unwrap().to_owned())
    }

    async fn begun(&self, state: &str) -> Moment {
        let until = self.clock.unix() + 60;
        self.store.mark_used(state, until).await.unwrap().unwrap()
    }
}

#[tokio::test]
async fn a_session_is_created_loaded_saved_and_deleted() {
    for Engine { store, clock, .. } in engines().await {
        let mut record = Record {
            id: Id::default(),
            data: data("first"),
            expiry_date: clock.now() + Duration::HOUR,
        };
        store.create(&mut record).await.unwrap();
        assert_eq!(store.count().await.unwrap(), 1);
        for text in ["second", "third"] {
            let load = SessionStore::load(&store, &record.id);
            let mut loaded = load.await.unwrap().unwrap();
            loaded.data = data(text);
            loaded.expiry_date += Duration::MINUTE;
            store.save(&loaded).await.unwrap();
            let saved = SessionStore::load(&store, &record.id)
                .await
                .unwrap()
                .unwrap();
            assert_eq!(saved.data, data(text));
            let whole = OffsetDateTime::from_unix_timestamp(loaded.expiry_date.unix_timestamp());
            assert_eq!(saved.expiry_date, whole.unwrap());
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
    for engine in engines().await {
        let store = &engine.store;
        let id = engine.insert("first").await;
        let mut late = store.load(&id).await.unwrap().unwrap();
        let mut soon = late.clone();
        soon.data = data("newer");
        late.data = data("older");
        assert!(store.replace(&soon).await.unwrap());
        assert!(!store.replace(&late).await.unwrap());
        assert_eq!(engine.text_of(&id).await.unwrap(), "newer");

        assert!(!store.end_unchanged(&late, &why()).await.unwrap());
        let newest = store.load(&id).await.unwrap().unwrap();
        assert!(store.end_unchanged(&newest, &why()).await.unwrap());
        assert!(!store.replace(&newest).await.unwrap());
        assert_eq!(engine.text_of(&id).await, None);
    }
}

#[tokio::test]
async fn t05_a_late_save_does_not_revive_a_session() {
    for engine in engines().await {
        let store = &engine.store;
        let id = engine.insert("text").await;
        let mut late = store.load(&id).await.unwrap().unwrap();
        let record = SessionStore::load(store, &id).await.unwrap().unwrap();
        store.delete(&id).await.unwrap();
        assert!(store.save(&record).await.is_err());
        late.data = data("late");
        assert!(!store.replace(&late).await.unwrap());
        assert!(!store.update(&id, |_| {}).await.unwrap());
        assert!(!store.touch(&id, late.expires_at + 1).await.unwrap());
        assert_eq!(store.load(&id).await.unwrap(), None);
        assert_eq!(store.count().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn b157_of_two_changes_at_the_same_moment_the_later_knows_the_earlier() {
    const ROUNDS: usize = 200;
    for engine in engines().await {
        let id = engine.insert("0").await;
        let sides: Vec<_> = (0..2)
            .map(|_| {
                let store = engine.store.clone();
                tokio::spawn(async move {
                    for _ in 0..ROUNDS {
                        let count_one = |data: &mut Data| {
                            let before = data["text"].as_str().unwrap().parse::<usize>();
                            data.insert(
                                "text".to_owned(),
                                (before.unwrap() + 1).to_string().into(),
                            );
                        };
                        assert!(store.update(&id, count_one).await.unwrap());
                    }
                })
            })
            .collect();
        for side in sides {
            side.await.unwrap();
        }
        let changes = engine.text_of(&id).await.unwrap();
        assert_eq!(changes, (2 * ROUNDS).to_string(), "{:?}", engine.kind);
    }
}

#[tokio::test]
async fn to_touch_a_session_moves_its_expiry_and_nothing_else() {
    for engine in engines().await {
        let (store, clock) = (&engine.store, &engine.clock);
        let id = engine.insert("text").await;
        let mut before = store.load(&id).await.unwrap().unwrap();
        let later = before.expires_at + 3_600;
        assert!(store.touch(&id, later).await.unwrap());
        assert_eq!(store.load(&id).await.unwrap().unwrap().expires_at, later);
        // A change that was under way meanwhile does not lose, and does not take the new expiry away.
        before.data = data("changed");
        assert!(store.replace(&before).await.unwrap());
        clock.advance(Duration::HOUR);
        assert_eq!(store.sweep().await.unwrap(), 0);
        assert_eq!(engine.text_of(&id).await.unwrap(), "changed");
        clock.advance(Duration::HOUR);
        assert_eq!(engine.text_of(&id).await, None);
        assert_eq!(store.sweep().await.unwrap(), 1);
    }
}

#[tokio::test]
async fn what_has_expired_is_not_loaded_even_before_the_sweep_takes_it() {
    for engine in engines().await {
        let (store, clock) = (&engine.store, &engine.clock);
        let id = engine.insert("text").await;
        clock.advance(Duration::HOUR - Duration::SECOND);
        assert!(store.load(&id).await.unwrap().is_some());
        assert_eq!(store.sweep().await.unwrap(), 0);
        clock.advance(Duration::SECOND);
        assert_eq!(store.load(&id).await.unwrap(), None);
        assert_eq!(store.sweep().await.unwrap(), 1);
        assert_eq!(store.count().await.unwrap(), 0);
    }
}

#[tokio::test]
async fn another_secret_reads_nothing() {
    for mut engine in engines().await {
        let id = engine.insert("text").await;
        engine.store.keys = keys("Zt4QmW8xK2bN6vR0yE3uI7oP1aS5dF9h");
        assert_eq!(engine.store.load(&id).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_row_moved_under_another_id_does_not_open() {
    for engine in engines().await {
        let id = engine.insert("text").await;
        let store = &engine.store;
        let row = store.engine.get(&store.row_of(&id)).await.unwrap().unwrap();
        let other = Id::default();
        store
            .engine
            .insert(&store.row_of(&other), &row, &Index::default())
            .await
            .unwrap();
        assert_eq!(store.load(&other).await.unwrap(), None);
    }
}

#[tokio::test]
async fn b089_the_files_hold_neither_id_nor_content_and_are_the_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let engine = engines().await.remove(1);
    let id = engine.insert("a text that would be found").await;

    let mut read = 0;
    for file in std::fs::read_dir(engine.folder.path().join("new")).unwrap() {
        let path = file.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        read += bytes.len();
        for secret in ["a text that would be found", id.to_string().as_str()] {
            assert!(
                !bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes()),
                "{}",
                path.display()
            );
        }
        assert!(
            !bytes.windows(16).any(|window| window == id.0.to_le_bytes()),
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

/// What is published about an end.
fn why() -> Value {
    json!("ended")
}

#[tokio::test]
async fn sessions_are_ended_by_person_or_by_the_providers_session() {
    for engine in engines().await {
        let store = &engine.store;
        let mut ids = Vec::new();
        for (sub, sid) in [("ada", "1"), ("ada", "2"), ("ada", "3"), ("bob", "4")] {
            ids.push(engine.insert_of(sub, &Index::new(sub, Some(sid))).await);
        }
        let alive = async || {
            let mut alive = Vec::new();
            for id in &ids {
                alive.push(store.load(id).await.unwrap().is_some());
            }
            alive
        };
        let session = Group::provider_session("2");
        store.end_group(session, &why()).await.unwrap();
        assert_eq!(alive().await, [true, false, true, true]);
        assert!(store.update(&ids[0], |_| {}).await.unwrap());
        let person = Group::subject("ada");
        store.end_group(person, &why()).await.unwrap();
        assert_eq!(alive().await, [false, false, false, true]);
    }
}

#[tokio::test]
async fn the_sessions_of_a_person_that_no_sid_is_known_of_are_ended_and_no_others() {
    for engine in engines().await {
        let store = &engine.store;
        let begun = engine.begun("state").await;
        let of = [("ada", None), ("ada", Some("1")), ("bob", None)];
        let mut ids = Vec::new();
        for (sub, sid) in of {
            ids.push(engine.insert_of(sub, &Index::new(sub, sid)).await);
        }
        let group = Group::without_sid("ada");
        store.end_group(group, &why()).await.unwrap();
        for (id, is_alive) in ids.iter().zip([false, true, true]) {
            assert_eq!(store.load(id).await.unwrap().is_some(), is_alive);
        }
        // Known to a sign-in that was under way, too.
        for ((sub, sid), expected) in of.into_iter().zip([true, false, false]) {
            let ended = store.ended_since(begun, &Index::new(sub, sid)).await;
            assert_eq!(ended.unwrap(), expected, "{sub} {sid:?}");
        }
    }
}

#[tokio::test]
async fn an_end_is_known_to_a_sign_in_that_was_under_way_and_to_no_later_one() {
    for engine in engines().await {
        let store = &engine.store;
        let first = engine.begun("first").await;
        let ended = async |since, sub, sid| {
            let index = Index::new(sub, sid);
            store.ended_since(since, &index).await.unwrap()
        };
        assert!(!ended(first, "ada", Some("1")).await);
        for group in [Group::subject("ada"), Group::provider_session("1")] {
            store.end_group(group, &why()).await.unwrap();
        }
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
        tokio::time::sleep(StdDuration::from_millis(2)).await;
        let second = engine.begun("second").await;
        assert!(!ended(second, "ada", Some("1")).await);
    }
}

#[tokio::test]
async fn what_is_ended_is_returned_as_it_was_at_its_end() {
    for engine in engines().await {
        let store = &engine.store;
        let mut ids = Vec::new();
        for sid in ["1", "2", "3"] {
            ids.push(engine.insert_of(sid, &Index::new("ada", Some(sid))).await);
        }
        let newest = |values: &mut Data| *values = data("newest");
        assert!(store.update(&ids[0], newest).await.unwrap());
        let first = store.end(&ids[0], &why()).await.unwrap().unwrap();
        assert_eq!(first.data, data("newest"));
        assert!(store.end(&ids[0], &why()).await.unwrap().is_none());
        let group = Group::subject("ada");
        let others = store.end_group(group, &why()).await.unwrap();
        let text = |session: &StoredSession| session.data["text"].as_str().unwrap().to_owned();
        let mut texts: Vec<_> = others.iter().map(text).collect();
        texts.sort_unstable();
        assert_eq!(texts, ["2", "3"]);
        assert!(store.end_group(group, &why()).await.unwrap().is_empty());
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
    for engine in engines().await {
        let (store, clock) = (&engine.store, &engine.clock);
        let mut ids = Vec::new();
        for (sub, sid) in [("ada", "1"), ("ada", "2"), ("bob", "3")] {
            ids.push(engine.insert_of(sub, &Index::new(sub, Some(sid))).await);
        }
        let handles = async |sub| {
            let found = store.sessions_of(Group::subject(sub), 9).await.unwrap();
            let handle = |session: &StoredSession| session.key.handle();
            let mut handles: Vec<_> = found.iter().map(handle).collect();
            handles.sort();
            handles
        };
        let mut expected = [0, 1].map(|number: usize| SessionKey::from(&ids[number]).handle());
        expected.sort();
        assert_eq!(handles("ada").await, expected);
        assert_eq!(handles("nobody").await, [""; 0]);

        store.end(SessionKey::from(&ids[1]), &why()).await.unwrap();
        assert_eq!(handles("ada").await, [SessionKey::from(&ids[0]).handle()]);
        clock.advance(Duration::HOUR);
        assert_eq!(handles("ada").await, [""; 0], "expired");
    }
}

#[tokio::test]
async fn q49_of_a_large_group_the_newest_are_read_and_all_are_ended() {
    for engine in engines().await {
        let (store, now) = (&engine.store, engine.clock.unix());
        let index = Index::new("ada", Some("sid"));
        let mut ids = Vec::new();
        let text = data("text");
        for number in 1..=12 {
            let inserting = store.insert(&text, &index, now + 100 * number);
            ids.push(inserting.await.unwrap());
        }
        assert!(store.touch(&ids[0], now + 5_000).await.unwrap());
        let expected = [0, 11, 10, 9].map(|number: usize| SessionKey::from(&ids[number]));
        for group in [Group::subject("ada"), Group::provider_session("sid")] {
            let newest = store.sessions_of(group, 4).await.unwrap();
            let keys: Vec<_> = newest.iter().map(|session| session.key).collect();
            assert_eq!(keys, expected, "{:?}", engine.kind);
        }
        let group = Group::subject("ada");
        assert_eq!(store.end_group(group, &why()).await.unwrap().len(), 12);
        assert_eq!(store.count().await.unwrap(), 0);
        let group = Group::provider_session("sid");
        assert!(store.sessions_of(group, 4).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_lease_has_one_holder_until_it_is_given_back_or_dies() {
    for Engine { store, .. } in engines().await {
        let (id, other) = (&Id(1), &Id(2));
        let take = async |id| store.lease(id, TIMEOUT).await.unwrap();
        let held: Lease = take(id).await.unwrap();
        assert!(held.remaining() > StdDuration::ZERO && held.remaining() <= TIMEOUT);
        assert!(take(id).await.is_none());
        assert!(take(other).await.is_some());
        held.release().await;
        assert!(take(id).await.is_some(), "given back");

        let (key, moment) = (SessionKey([7; 16]), StdDuration::from_millis(1));
        let engine = &store.engine;
        assert!(engine.lease(&key, &[1; 16], moment).await.unwrap());
        while !engine.lease(&key, &[2; 16], TIMEOUT).await.unwrap() {
            tokio::task::yield_now().await;
        }
        assert!(!engine.lease(&key, &[1; 16], TIMEOUT).await.unwrap());
        engine.release(&key, &[1; 16]).await.unwrap();
        assert!(!engine.lease(&key, &[3; 16], TIMEOUT).await.unwrap());
    }
}

#[tokio::test]
async fn what_happens_is_published_here_and_to_every_other_instance() {
    for engine in engines().await {
        let mut instances = vec![engine.store.clone()];
        if Kind::SHARED.contains(&engine.kind) {
            let opening = engine.store_of("bookstore");
            instances.push(opening.await);
        }
        let receivers: Vec<_> = instances.iter().map(Store::subscribe).collect();
        let id = engine.insert_of("ada", &Index::new("ada", None)).await;
        let affected = Affected::Session((&id).into());
        let changed = json!({"event": "claims-changed"});
        engine.store.publish(affected, &changed).await;
        let group = Group::subject("ada");
        engine.store.end_group(group, &why()).await.unwrap();
        let expected = [(affected, changed), (Affected::Group(group), why())]
            .map(|(affected, message)| Notice { affected, message });
        for mut receiver in receivers {
            for notice in &expected {
                // A process receives its own notices from the server, too.
                let received = async { while receiver.recv().await.unwrap() != *notice {} };
                tokio::time::timeout(TIMEOUT, received)
                    .await
                    .expect("received");
            }
        }
    }
}

#[tokio::test]
async fn q34_two_applications_on_one_database_have_nothing_in_common() {
    for engine in engines().await {
        if engine.kind == Kind::Memory {
            continue;
        }
        let theirs = engine.store_of("https://op.example shop").await;
        let ours = &engine.store;
        let index = Index::new("ada", Some("sid"));
        let mut notices = theirs.subscribe();
        let id = engine.insert_of("text", &index).await;
        let end = engine.clock.unix() + 60;
        assert!(theirs.load(&id).await.unwrap().is_none());
        assert!(!theirs.touch(&id, end).await.unwrap());
        assert!(theirs.end(&id, &why()).await.unwrap().is_none());
        for group in [Group::subject("ada"), Group::provider_session("sid")] {
            assert!(theirs.sessions_of(group, 9).await.unwrap().is_empty());
            assert!(theirs.end_group(group, &why()).await.unwrap().is_empty());
        }
        let begun = engine.begun("state").await;
        assert!(!ours.ended_since(begun - 60_000, &index).await.unwrap());
        assert!(!theirs.is_used("state").await.unwrap());
        assert!(theirs.mark_used("state", end).await.unwrap().is_some());
        let (held, free) = (ours.lease(&id, TIMEOUT), theirs.lease(&id, TIMEOUT));
        let (held, free) = (held.await.unwrap(), free.await.unwrap());
        assert!(held.is_some() && free.is_some(), "a lease each");
        assert!(held.is_some() && engine.text_of(&id).await.is_some());

        // A process receives its own notices, and none of the other application's that name its people.
        while notices.try_recv().is_ok() {}
        let person = Affected::Group(Group::subject("ada"));
        ours.publish(person, &"ours".into()).await;
        theirs.publish(person, &"theirs".into()).await;
        let names = SessionNames {
            session: (&id).into(),
            index,
        };
        let notice = notices.recv().await.unwrap();
        if notice.message == "ours" {
            assert!(!names.are_in(notice.affected));
        } else {
            assert_eq!((notice.message, notice.affected), ("theirs".into(), person));
        }
    }
}

#[tokio::test]
async fn a_session_that_has_expired_is_not_touched_and_an_id_is_used_once() {
    for engine in engines().await {
        let id = engine.insert("text").await;
        let key = SessionKey::from(&id);
        let end = engine.clock.unix() + 7_200;
        let (other, index) = (data("other"), Index::default());
        let again = engine.store.insert_as(key, &other, &index, end);
        assert!(again.await.is_err());
        assert_eq!(engine.text_of(&id).await.unwrap(), "text");
        engine.clock.advance(Duration::HOUR);
        assert!(!engine.store.touch(&id, end).await.unwrap());
        assert_eq!(engine.text_of(&id).await, None);
    }
}

/// A server that has become a standby or is full, and a file on a disk that is full.
#[tokio::test]
async fn q45_a_database_that_only_reads_is_no_database_to_be_ready_with() {
    for engine in engines().await {
        engine.store.ping().await.unwrap();
        let store = match &engine.address {
            Address::Memory => continue,
            Address::Sqlite(path) => {
                let pool = sqlx::SqlitePool::connect(path.to_str().unwrap())
                    .await
                    .unwrap();
                let full = "CREATE TRIGGER full BEFORE INSERT ON session_store_2_lease \
                            BEGIN SELECT raise(FAIL, 'database or disk is full'); END";
                sqlx::query(full).execute(&pool).await.unwrap();
                engine.store.clone()
            }
            Address::Postgres(url) => {
                let only_reads = format!(
                    "{}?options=-c%20default_transaction_read_only%3Don",
                    url.expose_secret()
                );
                let address = Address::Postgres(only_reads.into());
                let opening =
                    Store::open(&address, keys(SECRET), "bookstore", engine.clock.clone());
                opening.await.unwrap()
            }
            Address::Redis(url) => {
                let url = url.expose_secret();
                let reader = format!("reader-{:x}", rand::random::<u64>());
                let client = redis::Client::open(url).unwrap();
                let mut administrator = client.get_multiplexed_async_connection().await.unwrap();
                let rights = ["on", ">password", "~*", "&*", "+@all", "-@write"];
                let mut create = redis::cmd("ACL");
                create.arg("SETUSER").arg(&reader).arg(&rights);
                let () = create.query_async(&mut administrator).await.unwrap();
                let only_reads = url.replacen("://", &format!("://{reader}:password@"), 1);
                let address = Address::Redis(only_reads.into());
                let opening =
                    Store::open(&address, keys(SECRET), "bookstore", engine.clock.clone());
                opening.await.unwrap()
            }
        };
        assert!(store.load(&Id(1)).await.is_ok(), "it reads");
        assert!(store.ping().await.is_err(), "{:?}", engine.kind);
    }
}
