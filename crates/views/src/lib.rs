//! Read models: a pure fold each, and its tables.
//!
//! What people read is worked out from ledgers by folding entries one by one into plain structs. The same
//! fold gives the row that is saved, the view as of any date or position, the rebuild and the check, so
//! these cannot disagree. `docs/read-models.md` tells how it fits together.
//!
//! # Adding a view
//!
//! Write the fold first; it needs no database and is tested from literal entries:
//!
//! ```
//! use domain::{CommitmentEvent, Event};
//! use domain::commitment::CommitmentAgreed;
//! use ledger::{Entry, Recorded};
//! use serde::{Deserialize, Serialize};
//! use uuid::Uuid;
//! use views::Fold;
//!
//! /// How often a compact has agreed to a commitment.
//! #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
//! struct Agreements {
//!     agreed: u64,
//! }
//!
//! impl Fold for Agreements {
//!     // One row per compact: every entry of a ledger belongs to it.
//!     fn key(entry: &Entry) -> Option<Uuid> {
//!         Some(entry.recorded.ledger.uuid())
//!     }
//!
//!     // Any entry can be the first.
//!     fn begin(entry: &Entry) -> Option<Self> {
//!         let mut row = Self { agreed: 0 };
//!         row.apply(entry);
//!         Some(row)
//!     }
//!
//!     fn apply(&mut self, entry: &Entry) {
//!         if let Event::Commitment(CommitmentEvent::Agreed(_)) = &entry.event {
//!             self.agreed += 1;
//!         }
//!     }
//! }
//!
//! # fn entry(position: u64) -> Entry {
//! #     let id = Uuid::from_u128(1);
//! #     Entry {
//! #         recorded: Recorded {
//! #             ledger: id.into(),
//! #             position,
//! #             stream: domain::stream::StreamId::commitment(id.into()),
//! #             stream_version: position,
//! #             occurred_on: chrono::NaiveDate::MIN,
//! #             recorded_at: chrono::DateTime::UNIX_EPOCH,
//! #             actor: String::new(),
//! #             role: String::new(),
//! #             command: id.into(),
//! #             causation: None,
//! #             meeting: None,
//! #         },
//! #         event: Event::Commitment(CommitmentAgreed {}.into()),
//! #     }
//! # }
//! let row: Option<Agreements> = views::fold([&entry(1), &entry(2)]);
//! assert_eq!(row, Some(Agreements { agreed: 2 }));
//! ```
//!
//! Then give it a table: a migration, an entry in `tables!` with its statements, and `impl View` with the
//! columns of its row. Name it in [`ViewName`]; the compiler then asks for it wherever all views are
//! folded. Projection, rebuild, check, parking and `atLeast` need nothing more.

mod as_of;
pub mod assessment;
mod check;
mod checkpoint;
mod claim;
mod lag;
mod lease;
mod naming;
mod projected;
mod projection;
mod reaches;
mod ref_order;
mod replay;
mod table;
mod texts;
mod together;
mod tracked;
mod view;
mod whose;
mod words;

pub mod action_list;
pub mod action_plan;
pub mod adoption;
pub mod commitment;
pub mod compact_overview;
pub mod file_reference;
pub mod good_practice;
pub mod history;
pub mod meeting;
pub mod mentions;
pub mod page;
pub mod paper;
pub mod person;
pub mod queries;
pub mod rebuild;
pub mod region_register;
pub mod regional_progress;
pub mod role_grant;
pub mod search;
pub mod undertakings;

pub use action_list::ActionListRow;
pub use action_plan::ActionPlanView;
pub use adoption::AdoptionView;
pub use as_of::{AsOf, Cut, stream_as_it_stood, stream_as_of, stream_between};
pub use assessment::AssessmentView;
pub use check::{Behind, CheckError, CheckReport, Finding, Place, check};
pub use checkpoint::{Checkpoint, Parked, Reach, checkpoints, parked, projected, reach};
pub use commitment::CommitmentView;
pub use compact_overview::CompactOverview;
pub use file_reference::FileReferences;
pub use good_practice::GoodPracticeView;
pub use history::{
    Held, Historian, HistoryError, HistoryFilter, HistoryLine, HistoryOf, HistoryText, Names,
    Subject, SubjectKind, say,
};
pub use lag::{Lag, lags};
pub use lease::Leases;
pub use meeting::MeetingView;
pub use mentions::Mentions;
pub use naming::Reads;
pub use page::{Cursor, Edge, Page, PageRequest, Walk};
pub use person::PersonView;
pub use projected::{Folded, Projected, WaitError};
pub use projection::{Projection, ProjectionError, Step};
pub use queries::{
    ActionFilter, AdoptionFilter, CommitmentFilter, PracticeFilter, QueryError, ViewReader,
};
pub use reaches::Reaches;
pub use rebuild::{RebuildError, RebuildReport, Which, rebuild};
pub use ref_order::ref_order;
pub use region_register::RegionRegister;
pub use regional_progress::{ProgressFilter, RegionalProgress, regional_progress};
pub use replay::{ReplayError, fold_ledger};
pub use role_grant::RoleGrantView;
pub use table::{Row, Table, TableError};
pub use tracked::{Change, Ended, Stamp, Tracked, Why};
pub use view::{Fold, NotAView, View, ViewName, fold, fold_into, fold_rows, step};
