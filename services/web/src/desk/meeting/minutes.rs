//! The steps that minutes take at the desk: circulated, agreed at a later meeting, and noted what happened since.

use super::Meeting;
use super::later::{self, At};
use crate::change::change;
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{DateField, Fields, Problems};
use crate::instead::Instead;
use crate::uk;
use crate::visit::Web;

document!(CirculateMinutes, "documents/desk/circulate-minutes.graphql");
document!(AgreeMinutes, "documents/desk/agree-minutes.graphql");
document!(NoteSince, "documents/desk/note-since.graphql");

/// Takes the step that a form says. What is wrong, where something is.
///
/// # Errors
/// [`Instead::NotHere`] where there is no such step; when it cannot be sent.
pub async fn take_a_step(
    (web, desk): (&Web, &Desk),
    (meeting, later): &(Meeting, Vec<At>),
    (step, fields): (&str, &Fields),
) -> Result<Option<Problems>, Instead> {
    match step {
        "circulated" => {
            let met_since = later.first().map(|at| at.held_on);
            circulate((web, desk), (meeting, met_since), fields).await
        }
        "agreed" => agree(web, desk, (meeting, fields)).await,
        "noted" => note(web, desk, (meeting, fields)).await,
        _ => Err(Instead::NotHere),
    }
}

/// What helps to say when they were circulated, where the group has met since and where it has not.
pub const fn when_circulated(met_since: Option<Date>) -> &'static str {
    match met_since {
        Some(_) => "For example, 24 9 2007",
        None => "For example, 24 9 2007. Today, when left empty.",
    }
}

/// Where the group has met since, the day is asked for: minutes are agreed at a meeting after they were circulated, and today would put that
/// meeting out of reach.
async fn circulate(
    (web, desk): (&Web, &Desk),
    (meeting, met_since): (&Meeting, Option<Date>),
    fields: &Fields,
) -> Result<Option<Problems>, Instead> {
    let mut wrong = Problems::default();
    let occurred_on = DateField::taken(fields, "occurredOn", &mut wrong);
    if let Some(met) = met_since.filter(|_| occurred_on.is_none() && wrong.is_empty()) {
        let words = format!(
            "enter the day on which they were circulated: the group has met since, on {}",
            uk::day(&met)
        );
        wrong.add("occurredOn", words);
    }
    if !wrong.is_empty() {
        return Ok(Some(wrong));
    }
    let input = circulate_minutes::CirculateMinutesInput {
        meeting_id: meeting.id.clone(),
        command_id: fields.command(),
        occurred_on,
        ..Default::default()
    };
    let sent = circulate_minutes::Variables { input };
    let caller = desk.looker.caller();
    Ok(problems_of(
        change::<CirculateMinutes>(&web.gateway, sent, caller).await?,
    ))
}

async fn agree(
    web: &Web,
    desk: &Desk,
    (meeting, fields): (&Meeting, &Fields),
) -> Result<Option<Problems>, Instead> {
    let (Some(At { id, held_on }), Some(group)) = (later::chosen(fields), &meeting.group) else {
        let mut problems = Problems::default();
        problems.add("meeting", "choose the meeting at which they were agreed");
        return Ok(Some(problems));
    };
    let input = agree_minutes::AgreeMinutesInput {
        meeting_id: meeting.id.clone(),
        command_id: fields.command(),
        occurred_on: Some(held_on),
        meeting: Some(agree_minutes::MeetingInput {
            id,
            held_on,
            group_id: group.id.clone(),
        }),
        ..Default::default()
    };
    let sent = agree_minutes::Variables { input };
    let caller = desk.looker.caller();
    Ok(problems_of(
        change::<AgreeMinutes>(&web.gateway, sent, caller).await?,
    ))
}

async fn note(
    web: &Web,
    desk: &Desk,
    (meeting, fields): (&Meeting, &Fields),
) -> Result<Option<Problems>, Instead> {
    let input = note_since::NoteSinceMeetingInput {
        meeting_id: meeting.id.clone(),
        item_id: fields.some("itemId"),
        text: fields.text("text").unwrap_or_default(),
        command_id: fields.command(),
        ..Default::default()
    };
    let sent = note_since::Variables { input };
    let caller = desk.looker.caller();
    Ok(problems_of(
        change::<NoteSince>(&web.gateway, sent, caller).await?,
    ))
}
