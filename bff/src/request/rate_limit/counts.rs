//! Requests by whom they come from: each subscriber, and of a crowd each network.

use ipnet::IpNet;
use std::{collections::HashMap, net::IpAddr};

/// The bits of what is counted, for IPv4 and IPv6: a subscriber, or a larger network for whoever comes when the places for
/// smaller ones are taken. Who can take them all has neighbouring networks, and so shares a count with itself.
const PREFIXES: [(u8, u8); 4] = [(32, 64), (24, 48), (16, 32), (0, 0)];
/// Places for networks of one size: some megabytes.
const MOST_NETWORKS: usize = 100_000;

#[derive(Debug, Default)]
pub(super) struct Counts([HashMap<IpNet, u32>; PREFIXES.len()]);

impl Counts {
    /// The count that a request of this client goes on.
    pub(super) fn of(&mut self, client: IpAddr) -> &mut u32 {
        let networks = PREFIXES.map(|prefixes| network(client, prefixes));
        let has_place = |(counts, network): (&HashMap<_, _>, _)| {
            counts.contains_key(network) || counts.len() < MOST_NETWORKS
        };
        let sizes = self.0.iter().zip(&networks);
        // The last one has two networks, so there is always a place.
        let size = sizes.map(has_place).position(|place| place).unwrap_or(0);
        self.0[size].entry(networks[size]).or_default()
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.0.iter().map(HashMap::len).sum()
    }
}

fn network(client: IpAddr, (v4, v6): (u8, u8)) -> IpNet {
    let bits = if client.is_ipv4() { v4 } else { v6 };
    IpNet::new(client, bits).map_or(IpNet::from(client), |network| network.trunc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::{Ipv4Addr, Ipv6Addr};

    fn address(text: &str) -> IpAddr {
        text.parse().unwrap()
    }

    #[test]
    fn t17_a_subscriber_has_an_ipv6_network_of_64_bits() {
        for (client, networks) in [
            (
                "192.0.2.1",
                ["192.0.2.1/32", "192.0.2.0/24", "192.0.0.0/16", "0.0.0.0/0"],
            ),
            (
                "2001:db8:1:2:3:4:5:6",
                [
                    "2001:db8:1:2::/64",
                    "2001:db8:1::/48",
                    "2001:db8::/32",
                    "::/0",
                ],
            ),
        ] {
            let found = PREFIXES.map(|prefixes| network(address(client), prefixes).to_string());
            assert_eq!(found, networks);
        }
    }

    /// Counts with a request of each of these many networks of 64 bits, one beside the other.
    fn crowd(many: usize) -> Counts {
        let mut counts = Counts::default();
        for number in 0..many as u128 {
            let first = Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0).to_bits();
            *counts.of(Ipv6Addr::from_bits(first + (number << 64)).into()) += 1;
        }
        counts
    }

    #[test]
    fn a_crowd_shares_a_count_with_its_neighbours_and_not_with_everybody() {
        let mut counts = crowd(MOST_NETWORKS);
        for (client, before) in [
            ("198.51.100.7", 0),
            ("198.51.100.7", 1),
            ("203.0.113.9", 0),
            ("198.51.100.8", 2),
            ("2001:db9::1", 0),
            ("2001:db8:2::1", 0),
            ("2001:db8:2:1::1", 1),
            ("2001:db8::1", 1),
        ] {
            let count = counts.of(address(client));
            assert_eq!(*count, before, "{client}");
            *count += 1;
        }
    }

    #[test]
    fn a_crowd_of_addresses_takes_bounded_memory() {
        let mut counts = Counts::default();
        let step = u32::MAX / 250_000;
        for number in 0..250_000 {
            *counts.of(Ipv4Addr::from_bits(number * step).into()) += 1;
        }
        assert!(counts.0.iter().all(|size| size.len() <= MOST_NETWORKS));
        let counted: u32 = counts.0.iter().flat_map(HashMap::values).sum();
        assert_eq!(counted, 250_000);
    }
}
