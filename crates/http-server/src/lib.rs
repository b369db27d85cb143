//! Serves an axum router over HTTP/1.1, with limits that unfriendly clients meet: on times, sizes and connections.

mod compact;
mod connections;
mod descriptors;
mod listener;
mod stop_signal;

pub use connections::serve;
pub use descriptors::{connection_limit, log_limited};
pub use listener::{ListenAddress, Listener};
pub use stop_signal::stop_signal;
