//! What is killed: instances of the bff and the store that they share.

use crate::{
    instance::{Common, Instance},
    provider::Provider,
};
use anyhow::Result;
use clap::ValueEnum;
use dev_system::{binaries, stores::DurableStore};
use std::{fmt, path::Path};

/// On what store a round is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Kind {
    /// One instance with a file.
    Sqlite,
    /// Two instances with a PostgreSQL.
    Postgres,
    /// Two instances with a Redis.
    Redis,
}

/// Who is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Victim {
    /// The instance with this index.
    Bff(usize),
    Store,
}

/// Everything that can be killed, in the order in which it ends.
pub(super) struct Site {
    bffs: Vec<Instance>,
    store: Option<DurableStore>,
}

impl Site {
    pub(super) fn start(kind: Kind, provider: &Provider, folder: &Path) -> Result<Self> {
        let store = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(DurableStore::postgres()?),
            Kind::Redis => Some(DurableStore::redis()?),
        };
        let file = || format!("sqlite:{}", folder.join("sessions.sqlite").display());
        let url = store.as_ref().map_or_else(file, DurableStore::url);
        let common = Common::new(binaries::path("bff")?, provider, url, folder)?;
        let names = match kind {
            Kind::Sqlite => &["bff-1"][..],
            Kind::Postgres | Kind::Redis => &["bff-1", "bff-2"],
        };
        let bffs = names
            .iter()
            .map(|name| Instance::start(common.clone(), name))
            .collect::<Result<_>>()?;
        Ok(Self { bffs, store })
    }

    /// Where the instances listen.
    pub(super) fn ports(&self) -> Vec<u16> {
        self.bffs.iter().map(|bff| bff.port).collect()
    }

    /// Everybody who can be killed.
    pub(super) fn victims(&self) -> Vec<Victim> {
        let bffs = (0..self.bffs.len()).map(Victim::Bff);
        let store = self.store.iter().map(|_| Victim::Store);
        bffs.chain(store).collect()
    }

    pub(super) fn kill(&mut self, victim: Victim) {
        match victim {
            Victim::Bff(index) => self.bffs[index].kill(),
            Victim::Store => self.store.iter_mut().for_each(DurableStore::kill),
        }
    }

    /// Starts who was killed, and waits until every instance reaches its store and the provider.
    ///
    /// # Errors
    /// When somebody does not start, or has ended without having been killed.
    pub(super) fn start_again(&mut self, victim: Victim) -> Result<()> {
        match (victim, &mut self.store) {
            (Victim::Bff(index), _) => self.bffs[index].start_again()?,
            (Victim::Store, Some(store)) => store.start_again()?,
            (Victim::Store, None) => {}
        }
        self.bffs
            .iter_mut()
            .try_for_each(Instance::wait_until_ready)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::Redis => "redis",
        })
    }
}

impl fmt::Display for Victim {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bff(index) => write!(formatter, "bff {}", index + 1),
            Self::Store => formatter.write_str("store"),
        }
    }
}
