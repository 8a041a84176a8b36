//! Read models: a pure fold each, and its tables.

mod as_of;
mod check;
mod checkpoint;
mod lag;
mod lease;
mod projected;
mod projection;
mod ref_order;
mod replay;
mod table;
mod tracked;
mod view;
mod words;

pub mod action_list;
pub mod action_plan;
pub mod commitment;
pub mod compact_overview;
pub mod history;
pub mod mentions;
pub mod page;
pub mod queries;
pub mod rebuild;
pub mod region_register;
pub mod regional_progress;

pub use action_list::ActionListRow;
pub use action_plan::ActionPlanView;
pub use as_of::{AsOf, Cut, overview_as_of, stream_as_of};
pub use check::{CheckReport, Finding, Place, check};
pub use checkpoint::{Checkpoint, Parked, checkpoints, parked, projected};
pub use commitment::CommitmentView;
pub use compact_overview::CompactOverview;
pub use history::{
    Historian, HistoryError, HistoryLine, HistoryOf, Names, Subject, SubjectKind, say,
};
pub use lag::{Lag, lags};
pub use lease::Leases;
pub use mentions::Mentions;
pub use page::{Cursor, Edge, Page, PageRequest};
pub use projected::{Projected, WaitError};
pub use projection::{Projection, ProjectionError, Step};
pub use queries::{ActionFilter, CommitmentFilter, QueryError, ViewReader};
pub use rebuild::{RebuildError, RebuildReport, Which, rebuild};
pub use ref_order::ref_order;
pub use region_register::RegionRegister;
pub use regional_progress::{ProgressFilter, RegionalProgress, regional_progress};
pub use replay::ReplayError;
pub use table::{Row, Table, TableError};
pub use tracked::{Change, Ended, Stamp, Tracked, Why};
pub use view::{NotAView, View, ViewName, fold, fold_into, fold_rows, step};
