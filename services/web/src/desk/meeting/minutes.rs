//! The steps that minutes take at the desk: circulated, agreed at a later meeting, and noted what happened since.

use super::Meeting;
use super::later::{self, At};
use crate::change::change;
use crate::desk::{Desk, to_mend as problems_of};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::form::{DateField, Fields, Problems};
use crate::instead::Instead;
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
    meeting: &Meeting,
    (step, fields): (&str, &Fields),
) -> Result<Option<Problems>, Instead> {
    match step {
        "circulated" => circulate(web, desk, (meeting, fields)).await,
        "agreed" => agree(web, desk, (meeting, fields)).await,
        "noted" => note(web, desk, (meeting, fields)).await,
        _ => Err(Instead::NotHere),
    }
}

async fn circulate(
    web: &Web,
    desk: &Desk,
    (meeting, fields): (&Meeting, &Fields),
) -> Result<Option<Problems>, Instead> {
    let occurred_on = match DateField::read(fields, "occurredOn") {
        Ok(day) => day,
        Err(words) => {
            let mut problems = Problems::default();
            problems.add("occurredOn", words);
            return Ok(Some(problems));
        }
    };
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
