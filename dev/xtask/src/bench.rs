//! How fast the bff answers a signed-in browser, on each store with few and with many sessions, beside a route of the same
//! program that answers the same without a session; how much memory it takes, and how soon it is there.
//!
//! Everything runs on one machine, the generator of the load, too: the ratios mean something, the figures are this
//! machine's. Nothing here fails because something is slow.

mod generator;
mod measurement;
mod session_memory;
mod starts;
mod table;
mod variant;

pub use measurement::median;
pub(crate) use session_memory::session_memory;
pub(crate) use starts::starts;
pub(crate) use table::Table;
pub(crate) use variant::Bench;
