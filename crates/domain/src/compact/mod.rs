//! The compact itself: its name, its groups and their chairs, and what succeeds it.

mod command;
mod error;
mod event;

use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Directed};

pub use command::*;
pub use error::CompactError;
pub use event::*;

/// What kind of group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum GroupKind {
    /// Decides for the compact.
    Steering,
    /// Standing, around a theme.
    Theme,
    /// Standing, a network.
    Network,
    /// Until its task is done.
    Task,
    /// Set up for a short while.
    ShortLife,
}

/// The compact, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Compact {}

impl cqrs_es::Aggregate for Compact {
    const TYPE: &'static str = "compact";
    type Command = Directed<CompactCommand>;
    type Event = Dated<CompactEvent>;
    type Error = CompactError;
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
