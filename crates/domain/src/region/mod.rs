//! The region: its register of themes, indicators and organisations, and the compacts it opened.

mod category;
mod command;
mod error;
mod event;
use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Directed};

pub use category::Category;
pub use command::*;
pub use error::RegionError;
pub use event::*;

/// The region's register, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Region {}

impl cqrs_es::Aggregate for Region {
    const TYPE: &'static str = "region";
    type Command = Directed<RegionCommand>;
    type Event = Dated<RegionEvent>;
    type Error = RegionError;
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
