//! An OpenID Connect relying party: every request to the OpenID Provider, and every check of its responses.

mod authorization_request;
mod authorization_response;
mod client;
mod code_exchange;
mod config;
mod discovery;
mod http_client;
mod id_token;
mod logout_token;
mod observer;
mod probe;
#[cfg(any(test, fuzzing))]
pub mod properties;
mod provider_sign_out;
mod pushed_authorization_request;
mod refresh;
mod token_endpoint;
mod user_info;

pub use authorization_request::{AuthorizationRequest, AuthorizationRequestError};
pub use authorization_response::{AuthorizationResponse, Outcome};
pub use client::Client;
pub use code_exchange::IdentityTokens;
pub use config::ClientConfig;
pub use discovery::{Endpoints, Metadata, MetadataError};
pub use http_client::HttpClientError;
pub use id_token::{IdTokenError, SignedClaims};
pub use logout_token::{LogoutToken, LogoutTokenError, LogoutTokenFailure, read_logout_request};
pub use observer::{Observer, SPAN_TARGET};
pub use openidconnect;
pub use probe::{AuthorizationAnswer, Document, SecretAnswer};
pub use provider_sign_out::is_return_from_end_session;
pub use pushed_authorization_request::PushError;
pub use refresh::{RefreshFault, RefreshedTokens};
pub use token_endpoint::TokenError;
pub use user_info::UserInfoError;

use percent_encoding::{CONTROLS, utf8_percent_encode};

/// Text that somebody else chose, for a log: visible ASCII and blanks, at most 256 bytes.
fn visible(text: &str) -> String {
    let mut shown = utf8_percent_encode(text, CONTROLS).to_string();
    shown.truncate(256);
    shown
}
