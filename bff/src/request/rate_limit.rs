//! How many requests one subscriber may make in a minute.

use crate::error::Error;
use ipnet::IpNet;
use shared::ProblemCode;
use std::{
    collections::HashMap,
    net::{IpAddr, Ipv4Addr},
    sync::{Mutex, PoisonError},
};

const SECONDS: i64 = 60;
/// Subscribers with a count of their own: some megabytes. All further ones share a count.
const MOST_SUBSCRIBERS: usize = 100_000;
/// Has the count of the further subscribers, for it is no client's address.
const FURTHER: IpAddr = IpAddr::V4(Ipv4Addr::UNSPECIFIED);

const RATE_LIMITED: Error = Error::Refused(ProblemCode::RateLimited);

/// Counts requests by subscriber, from zero in every minute.
#[derive(Debug)]
pub(crate) struct RateLimit {
    /// In a minute; `None` is no limit.
    most: Option<u32>,
    window: Mutex<Window>,
}

#[derive(Debug, Default)]
struct Window {
    minute: i64,
    counts: HashMap<IpNet, u32>,
}

impl RateLimit {
    pub(crate) fn new(most: Option<u32>) -> Self {
        Self {
            most,
            window: Mutex::default(),
        }
    }

    /// Counts one request, and refuses it if it is beyond the limit. The time is in seconds since 1970.
    pub(crate) fn check(&self, client: IpAddr, now: i64) -> Result<(), Error> {
        match self.most {
            Some(most) if self.add(1, client, now) > most => Err(RATE_LIMITED),
            _ => Ok(()),
        }
    }

    /// Refuses a request if the next counted one would be beyond the limit; counts nothing.
    pub(crate) fn check_without_counting(&self, client: IpAddr, now: i64) -> Result<(), Error> {
        match self.most {
            Some(most) if self.add(0, client, now) >= most => Err(RATE_LIMITED),
            _ => Ok(()),
        }
    }

    /// Counts one request.
    pub(crate) fn count(&self, client: IpAddr, now: i64) {
        self.add(1, client, now);
    }

    /// Adds so many requests to those of this minute, and returns their number.
    fn add(&self, requests: u32, client: IpAddr, now: i64) -> u32 {
        let mut window = self.window.lock().unwrap_or_else(PoisonError::into_inner);
        let minute = now.div_euclid(SECONDS);
        if window.minute != minute {
            *window = Window {
                minute,
                ..Window::default()
            };
        }
        let count = window.count_of(subscriber(client));
        *count = count.saturating_add(requests);
        *count
    }
}

impl Window {
    fn count_of(&mut self, subscriber: IpNet) -> &mut u32 {
        let is_counted = self.counts.contains_key(&subscriber);
        let own = is_counted || self.counts.len() < MOST_SUBSCRIBERS;
        let key = if own { subscriber } else { FURTHER.into() };
        self.counts.entry(key).or_default()
    }
}

/// An IPv4 address, or the network of 64 bits that an IPv6 subscriber has.
fn subscriber(client: IpAddr) -> IpNet {
    let bits = if client.is_ipv4() { 32 } else { 64 };
    IpNet::new(client, bits).map_or(client.into(), |network| network.trunc())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_795_374_720;

    fn address(number: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(number))
    }

    #[test]
    fn each_subscriber_has_so_many_requests_in_a_minute() {
        let limit = RateLimit::new(Some(2));
        let taken = |client, now| limit.check(address(client), now).is_err();
        assert_eq!(
            [taken(1, NOW), taken(1, NOW), taken(1, NOW)],
            [false, false, true]
        );
        assert!(!taken(2, NOW), "another one");
        assert!(taken(1, NOW + 59));
        assert!(!taken(1, NOW + 60), "the next minute");
        assert!(!taken(1, NOW), "a clock that was put back locks nobody out");
    }

    #[test]
    fn without_a_limit_nothing_is_counted() {
        let limit = RateLimit::new(None);
        assert!((0..1_000).all(|_| limit.check(address(1), NOW).is_ok()));
        assert_eq!(limit.window.lock().unwrap().counts.len(), 0);
    }

    #[test]
    fn t17_a_subscriber_has_an_ipv6_network_of_64_bits() {
        for (client, network) in [
            ("192.0.2.1", "192.0.2.1/32"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ] {
            assert_eq!(subscriber(client.parse().unwrap()).to_string(), network);
        }
    }

    #[test]
    fn a_crowd_of_addresses_takes_bounded_memory_and_shares_a_count() {
        let limit = RateLimit::new(Some(2));
        for number in (1..).take(MOST_SUBSCRIBERS + 2) {
            limit.check(address(number), NOW).unwrap();
        }
        assert!(limit.check(address(1), NOW).is_ok(), "has its own count");
        assert!(limit.check(address(u32::MAX), NOW).is_err());
        let counted = limit.window.lock().unwrap().counts.len();
        assert_eq!(counted, MOST_SUBSCRIBERS + 1);
    }
}
