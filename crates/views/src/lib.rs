//! Read models: a pure fold each, and its tables.

mod tracked;
mod view;

pub mod action_plan;
pub mod commitment;
pub mod compact_overview;
pub mod mentions;
pub mod region_register;

pub use action_plan::ActionPlanView;
pub use commitment::CommitmentView;
pub use compact_overview::CompactOverview;
pub use mentions::Mentions;
pub use region_register::RegionRegister;
pub use tracked::{Change, Ended, Stamp, Tracked, Why};
pub use view::{NotAView, View, ViewName, fold, fold_into, fold_rows, step};
