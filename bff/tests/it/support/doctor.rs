//! `bff doctor` in a story's surroundings.

use super::TestApp;
use bff::{Config, doctor};

/// What it says.
pub(crate) struct Diagnosis {
    pub(crate) is_well: bool,
    pub(crate) text: String,
}

impl TestApp {
    /// Examines the settings of this run, but for some.
    pub(crate) async fn doctor(&self, overrides: &[(&str, &str)]) -> Diagnosis {
        let changed = |name: &str| {
            let mut overrides = overrides.iter();
            overrides.find(|(changed, _)| *changed == name)
        };
        let config = Config::read(|name| match changed(name) {
            Some((_, value)) => Some((*value).to_owned()),
            None => self.settings.get(name).cloned(),
        });
        let report = doctor::run(config.unwrap(), self.clock.clone()).await;
        Diagnosis {
            is_well: report.is_well(),
            text: report.to_string(),
        }
    }
}

impl Diagnosis {
    /// The line of a check, without its verdict, and the verdict.
    pub(crate) fn of(&self, check: &str) -> (&str, &str) {
        let lines = self.text.lines().filter_map(|line| line.split_once(' '));
        let mut lines = lines.map(|(verdict, line)| (verdict, line.trim_start()));
        let named = |line: &str| line.starts_with(&format!("{check}: "));
        lines
            .find(|(_, line)| named(line))
            .unwrap_or_else(|| panic!("no {check} in {}", self.text))
    }

    /// The checks that found something wrong.
    pub(crate) fn wrong(&self) -> Vec<&str> {
        let lines = self.text.lines();
        let wrong = lines.filter_map(|line| line.strip_prefix("wrong "));
        wrong
            .map(|line| line.trim_start().split(": ").next().unwrap())
            .collect()
    }
}
