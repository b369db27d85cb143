//! Connections that answered a moment ago, for what is asked most. Whatever the pool gets back it looks at, first with our
//! time-out and then without one: two more round trips that nobody waits for, but the server has to make them.

use super::{CONNECTIONS, POOL_QUIET};
use sqlx::{PgPool, Postgres, pool::PoolConnection};
use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// How many are kept. The pool has the others for whatever else is asked.
const MOST: usize = CONNECTIONS as usize / 2;
/// How long one is kept from the pool, which knows how old a connection may become.
const LIFE: Duration = Duration::from_mins(1);

/// Connections of the pool.
#[derive(Default)]
pub(super) struct AtHand(Mutex<Vec<Connection>>);

/// Goes back to the pool when it is dropped: after a fault, or when nobody waits for its answer any more.
pub(super) struct Connection {
    pub(super) pooled: PoolConnection<Postgres>,
    taken: Instant,
    answered: Instant,
}

impl AtHand {
    /// One that answered a moment ago, or one of the pool's.
    pub(super) async fn take(&self, pool: &PgPool) -> sqlx::Result<Connection> {
        if let Some(connection) = self.last() {
            return Ok(connection);
        }
        let pooled = pool.acquire().await?;
        let now = Instant::now();
        Ok(Connection {
            pooled,
            taken: now,
            answered: now,
        })
    }

    fn last(&self) -> Option<Connection> {
        let mut connections = self.connections();
        let last = connections.pop()?;
        if last.answered.elapsed() < POOL_QUIET {
            return Some(last);
        }
        // The others have been quiet for longer. The pool looks at them.
        connections.clear();
        None
    }

    /// Keeps one that has answered.
    pub(super) fn keep(&self, mut connection: Connection) {
        connection.answered = Instant::now();
        let mut connections = self.connections();
        if connections.len() < MOST && connection.taken.elapsed() < LIFE {
            connections.push(connection);
        }
    }

    fn connections(&self) -> MutexGuard<'_, Vec<Connection>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::fresh_store::Kind;

    async fn pool() -> PgPool {
        let url = Kind::Postgres.fresh("".as_ref()).await;
        PgPool::connect(&url).await.unwrap()
    }

    async fn process_of(connection: &mut Connection) -> i32 {
        sqlx::query_scalar("SELECT pg_backend_pid()")
            .fetch_one(&mut *connection.pooled)
            .await
            .unwrap()
    }

    fn ago(time: Duration) -> Instant {
        Instant::now().checked_sub(time).unwrap()
    }

    #[tokio::test]
    async fn one_that_answered_a_moment_ago_is_taken_before_any_of_the_pool() {
        let (pool, at_hand) = (pool().await, AtHand::default());
        let mut first = at_hand.take(&pool).await.unwrap();
        let process = process_of(&mut first).await;
        at_hand.keep(first);
        assert_eq!(pool.num_idle(), 0);
        let mut again = at_hand.take(&pool).await.unwrap();
        assert_eq!(process_of(&mut again).await, process);
        assert!(at_hand.last().is_none());
    }

    #[tokio::test]
    async fn those_that_have_been_quiet_go_back_to_the_pool() {
        let (pool, at_hand) = (pool().await, AtHand::default());
        for _ in 0..2 {
            let connection = at_hand.take(&pool).await.unwrap();
            at_hand.connections().push(Connection {
                answered: ago(POOL_QUIET),
                ..connection
            });
        }
        assert!(at_hand.last().is_none());
        assert!(at_hand.connections().is_empty());
    }

    #[tokio::test]
    async fn not_many_are_kept_and_none_for_long() {
        let (pool, at_hand) = (pool().await, AtHand::default());
        let mut taken = Vec::new();
        for _ in 0..=MOST {
            taken.push(at_hand.take(&pool).await.unwrap());
        }
        taken.drain(..).for_each(|one| at_hand.keep(one));
        assert_eq!(at_hand.connections().len(), MOST);

        let one = at_hand.last().unwrap();
        at_hand.keep(Connection {
            taken: ago(LIFE),
            ..one
        });
        assert_eq!(at_hand.connections().len(), MOST - 1);
    }
}
