//! Bytes that libFuzzer makes, for the property of this name in `bff/src/properties/cookie_header.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| bff::properties::cookie_header::holds(input));
