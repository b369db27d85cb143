//! A process together with everything that it starts: one signal ends them all.

use rustix::process::{Pid, Signal, kill_process_group};
use std::{
    io,
    os::unix::process::CommandExt as _,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long a process may take to end when asked, before it is killed.
const PATIENCE_AT_THE_END: Duration = Duration::from_secs(5);
/// How often a state that cannot be waited for is looked at.
pub(crate) const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// A running process in a process group of its own. It ends when this value is dropped.
///
/// Ctrl-C in the terminal reaches this program only, which then ends its groups. So the process has no input either: the
/// system stops one that reads from a terminal while another group is in its foreground.
pub(crate) struct ProcessGroup {
    leader: Child,
    /// What asks it to end.
    pub(crate) end_signal: Signal,
}

impl ProcessGroup {
    /// Starts a process that TERM asks to end.
    pub(crate) fn spawn(command: &mut Command) -> io::Result<Self> {
        let leader = command.stdin(Stdio::null()).process_group(0).spawn()?;
        Ok(Self {
            leader,
            end_signal: Signal::TERM,
        })
    }

    /// How the process ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.leader.try_wait().ok().flatten()
    }

    /// Asks all to end, without waiting.
    pub(crate) fn ask_to_end(&mut self) {
        self.signal(self.end_signal);
    }

    /// The id of the process.
    pub(crate) fn id(&self) -> u32 {
        self.leader.id()
    }

    /// Kills all, and waits until the process is gone.
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.leader.wait().ok();
    }

    /// Signals the group, unless the process has ended already and its id may be another's.
    fn signal(&mut self, signal: Signal) {
        if let Ok(None) = self.leader.try_wait()
            && let Some(group) = i32::try_from(self.leader.id()).ok().and_then(Pid::from_raw)
        {
            // An error means that the group is gone: what was wanted.
            kill_process_group(group, signal).ok();
        }
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.ask_to_end();
        let begin = Instant::now();
        while let Ok(None) = self.leader.try_wait() {
            if begin.elapsed() > PATIENCE_AT_THE_END {
                return self.kill();
            }
            thread::sleep(LOOK_AGAIN);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn shell(script: &str) -> ProcessGroup {
        ProcessGroup::spawn(Command::new("/bin/sh").args(["-c", script])).unwrap()
    }

    #[test]
    fn dropping_a_group_ends_its_process_and_what_that_started() {
        let folder = tempfile::tempdir().unwrap();
        let grandchild = folder.path().join("grandchild");
        let script = format!(
            "sleep 1000 & echo $! > {}.new; mv {0}.new {0}; wait",
            grandchild.display()
        );
        let group = shell(&script);
        while !grandchild.exists() {
            thread::yield_now();
        }
        let pid: i32 = fs::read_to_string(&grandchild)
            .unwrap()
            .trim()
            .parse()
            .unwrap();
        let pid = Pid::from_raw(pid).unwrap();
        assert!(rustix::process::test_kill_process(pid).is_ok());

        drop(group);

        // The group was signalled; the process that inherits the grandchild reaps it soon.
        while is_running(pid) {
            thread::yield_now();
        }
    }

    #[test]
    fn a_group_is_asked_to_end_with_its_own_signal() {
        let folder = tempfile::tempdir().unwrap();
        let [ready, asked] = ["ready", "asked"].map(|name| folder.path().join(name));
        let script = format!(
            "trap 'echo INT > {}; exit' INT; echo > {}; while :; do sleep 0.01; done",
            asked.display(),
            ready.display()
        );
        let mut group = shell(&script);
        group.end_signal = Signal::INT;
        while !ready.exists() {
            thread::yield_now();
        }

        drop(group);

        assert_eq!(fs::read_to_string(asked).unwrap(), "INT\n");
    }

    /// Whether the process exists and is more than an entry that waits to be reaped.
    fn is_running(pid: Pid) -> bool {
        fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()))
            .is_ok_and(|stat| !stat.contains(") Z "))
    }
}
