//! Who may do what with which table: what the migrations grant, written down a second time so that a grant
//! nobody meant is noticed.

use crate::pool::ServiceRole;

/// What one role may do with one table, as PostgreSQL names privileges, in the order of their names. A
/// privilege of some columns only names them: `UPDATE (position)`.
pub type Granted = (ServiceRole, &'static [&'static str]);

/// Reads it.
const READ: &[&str] = &["SELECT"];

/// Reads it, and writes it anew as often as it likes.
const KEEP: &[&str] = &["DELETE", "INSERT", "SELECT", "UPDATE"];

/// A read model: the projector's work, which everyone else reads.
const VIEW: &[Granted] = &[
    (ServiceRole::Projector, KEEP),
    (ServiceRole::Gateway, READ),
    (ServiceRole::Auditor, READ),
];

/// Every table, and what each role may do with it; a role that is not named may do nothing. The owner may do
/// everything and is no service.
pub const GRANTS: &[(&str, &[Granted])] = &[
    ("public._sqlx_migrations", &[]),
    ("public.action_list", VIEW),
    ("public.action_plan_view", VIEW),
    ("public.commitment_view", VIEW),
    ("public.compact_overview", VIEW),
    (
        "public.ledger_entry",
        &[
            (ServiceRole::Recorder, &["INSERT", "SELECT"]),
            (ServiceRole::Projector, READ),
            (ServiceRole::Gateway, READ),
            (ServiceRole::Auditor, READ),
        ],
    ),
    (
        "public.ledger_head",
        &[
            (
                ServiceRole::Recorder,
                &[
                    "INSERT",
                    "SELECT",
                    "UPDATE (position)",
                    "UPDATE (recorded_at)",
                ],
            ),
            (ServiceRole::Projector, READ),
            (ServiceRole::Gateway, READ),
            (ServiceRole::Auditor, READ),
        ],
    ),
    ("public.mentions", VIEW),
    ("public.projector_lease", &[(ServiceRole::Projector, KEEP)]),
    ("public.region_register", VIEW),
    ("public.view_checkpoint", VIEW),
    ("view_rebuild.folded", &[]),
];
