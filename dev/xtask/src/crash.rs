//! Crash rounds: a bff or its store is killed under load, started again, and then every session must be what its person
//! was told.
//!
//! A process that is killed keeps what it gave to the kernel, so this shows the order of writes and answers, and what
//! survives on other machines; it does not show what a machine keeps that loses its power.

mod check;
mod judgement;
mod ledger;
mod load;
mod report;
mod round;
mod site;

pub(crate) use report::Report;
pub(crate) use round::rounds;
pub(crate) use site::Kind;

use std::time::Duration;

/// So long access tokens live: the bff renews them after half of it.
const ACCESS_TOKEN_LIFE: Duration = Duration::from_secs(2);
