//! Bytes that libFuzzer makes, for the property of this name in `bff/src/properties/logout_token.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| bff::properties::logout_token::holds(input));
