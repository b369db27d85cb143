//! The provider through its HTTP interface. Its responses must equal those recorded from Logto.

#![expect(
    clippy::unwrap_used,
    reason = "a story that cannot go on stops where it is"
)]

mod support;

mod access;
mod authorization_code;
mod authorization_request;
mod back_channel_logout;
mod discovery;
mod experience;
mod introspection;
mod management_access;
mod management_connectors;
mod management_lists;
mod management_settings;
mod management_sign_in;
mod management_things;
mod pages;
mod persistence;
mod program;
mod pushed_authorization_request;
mod refresh;
mod sign_in;
mod sign_out;
mod single_sign_on;
mod sms_service;
mod token_endpoint;
mod userinfo;
mod verification_code;
