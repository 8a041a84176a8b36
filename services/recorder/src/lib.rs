//! Authorises, loads, decides, appends: writes the ledger and nothing else.
//!
//! A [`Submission`] carries one or several commands to one ledger. The recorder looks up the facts
//! they mention, checks their aggregates out of its caches, lets each decide, and appends what was
//! decided in one go: all of it, or nothing. A decision taken on a state that another process has
//! since moved on is taken again; a command id sent twice has one effect and one answer.

mod aggregates;
mod authority;
mod client;
mod erasing;
mod facts;
mod http;
mod openings;
mod recorder;
mod submission;
mod target;
mod texts;

pub use client::{ClientError, RecorderClient};
pub use http::router;
pub use recorder::Recorder;
pub use submission::{Actor, Answer, Installation, RecordError, Submission};
