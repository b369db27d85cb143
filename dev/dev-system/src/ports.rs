//! The ports of a local run: the usual ones, or free ones for a story.

use anyhow::{Result, bail};
use std::{
    io::ErrorKind,
    net::{Ipv4Addr, Ipv6Addr, TcpListener},
    sync::atomic::{AtomicU16, Ordering},
};

/// Where the processes of a local run listen, on the loopback interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ports {
    /// The app.
    pub bff: u16,
    /// Health and readiness of the bff.
    pub bff_admin: u16,
    /// The OpenID Provider.
    pub provider: u16,
    /// Its Management API.
    pub provider_admin: u16,
    /// The SMS sandbox with the phone's inbox.
    pub sandbox: u16,
}

/// Where `trunk serve` listens; `tenant.toml` has redirect URIs for it.
pub const TRUNK: u16 = 8080;

impl Ports {
    /// Those of the guide, for which `tenant.toml` has redirect URIs.
    pub const USUAL: Self = Self {
        bff: 3000,
        bff_admin: 9300,
        provider: 3001,
        provider_admin: 3002,
        sandbox: 3003,
    };

    /// Ports where nobody listens.
    ///
    /// # Errors
    /// When there are none.
    pub fn free() -> Result<Self> {
        Ok(Self {
            bff: free()?,
            bff_admin: free()?,
            provider: free()?,
            provider_admin: free()?,
            sandbox: free()?,
        })
    }

    /// All of them.
    #[must_use]
    pub fn all(&self) -> [u16; 5] {
        [
            self.bff,
            self.provider,
            self.provider_admin,
            self.sandbox,
            self.bff_admin,
        ]
    }
}

/// Refuses when another program listens on one of these ports.
///
/// # Errors
/// Names the port and what to do.
pub fn require_free(ports: &[u16]) -> Result<()> {
    for &port in ports {
        if is_taken(port) {
            bail!(
                "port {port} is in use, perhaps by another `cargo xtask run`: end that program \
                 (`lsof -i :{port}` or `ss -ltnp` shows it), then try again"
            );
        }
    }
    Ok(())
}

/// Whether somebody listens there. A browser tries `[::1]` for `localhost` too, so both addresses must be free.
fn is_taken(port: u16) -> bool {
    let in_use = |attempt: std::io::Result<TcpListener>| {
        attempt.is_err_and(|error| error.kind() == ErrorKind::AddrInUse)
    };
    in_use(TcpListener::bind((Ipv4Addr::LOCALHOST, port)))
        || in_use(TcpListener::bind((Ipv6Addr::LOCALHOST, port)))
}

/// A port where nobody listens, and that this process has not been given before.
///
/// Below the range from which the kernel takes ports of outgoing connections, so that none of those takes it
/// before its server does; processes begin at different places.
///
/// # Errors
/// When every port of the range is taken.
pub fn free() -> Result<u16> {
    const FIRST: u16 = 15_000;
    const COUNT: u16 = 15_000;
    static NEXT: AtomicU16 = AtomicU16::new(0);

    let start = u16::try_from(std::process::id().wrapping_mul(101) % u32::from(COUNT))?;
    for _ in 0..COUNT {
        let offset = NEXT.fetch_add(1, Ordering::Relaxed) % COUNT;
        let port = FIRST + (start + offset) % COUNT;
        if !is_taken(port) {
            return Ok(port);
        }
    }
    bail!("no port is free between {FIRST} and {}", FIRST + COUNT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_port_is_named_with_what_to_do() {
        for address in ["127.0.0.1:0", "[::1]:0"] {
            let Ok(listener) = TcpListener::bind(address) else {
                continue; // this machine has no IPv6
            };
            let port = listener.local_addr().unwrap().port();
            let error = require_free(&[port]).unwrap_err().to_string();
            let expected = format!("port {port} is in use, perhaps by another `cargo xtask run`: ");
            assert!(error.starts_with(&expected), "{error}");
        }
    }

    #[test]
    fn free_ports_are_all_different_and_free() {
        let mut ports: Vec<_> = Ports::free().unwrap().all().into();
        // A child that another test forks has this process's sockets until it executes its program.
        let are_free = |_| {
            std::thread::yield_now();
            require_free(&ports).is_ok()
        };
        assert!((0..10_000).any(are_free), "{ports:?}");
        ports.sort_unstable();
        ports.dedup();
        assert_eq!(ports.len(), 5);
    }
}
