#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod address;
mod engine;
mod error;
#[cfg(test)]
#[path = "../tests/support/fresh_database.rs"]
mod fresh_database;
mod key;
mod lease;
mod notice;
mod observer;
mod seal;
mod store;
#[cfg(test)]
mod tests;
mod tower;

pub use address::{Address, AddressError};
pub use engine::Moment;
pub use error::Error;
pub use key::{Group, Index, SessionKey};
pub use lease::Lease;
pub use notice::{Affected, Notice, SessionNames};
pub use observer::{Fault, Observer, SPAN_TARGET};
pub use seal::Keys;
pub use store::{Data, Result, Store, StoredSession};
