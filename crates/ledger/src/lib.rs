//! The append-only log, one per compact: append, read, subscribe.
//!
//! The ledger is the truth; everything else can be worked out from it again. Two tables hold it:
//! `ledger_head` says where each ledger ends, `ledger_entry` holds the leaves. How a batch is written,
//! and what is promised, is told in `docs/ledger.md`.

pub mod aggregates;
pub mod append;
pub mod canonical;
mod commands;
pub mod entry;
pub mod event_store;
pub mod isolation;
pub mod leaf;
mod ledger;
pub mod pool;
pub mod reader;
mod recent;
mod schema;
pub mod scope;
mod subscribe;
mod supervise;
mod versions;
mod wake;
mod writer;

pub use aggregates::{Aggregates, Checkout};
pub use append::{Append, AppendError, NewEvent, Premise, Receipt, RequestDigest, StreamAppend};
pub use entry::{Entry, Position, Recorded};
pub use event_store::LedgerEventStore;
pub use leaf::{LeafError, LeafHash};
pub use ledger::{Ledger, Options};
pub use pool::{Address, ConnectError, Pool, PoolError, ServiceRole, connect};
pub use reader::{Head, RawEntry, ReadError, Reader};
pub use schema::{Schema, identity, schema};
pub use scope::{InScope, Scope};
pub use supervise::{panic_message, supervised};

/// Every migration of the database, the ledger's and the read models'.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");

/// Brings the database up to date.
///
/// # Errors
/// When a migration cannot be applied, or one that was applied has been changed since.
pub async fn migrate(pool: &sqlx::PgPool) -> Result<(), sqlx::migrate::MigrateError> {
    MIGRATOR.run(pool).await
}
