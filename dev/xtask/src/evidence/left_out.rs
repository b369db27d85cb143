//! The numbers that no test shows, and why. A number that gets a test must leave this file: the audit says so.

/// Numbers with one reason.
pub(super) struct LeftOut {
    /// Separated by spaces.
    pub(super) numbers: &'static str,
    pub(super) reason: &'static str,
}

impl LeftOut {
    const fn new(numbers: &'static str, reason: &'static str) -> Self {
        Self { numbers, reason }
    }
}

pub(super) const LEFT_OUT: &[LeftOut] = &[
    LeftOut::new(
        "B044",
        "It is the modules of the plans Basic RP and Config RP, above.",
    ),
    LeftOut::new(
        "B129",
        "It is the modules of the plan Back-Channel Logout RP, above.",
    ),
    LeftOut::new(
        "B241",
        "It is not a test of the bff's crate: `cargo xtask crash` kills the processes and looks at what is left.",
    ),
    LeftOut::new(
        "P055",
        "Nobody can delete a person from the embedded provider: it has no API for that.",
    ),
];
