//! How many event streams may be open at a time: each keeps a connection for hours, and a page, a sign-in and the
//! provider's logout tokens need connections, too.

use std::{
    collections::{HashMap, hash_map::Entry},
    sync::{Arc, Mutex, PoisonError},
};
use tower_sessions::session::Id;

/// One for each tab of a browser, and more tabs than most people have.
const MOST_OF_A_SESSION: usize = 16;

/// The places of this process.
pub(crate) struct StreamPlaces {
    most: usize,
    taken: Arc<Mutex<Taken>>,
}

#[derive(Default)]
struct Taken {
    in_all: usize,
    by_session: HashMap<Id, usize>,
}

/// One stream's place. It is given back when this is dropped.
pub(crate) struct StreamPlace {
    session: Id,
    taken: Arc<Mutex<Taken>>,
}

/// Why there is no place for a further stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum NoPlace {
    #[error("a session may have {MOST_OF_A_SESSION} event streams open at a time")]
    OfThisSession,
    #[error("event streams have half of all connections")]
    AtAll,
}

impl StreamPlaces {
    /// Half of the connections that there can be.
    pub(crate) fn among(connections: usize) -> Self {
        Self {
            most: connections / 2,
            taken: Arc::default(),
        }
    }

    /// Takes a place for a stream of this session.
    pub(crate) fn take(&self, session: Id) -> Result<StreamPlace, NoPlace> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let of_session = taken.by_session.get(&session).copied().unwrap_or_default();
        if of_session >= MOST_OF_A_SESSION {
            return Err(NoPlace::OfThisSession);
        }
        if taken.in_all >= self.most {
            return Err(NoPlace::AtAll);
        }
        taken.in_all += 1;
        taken.by_session.insert(session, of_session + 1);
        Ok(StreamPlace {
            session,
            taken: self.taken.clone(),
        })
    }
}

impl Drop for StreamPlace {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.in_all -= 1;
        if let Entry::Occupied(mut of_session) = taken.by_session.entry(self.session) {
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
    fn a_session_has_sixteen_places_and_the_seventeenth_comes_free_with_one_of_them() {
        let places = StreamPlaces::among(1_000);
        let mut own: Vec<_> = (0..16).map(|_| places.take(Id(1)).unwrap()).collect();
        assert_eq!(places.take(Id(1)).err(), Some(NoPlace::OfThisSession));
        assert!(places.take(Id(2)).is_ok(), "another session");
        own.pop();
        assert!(places.take(Id(1)).is_ok());
    }

    #[test]
    fn streams_have_half_of_the_connections_whosoever_they_are() {
        for (connections, streams) in [(1, 0), (2, 1), (7, 3), (8, 4)] {
            let places = StreamPlaces::among(connections);
            let mut taken: Vec<_> = (0..streams)
                .map(|session| places.take(Id(session)).unwrap())
                .collect();
            assert_eq!(places.take(Id(-1)).err(), Some(NoPlace::AtAll));
            if taken.pop().is_some() {
                assert!(places.take(Id(-1)).is_ok());
            }
        }
    }

    #[test]
    fn a_session_without_streams_takes_no_memory() {
        let places = StreamPlaces::among(1_000);
        let taken: Vec<_> = (0..3).map(|_| places.take(Id(1)).unwrap()).collect();
        assert_eq!(places.taken.lock().unwrap().by_session.len(), 1);
        drop(taken);
        let left = places.taken.lock().unwrap();
        assert!(left.in_all == 0 && left.by_session.is_empty());
    }
}
