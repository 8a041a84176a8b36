//! The meetings a group held after one: at them its minutes are agreed, and put right.

use crate::ask::ask;
use crate::desk::Desk;
use crate::documents::document;
use crate::documents::scalars::Date;
use crate::form::{Choice, Fields};
use crate::instead::Instead;
use crate::uk;
use crate::visit::Web;

document!(LaterMeetings, "documents/desk/later-meetings.graphql");

/// The field in which one of them is chosen.
pub const AT: &str = "meeting";

/// One of them.
#[derive(Clone, Debug)]
pub struct At {
    /// Its id.
    pub id: String,
    /// The day it was held.
    pub held_on: Date,
}

/// Those that a group held after this day, oldest first.
///
/// # Errors
/// When the schema does not answer.
pub async fn meetings(
    web: &Web,
    desk: &Desk,
    (group, held): (&str, Date),
) -> Result<Vec<At>, Instead> {
    let variables = later_meetings::Variables {
        compact: desk.place.id.clone(),
        group: group.to_owned(),
    };
    let answer = ask::<LaterMeetings>(&web.gateway, variables, desk.looker.caller()).await?;
    let met = answer.compact.into_iter();
    let met = met.flat_map(|compact| compact.calendar.nodes);
    let later = met.filter_map(|other| {
        let held_on = other.held_on.filter(|on| *on > held)?;
        Some(At {
            id: other.id,
            held_on,
        })
    });
    Ok(later.collect())
}

impl At {
    /// The same to choose.
    pub fn choice(&self) -> Choice {
        let Self { id, held_on } = self;
        Choice::new(format!("{held_on} {id}"), uk::day(held_on))
    }
}

/// The one that was chosen; none where none was.
pub fn chosen(fields: &Fields) -> Option<At> {
    let (on, id) = fields.one(AT).split_once(' ')?;
    Some(At {
        id: id.to_owned(),
        held_on: on.parse().ok()?,
    })
}
