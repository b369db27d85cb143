//! Ctrl-C and the other ways to ask this program to end. Signals are of the whole process, and so is this.

use anyhow::{Context as _, Result};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use std::sync::atomic::{AtomicBool, Ordering};

static ASKED: AtomicBool = AtomicBool::new(false);

/// From now on Ctrl-C, `kill` or a closed terminal no longer end this program at once: it has to look at
/// [`was_asked`], and so it can end its servers first.
///
/// # Errors
/// When the system refuses.
pub fn watch() -> Result<()> {
    for signal in [SIGINT, SIGTERM, SIGHUP] {
        signal_hook::flag::register(signal, &ASKED).context("cannot watch for Ctrl-C")?;
    }
    Ok(())
}

/// Whether somebody has asked this program to end since [`watch`].
#[must_use]
pub fn was_asked() -> bool {
    ASKED.load(Ordering::Relaxed)
}
