//! What the relying party asked, in order, and what it did wrong.

use crate::Endpoint;
use std::{sync::Mutex, time::Duration};
use tokio::sync::watch;

/// A story that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The record of a story.
pub(crate) struct Requests {
    seen: watch::Sender<Vec<(Endpoint, String)>>,
    violations: Mutex<Vec<String>>,
}

impl Requests {
    pub(crate) fn new() -> Self {
        Self {
            seen: watch::Sender::new(Vec::new()),
            violations: Mutex::default(),
        }
    }

    pub(crate) fn note(&self, endpoint: Endpoint, path: &str) {
        self.seen
            .send_modify(|seen| seen.push((endpoint, path.to_owned())));
    }

    pub(crate) fn in_order(&self) -> Vec<(Endpoint, String)> {
        self.seen.borrow().clone()
    }

    pub(crate) fn count(&self, endpoint: Endpoint) -> usize {
        let seen = self.seen.borrow();
        seen.iter().filter(|(other, _)| *other == endpoint).count()
    }

    pub(crate) fn has_any(&self, endpoint: Endpoint) -> bool {
        self.seen
            .borrow()
            .iter()
            .any(|(other, _)| *other == endpoint)
    }

    /// Waits until an endpoint was asked so often.
    pub(crate) async fn wait_for(&self, endpoint: Endpoint, times: usize) {
        let often = |seen: &Vec<(Endpoint, String)>| {
            seen.iter().filter(|(other, _)| *other == endpoint).count() >= times
        };
        let mut seen = self.seen.subscribe();
        let wait = tokio::time::timeout(PATIENCE, seen.wait_for(often));
        wait.await.expect("the provider is not asked").unwrap();
    }

    /// Writes down that a rule of the protocol was broken.
    pub(crate) fn require(&self, kept: bool, rule: &str) {
        if !kept {
            self.violations.lock().unwrap().push(rule.to_owned());
        }
    }

    pub(crate) fn violations(&self) -> Vec<String> {
        self.violations.lock().unwrap().clone()
    }
}
