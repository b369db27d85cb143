//! The words that a person sees, read from the frontend's source: depending on the frontend would bring all of Yew along.

use crate::workspace;
use anyhow::{Context as _, Result};
use shared::ProblemCode;
use std::fs;

const SOURCE: &str = "frontend/src/texts/english.rs";

/// The frontend's English texts.
pub(super) struct Words(String);

impl Words {
    pub(super) fn read() -> Result<Self> {
        let source = fs::read_to_string(workspace::root().join(SOURCE))
            .with_context(|| format!("cannot read {SOURCE}"))?;
        Ok(Self(source))
    }

    /// What happened, and what to do next.
    pub(super) fn of(&self, code: ProblemCode) -> Result<(&str, &str)> {
        self.pair(&format!("{code:?}"))
            .with_context(|| format!("{SOURCE} has no row `Some(P::{code:?}) => (…, …)`"))
    }

    fn pair(&self, variant: &str) -> Option<(&str, &str)> {
        let (_, row) = self.0.split_once(&format!("Some(P::{variant}) =>"))?;
        let (what, rest) = self.text(row.trim_start().strip_prefix('(')?)?;
        let (next, _) = self.text(rest.trim_start().strip_prefix(',')?)?;
        Some((what, next))
    }

    /// A literal, or a constant that is one; and what follows it.
    fn text<'a>(&'a self, rest: &'a str) -> Option<(&'a str, &'a str)> {
        let rest = rest.trim_start();
        if let Some(literal) = rest.strip_prefix('"') {
            return literal.split_once('"');
        }
        let end =
            rest.find(|character: char| !character.is_ascii_uppercase() && character != '_')?;
        let (name, rest) = rest.split_at(end);
        let (_, value) = self.0.split_once(&format!("const {name}: &str = \""))?;
        Some((value.split_once('"')?.0, rest))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_has_literals_or_constants() {
        let words = Words(
            "const LATER: &str = \"Later.\";
            Some(P::NotFound) => (\"Nothing.\", LATER),
            Some(P::Internal) => (
                \"Wrong.\",
                \"Sorry.\",
            ),
            Some(P::TimedOut) => (\"Slow.\", MISSING),"
                .to_owned(),
        );
        assert_eq!(words.pair("NotFound"), Some(("Nothing.", "Later.")));
        assert_eq!(words.pair("Internal"), Some(("Wrong.", "Sorry.")));
        assert_eq!(words.pair("TimedOut"), None);
        assert_eq!(words.pair("CrossSite"), None);
    }
}
