//! The reference data: public papers of 2007 to 2010, brought in as if their secretariats had
//! typed them in, one command after another, in the order in which things happened.
//!
//! Three steps, each of which can be looked at by itself: the files are read ([`ReferenceData`]),
//! turned into dated submissions ([`plan`], pure and deterministic), and sent to the recorder
//! ([`import`]). Every id is derived from a readable path, so importing twice does nothing the
//! second time, and a file that was changed since is noticed at the path that changed.
//!
//! Which dates were chosen and why: `docs/reference-data.md`, and [`dates`] where they are made.

mod data;
mod dates;
mod error;
mod file;
mod import;
mod path;
mod plan;
mod report;

#[cfg(test)]
mod tests;

pub use data::ReferenceData;
pub use error::{Fault, ReferenceError};
pub(crate) use import::send;
pub use import::{ImportError, Progress, Record, import};
pub use path::Path;
pub use plan::{Plan, Step, plan};
pub(crate) use plan::{Scribe, When};
pub use report::{ImportReport, LedgerReport, LeftForLater};
