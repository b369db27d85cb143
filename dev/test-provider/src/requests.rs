//! What the relying party asked, in order, and what it did wrong.

use super::Endpoint;
use std::{sync::Mutex, time::Duration};
use tokio::sync::watch;

/// A story that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The record of a story.
pub(super) struct Requests {
    seen: watch::Sender<Vec<(Endpoint, String)>>,
    violations: Mutex<Vec<String>>,
}

impl Requests {
    pub(super) fn new() -> Self {
        Self {
            seen: watch::Sender::new(Vec::new()),
            violations: Mutex::default(),
        }
    }

    pub(super) fn note(&self, endpoint: Endpoint, path: &str) {
        self.seen
            .send_modify(|seen| seen.push((endpoint, path.to_owned())));
    }

    pub(super) fn in_order(&self) -> Vec<(Endpoint, String)> {
        self.seen.borrow().clone()
    }

    pub(super) fn count(&self, endpoint: Endpoint) -> usize {
        let seen = self.seen.borrow();
        seen.iter().filter(|(other, _)| *other == endpoint).count()
    }

    /// Waits until an endpoint was asked so often.
    pub(super) async fn wait_for(&self, endpoint: Endpoint, times: usize) {
        let often = |seen: &Vec<(Endpoint, String)>| {
            seen.iter().filter(|(other, _)| *other == endpoint).count() >= times
        };
        let mut seen = self.seen.subscribe();
        let wait = tokio::time::timeout(PATIENCE, seen.wait_for(often));
        wait.await.expect("the provider is not asked").unwrap();
    }

    /// Writes down that a rule of the protocol was broken.
    pub(super) fn require(&self, kept: bool, rule: &str) {
        if !kept {
            self.violations.lock().unwrap().push(rule.to_owned());
        }
    }

    pub(super) fn violations(&self) -> Vec<String> {
        self.violations.lock().unwrap().clone()
    }
}
