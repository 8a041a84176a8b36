//! The files as they are written: one table, one struct, and no field that is silently ignored.

pub(super) mod compact;
pub(super) mod day;
pub(super) mod later;
pub(super) mod meeting;
pub(super) mod practice;
pub(super) mod region;
