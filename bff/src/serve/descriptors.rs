//! How many connections this process has descriptors for: one that cannot be accepted for want of them would keep
//! operators, the provider and the store out, too.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Browsers' connections at a time, if there are descriptors.
const MOST_PLACES: u64 = 8_192;
/// A connection, and beside it the file that is sent or the connection to the provider that is asked.
const DESCRIPTORS_OF_A_PLACE: u64 = 2;
/// For everything else: two for each of the operators' places, the store's files, the provider's idle connections,
/// listeners, and what the runtime has.
const RESERVED: u64 = 128;
/// Operators' connections at a time: a probe or two.
pub(super) const ADMIN_PLACES: usize = 16;

/// How many connections of browsers this process has descriptors for, once its limit is raised as far as it may be.
#[must_use]
pub fn connection_places() -> usize {
    usize::try_from(places_within(raised_limit())).unwrap_or(1)
}

/// Writes down that there could be more.
pub(super) fn log_limited(places: usize) {
    if (places as u64) < MOST_PLACES {
        tracing::warn!(event = "connections.limited", places);
    }
}

fn places_within(limit: Option<u64>) -> u64 {
    limit.map_or(MOST_PLACES, |limit| {
        (limit.saturating_sub(RESERVED) / DESCRIPTORS_OF_A_PLACE).clamp(1, MOST_PLACES)
    })
}

/// The soft limit is mostly 1,024, for the sake of old programs; whoever starts us means the hard one. Raised is only what
/// is needed, because macOS refuses a limit that its own table has no room for.
fn raised_limit() -> Option<u64> {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let enough = MOST_PLACES * DESCRIPTORS_OF_A_PLACE + RESERVED;
    let wanted = maximum.map_or(enough, |maximum| maximum.min(enough));
    if current.is_none_or(|current| current >= wanted) {
        return current;
    }
    let raised = Rlimit {
        current: Some(wanted),
        maximum,
    };
    setrlimit(Resource::Nofile, raised).map_or(current, |()| Some(wanted))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_places_for_as_many_as_the_limit_has_descriptors_for_and_never_none() {
        for (limit, places) in [
            (None, 8_192),
            (Some(1 << 20), 8_192),
            (Some(16_512), 8_192),
            (Some(16_510), 8_191),
            (Some(1_024), 448),
            (Some(130), 1),
            (Some(0), 1),
        ] {
            assert_eq!(places_within(limit), places, "{limit:?}");
        }
    }
}
