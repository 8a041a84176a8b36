//! The schema's types, one family per file. Each wraps a view as folded and adds the edges.

pub mod action_plan;
pub mod changes;
pub mod commitment;
pub mod compact;
pub mod entry;
pub mod history;
pub mod measure;
pub mod node;
pub mod objective;
pub mod progress;
pub mod record;
pub mod region;
pub mod scalars;
pub mod time;
pub mod words;
