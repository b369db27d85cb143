//! What a run of libFuzzer says about itself on its way and at its end.

use std::fmt;

/// Executions and findings of one run.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Report {
    executions: u64,
    per_second: u64,
    /// The files with the inputs that broke the property.
    findings: Vec<String>,
}

impl Report {
    /// Takes from a line what belongs into the report.
    pub(super) fn read(&mut self, line: &str) {
        let number = |label: &str| line.strip_prefix(label)?.trim().parse().ok();
        if let Some(executions) = number("stat::number_of_executed_units:") {
            self.executions = executions;
        } else if let Some(per_second) = number("stat::average_exec_per_sec:") {
            self.per_second = per_second;
        } else if let Some((_, file)) = line.split_once("Test unit written to ") {
            self.findings.push(file.trim().to_owned());
        }
    }

    pub(super) fn has_findings(&self) -> bool {
        !self.findings.is_empty()
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            executions,
            per_second,
            findings,
        } = self;
        write!(
            formatter,
            "{executions} executions, {per_second} a second, {} findings",
            findings.len()
        )?;
        findings
            .iter()
            .try_for_each(|file| write!(formatter, "\n  {file}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(output: &str) -> Report {
        let mut report = Report::default();
        output.lines().for_each(|line| report.read(line));
        report
    }

    #[test]
    fn a_run_without_findings_tells_its_executions() {
        let report = report(
            "#2\tINITED cov: 1 ft: 1 corp: 1/1b exec/s: 0 rss: 30Mb\n\
             Done 1048576 runs in 2 second(s)\n\
             stat::number_of_executed_units: 1048576\n\
             stat::average_exec_per_sec:     524288\n",
        );
        assert!(!report.has_findings());
        assert_eq!(
            report.to_string(),
            "1048576 executions, 524288 a second, 0 findings"
        );
    }

    #[test]
    fn a_finding_is_told_with_its_file() {
        let report = report(
            "thread '<unnamed>' panicked at bff/src/properties/return_to.rs:44:5:\n\
             stat::number_of_executed_units: 7\n\
             artifact_prefix='/fuzz/artifacts/return_to/'; Test unit written to /fuzz/artifacts/return_to/crash-0a1b\n",
        );
        assert!(report.has_findings());
        assert_eq!(
            report.to_string(),
            "7 executions, 0 a second, 1 findings\n  /fuzz/artifacts/return_to/crash-0a1b"
        );
    }
}
