//! The relying party: everything that is said to the OpenID Provider, and every check of what it answers.
//! The rest of the bff sees [`Client`] and the types around it, never a crate of the protocol's wire.

mod authorization_request;
mod authorization_response;
mod client;
mod code_exchange;
mod discovery;
mod http_client;
mod id_token;
mod logout_token;
mod probe;
mod provider_sign_out;
mod pushed_authorization_request;
mod refresh;
mod token_endpoint;
mod user_info;

pub(crate) use authorization_request::{AuthorizationRequest, AuthorizationRequestError};
pub(crate) use authorization_response::{AuthorizationResponse, Outcome};
pub(crate) use client::Client;
pub use client::ClientError;
pub(crate) use code_exchange::IdentityTokens;
pub(crate) use discovery::{Metadata, MetadataError};
#[cfg(test)]
pub(crate) use id_token::SignedClaims;
#[cfg(any(test, fuzzing))]
pub(crate) use logout_token::Expected;
pub(crate) use logout_token::{LogoutToken, LogoutTokenFailure};
pub(crate) use probe::{AuthorizationAnswer, Document, SecretAnswer};
pub(crate) use provider_sign_out::is_return_from_end_session;
pub(crate) use pushed_authorization_request::PushError;
pub(crate) use refresh::{RefreshFault, RefreshedTokens};
pub(crate) use token_endpoint::TokenError;
pub(crate) use user_info::UserInfoError;
