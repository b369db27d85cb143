//! Operations on more than one key, each a script that Redis runs as one step.

use redis::Script;
use std::sync::LazyLock;

/// `KEYS`: the session, `ENDS`, the sets that it belongs to. `ARGV`: sealed content, expiry, expiry with slack, member.
pub(super) static INSERT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('EXISTS', KEYS[1]) == 1 then return redis.error_reply('EXISTS the key is taken') end
         redis.call('HSET', KEYS[1], 'sealed', ARGV[1], 'expires_at', ARGV[2], 'version', 0)
         redis.call('EXPIREAT', KEYS[1], ARGV[3])
         redis.call('ZADD', KEYS[2], ARGV[2], ARGV[4])
         for i = 3, #KEYS do
             redis.call('HSET', KEYS[1], 'set' .. i - 2, KEYS[i])
             redis.call('ZADD', KEYS[i], ARGV[2], ARGV[4])
             redis.call('EXPIREAT', KEYS[i], ARGV[3], 'NX')
             redis.call('EXPIREAT', KEYS[i], ARGV[3], 'GT')
         end",
    )
});

/// `KEYS`: the session. `ARGV`: sealed content, version.
pub(super) static REPLACE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('HGET', KEYS[1], 'version') ~= ARGV[2] then return 0 end
         redis.call('HSET', KEYS[1], 'sealed', ARGV[1])
         redis.call('HINCRBY', KEYS[1], 'version', 1)
         return 1",
    )
});

/// `KEYS`: the session, `ENDS`. `ARGV`: expiry, expiry with slack, member, now.
pub(super) static TOUCH: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local expires_at = redis.call('HGET', KEYS[1], 'expires_at')
         if not expires_at or tonumber(expires_at) <= tonumber(ARGV[4]) then return 0 end
         redis.call('HSET', KEYS[1], 'expires_at', ARGV[1])
         redis.call('EXPIREAT', KEYS[1], ARGV[2])
         redis.call('ZADD', KEYS[2], ARGV[1], ARGV[3])
         for _, set in ipairs(redis.call('HMGET', KEYS[1], 'set1', 'set2')) do
             if set then
                 redis.call('ZADD', set, 'XX', ARGV[1], ARGV[3])
                 redis.call('EXPIREAT', set, ARGV[2], 'GT')
             end
         end
         return 1",
    )
});

/// `KEYS`: the session, `ENDS`. `ARGV`: member, and optionally the version that the session must have. Returns sealed content,
/// expiry and version of the deleted session.
pub(super) static DELETE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local row = redis.call('HMGET', KEYS[1], 'sealed', 'expires_at', 'version')
         if not row[1] or (ARGV[2] and row[3] ~= ARGV[2]) then return false end
         for _, set in ipairs(redis.call('HMGET', KEYS[1], 'set1', 'set2')) do
             if set then redis.call('ZREM', set, ARGV[1]) end
         end
         redis.call('ZREM', KEYS[2], ARGV[1])
         redis.call('DEL', KEYS[1])
         return row",
    )
});

/// `KEYS`: the group's set, `ENDS`, the time of the group's end. `ARGV`: the prefix of the sessions' keys, how long the end
/// is remembered in milliseconds, how many sessions to delete. Returns member, sealed content, expiry and version of each
/// deleted session, and whether the group has more.
pub(super) static DELETE_SOME: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         -- A server that is out of memory takes no new session either, and deleting must still work.
         redis.pcall('SET', KEYS[3], time[1] * 1000 + math.floor(time[2] / 1000), 'PX', ARGV[2])
         local rows = {}
         for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[3] - 1)) do
             local session = ARGV[1] .. member
             local row = redis.call('HMGET', session, 'sealed', 'expires_at', 'version')
             if row[1] then table.insert(rows, {member, row[1], row[2], row[3]}) end
             for _, set in ipairs(redis.call('HMGET', session, 'set1', 'set2')) do
                 if set then redis.call('ZREM', set, member) end
             end
             redis.call('DEL', session)
             redis.call('ZREM', KEYS[1], member)
             redis.call('ZREM', KEYS[2], member)
         end
         return {rows, redis.call('EXISTS', KEYS[1])}",
    )
});

/// `KEYS`: the one-time value. `ARGV`: until when it is remembered. Returns Redis's time in milliseconds at the first use.
pub(super) static MARK_USED: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if not redis.call('SET', KEYS[1], 1, 'NX', 'EXAT', ARGV[1]) then return false end
         local time = redis.call('TIME')
         return time[1] * 1000 + math.floor(time[2] / 1000)",
    )
});

/// `KEYS`: the group's set. `ARGV`: the prefix of the sessions' keys, how many sessions to read. Returns member, sealed content,
/// expiry and version of each, the one that expires last first, and removes members that Redis has deleted, because the set
/// itself lives as long as its newest member.
pub(super) static ROWS: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local rows = {}
         for _, member in ipairs(redis.call('ZRANGE', KEYS[1], 0, ARGV[2] - 1, 'REV')) do
             local row = redis.call('HMGET', ARGV[1] .. member, 'sealed', 'expires_at', 'version')
             if row[1] then
                 table.insert(rows, {member, row[1], row[2], row[3]})
             else
                 -- A replica refuses to write, but what it read is right.
                 redis.pcall('ZREM', KEYS[1], member)
             end
         end
         return rows",
    )
});

/// `KEYS`: the lease. `ARGV`: holder, milliseconds.
pub(super) static LEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local holder = redis.call('GET', KEYS[1])
         if holder then return 0 end
         redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
         return 1",
    )
});

/// `KEYS`: the lease. `ARGV`: holder.
pub(super) static RELEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new("if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end")
});

#[cfg(test)]
mod tests {
    use super::super::{BATCH, Engine, Group, Index, Redis, Row, SessionKey, members, session};
    use crate::fresh_database::Kind;
    use redis::AsyncCommands;
    use std::sync::Arc;

    /// The first two batches are members that Redis has deleted, as it does when they expire.
    #[tokio::test]
    async fn q49_a_group_of_any_size_is_ended() {
        let url = Kind::Redis.fresh("".as_ref()).await.into();
        let rows = Redis::open(&url, Arc::new(|_| {})).await.unwrap();
        let group = Group::Subject([1; 16]);
        let index = Index {
            subject: Some([1; 16]),
            provider_session: None,
        };
        for number in 0..=u64::from(BATCH) {
            let row = Row::from((b"sealed".to_vec(), 4_000_000_000, 0));
            let key = SessionKey(std::array::from_fn(|byte| number.to_le_bytes()[byte % 8]));
            rows.insert(&key, &row, &index).await.unwrap();
        }
        let mut redis = rows.connection.clone();
        let gone = (0..2 * u32::from(BATCH)).map(|number| (1, format!("gone-{number}")));
        let gone: Vec<_> = gone.collect();
        let () = redis.zadd_multiple(members(group), &gone).await.unwrap();
        let deleted = rows.delete_all_of(group).await.unwrap();
        assert_eq!(deleted.len(), usize::from(BATCH) + 1);
        assert_eq!(rows.count().await.unwrap(), 0);
        assert!(!redis.exists::<_, bool>(members(group)).await.unwrap());
    }

    #[tokio::test]
    async fn a_list_of_sessions_forgets_those_that_are_gone() {
        let url = Kind::Redis.fresh("".as_ref()).await.into();
        let rows = Redis::open(&url, Arc::new(|_| {})).await.unwrap();
        let row = Row::from((b"sealed".to_vec(), 4_000_000_000, 0));
        let index = Index {
            subject: Some([1; 16]),
            provider_session: None,
        };
        for key in [[2; 16], [3; 16]].map(SessionKey) {
            rows.insert(&key, &row, &index).await.unwrap();
        }
        let group = Group::Subject([1; 16]);
        let mut redis = rows.connection.clone();
        let () = redis.del(session(&SessionKey([2; 16]))).await.unwrap();
        assert_eq!(rows.rows_of(group, 9).await.unwrap().len(), 1);
        let left: Vec<String> = redis.zrange(members(group), 0, -1).await.unwrap();
        assert_eq!(left, [hex::encode([3; 16])]);
    }
}
