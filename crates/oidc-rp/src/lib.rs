#![doc = include_str!("../README.md")]
#![deny(missing_docs)]

mod authorization_request;
mod authorization_response;
mod claims;
mod client;
mod code_exchange;
mod config;
mod discovery;
mod end_session;
mod endpoint_rule;
mod http_client;
mod id_token;
mod key_set;
mod logout_token;
mod oauth_error;
mod observer;
mod probe;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod pushed_authorization_request;
mod refresh;
mod revocation;
mod signed_token;
mod token_endpoint;
mod user_info;

#[cfg(test)]
mod test_provider;

pub use ::http_client::HttpConfig;
pub use authorization_request::{AuthorizationRequest, AuthorizationRequestError};
pub use authorization_response::{AuthorizationResponse, Outcome};
pub use client::Client;
pub use clock::Clock;
pub use code_exchange::IdentityTokens;
pub use config::ClientConfig;
pub use discovery::{Endpoints, Metadata, MetadataError};
pub use end_session::is_return_from_end_session;
pub use endpoint_rule::EndpointError;
pub use http_client::HttpClientError;
pub use id_token::{IdTokenError, SignedClaims};
pub use logout_token::{LogoutToken, LogoutTokenError, read_logout_request};
pub use oauth_error::{ErrorKind, OAuthError};
pub use observer::{Observer, SPAN_TARGET};
pub use openidconnect;
pub use probe::{AuthorizationAnswer, Document, SecretAnswer};
pub use refresh::{RefreshResponse, RefreshedTokens, TokenTarget};
pub use shared::{Claims, Prompt, SignInOptions};
pub use token_endpoint::TokenError;
pub use user_info::UserInfoError;

use percent_encoding::{CONTROLS, utf8_percent_encode};

/// Text that somebody else chose, for a log: visible ASCII and blanks, at most 256 bytes.
fn visible(text: &str) -> String {
    let mut shown = utf8_percent_encode(text, CONTROLS).to_string();
    shown.truncate(256);
    shown
}
