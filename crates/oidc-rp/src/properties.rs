//! What must hold for every input, however hostile. Each file has one property, and each property two sources of
//! inputs: the proptest strategies beside it, and libFuzzer through `crates/oidc-rp/fuzz`. A property panics when it
//! does not hold, and its model shares no line with the product.
//!
//! Inputs that are worth keeping are seeds in `fuzz/seeds`: fuzzing begins with them, and the tests replay them.

pub mod callback_query;
pub mod logout_form;
pub mod logout_token;

mod form;
mod percent;

#[cfg(test)]
mod seeds;

/// As many cases as a strategy is worth in an ordinary test run. Nothing is written into the checkout: what a run
/// finds is printed in its shortest form and becomes a seed.
#[cfg(test)]
fn cases(cases: u32) -> proptest::test_runner::Config {
    proptest::test_runner::Config {
        failure_persistence: None,
        ..proptest::test_runner::Config::with_cases(cases)
    }
}
