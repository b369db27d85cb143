//! How many event streams may be open at a time. Each keeps a connection for hours, and pages, sign-ins and logout tokens
//! need connections too.

use crate::error::Error;
use prometheus_client::metrics::gauge::Gauge;
use shared::ProblemCode;
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, Weak},
};
use tower_sessions::session::Id;

/// One for each tab of a browser, and more tabs than most people have.
const MOST_OF_A_SESSION: usize = 16;

/// The limits of this process, and the streams that are open.
pub(crate) struct StreamLimit {
    most: usize,
    /// A metric for operators, too.
    open: Gauge,
    of_sessions: Mutex<HashMap<Id, Weak<()>>>,
}

/// The right to one open stream. Dropping it gives the right back.
pub(crate) struct StreamSlot {
    /// All slots of a session share this.
    _of_session: Arc<()>,
    open: Gauge,
}

/// Why no further stream may be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TooManyStreams {
    #[error("a session may have {MOST_OF_A_SESSION} event streams and WebSockets open at a time")]
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
    pub(crate) fn half_of(connections: usize, open: Gauge) -> Self {
        Self {
            most: connections / 2,
            open,
            of_sessions: Mutex::default(),
        }
    }

    /// Takes a slot for a stream of this session.
    pub(crate) fn take(&self, session: Id) -> Result<StreamSlot, TooManyStreams> {
        let of_sessions = self.of_sessions.lock();
        let mut of_sessions = of_sessions.unwrap_or_else(PoisonError::into_inner);
        of_sessions.retain(|_, slots| slots.strong_count() > 0);
        let own = of_sessions.get(&session).and_then(Weak::upgrade);
        let own = own.unwrap_or_default();
        if Arc::strong_count(&own) > MOST_OF_A_SESSION {
            return Err(TooManyStreams::OfThisSession);
        }
        if usize::try_from(self.open.get()).is_ok_and(|open| open >= self.most) {
            return Err(TooManyStreams::AtAll);
        }
        of_sessions.insert(session, Arc::downgrade(&own));
        self.open.inc();
        Ok(StreamSlot {
            _of_session: own,
            open: self.open.clone(),
        })
    }
}

impl Drop for StreamSlot {
    fn drop(&mut self) {
        self.open.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_sixteen_streams_and_the_seventeenth_opens_when_one_of_them_closes() {
        let limit = StreamLimit::half_of(1_000, Gauge::default());
        let mut own: Vec<_> = (0..16).map(|_| limit.take(Id(1)).unwrap()).collect();
        assert_eq!(limit.take(Id(1)).err(), Some(TooManyStreams::OfThisSession));
        assert!(limit.take(Id(2)).is_ok(), "another session");
        own.pop();
        assert!(limit.take(Id(1)).is_ok());
    }

    #[test]
    fn streams_have_half_of_the_connections_of_any_session() {
        for (connections, streams) in [(1, 0), (2, 1), (7, 3), (8, 4)] {
            let limit = StreamLimit::half_of(connections, Gauge::default());
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
    fn a_session_without_streams_takes_no_memory_once_another_stream_opens() {
        let limit = StreamLimit::half_of(1_000, Gauge::default());
        let taken: Vec<_> = (0..3).map(|_| limit.take(Id(1)).unwrap()).collect();
        drop(taken);
        assert_eq!(limit.open.get(), 0);
        let _other = limit.take(Id(2)).unwrap();
        let of_sessions = limit.of_sessions.lock().unwrap();
        assert!(of_sessions.keys().eq([&Id(2)]));
    }
}
