//! Shows each step before it is made: on a terminal in one line that is rewritten, else line by line.

use std::io::{self, IsTerminal as _, Write as _};

/// The steps of a run, on stderr.
pub(crate) struct Progress {
    is_terminal: bool,
    done: usize,
    total: usize,
}

impl Progress {
    pub(crate) fn of(total: usize) -> Self {
        Self {
            is_terminal: io::stderr().is_terminal(),
            done: 0,
            total,
        }
    }

    /// A step begins.
    pub(crate) fn step(&mut self, title: &str) {
        self.done += 1;
        let line = format!("[{}/{}] {title}", self.done, self.total);
        // A closed stderr is no reason to stop in the middle.
        let _ = if self.is_terminal {
            write!(io::stderr(), "\r\x1b[K{line}")
        } else {
            writeln!(io::stderr(), "{line}")
        };
    }
}

/// What comes next begins in a line of its own.
impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_terminal && self.done > 0 {
            let _ = writeln!(io::stderr());
        }
    }
}
