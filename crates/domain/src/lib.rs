//! What a compact is, and what may happen to it.
//!
//! Everything here is pure: no I/O, no runtime, no clock, no randomness. A command arrives with its
//! date, its meeting, its ids and the facts it needs ([`dated::Directed`]); an aggregate decides and
//! answers with dated events ([`dated::Dated`]) or with a refusal in the user's words
//! ([`refusal::Refusal`]). The words are those of `docs/domain.md`.

pub mod action_plan;
pub mod adoption;
mod aggregate;
pub mod assessment;
pub mod clock;
pub mod command;
pub mod commitment;
pub mod compact;
pub mod dated;
pub mod event;
pub mod facts;
pub mod figure;
pub mod file;
pub mod good_practice;
pub mod ids;
#[cfg(test)]
mod lives;
pub mod meeting;
pub mod mention;
pub mod names;
pub mod person;
pub mod redaction;
pub mod refusal;
pub mod region;
pub mod role;
pub mod sealed;
pub mod session;
pub mod stream;
pub mod text;
pub mod timescale;
pub mod visibility;
pub mod words;

pub use action_plan::{ActionPlan, ActionPlanCommand, ActionPlanEvent};
pub use adoption::{Adoption, AdoptionCommand, AdoptionEvent};
pub use assessment::{Assessment, AssessmentCommand, AssessmentEvent};
pub use command::Command;
pub use commitment::{Commitment, CommitmentCommand, CommitmentEvent};
pub use compact::{Compact, CompactCommand, CompactEvent};
pub use dated::{Dated, Directed, MeetingRef};
pub use event::{Event, LedgerEvent, StoredEvent};
pub use facts::Facts;
pub use file::{Evidence, FileHash, FileRef};
pub use good_practice::{GoodPractice, GoodPracticeCommand, GoodPracticeEvent};
pub use meeting::{Meeting, MeetingCommand, MeetingEvent};
pub use person::{Person, PersonCommand, PersonEvent};
pub use redaction::TextRedacted;
pub use region::{Region, RegionCommand, RegionEvent};
pub use role::{Post, Role};
pub use sealed::Sealed;
pub use text::{Text, Texts};
pub use visibility::{Reach, Visibility};
