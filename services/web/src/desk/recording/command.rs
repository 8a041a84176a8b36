//! The form of a meeting as the one command that records it.

use super::ground::Ground;
use super::places::Places;
use super::sheet::{self, is_blank};
use crate::desk::attendance::{look_for_contradictions, said};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::Attending;
use crate::form::{DateField, Fields, Problems, time_of_day};

document!(
    RecordMeeting,
    "documents/desk/record-meeting.graphql",
    one_of
);

use record_meeting::{
    AttendanceInput, ItemActionInput, MeetingItemInput, NewObjectiveInput, NextMeetingInput,
    RecordMeetingInput, TimescaleInput,
};

/// What an objective is chosen as, where there is none yet.
pub const NEW_OBJECTIVE: &str = "new";

/// The command on its way, with what is wrong with it and where its places stand in the form.
pub struct Written<'f> {
    pub(super) fields: &'f Fields,
    pub(super) ground: &'f Ground,
    /// What is wrong, as far as it can be told before it is sent.
    pub wrong: Problems,
    /// Where in the form each place of the command was typed.
    pub places: Places,
    /// The plan, and the ref in it, of a heading that an action has of its own; none where the schema chooses them.
    pub heading: Option<(String, String)>,
}

impl<'f> Written<'f> {
    /// Nothing yet of what a form says.
    pub fn new(fields: &'f Fields, ground: &'f Ground) -> Self {
        Self {
            fields,
            ground,
            wrong: Problems::default(),
            places: Places::default(),
            heading: None,
        }
    }

    /// The command that a form says.
    pub fn of(fields: &'f Fields, ground: &'f Ground) -> (Self, RecordMeetingInput) {
        let mut written = Self::new(fields, ground);
        look_for_contradictions(&ground.may_come, fields, &mut written.wrong);
        let occurred_on = written.day("occurredOn");
        if occurred_on.is_none() && written.wrong.at("occurredOn").is_none() {
            written
                .wrong
                .add("occurredOn", "say on which day it was held");
        }
        let input = RecordMeetingInput {
            attendance: written.attendance(),
            command_id: fields.command(),
            expected_version: None,
            group_id: ground.group.clone(),
            items: written.items(),
            meeting: None,
            meeting_id: ground.meeting.clone(),
            new_id: None,
            next: written.next(),
            occurred_on,
            time: written.time("time"),
            venue: fields.some("venue"),
        };
        (written, input)
    }

    fn day(&mut self, name: &str) -> Option<Date> {
        DateField::read(self.fields, name).unwrap_or_else(|words| {
            self.wrong.add(name, words);
            None
        })
    }

    fn time(&mut self, name: &str) -> Option<String> {
        time_of_day(self.fields, name).unwrap_or_else(|words| {
            self.wrong.add(name, words);
            None
        })
    }

    /// A day in one field, such as 30/11/2007.
    fn due(&mut self, name: &str) -> Option<Date> {
        DateField::in_one(self.fields.one(name)).unwrap_or_else(|words| {
            self.wrong.add(name, words);
            None
        })
    }

    fn attendance(&mut self) -> Option<Vec<AttendanceInput>> {
        let mut all = Vec::new();
        for one in said(self.fields) {
            self.places
                .add(format!("attendance.{}", all.len()), one.row);
            all.push(AttendanceInput {
                attending: one.way,
                organisation_id: one.organisation,
                who: one.who,
            });
        }
        (!all.is_empty()).then_some(all)
    }

    /// The items that something was written under.
    pub(super) fn items(&mut self) -> Vec<MeetingItemInput> {
        let mut items = Vec::new();
        for row in self.fields.rows("items") {
            let row = format!("items.{row}");
            if sheet::kept(self.fields, &row) != sheet::Kept::Recorded {
                continue;
            }
            let place = format!("items.{}", items.len());
            self.places.add(place.clone(), row.clone());
            let field = |name: &str| format!("{row}.{name}");
            items.push(MeetingItemInput {
                actions: self.actions(&row, &place),
                carried_over: self.fields.one(&field("carriedOver")) == "yes",
                commitments: Vec::new(),
                decision: self.fields.text(&field("decision")),
                discussion: self.fields.text(&field("discussion")),
                item_id: self.fields.some(&field("itemId")),
                new_id: None,
                title: self.fields.some(&field("title")).unwrap_or_default(),
                updates: self.updates(&row, &place),
            });
        }
        items
    }

    fn actions(&mut self, item: &str, at: &str) -> Vec<ItemActionInput> {
        let mut actions = Vec::new();
        for row in self.fields.rows(&format!("{item}.actions")) {
            let row = format!("{item}.actions.{row}");
            if is_blank(self.fields, &row, &["objective"]) {
                continue;
            }
            self.places
                .add(format!("{at}.actions.{}", actions.len()), row.clone());
            let objective = self.fields.some(&format!("{row}.objective"));
            let objective_id = objective.filter(|id| id != NEW_OBJECTIVE);
            let (action_plan_id, ref_) = self.heading.clone().unzip();
            let new_objective = objective_id.is_none().then_some(NewObjectiveInput {
                action_plan_id,
                ref_,
            });
            actions.push(ItemActionInput {
                new_id: None,
                new_objective,
                objective_id,
                owner: self.fields.some(&format!("{row}.owner")),
                ref_: None,
                text: self.fields.text(&format!("{row}.text")).unwrap_or_default(),
                timescale: self.timescale(&row),
            });
        }
        actions
    }

    /// When something is to be done, where the row says so.
    pub(super) fn timescale(&mut self, row: &str) -> Option<TimescaleInput> {
        let due_on = self.due(&format!("{row}.due"));
        let words = self.fields.some(&format!("{row}.timescale.text"));
        let text = words.or_else(|| due_on.as_ref().map(crate::uk::day))?;
        Some(TimescaleInput {
            due_on,
            note: None,
            text,
        })
    }

    fn next(&mut self) -> Option<NextMeetingInput> {
        let on = self.day("next.on");
        let next = NextMeetingInput {
            new_id: None,
            on,
            time: self.time("next.time"),
            venue: self.fields.some("next.venue"),
            words: self.fields.some("next.words"),
        };
        let said = next.on.is_some() || next.words.is_some();
        let typed = |name: &str| self.fields.some(name).is_some();
        if !said && (typed("next.time") || typed("next.venue")) {
            let words = "say on which day the next meeting is, or when in words";
            self.wrong.add("next.words", words);
        }
        said.then_some(next)
    }
}
