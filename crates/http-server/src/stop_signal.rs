//! The signals that stop a server.

use tokio::signal::unix::{SignalKind, signal};

/// Ends at Ctrl-C or SIGTERM. SIGHUP, which a closed terminal sends, stops nothing.
///
/// # Errors
/// When the system takes no signal handlers.
pub fn stop_signal() -> std::io::Result<impl Future<Output = ()> + Send + 'static> {
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut hang_up = signal(SignalKind::hangup())?;
    Ok(async move {
        loop {
            tokio::select! {
                _ = interrupt.recv() => return,
                _ = terminate.recv() => return,
                _ = hang_up.recv() => {}
            }
        }
    })
}
