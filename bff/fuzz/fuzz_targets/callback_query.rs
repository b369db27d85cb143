//! Bytes that libFuzzer makes, for the property of this name in `bff/src/properties/callback_query.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| bff::properties::callback_query::holds(input));
