//! What a caller may choose about a cluster.

use std::{path::PathBuf, time::Duration};

/// What an acknowledged commit is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Acknowledged means on disk: `fsync`, full-page writes and synchronous commit are on and held on.
    Durable,
    /// For tests only: nothing waits for the disk, and a power cut may ruin the cluster.
    Scratch,
}

impl Durability {
    /// The word used in messages.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Durable => "durable",
            Self::Scratch => "scratch",
        }
    }
}

/// How to start a cluster, and where.
#[derive(Debug, Clone)]
pub struct ClusterOptions {
    /// The folder that is the cluster's own. Made if it is not there.
    pub data_dir: PathBuf,
    /// The folder of the PostgreSQL programs; `None` takes `PG_BIN` or searches the usual places.
    pub bin_dir: Option<PathBuf>,
    /// As root: the account PostgreSQL runs as; `None` takes the data directory's owner, else `postgres`, else `nobody`.
    pub run_as: Option<String>,
    /// What an acknowledged commit is worth.
    pub durability: Durability,
    /// The most connections at a time, over all clients.
    pub max_connections: u16,
    /// How long PostgreSQL may take to be ready, crash recovery included.
    pub start_deadline: Duration,
    /// How long a clean stop may take before it is made an abrupt one.
    pub stop_deadline: Duration,
}

impl ClusterOptions {
    /// A durable cluster in `data_dir`, with what suits a small machine.
    pub fn durable(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            data_dir: data_dir.into(),
            bin_dir: None,
            run_as: None,
            durability: Durability::Durable,
            max_connections: 100,
            start_deadline: Duration::from_mins(2),
            stop_deadline: Duration::from_secs(30),
        }
    }

    /// A throwaway cluster in `data_dir`, for tests: fast, roomy, and worth nothing after a power cut.
    pub fn scratch(data_dir: impl Into<PathBuf>) -> Self {
        Self {
            durability: Durability::Scratch,
            max_connections: 300,
            ..Self::durable(data_dir)
        }
    }
}
