//! What the ledger promises, shown on a real database.

#![expect(clippy::unwrap_used, reason = "a test that meets the unexpected fails")]

mod aggregates;
mod append;
mod append_only;
mod audit;
mod broken_writer;
mod event_store;
mod follow;
mod premises;
mod processes;
mod storm;
mod support;
mod unknown_commit;
