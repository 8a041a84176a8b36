//! Meetings: who came, what was minuted, what it led to, and what was noted since.
//!
//! An update of a plan that was given at a meeting is recorded in its plan, in one submission with the meeting; the meeting's item of
//! the plan's title names it. An
//! action that the minutes give themselves is recorded with them, in a plan of the group that holds nothing else.

use domain::action_plan::{Change, ObjectiveWords};
use domain::ids::{ActionId, ActionPlanId, GroupId, MeetingId, ObjectiveId, UpdateId};
use domain::meeting::{
    ArrangementInput, AttendanceInput, Attending, ItemWordsInput, MinutedItemInput, RaisedInput,
    SaidInput,
};
use domain::{ActionPlanCommand, Command, MeetingCommand, MeetingRef};

use super::compact::Compact;
use super::{Scribe, When};
use crate::reference::dates;
use crate::reference::error::ReferenceError;
use crate::reference::file::compact::PlanRow;
use crate::reference::file::meeting::{Item, ItemAction, Meeting, NextMeeting};
use crate::reference::path::Path;

/// A meeting being written down.
struct Draft<'a> {
    compact: &'a Compact<'a>,
    row: &'a Meeting,
    group: GroupId,
    path: Path,
    /// The plan of the actions that its minutes give themselves.
    plan: Path,
    when: When,
    /// The commands that go with the minutes.
    led: Vec<Command>,
}

impl Compact<'_> {
    pub(super) fn write_meetings(&self, scribe: &mut Scribe) -> Result<(), ReferenceError> {
        let mut groups_with_a_plan = Vec::new();
        for row in &self.data.meeting {
            let place = self.place(format!("meeting {} of {}", row.on.0, row.group));
            let group = self
                .group(&row.group)
                .map_err(|fault| place.wrong("group", fault))?;
            let path = self.meeting_path(&row.group, row.on.0);
            let mut draft = Draft {
                compact: self,
                row,
                group,
                plan: self
                    .path
                    .of("action-plan", format_args!("{}/meetings", row.group)),
                when: When {
                    on: row.on.0,
                    meeting: Some(MeetingRef {
                        id: path.id(),
                        group,
                        held_on: row.on.0,
                    }),
                },
                path,
                led: Vec::new(),
            };
            let first = !groups_with_a_plan.contains(&group);
            if draft.write(scribe, first) {
                groups_with_a_plan.push(group);
            }
        }
        Ok(())
    }
}

impl Draft<'_> {
    /// Writes the meeting down; whether it set the plan of its group's meetings.
    fn write(&mut self, scribe: &mut Scribe, first: bool) -> bool {
        let raises = self.raises_actions();
        if raises && first {
            self.set_plan();
        }
        let items = self.items();
        let record = self.command(MeetingCommand::RecordMeeting {
            group: self.group,
            time: None,
            venue: self.row.venue.clone(),
            attendance: self.attendance(),
            items,
        });
        let mut commands = vec![record];
        commands.append(&mut scribe.take_said_at(self.path.id()));
        commands.append(&mut self.led);
        scribe.write(&self.path, "record", self.when, commands);
        let release = self.command(MeetingCommand::ReleaseMeeting {
            to: dates::RELEASED_TO,
            reason: None,
        });
        scribe.write(&self.path, "release", self.when.on, vec![release]);
        if raises && first {
            let release = self.of_plan(ActionPlanCommand::ReleaseActionPlan {
                to: dates::RELEASED_TO,
                reason: None,
            });
            scribe.write(&self.plan, "release", self.when.on, vec![release]);
        }
        self.write_notes(scribe);
        for (nth, next) in self.row.next.iter().enumerate() {
            self.write_next(scribe, nth, next);
        }
        raises && first
    }

    fn command(&self, command: MeetingCommand) -> Command {
        let id: MeetingId = self.path.id();
        Command::Meeting { id, command }
    }

    fn of_plan(&self, command: ActionPlanCommand) -> Command {
        let id = ActionPlanId::of_meetings(self.group);
        Command::ActionPlan { id, command }
    }

    fn raises_actions(&self) -> bool {
        let items = self.row.item.iter().any(|item| !item.action.is_empty());
        items || self.row.next.iter().any(|next| next.action.is_some())
    }

    fn set_plan(&mut self) {
        let group = self.compact.data.group.iter();
        let mut named = group.filter(|group| group.code == self.row.group);
        let name = named
            .next()
            .map_or("the group", |group| group.name.as_str());
        let set = self.of_plan(ActionPlanCommand::SetActionPlan {
            group: self.group,
            title: format!("Actions from meetings of the {name}"),
        });
        self.led.push(set);
    }

    /// Everyone the papers name, in their order; none where they name nobody.
    fn attendance(&self) -> Option<Vec<AttendanceInput>> {
        let row = self.row;
        let each = |names: &[String], attending| -> Vec<AttendanceInput> {
            let named = names.iter().map(|name| {
                let organisation = self.compact.register.organisation(name);
                let who = organisation.is_none().then(|| name.clone().into());
                AttendanceInput {
                    organisation,
                    who,
                    attending,
                }
            });
            named.collect()
        };
        let mut all = each(&row.present, Attending::Present);
        all.extend(each(&row.in_attendance, Attending::InAttendance));
        all.extend(each(&row.apologies, Attending::Apologies));
        (!all.is_empty()).then_some(all)
    }

    /// The minutes: the items of the papers, or what they note of the meeting, and at the end the next meeting.
    fn items(&mut self) -> Vec<MinutedItemInput> {
        let row = self.row;
        let mut items = Vec::new();
        for (nth, item) in row.item.iter().enumerate() {
            items.push(self.item(nth, item));
        }
        if let Some(note) = &row.note {
            let words = ItemWordsInput {
                title: "Note of the meeting".to_owned(),
                discussion: Some(note.clone().into()),
                decision: None,
            };
            let plans = self.compact.data.action_plan.iter();
            let mut own = plans.filter(|plan| plan.group == row.group);
            let updates = own.next().map(|plan| self.said_of(plan));
            items.push(MinutedItemInput {
                item: self.path.of("item", "note").id(),
                words,
                actions: Vec::new(),
                updates: updates.unwrap_or_default(),
                commitments: Vec::new(),
                carried_over: false,
            });
        }
        for (nth, next) in row.next.iter().enumerate() {
            let item = Item {
                title: "Next meeting".to_owned(),
                text: next.text.clone(),
                decision: None,
                since_the_meeting: None,
                action: next
                    .action
                    .iter()
                    .map(|action| ItemAction {
                        label: "i".to_owned(),
                        text: action.text.clone(),
                        owner: action.owner.clone(),
                    })
                    .collect(),
            };
            items.push(self.item(row.item.len() + nth, &item));
            self.call_next(nth, next);
        }
        items
    }

    fn item(&mut self, nth: usize, item: &Item) -> MinutedItemInput {
        let number = nth + 1;
        let path = self.path.of("item", number);
        let plans = self.compact.data.action_plan.iter();
        let mut of_the_title = plans.filter(|plan| plan.title == item.title);
        let updates = of_the_title.next().map(|plan| self.said_of(plan));
        MinutedItemInput {
            item: path.id(),
            words: ItemWordsInput {
                title: item.title.clone(),
                discussion: Some(item.text.clone().into()),
                decision: item.decision.clone().map(Into::into),
            },
            actions: self.actions(number, item, &path),
            updates: updates.unwrap_or_default(),
            commitments: Vec::new(),
            carried_over: false,
        }
    }

    /// The updates of a plan that were given at the meeting.
    fn said_of(&self, plan: &PlanRow) -> Vec<SaidInput> {
        let given = plan.update.iter().filter(|it| it.meeting == self.row.on);
        let given = given.enumerate().map(|(nth, update)| {
            let (plan, update) = self.compact.update_paths(plan, update, nth + 1);
            SaidInput {
                plan: plan.id(),
                update: update.id::<UpdateId>(),
            }
        });
        given.collect()
    }

    /// The actions of an item, under an objective that is titled as the item is.
    fn actions(&mut self, number: usize, item: &Item, path: &Path) -> Vec<RaisedInput> {
        if item.action.is_empty() {
            return Vec::new();
        }
        let objective: ObjectiveId = path.of("objective", 1).id();
        let add = self.of_plan(ActionPlanCommand::AddObjective {
            objective,
            label: format!("{}/{number}", self.row.on.0.format("%y%m%d")),
            words: ObjectiveWords {
                title: item.title.clone(),
                indicator: None,
            },
            commitment: None,
        });
        self.led.push(add);
        let mut raised = Vec::new();
        for (nth, action) in item.action.iter().enumerate() {
            let id: ActionId = path.of("action", nth + 1).id();
            let change = Change::SetAction {
                action: id,
                objective,
                text: action.text.clone().into(),
                owner: action.owner.clone().map(Into::into),
                timescale: None,
            };
            let set = self.of_plan(ActionPlanCommand::MakeChange { change });
            self.led.push(set);
            raised.push(RaisedInput {
                label: Some(action.label.clone()),
                plan: ActionPlanId::of_meetings(self.group),
                action: id,
            });
        }
        raised
    }

    /// What was noted since, on the first day that was since: the papers do not say on which it was.
    fn write_notes(&self, scribe: &mut Scribe) {
        for (nth, item) in self.row.item.iter().enumerate() {
            let Some(text) = &item.since_the_meeting else {
                continue;
            };
            let path = self.path.of("item", nth + 1);
            let note = self.command(MeetingCommand::NoteSince {
                item: Some(path.id()),
                text: text.clone().into(),
            });
            let on = dates::since(self.row.on.0);
            scribe.write(&path, "note-since", on, vec![note]);
        }
    }

    fn next_path(&self, nth: usize) -> Path {
        self.path.of("next", nth + 1)
    }

    /// The next meeting, called at this one in the words of the papers.
    fn call_next(&mut self, nth: usize, next: &NextMeeting) {
        let id: MeetingId = self.next_path(nth).id();
        let command = MeetingCommand::CallMeeting {
            group: self.group,
            arrangement: ArrangementInput {
                words: Some(next.text.clone()),
                ..ArrangementInput::default()
            },
        };
        self.led.push(Command::Meeting { id, command });
    }

    /// Released with the minutes that call it, and fixed since the meeting.
    fn write_next(&self, scribe: &mut Scribe, nth: usize, next: &NextMeeting) {
        let path = self.next_path(nth);
        let id: MeetingId = path.id();
        let command = MeetingCommand::ReleaseMeeting {
            to: dates::RELEASED_TO,
            reason: None,
        };
        let release = Command::Meeting { id, command };
        scribe.write(&path, "release", self.when.on, vec![release]);
        let Some(arranged) = &next.since_the_meeting else {
            return;
        };
        let command = MeetingCommand::RearrangeMeeting {
            arrangement: ArrangementInput {
                on: Some(arranged.on.0),
                time: arranged.time.clone(),
                words: Some(next.text.clone()),
                venue: arranged.venue.clone(),
            },
            reason: None,
        };
        let on = dates::since(self.row.on.0);
        scribe.write(&path, "arrange", on, vec![Command::Meeting { id, command }]);
    }
}
