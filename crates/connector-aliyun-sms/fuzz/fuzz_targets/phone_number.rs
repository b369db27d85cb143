//! Bytes that libFuzzer makes, for the property of this name in `crates/connector-aliyun-sms/src/properties/phone_number.rs`.
#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| connector_aliyun_sms::properties::phone_number::holds(input));
