//! Stories with a real API behind a real HTTP server.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the failure")]

mod api;
mod bodies;
mod headers;
mod tokens;
mod websocket;
