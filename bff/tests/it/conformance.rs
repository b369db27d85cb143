//! The modules of the OpenID Foundation's conformance suite for relying parties, told against a hostile provider.
//! A test's name begins with its plan and number: `rp_1a_02` is module 2 of the basic plan.

mod back_channel_logout;
mod basic;
mod beyond;
mod config;
mod refresh;
mod rp_initiated_logout;
