//! How many connections this process has file descriptors for. If browsers could take all descriptors, operators, the provider
//! and the store would be unreachable.

use rlimit::{Resource, increase_nofile_limit};

/// Browsers' connections at a time, if there are descriptors.
const MOST_CONNECTIONS: u64 = 8_192;
/// The connection, and the file that is sent or the connection to the provider.
const DESCRIPTORS_OF_A_CONNECTION: u64 = 2;
/// Two for each connection of an operator, the store's files, idle connections to the provider, listeners, and the runtime's.
const RESERVED: u64 = 128;

/// Raises the soft limit of descriptors, which is mostly 1,024 for the sake of old programs, as far as needed and allowed.
/// Returns how many connections of browsers may be open at a time.
#[must_use]
pub fn connection_limit() -> usize {
    let enough = MOST_CONNECTIONS * DESCRIPTORS_OF_A_CONNECTION + RESERVED;
    let descriptors = increase_nofile_limit(enough).or_else(|_| Resource::NOFILE.get_soft());
    usize::try_from(connections_within(descriptors.unwrap_or(RESERVED))).unwrap_or(1)
}

/// Logs that there could be more connections.
pub fn log_limited(connections: usize) {
    if (connections as u64) < MOST_CONNECTIONS {
        tracing::warn!(event = "connections.limited", places = connections);
    }
}

fn connections_within(descriptors: u64) -> u64 {
    let connections = descriptors.saturating_sub(RESERVED) / DESCRIPTORS_OF_A_CONNECTION;
    connections.clamp(1, MOST_CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_as_many_connections_as_the_limit_has_descriptors_for_and_never_none() {
        for (descriptors, connections) in [
            (u64::MAX, 8_192),
            (1 << 20, 8_192),
            (16_512, 8_192),
            (16_510, 8_191),
            (1_024, 448),
            (130, 1),
            (0, 1),
        ] {
            assert_eq!(
                connections_within(descriptors),
                connections,
                "{descriptors}"
            );
        }
    }
}
