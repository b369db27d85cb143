//! What the system says of a process (Linux: `proc(5)`).

use anyhow::{Context as _, Result};
use std::{fs, time::Duration};

/// The resident memory in MiB.
pub(super) fn resident(process: u32) -> Result<f64> {
    let status = fs::read_to_string(format!("/proc/{process}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix("kB"));
    let kibibytes = kibibytes.context("the process has no VmRSS")?.trim();
    Ok(kibibytes.parse::<f64>()? / 1_024.0)
}

/// The processor time that the process has had, its own and the kernel's for it.
pub(super) fn cpu_time(process: u32) -> Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat"))?;
    let ticks = ticks(&stat).context("/proc/…/stat is not as expected")?;
    let per_second = rustix::param::clock_ticks_per_second();
    Ok(Duration::from_millis(ticks * 1_000 / per_second))
}

/// `utime` and `stime`. The second field is the program's name in parentheses, which may have spaces.
fn ticks(stat: &str) -> Option<u64> {
    let (_, fields) = stat.rsplit_once(')')?;
    let mut fields = fields.split_whitespace().skip(11);
    let (utime, stime) = (fields.next()?, fields.next()?);
    Some(utime.parse::<u64>().ok()? + stime.parse::<u64>().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_times_are_read_behind_a_name_with_spaces() {
        let stat = "7 (a ) name) S 1 7 7 0 -1 4194304 100 0 0 0 250 50 9 9 20 0 1 0 5 6 7";
        assert_eq!(ticks(stat), Some(300));
        assert_eq!(ticks("7 (bff) S 1"), None);
    }

    #[test]
    fn this_process_has_memory() {
        assert!(resident(std::process::id()).unwrap() > 0.1);
        cpu_time(std::process::id()).unwrap();
    }
}
