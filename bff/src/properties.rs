//! What must hold for every input, however hostile. Each room has one property, and each property two sources of
//! inputs: the proptest strategies beside it, and libFuzzer through `bff/fuzz`. A property panics when it does not hold.
//!
//! It compares the product with a model of the rule that shares no line with it. Inputs that are worth keeping are
//! seeds in `bff/fuzz/seeds`: fuzzing begins with them, and the tests replay them.

pub mod cookie_header;
pub mod return_to;

mod browser;
#[path = "../../crates/oidc-rp/src/properties/percent.rs"]
mod percent;

#[cfg(test)]
#[path = "../../crates/oidc-rp/src/properties/seeds.rs"]
mod seeds;

/// As many cases as a strategy is worth in an ordinary test run. Nothing is written into the checkout: what a run
/// finds is printed in its shortest form and becomes a seed.
#[cfg(test)]
pub(crate) fn cases(cases: u32) -> proptest::test_runner::Config {
    proptest::test_runner::Config {
        failure_persistence: None,
        ..proptest::test_runner::Config::with_cases(cases)
    }
}
