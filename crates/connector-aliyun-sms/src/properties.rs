//! Properties that hold for every input. Each module has one property with two sources of inputs: its own proptest
//! strategies, and libFuzzer through `crates/connector-aliyun-sms/fuzz`. A property panics if it does not hold. Its
//! model shares no code with the product.
//!
//! Interesting inputs are seeds in `fuzz/seeds`. Fuzzing starts with them, and the tests replay them.

pub mod phone_number;
pub mod sms_request;

mod vendor;

#[cfg(test)]
#[path = "../../oidc-rp/src/properties/seeds.rs"]
mod seeds;

/// The configuration of an ordinary test run. It writes nothing into the checkout: a failing input is printed in its
/// shortest form, and should become a seed.
#[cfg(test)]
fn cases(cases: u32) -> proptest::test_runner::Config {
    proptest::test_runner::Config {
        failure_persistence: None,
        ..proptest::test_runner::Config::with_cases(cases)
    }
}
