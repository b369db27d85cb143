//! Bytes that libFuzzer makes, for the property of this name in `bff/src/properties/logout_form.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| bff::properties::logout_form::holds(input));
