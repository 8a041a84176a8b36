//! The vault of this installation: the master key's file, and the keys in the database that it unwraps.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt;
use std::sync::Arc;

use anyhow::Context;
use domain::clock::Clock;
use ledger::Pool;
use vault::{MasterKeyFile, SystemRandomness, Vault};

use crate::settings::Settings;

/// Reads the master key's file, or makes it when there is none.
///
/// # Errors
/// When it cannot be made or read, is not a master key file, or others may use it.
pub fn master_key(settings: &Settings) -> anyhow::Result<MasterKeyFile> {
    let path = settings.master_key_file();
    if let Some(folder) = path.parent().filter(|_| settings.master_key_file.is_none()) {
        // A database by URL leaves the data directory to us: nobody else needs to look into it.
        let mut builder = DirBuilder::new();
        let made = builder.recursive(true).mode(0o700).create(folder);
        made.with_context(|| format!("{} cannot be made", folder.display()))?;
    }
    Ok(MasterKeyFile::open(&path, Arc::new(SystemRandomness))?)
}

/// Opens the vault over connections of the role that may read its keys.
///
/// # Errors
/// As [`master_key`]; when the database does not answer, or its keys were wrapped by a master key that the file does not hold.
pub async fn open_vault(
    settings: &Settings,
    pool: Pool,
    clock: Arc<dyn Clock>,
) -> anyhow::Result<Vault> {
    let master = Arc::new(master_key(settings)?);
    let randomness = Arc::new(SystemRandomness);
    Ok(Vault::open(pool, master, randomness, clock).await?)
}
