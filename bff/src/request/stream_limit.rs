//! How many event streams may be open at a time. Each keeps a connection for hours, and pages, sign-ins and logout tokens
//! need connections too.

use crate::error::Error;
use shared::ProblemCode;
use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, PoisonError},
};
use tower_sessions::session::Id;

/// One for each tab of a browser, and more tabs than most people have.
const MOST_OF_A_SESSION: usize = 16;

/// The limits of this process, and the streams that are open.
pub(crate) struct StreamLimit {
    most: usize,
    open: Arc<Mutex<Open>>,
}

#[derive(Default)]
struct Open {
    in_all: usize,
    by_session: HashMap<Id, usize>,
}

/// The right to one open stream. Dropping it gives the right back.
pub(crate) struct StreamSlot {
    session: Id,
    open: Arc<Mutex<Open>>,
}

/// Why no further stream may be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TooManyStreams {
    #[error("a session may have {MOST_OF_A_SESSION} event streams open at a time")]
    OfThisSession,
    #[error("event streams have half of all connections")]
    AtAll,
}

impl From<TooManyStreams> for Error {
    fn from(limit: TooManyStreams) -> Self {
        let code = match limit {
            TooManyStreams::OfThisSession => ProblemCode::RateLimited,
            TooManyStreams::AtAll => ProblemCode::Busy,
        };
        Self::Limited(code, limit.to_string())
    }
}

impl StreamLimit {
    /// Half of the connections that there can be.
    pub(crate) fn half_of(connections: usize) -> Self {
        Self {
            most: connections / 2,
            open: Arc::default(),
        }
    }

    /// Takes a slot for a stream of this session.
    pub(crate) fn take(&self, session: Id) -> Result<StreamSlot, TooManyStreams> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let of_session = open.by_session.get(&session).copied().unwrap_or_default();
        if of_session >= MOST_OF_A_SESSION {
            return Err(TooManyStreams::OfThisSession);
        }
        if open.in_all >= self.most {
            return Err(TooManyStreams::AtAll);
        }
        open.in_all += 1;
        open.by_session.insert(session, of_session + 1);
        Ok(StreamSlot {
            session,
            open: self.open.clone(),
        })
    }
}

impl Drop for StreamSlot {
    fn drop(&mut self) {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.in_all -= 1;
        if let Entry::Occupied(mut of_session) = open.by_session.entry(self.session) {
            *of_session.get_mut() -= 1;
            if *of_session.get() == 0 {
                of_session.remove();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_sixteen_streams_and_the_seventeenth_opens_when_one_of_them_closes() {
        let limit = StreamLimit::half_of(1_000);
        let mut own: Vec<_> = (0..16).map(|_| limit.take(Id(1)).unwrap()).collect();
        assert_eq!(limit.take(Id(1)).err(), Some(TooManyStreams::OfThisSession));
        assert!(limit.take(Id(2)).is_ok(), "another session");
        own.pop();
        assert!(limit.take(Id(1)).is_ok());
    }

    #[test]
    fn streams_have_half_of_the_connections_of_any_session() {
        for (connections, streams) in [(1, 0), (2, 1), (7, 3), (8, 4)] {
            let limit = StreamLimit::half_of(connections);
            let mut taken: Vec<_> = (0..streams)
                .map(|session| limit.take(Id(session)).unwrap())
                .collect();
            assert_eq!(limit.take(Id(-1)).err(), Some(TooManyStreams::AtAll));
            if taken.pop().is_some() {
                assert!(limit.take(Id(-1)).is_ok());
            }
        }
    }

    #[test]
    fn a_session_without_streams_takes_no_memory() {
        let limit = StreamLimit::half_of(1_000);
        let taken: Vec<_> = (0..3).map(|_| limit.take(Id(1)).unwrap()).collect();
        assert_eq!(limit.open.lock().unwrap().by_session.len(), 1);
        drop(taken);
        let left = limit.open.lock().unwrap();
        assert!(left.in_all == 0 && left.by_session.is_empty());
    }
}
