//! The form of a meeting as the one command that records it, and where in the form each place of that command was typed.

use super::came::look_for_contradictions;
use super::ground::Ground;
use super::sheet::{self, is_blank};
use crate::documents::document;
use crate::documents::scalars::{Date, Position, UUID};
use crate::documents::words::{ActionChangeKind, Attending};
use crate::form::{DateField, Fields, Problems, time_of_day};

document!(
    RecordMeeting,
    "documents/desk/record-meeting.graphql",
    one_of
);

use record_meeting::{
    AttendanceInput, ChangeInput, CompleteActionChange, DropActionChange, DropObjectiveChange,
    ItemActionInput, MeetingItemInput, NewObjectiveInput, NextMeetingInput, NoteNoActionChange,
    ProgressActionChange, ReassignActionChange, RecordMeetingInput, RescheduleActionChange,
    RewordActionChange, TimescaleInput, UpdateSaidInput,
};

/// What an objective is chosen as, where there is none yet.
pub const NEW_OBJECTIVE: &str = "new";

/// What can be said of an objective itself, beside what can be said of its actions.
pub const NO_ACTION: &str = "NO_ACTION";
/// That an objective is given up.
pub const OBJECTIVE_DROPPED: &str = "OBJECTIVE_DROPPED";

/// The command on its way, with what is wrong with it and where its places stand in the form.
pub struct Written<'f> {
    fields: &'f Fields,
    ground: &'f Ground,
    /// What is wrong, as far as it can be told before it is sent.
    pub wrong: Problems,
    /// Places of the command, each with its place in the form.
    places: Vec<(String, String)>,
}

impl<'f> Written<'f> {
    /// The command that a form says.
    pub fn of(fields: &'f Fields, ground: &'f Ground) -> (Self, RecordMeetingInput) {
        let mut written = Self {
            fields,
            ground,
            wrong: Problems::default(),
            places: Vec::new(),
        };
        look_for_contradictions(ground, fields, &mut written.wrong);
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

    /// What the schema says is wrong, each at the field it was typed in.
    pub fn typed_at(&self, problems: Problems) -> Problems {
        problems.renamed(|place| {
            let longest = self
                .places
                .iter()
                .filter(|(known, _)| {
                    place
                        .strip_prefix(known.as_str())
                        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
                })
                .max_by_key(|(known, _)| known.len());
            let (row, rest) = longest.map_or(("", place), |(known, row)| {
                let rest = place[known.len()..].trim_start_matches('.');
                (row.as_str(), rest)
            });
            let field = field_of(row, rest);
            match row {
                "" => field,
                row => format!("{row}.{field}"),
            }
        })
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
        due_of(self.fields.one(name)).unwrap_or_else(|words| {
            self.wrong.add(name, words);
            None
        })
    }

    fn attendance(&mut self) -> Option<Vec<AttendanceInput>> {
        let mut all = Vec::new();
        for (list, each) in [("attendance", true), ("others", false)] {
            for row in self.fields.rows(list) {
                let row = format!("{list}.{row}");
                let field = |name: &str| self.fields.some(&format!("{row}.{name}"));
                let ways = format!("{row}.attending");
                let ways = self.fields.all(&ways).filter_map(Attending::named);
                if !each && is_blank(self.fields, &row, &["attending"]) {
                    continue;
                }
                for attending in ways {
                    self.places
                        .push((format!("attendance.{}", all.len()), row.clone()));
                    all.push(AttendanceInput {
                        attending,
                        organisation_id: field("organisationId"),
                        who: field("who"),
                    });
                }
            }
        }
        (!all.is_empty()).then_some(all)
    }

    fn items(&mut self) -> Vec<MeetingItemInput> {
        let mut items = Vec::new();
        for row in self.fields.rows("items") {
            let row = format!("items.{row}");
            if sheet::kept(self.fields, &row) != sheet::Kept::Recorded {
                continue;
            }
            let place = format!("items.{}", items.len());
            self.places.push((place.clone(), row.clone()));
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
                .push((format!("{at}.actions.{}", actions.len()), row.clone()));
            let objective = self.fields.some(&format!("{row}.objective"));
            let objective_id = objective.filter(|id| id != NEW_OBJECTIVE);
            let new_objective = objective_id.is_none().then_some(NewObjectiveInput {
                action_plan_id: None,
                ref_: None,
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
    fn timescale(&mut self, row: &str) -> Option<TimescaleInput> {
        let due_on = self.due(&format!("{row}.due"));
        let words = self.fields.some(&format!("{row}.timescale.text"));
        let text = words.or_else(|| due_on.as_ref().map(crate::uk::day))?;
        Some(TimescaleInput {
            due_on,
            note: None,
            text,
        })
    }

    fn updates(&mut self, item: &str, at: &str) -> Vec<UpdateSaidInput> {
        let mut updates: Vec<UpdateSaidInput> = Vec::new();
        for row in self.fields.rows(&format!("{item}.updates")) {
            let row = format!("{item}.updates.{row}");
            if is_blank(self.fields, &row, &[]) {
                continue;
            }
            let place = format!("{at}.updates.{}", updates.len());
            self.places.push((place.clone(), row.clone()));
            let ticked = format!("{row}.objectiveIds");
            let objective_ids: Vec<String> = self.fields.all(&ticked).map(str::to_owned).collect();
            let action_plan_id = self.plan_of(&objective_ids, &ticked);
            updates.push(UpdateSaidInput {
                action_plan_id,
                changes: self.changes(&row, &place),
                new_id: None,
                objective_ids,
                text: self.fields.text(&format!("{row}.text")).unwrap_or_default(),
            });
        }
        updates
    }

    /// The one plan that an update speaks of.
    fn plan_of(&mut self, objectives: &[String], field: &str) -> String {
        let plans = objectives.iter().filter_map(|id| self.ground.plan_of(id));
        let mut plans: Vec<&str> = plans.map(|plan| plan.id.as_str()).collect();
        plans.dedup();
        match plans[..] {
            [one] => one.to_owned(),
            [] => {
                let words = "tick at least one objective that the update speaks for";
                self.wrong.add(field, words);
                String::new()
            }
            _ => {
                let words =
                    "an update speaks for objectives of one plan; add another for the other plan";
                self.wrong.add(field, words);
                String::new()
            }
        }
    }

    fn changes(&mut self, update: &str, at: &str) -> Vec<ChangeInput> {
        let mut changes = Vec::new();
        for row in self.fields.rows(&format!("{update}.changes")) {
            let row = format!("{update}.changes.{row}");
            if is_blank(self.fields, &row, &[]) {
                continue;
            }
            self.places
                .push((format!("{at}.changes.{}", changes.len()), row.clone()));
            changes.extend(self.change(&row));
        }
        changes
    }

    /// One change an update carries; none where it is not said which.
    fn change(&mut self, row: &str) -> Option<ChangeInput> {
        let of = self.fields.some(&format!("{row}.of"));
        let what = self.fields.one(&format!("{row}.what")).to_owned();
        let Some(of) = of else {
            let words = "choose the action or the objective that changes";
            self.wrong.add(format!("{row}.of"), words);
            return None;
        };
        let is_objective = self.ground.objective(&of).is_some();
        let reason = self.fields.text(&format!("{row}.reason"));
        if what == NO_ACTION || what == OBJECTIVE_DROPPED {
            return self.of_objective(row, (&what, of, is_objective), reason);
        }
        let Some(kind) = ActionChangeKind::named(&what) else {
            self.wrong.add(format!("{row}.what"), "say what happened");
            return None;
        };
        if is_objective {
            let words = "choose an action for this, not an objective";
            self.wrong.add(format!("{row}.of"), words);
            return None;
        }
        self.of_action(row, (kind, of), reason)
    }

    fn of_objective(
        &mut self,
        row: &str,
        (what, objective_id, is_objective): (&str, String, bool),
        reason: Option<String>,
    ) -> Option<ChangeInput> {
        if !is_objective {
            let words = "choose an objective for this, not an action";
            self.wrong.add(format!("{row}.of"), words);
            return None;
        }
        let reason = reason.unwrap_or_default();
        Some(if what == NO_ACTION {
            ChangeInput::NoteNoAction(NoteNoActionChange {
                note: reason,
                objective_id,
                timescale: None,
            })
        } else {
            ChangeInput::DropObjective(DropObjectiveChange {
                objective_id,
                reason,
            })
        })
    }

    fn of_action(
        &mut self,
        row: &str,
        (kind, action_id): (ActionChangeKind, String),
        said: Option<String>,
    ) -> Option<ChangeInput> {
        let field = |name: &str| {
            self.fields
                .some(&format!("{row}.{name}"))
                .unwrap_or_default()
        };
        let reason = said.clone().unwrap_or_default();
        Some(match kind {
            ActionChangeKind::Completed => ChangeInput::CompleteAction(CompleteActionChange {
                action_id,
                note: said,
            }),
            ActionChangeKind::Progressed => ChangeInput::ProgressAction(ProgressActionChange {
                action_id,
                note: said,
            }),
            ActionChangeKind::Dropped => {
                ChangeInput::DropAction(DropActionChange { action_id, reason })
            }
            ActionChangeKind::Reassigned => ChangeInput::ReassignAction(ReassignActionChange {
                action_id,
                owner: field("owner"),
                reason: said,
            }),
            ActionChangeKind::Reworded => ChangeInput::RewordAction(RewordActionChange {
                action_id,
                text: field("text"),
                reason,
            }),
            ActionChangeKind::Rescheduled => {
                let nothing = TimescaleInput {
                    due_on: None,
                    note: None,
                    text: String::new(),
                };
                ChangeInput::RescheduleAction(RescheduleActionChange {
                    action_id,
                    timescale: self.timescale(row).unwrap_or(nothing),
                    reason,
                })
            }
            ActionChangeKind::Set | ActionChangeKind::Reopened | ActionChangeKind::Merged => {
                self.wrong.add(format!("{row}.what"), "say what happened");
                return None;
            }
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

/// The field of a row in which a place of the command was typed.
fn field_of(row: &str, rest: &str) -> String {
    let list = row.rsplit('.').nth(1).unwrap_or_default();
    let name = rest.rsplit('.').next().unwrap_or_default();
    let field = match (list, name) {
        (_, "dueOn") => "due",
        ("changes", "note" | "reason") => "reason",
        ("changes", "actionId" | "objectiveId") => "of",
        ("changes" | "actions", "timescale") => "timescale.text",
        ("changes" | "actions", "text") if rest.contains("timescale") => "timescale.text",
        ("changes", "text" | "owner") => name,
        ("changes", _) => "what",
        ("actions", "objectiveId" | "newObjective" | "ref" | "actionPlanId") => "objective",
        ("updates", _) if rest.starts_with("objectiveIds") => "objectiveIds",
        ("actions" | "updates", "") => "text",
        ("attendance" | "others", _) => "who",
        ("items", "") => "title",
        ("", "next") => "next.words",
        ("", "meetingId" | "groupId" | "occurredOn" | "on") if rest != "next.on" => "occurredOn",
        _ => rest,
    };
    field.to_owned()
}

/// The day in one field; none where nothing was typed.
fn due_of(typed: &str) -> Result<Option<Date>, &'static str> {
    let parts = typed.split(|letter: char| !letter.is_alphanumeric());
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let (day, month, year) = match parts[..] {
        [] => return Ok(None),
        [day, month, year] => (day, month, year),
        _ => ("", "", "-"),
    };
    let fields = [("due.day", day), ("due.month", month), ("due.year", year)];
    DateField::read(&Fields::from_iter(fields), "due")
        .map_err(|_| "enter a real date, such as 30/11/2007, or leave it empty")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_due_date_is_read_from_one_field_as_people_write_it() {
        let day = Date::from_ymd_opt(2007, 11, 30);
        for typed in [
            "30/11/2007",
            "30.11.07",
            "30 November 2007",
            " 30-Nov-2007 ",
        ] {
            assert_eq!(due_of(typed), Ok(day), "{typed}");
        }
        assert_eq!(due_of("  "), Ok(None));
        assert!(due_of("November").is_err() && due_of("31/11/2007").is_err());
    }

    #[test]
    fn a_place_of_the_command_is_found_in_the_form() {
        assert_eq!(field_of("items.1", ""), "title");
        assert_eq!(
            field_of("items.1.actions.0", "timescale.text"),
            "timescale.text"
        );
        assert_eq!(field_of("items.1.actions.0", "timescale.dueOn"), "due");
        let change = "items.0.updates.2.changes.1";
        assert_eq!(field_of(change, "rescheduleAction.reason"), "reason");
        assert_eq!(
            field_of(change, "rescheduleAction.timescale"),
            "timescale.text"
        );
        assert_eq!(field_of(change, "rewordAction.text"), "text");
        assert_eq!(
            field_of("items.0.updates.2", "objectiveIds.1"),
            "objectiveIds"
        );
        assert_eq!(field_of("", "occurredOn"), "occurredOn");
        assert_eq!(field_of("", "next.on"), "next.on");
    }
}
