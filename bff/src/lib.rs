//! The backend-for-frontend: a confidential OpenID Connect client with a cookie session, and the
//! server of the single-page app. Routes are defined in [`router`]; what they do is in `handlers`.
//!
//! ```text
//! environment → config → state → router → handlers ─┬→ session (pending sign-in, signed in) → store
//!                                                   ├→ oidc_rp (client, ID token)           → provider
//!                                                   └→ return_to, error                     → browser
//! ```
//!
//! Only `config` reads the environment, only `router` binds a path, only `return_to` turns input into
//! a redirect, only `oidc_rp` talks to the provider.

pub mod config;
pub mod doctor;
mod error;
#[cfg(test)]
#[path = "../../crates/session-store/tests/support/fresh_database.rs"]
mod fresh_database;
mod handlers;
mod metrics;
mod observers;
mod page;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod request;
mod request_log;
mod return_to;
pub mod router;
mod security_headers;
pub mod serve;
mod session;
mod state;
mod tasks;
pub mod traces;

pub use config::Config;
pub use state::{AppState, StartError};
