//! Working as a service does: under its own account, with its rights and behind row security, where a test's own pool
//! is the owner's and sees everything.

use ledger::pool::{Address, Pool, ServiceRole, connect_lazily};

/// How many connections a service has in a test.
const CONNECTIONS: u32 = 10;

/// A pool to the same database, signed in as `role`.
pub fn sign_in(pool: &Pool, role: ServiceRole) -> Pool {
    connect_lazily(&Address::of_pool(pool), role, CONNECTIONS)
}
