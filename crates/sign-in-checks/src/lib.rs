//! `bff doctor`: checks the provider and the session store before the first person signs in. Each check says what it found,
//! and how to mend what is not right, in the names of the bff's settings. No finding holds a secret.

mod provider;
mod store;

pub use provider::check as check_provider;
pub use store::check as check_store;

use std::{borrow::Cow, fmt};

/// What all checks found, in the order in which a fault is best looked for.
#[derive(Debug, Default)]
pub struct Report(Vec<Finding>);

#[derive(Debug)]
struct Finding {
    verdict: &'static str,
    check: &'static str,
    found: String,
    mend: Option<Cow<'static, str>>,
}

const WRONG: &str = "wrong";

impl Report {
    /// Whether nothing is wrong; there may be warnings.
    #[must_use]
    pub fn is_well(&self) -> bool {
        self.0.iter().all(|finding| finding.verdict != WRONG)
    }

    /// As it should be.
    pub fn fine(&mut self, check: &'static str, found: impl Into<String>) {
        self.add("ok", check, found, None);
    }

    /// It works, but not as well as it could, or not for long.
    pub fn warn(
        &mut self,
        check: &'static str,
        found: impl Into<String>,
        mend: impl Into<Cow<'static, str>>,
    ) {
        self.add("warning", check, found, Some(mend.into()));
    }

    /// People cannot sign in, or will not be able to.
    pub fn wrong(
        &mut self,
        check: &'static str,
        found: impl Into<String>,
        mend: impl Into<Cow<'static, str>>,
    ) {
        self.add(WRONG, check, found, Some(mend.into()));
    }

    fn add(
        &mut self,
        verdict: &'static str,
        check: &'static str,
        found: impl Into<String>,
        mend: Option<Cow<'static, str>>,
    ) {
        let found = found.into();
        self.0.push(Finding {
            verdict,
            check,
            found,
            mend,
        });
    }
}

/// One line for each check.
impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Finding {
            verdict,
            check,
            found,
            mend,
        } in &self.0
        {
            write!(formatter, "{verdict:<8} {check}: {found}")?;
            if let Some(mend) = mend {
                write!(formatter, "; to mend it: {mend}")?;
            }
            formatter.write_str("\n")?;
        }
        Ok(())
    }
}
