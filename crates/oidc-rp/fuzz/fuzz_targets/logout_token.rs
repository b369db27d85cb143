//! Bytes that libFuzzer makes, for the property of this name in `crates/oidc-rp/src/properties/logout_token.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oidc_rp::properties::logout_token::holds(input));
