//! What touches more than one key, each a script that Redis runs as one step.

use redis::Script;
use std::sync::LazyLock;

/// `KEYS`: the session, `ENDS`, the sets that it belongs to. `ARGV`: sealed, end, end with slack, member.
pub(super) static INSERT: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "redis.call('HSET', KEYS[1], 'sealed', ARGV[1], 'expires_at', ARGV[2], 'version', 0)
         redis.call('EXPIREAT', KEYS[1], ARGV[3])
         redis.call('ZADD', KEYS[2], ARGV[2], ARGV[4])
         for i = 3, #KEYS do
             redis.call('HSET', KEYS[1], 'set' .. i - 2, KEYS[i])
             redis.call('SADD', KEYS[i], ARGV[4])
             redis.call('EXPIREAT', KEYS[i], ARGV[3], 'NX')
             redis.call('EXPIREAT', KEYS[i], ARGV[3], 'GT')
         end",
    )
});

/// `KEYS`: the session, `ENDS`. `ARGV`: sealed, end, end with slack, member, version.
pub(super) static REPLACE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if redis.call('HGET', KEYS[1], 'version') ~= ARGV[5] then return 0 end
         redis.call('HSET', KEYS[1], 'sealed', ARGV[1], 'expires_at', ARGV[2])
         redis.call('HINCRBY', KEYS[1], 'version', 1)
         redis.call('EXPIREAT', KEYS[1], ARGV[3])
         redis.call('ZADD', KEYS[2], ARGV[2], ARGV[4])
         for _, set in ipairs(redis.call('HMGET', KEYS[1], 'set1', 'set2')) do
             if set then redis.call('EXPIREAT', set, ARGV[3], 'GT') end
         end
         return 1",
    )
});

/// `KEYS`: the session, `ENDS`. `ARGV`: member, and the version that it must have, if any. Answers sealed, end and
/// version of what it deleted.
pub(super) static DELETE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local row = redis.call('HMGET', KEYS[1], 'sealed', 'expires_at', 'version')
         if not row[1] or (ARGV[2] and row[3] ~= ARGV[2]) then return false end
         for _, set in ipairs(redis.call('HMGET', KEYS[1], 'set1', 'set2')) do
             if set then redis.call('SREM', set, ARGV[1]) end
         end
         redis.call('ZREM', KEYS[2], ARGV[1])
         redis.call('DEL', KEYS[1])
         return row",
    )
});

/// `KEYS`: the set, `ENDS`, when the group was ended. `ARGV`: what sessions' keys begin with, milliseconds that the end is
/// remembered. Answers member, sealed, end and version of each that was there.
pub(super) static DELETE_ALL: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local time = redis.call('TIME')
         -- A server that is out of memory takes no new session either, and it must still delete.
         redis.pcall('SET', KEYS[3], time[1] * 1000 + math.floor(time[2] / 1000), 'PX', ARGV[2])
         local rows = {}
         for _, member in ipairs(redis.call('SMEMBERS', KEYS[1])) do
             local session = ARGV[1] .. member
             local row = redis.call('HMGET', session, 'sealed', 'expires_at', 'version')
             if row[1] then table.insert(rows, {member, row[1], row[2], row[3]}) end
             for _, set in ipairs(redis.call('HMGET', session, 'set1', 'set2')) do
                 if set then redis.call('SREM', set, member) end
             end
             redis.call('DEL', session)
             redis.call('ZREM', KEYS[2], member)
         end
         redis.call('DEL', KEYS[1])
         return rows",
    )
});

/// `KEYS`: the one-time value. `ARGV`: until when it is remembered. Answers Redis's time in milliseconds, if it was first.
pub(super) static MARK_USED: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "if not redis.call('SET', KEYS[1], 1, 'NX', 'EXAT', ARGV[1]) then return false end
         local time = redis.call('TIME')
         return time[1] * 1000 + math.floor(time[2] / 1000)",
    )
});

/// `KEYS`: the set. `ARGV`: what sessions' keys begin with. Answers member, sealed, end and version of each that is there,
/// and takes those that Redis has let go out of the set, which lives for as long as somebody keeps signing in.
pub(super) static ROWS: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local rows = {}
         for _, member in ipairs(redis.call('SMEMBERS', KEYS[1])) do
             local row = redis.call('HMGET', ARGV[1] .. member, 'sealed', 'expires_at', 'version')
             if row[1] then
                 table.insert(rows, {member, row[1], row[2], row[3]})
             else
                 -- A replica that is asked to write does not; what it read is right all the same.
                 redis.pcall('SREM', KEYS[1], member)
             end
         end
         return rows",
    )
});

/// `KEYS`: the lease. `ARGV`: holder, milliseconds.
pub(super) static LEASE: LazyLock<Script> = LazyLock::new(|| {
    Script::new(
        "local holder = redis.call('GET', KEYS[1])
         if holder and holder ~= ARGV[1] then return 0 end
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
    use super::super::{Engine, Group, Index, RedisRows, Row, members, session};
    use crate::session::fresh_store::Kind;
    use redis::AsyncCommands;
    use std::sync::Arc;

    #[tokio::test]
    async fn a_list_of_sessions_forgets_those_that_are_gone() {
        let url = Kind::Redis.fresh("".as_ref()).await.into();
        let rows = RedisRows::open(&url, Arc::new(|_| {})).await.unwrap();
        let row = Row::from((b"sealed".to_vec(), 4_000_000_000, 0));
        let (subject, sid) = (Some([1; 16]), None);
        for key in [[2; 16], [3; 16]] {
            let index = Index { subject, sid };
            rows.insert(&key, &row, &index).await.unwrap();
        }
        let group = Group::Subject([1; 16]);
        let mut redis = rows.connection.clone();
        let () = redis.del(session(&[2; 16])).await.unwrap();
        assert_eq!(rows.rows_of(group).await.unwrap().len(), 1);
        let left: Vec<String> = redis.smembers(members(group)).await.unwrap();
        assert_eq!(left, [hex::encode([3; 16])]);
    }
}
