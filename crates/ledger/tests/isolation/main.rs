//! Tenants are kept apart by the database itself: every table, every operation, every role, whatever the
//! connection says it is about. And the proof of it notices every way in which it could be undone.

mod matrix;
mod proof;
mod world;
