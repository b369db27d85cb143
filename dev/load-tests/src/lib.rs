//! What many people at once do to the bff: crash rounds (`crash`) and benchmarks (`bench`).
//!
//! Both start instances of the bff as processes on the loopback interface, with a provider that asks nobody anything
//! (`provider`), and sign people in with a browser that has no screen (`test_browser`).

pub mod bench;
pub mod crash;
mod instance;
mod provider;
mod test_browser;
