//! A commitment: one annual priority, its impact measures and what came of it.

mod command;
mod error;
mod event;

use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Directed};

pub use command::*;
pub use error::CommitmentError;
pub use event::*;

/// Where a commitment stands.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Written down, not yet agreed.
    #[default]
    Draft,
    /// Agreed by the compact.
    Agreed,
    /// Being worked on.
    InProgress,
    /// Done.
    Achieved,
    /// Done in part.
    PartlyAchieved,
    /// Not done.
    NotAchieved,
    /// Goes on in a later session.
    CarriedForward,
    /// Taken back.
    Withdrawn,
}

/// How a report puts what has come of a commitment so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Still on the agenda.
    OnAgenda,
    /// Under way.
    InProgress,
    /// Well under way.
    GoodProgress,
    /// Done.
    Achieved,
    /// Done in part.
    PartlyAchieved,
    /// Not done.
    NotAchieved,
}

/// How a commitment ends on its own ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// Done.
    Achieved,
    /// Done in part.
    PartlyAchieved,
    /// Not done.
    NotAchieved,
}

/// The commitment, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Commitment {}

impl cqrs_es::Aggregate for Commitment {
    const TYPE: &'static str = "commitment";
    type Command = Directed<CommitmentCommand>;
    type Event = Dated<CommitmentEvent>;
    type Error = CommitmentError;
    type Services = ();

    async fn handle(
        &mut self,
        _command: Self::Command,
        (): &Self::Services,
        _sink: &cqrs_es::event_sink::EventSink<Self>,
    ) -> Result<(), Self::Error> {
        Ok(())
    }

    fn apply(&mut self, _event: Self::Event) {}
}
