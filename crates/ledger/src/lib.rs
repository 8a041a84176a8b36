//! The append-only log, one per compact: append, read, subscribe.

pub mod entry;
pub mod leaf;

pub use entry::{Entry, Recorded};
pub use leaf::{LeafError, LeafHash};
