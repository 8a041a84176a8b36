//! What the figures were measured on.

use std::fs;

use serde::Serialize;
use sqlx::PgConnection;

/// The settings of PostgreSQL that figures depend on.
const SETTINGS: [&str; 8] = [
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "wal_sync_method",
    "shared_buffers",
    "max_wal_size",
    "checkpoint_timeout",
    "data_checksums",
];

/// The machine and its PostgreSQL.
#[derive(Serialize)]
pub struct Machine {
    /// When the run began.
    pub date: String,
    /// The processor's name.
    pub processor: String,
    /// How many of its cores we have: server and clients share them.
    pub cores: usize,
    /// Memory in GiB.
    pub memory_gib: u64,
    /// The kernel.
    pub kernel: String,
    /// The server's version.
    pub postgresql: String,
    /// Its settings, by name.
    pub settings: Vec<(&'static str, String)>,
}

impl Machine {
    /// Looks round.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn look(connection: &mut PgConnection, date: String) -> anyhow::Result<Self> {
        let postgresql = show(connection, "server_version").await?;
        let mut settings = Vec::new();
        for name in SETTINGS {
            settings.push((name, show(connection, name).await?));
        }
        Ok(Self {
            date,
            processor: field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown".to_owned()),
            cores: std::thread::available_parallelism()?.get(),
            memory_gib: field("/proc/meminfo", "MemTotal")
                .and_then(|kib| kib.trim_end_matches(" kB").parse::<u64>().ok())
                .map_or(0, |kib| kib >> 20),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").map_or_else(
                |_| "unknown".to_owned(),
                |release| release.trim().to_owned(),
            ),
            postgresql,
            settings,
        })
    }

    /// The machine in a line, its PostgreSQL in another.
    pub fn lines(&self) -> String {
        let settings: Vec<String> = self
            .settings
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        format!(
            "{}: {}, {} cores shared by server and clients, {} GiB, Linux {}\nPostgreSQL {}: {}",
            self.date,
            self.processor,
            self.cores,
            self.memory_gib,
            self.kernel,
            self.postgresql,
            settings.join(" "),
        )
    }
}

async fn show(connection: &mut PgConnection, setting: &str) -> anyhow::Result<String> {
    let found: (String,) = sqlx::query_as("select current_setting($1)")
        .bind(setting)
        .fetch_one(connection)
        .await?;
    Ok(found.0)
}

/// The value of the first `name: value` line of a file.
fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
