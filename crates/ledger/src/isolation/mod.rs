//! The second wall between tenants, proved from the catalogue.
//!
//! Row security only holds while nobody has weakened it: a table made without it, a policy reworded, a right
//! granted by hand, a service that signs in as a superuser. So each service looks, when it starts, at what the
//! database says about itself, and does not run unless it is exactly what is written down here.

mod grants;
mod proof;

pub use grants::{GRANTS, Granted, TRUSTED};
pub use proof::{Broken, prove};

/// The policy of every table that bears a ledger's id, as PostgreSQL spells it.
pub const POLICY: &str =
    "(ledger_id = ANY (( SELECT ledgers_in_scope() AS ledgers_in_scope)::uuid[]))";

/// The name of that policy.
pub const POLICY_NAME: &str = "of_its_ledger";

/// Schemas whose tables are looked at.
pub(crate) const SCHEMAS: [&str; 4] = ["public", "view_rebuild", "account", "vault"];
