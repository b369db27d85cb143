//! Faults on demand: the next requests get a fault in place of a response, to test how a client copes with it.

use super::codes;
use serde::{Deserialize, Serialize};
use std::{
    collections::VecDeque,
    sync::{Mutex, PoisonError},
};

/// A fault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase", deny_unknown_fields)]
pub enum Fault {
    /// The normal response, delayed.
    Slow {
        /// The delay in seconds.
        seconds: u64,
    },
    /// This HTTP status, with an HTML page as from a proxy.
    Status {
        /// The status, 500 to 599.
        status: u16,
    },
    /// HTTP 200 with a body that is not a response of Aliyun.
    Garbage {
        /// The kind of body.
        #[serde(default)]
        body: Garbage,
    },
    /// The account sends too many requests: `Throttling.User`.
    Throttled,
    /// One of Aliyun's error codes, with its status and message.
    Code {
        /// The code.
        code: String,
    },
}

/// A body that is not a response of Aliyun.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Garbage {
    /// An HTML page.
    #[default]
    Html,
    /// An empty body.
    Empty,
    /// A truncated response.
    Truncated,
}

/// Why a fault is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FaultError {
    /// The status is not from 500 to 599.
    #[error("`status` must be 500 to 599")]
    Status,
    /// The code is not a known code of Aliyun.
    #[error("`code` is not a known error code of Aliyun")]
    UnknownCode,
    /// The delay is too long.
    #[error("`seconds` must be at most 600")]
    TooSlow,
    /// The count is 0 or too large.
    #[error("`times` must be 1 to 1000")]
    Times,
    /// Too many faults are waiting.
    #[error("at most 1000 faults may be waiting; DELETE /api/faults removes them")]
    TooMany,
}

impl Fault {
    /// Checks that the sandbox can produce the fault.
    fn check(&self) -> Result<(), FaultError> {
        match self {
            Self::Slow { seconds: 601.. } => Err(FaultError::TooSlow),
            Self::Status { status } if !(500..600).contains(status) => Err(FaultError::Status),
            Self::Code { code } if codes::find(code).is_none() => Err(FaultError::UnknownCode),
            _ => Ok(()),
        }
    }
}

/// The largest number of waiting faults.
const MOST: usize = 1_000;

/// The waiting faults, in order. Each correctly signed request takes the first.
#[derive(Debug, Default)]
pub(super) struct Faults(Mutex<VecDeque<Fault>>);

impl Faults {
    pub(super) fn add(&self, fault: Fault, times: usize) -> Result<(), FaultError> {
        fault.check()?;
        if !(1..=MOST).contains(&times) {
            return Err(FaultError::Times);
        }
        let mut queue = self.queue();
        if queue.len() + times > MOST {
            return Err(FaultError::TooMany);
        }
        queue.extend(std::iter::repeat_n(fault, times));
        Ok(())
    }

    pub(super) fn take(&self) -> Option<Fault> {
        self.queue().pop_front()
    }

    pub(super) fn clear(&self) {
        self.queue().clear();
    }

    pub(super) fn waiting(&self) -> Vec<Fault> {
        self.queue().iter().cloned().collect()
    }

    fn queue(&self) -> std::sync::MutexGuard<'_, VecDeque<Fault>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_come_in_order_and_as_often_as_asked() {
        let faults = Faults::default();
        faults.add(Fault::Throttled, 2).unwrap();
        faults.add(Fault::Slow { seconds: 600 }, 1).unwrap();
        assert_eq!(faults.waiting().len(), 3);
        assert_eq!(faults.take(), Some(Fault::Throttled));
        assert_eq!(faults.take(), Some(Fault::Throttled));
        assert_eq!(faults.take(), Some(Fault::Slow { seconds: 600 }));
        assert_eq!(faults.take(), None);
        faults.add(Fault::Throttled, 1).unwrap();
        faults.clear();
        assert_eq!(faults.take(), None);
    }

    #[test]
    fn no_more_than_a_thousand_faults_are_to_come() {
        let faults = Faults::default();
        faults.add(Fault::Throttled, 999).unwrap();
        assert_eq!(faults.add(Fault::Throttled, 2), Err(FaultError::TooMany));
        faults.add(Fault::Throttled, 1).unwrap();
        assert_eq!(faults.add(Fault::Throttled, 1), Err(FaultError::TooMany));
        assert_eq!(faults.waiting().len(), 1_000);
        faults.take();
        faults.add(Fault::Throttled, 1).unwrap();
    }

    #[test]
    fn what_is_no_fault_is_refused_with_a_reason() {
        let code = |code: &str| Fault::Code {
            code: code.to_owned(),
        };
        for (fault, times, error) in [
            (Fault::Slow { seconds: 601 }, 1, FaultError::TooSlow),
            (Fault::Status { status: 200 }, 1, FaultError::Status),
            (Fault::Status { status: 600 }, 1, FaultError::Status),
            (code("isv.OF_THE_FUTURE"), 1, FaultError::UnknownCode),
            (Fault::Throttled, 0, FaultError::Times),
            (Fault::Throttled, 1_001, FaultError::Times),
        ] {
            let faults = Faults::default();
            assert_eq!(faults.add(fault, times), Err(error));
            assert!(faults.waiting().is_empty());
        }
    }
}
