//! Who may do what with which table: what the migrations grant, written down a second time so that a grant
//! nobody meant is noticed.

use crate::pool::ServiceRole;

/// What one role may do with one table, as PostgreSQL names privileges, in the order of their names. A
/// privilege of some columns only names them: `UPDATE (position)`.
pub type Granted = (ServiceRole, &'static [&'static str]);

/// Functions that run with their owner's rights: what each does with them is small enough to be read. One gives the
/// ids of ledgers and nothing else; the others keep the security log short, and cannot choose what goes.
pub const TRUSTED: &[&str] = &[
    "account.security_log_let_go()",
    "account.security_log_trim(timestamp with time zone,integer)",
    "every_ledger()",
];

/// Reads it.
const READ: &[&str] = &["SELECT"];

/// Reads it, and writes it anew as often as it likes.
const KEEP: &[&str] = &["DELETE", "INSERT", "SELECT", "UPDATE"];

/// Enters what is new, and what becomes of it.
const NOTE: &[&str] = &["INSERT", "SELECT", "UPDATE"];

/// A read model: the projector's work, which everyone else reads.
const VIEW: &[Granted] = &[
    (ServiceRole::Projector, KEEP),
    (ServiceRole::Gateway, READ),
    (ServiceRole::Auditor, READ),
];

/// Every table, and what each role may do with it; a role that is not named may do nothing. The owner may do
/// everything and is no service.
pub const GRANTS: &[(&str, &[Granted])] = &[
    (
        "account.account",
        &[(
            ServiceRole::Gateway,
            &[
                "DELETE",
                "INSERT",
                "SELECT",
                "UPDATE (changed_at)",
                "UPDATE (email_index)",
                "UPDATE (email_sealed)",
                "UPDATE (epoch)",
                "UPDATE (name_sealed)",
                "UPDATE (password_hash)",
                "UPDATE (state)",
            ],
        )],
    ),
    (
        "account.api_token",
        &[(
            ServiceRole::Gateway,
            &[
                "DELETE",
                "INSERT",
                "SELECT",
                "UPDATE (last_used_at)",
                "UPDATE (revoked_at)",
            ],
        )],
    ),
    (
        "account.draft",
        &[(
            ServiceRole::Gateway,
            &[
                "DELETE",
                "INSERT",
                "SELECT",
                "UPDATE (content_sealed)",
                "UPDATE (expires_at)",
                "UPDATE (saved_at)",
                "UPDATE (version)",
            ],
        )],
    ),
    (
        "account.link",
        &[(
            ServiceRole::Gateway,
            &[
                "DELETE",
                "INSERT",
                "SELECT",
                "UPDATE (created_at)",
                "UPDATE (expires_at)",
                "UPDATE (token_hash)",
            ],
        )],
    ),
    (
        "account.openid_attempt",
        &[(ServiceRole::Gateway, &["DELETE", "INSERT", "SELECT"])],
    ),
    (
        "account.openid_link",
        &[(ServiceRole::Gateway, &["DELETE", "INSERT", "SELECT"])],
    ),
    (
        "account.recovery_code",
        &[(ServiceRole::Gateway, &["DELETE", "INSERT", "SELECT"])],
    ),
    (
        "account.second_factor",
        &[(
            ServiceRole::Gateway,
            &[
                "DELETE",
                "INSERT",
                "SELECT",
                "UPDATE (begun_at)",
                "UPDATE (confirmed_at)",
                "UPDATE (last_step)",
                "UPDATE (secret_sealed)",
            ],
        )],
    ),
    (
        "account.security_log",
        &[(ServiceRole::Gateway, &["INSERT", "SELECT"])],
    ),
    (
        "account.throttle",
        &[(
            ServiceRole::Gateway,
            &[
                "DELETE",
                "INSERT",
                "SELECT",
                "UPDATE (attempts)",
                "UPDATE (closed_until)",
                "UPDATE (last_at)",
            ],
        )],
    ),
    (
        "account.web_session",
        &[(
            ServiceRole::Gateway,
            &[
                "DELETE",
                "INSERT",
                "SELECT",
                "UPDATE (last_seen_at)",
                "UPDATE (second_factor_at)",
                "UPDATE (token_hash)",
            ],
        )],
    ),
    ("public._sqlx_migrations", &[]),
    ("public.action_list", VIEW),
    ("public.action_plan_view", VIEW),
    ("public.adoption_view", VIEW),
    ("public.commitment_view", VIEW),
    ("public.compact_overview", VIEW),
    ("public.good_practice_view", VIEW),
    (
        // What a search is made by: whoever searches keeps it, and whoever erases takes from it.
        "public.good_practice_words",
        &[
            (ServiceRole::Recorder, &["DELETE", "SELECT"]),
            (ServiceRole::Gateway, KEEP),
        ],
    ),
    ("public.file_reference", VIEW),
    (
        "public.file_upload",
        &[
            (
                ServiceRole::Recorder,
                &["SELECT", "UPDATE (state)", "UPDATE (used_at)"],
            ),
            (ServiceRole::Gateway, KEEP),
            (ServiceRole::Auditor, READ),
        ],
    ),
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
    ("public.person_view", VIEW),
    ("public.meeting_view", VIEW),
    ("public.assessment_view", VIEW),
    ("public.projector_lease", &[(ServiceRole::Projector, KEEP)]),
    ("public.region_register", VIEW),
    (
        "public.reminder",
        &[
            (ServiceRole::Projector, NOTE),
            (ServiceRole::Gateway, READ),
            (ServiceRole::Auditor, READ),
        ],
    ),
    ("public.reminder_look", &[(ServiceRole::Projector, NOTE)]),
    ("public.role_grants", VIEW),
    ("public.view_checkpoint", VIEW),
    (
        "vault.erasure",
        &[(
            ServiceRole::Keys,
            &["INSERT", "SELECT", "UPDATE (moved_at)", "UPDATE (step)"],
        )],
    ),
    (
        "vault.secret",
        &[(
            ServiceRole::Keys,
            &[
                "INSERT",
                "SELECT",
                "UPDATE (master_key_id)",
                "UPDATE (wrapped_key)",
            ],
        )],
    ),
    (
        "vault.subject",
        &[(
            ServiceRole::Keys,
            &[
                "INSERT",
                "SELECT",
                "UPDATE (destroyed_at)",
                "UPDATE (fenced_at)",
                "UPDATE (master_key_id)",
                "UPDATE (wrapped_key)",
            ],
        )],
    ),
    ("view_rebuild.folded", &[]),
];
