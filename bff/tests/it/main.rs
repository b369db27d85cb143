//! Stories through the front door: a browser, the bff, the embedded provider and the SMS sandbox, over HTTP.

#![expect(clippy::unwrap_used, reason = "in a test a panic is the failure")]

mod api_proxy;
mod authorization_request;
mod authorization_response;
mod back_channel_logout;
mod caching;
mod callback;
mod conformance;
mod csrf;
mod discovery;
mod doctor;
mod events;
mod headers;
mod host;
mod id_token;
mod instances;
mod key_rotation;
mod limits;
mod logs;
mod metrics;
mod own_sessions;
mod pages;
mod program;
mod provider_down;
mod provider_faults;
mod pushed_authorization;
mod redirects;
mod refresh;
mod request_id;
mod requests;
mod safe_methods;
mod session_cookie;
mod sessions;
mod sign_in;
mod sign_out;
mod silent_stores;
mod stopping;
mod store_faults;
mod support;
mod token_response;
mod traces;
mod user_info;
mod user_info_response;
mod webhook;
