//! What crash rounds found.

use super::site::Victim;
use std::{collections::BTreeMap, fmt};

/// What the load does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Operation {
    SignIn,
    UserInfo,
    Visit,
    Status,
    SignOut,
    SignOutEverywhere,
    BackChannelLogout,
}

/// Counts, and every violation in words.
#[derive(Default)]
pub(super) struct Report {
    pub(super) rounds: u64,
    kills: BTreeMap<&'static str, u64>,
    /// Asked, and acknowledged.
    operations: BTreeMap<Operation, [u64; 2]>,
    refused_sign_ins: BTreeMap<String, u64>,
    /// Sessions that were asked what has become of them.
    pub(super) checked: u64,
    /// Sessions that ended because a bff was killed between a refresh and the store.
    pub(super) lost_refreshes: u64,
    /// Questions of the check that had to be asked again.
    pub(super) faults_after_ready: u64,
    pub(super) refreshes: u64,
    pub(super) reuses: u64,
    violations: Vec<String>,
}

impl Report {
    pub(super) fn note(&mut self, operation: Operation, acknowledged: bool) {
        let [asked, done] = self.operations.entry(operation).or_default();
        *asked += 1;
        *done += u64::from(acknowledged);
    }

    pub(super) fn killed(&mut self, victim: Victim) {
        let kind = match victim {
            Victim::Bff(_) => "bff",
            Victim::Store => "store",
        };
        *self.kills.entry(kind).or_default() += 1;
    }

    pub(super) fn refused_sign_in(&mut self, what: &str) {
        *self.refused_sign_ins.entry(what.to_owned()).or_default() += 1;
    }

    /// Notes a violation, and says it at once.
    pub(super) fn violation(&mut self, what: &str) {
        eprintln!("  VIOLATION {what}");
        self.violations.push(what.to_owned());
    }

    /// How many rules were broken.
    pub(super) fn violations(&self) -> usize {
        self.violations.len()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kills = self.kills.iter();
        let kills: Vec<_> = kills
            .map(|(kind, count)| format!("{count} × {kind}"))
            .collect();
        writeln!(
            formatter,
            "  {} rounds, killed {}",
            self.rounds,
            kills.join(", ")
        )?;
        for (operation, [asked, done]) in &self.operations {
            let name = format!("{operation:?}");
            writeln!(formatter, "  {asked:>7} {name:<18} {done:>7} acknowledged")?;
        }
        for (what, count) in &self.refused_sign_ins {
            writeln!(formatter, "  {count:>7} × a sign-in was answered `{what}`")?;
        }
        let Self {
            checked,
            lost_refreshes,
            faults_after_ready,
            refreshes,
            reuses,
            ..
        } = self;
        writeln!(
            formatter,
            "  {refreshes:>7} refreshes at the provider, {reuses} reuses refused\n\
             \x20 {checked:>7} sessions checked, {lost_refreshes} had lost a refresh with their bff, \
             {faults_after_ready} questions asked again"
        )?;
        write!(formatter, "  {:>7} violations", self.violations())?;
        for violation in &self.violations {
            write!(formatter, "\n          {violation}")?;
        }
        Ok(())
    }
}
