//! A Logto-compatible OpenID Provider for development, demos and tests.
//!
//! It has the same endpoints as Logto, as far as a web app with a backend needs them, and shows the sign-in pages
//! itself. Modules, in the direction of their imports:
//!
//! ```text
//! router → endpoints (HTTP) → flows (what happens, in order) ─┬→ domain (pure rules)
//!                                                            ├→ store  (SQLite; takes are atomic)
//!                                                            ├→ current_tenant (what the store has, in types)
//!                                                            └→ keys, secrets, sms
//! ```

mod cookies;
mod current_tenant;
mod domain;
mod endpoints;
mod error;
mod flows;
mod keys;
mod pages;
mod provider;
mod request_log;
mod router;
mod same_origin;
mod secrets;
mod sms;
mod store;
mod top_level;

pub use provider::{Config, Database, Management, OpenError, Provider};
