//! Bytes that libFuzzer makes, for the property of this name in `bff/src/properties/return_to.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| bff::properties::return_to::holds(input));
