//! A group's action plan: objectives, actions, and dated updates that speak for several of them.

mod command;
mod error;
mod event;

use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Directed};

pub use command::*;
pub use error::ActionPlanError;
pub use event::*;

/// The plan, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ActionPlan {}

impl cqrs_es::Aggregate for ActionPlan {
    const TYPE: &'static str = "action-plan";
    type Command = Directed<ActionPlanCommand>;
    type Event = Dated<ActionPlanEvent>;
    type Error = ActionPlanError;
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
