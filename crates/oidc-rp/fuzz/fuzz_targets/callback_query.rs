//! Bytes that libFuzzer makes, for the property of this name in `crates/oidc-rp/src/properties/callback_query.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| oidc_rp::properties::callback_query::holds(input));
