//! Working as a service does: under its own account, with its rights and behind row security, where a test's own pool
//! is the owner's and sees everything.

use std::sync::Arc;

use domain::clock::SystemClock;
use ledger::pool::{Address, Pool, ServiceRole, connect_lazily};
use vault::{MasterKeyFile, NoRandomness, Randomness, SystemRandomness, Vault};

/// How many connections a service has in a test.
const CONNECTIONS: u32 = 10;

/// A pool to the same database, signed in as `role`.
pub fn sign_in(pool: &Pool, role: ServiceRole) -> Pool {
    connect_lazily(&Address::of_pool(pool), role, CONNECTIONS)
}

/// The vault of the database, as every service of a test opens it: the master key is always the same.
///
/// # Panics
/// When it cannot be opened.
pub async fn vault(pool: &Pool) -> Vault {
    let folder = tempfile::tempdir().expect("a folder");
    let master = MasterKeyFile::open(&folder.path().join("master.key"), Arc::new(Always));
    let master = Arc::new(master.expect("a master key"));
    let keys = sign_in(pool, ServiceRole::Keys);
    let vault = Vault::open(
        keys,
        master,
        Arc::new(SystemRandomness),
        Arc::new(SystemClock),
    );
    vault.await.expect("a vault")
}

/// Randomness that is none.
struct Always;

impl Randomness for Always {
    fn fill(&self, bytes: &mut [u8]) -> Result<(), NoRandomness> {
        bytes.fill(7);
        Ok(())
    }
}
