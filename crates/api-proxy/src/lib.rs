//! Forwards requests to configured APIs, with an access token that the caller hands in.
//!
//! A [`Routes`] is read from a file: which API, which methods and paths of it, which kind of token. [`Route::forward`] sends
//! one request there. It knows no session and no OpenID Connect: a [`TokenSource`] of the caller returns the token.
//!
//! What crosses is a list, not a filter: headers that are not named here or in the route go in neither direction where they
//! could matter ([`headers`]). Bodies are streamed. A body of at most 64 KiB is kept until the response, so that it can be sent
//! once more with a newer token when the API refuses the first one.
//!
//! Existing crates forward everything that a client sends (cookies, `X-Forwarded-*`) and everything that an API returns
//! (`Set-Cookie`, CORS), so their users write these lists around them. What is left is here.

mod error;
mod forward;
pub mod headers;
mod path;
mod route;
mod stall;
mod websocket;

pub use error::ForwardError;
pub use forward::{Caller, Forwarded, TokenSource};
pub use route::{Limits, Route, RouteError, Routes, TokenKind};
