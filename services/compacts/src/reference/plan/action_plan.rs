//! An action plan: set with its objectives on one day, then changed by dated updates.

use std::collections::BTreeMap;

use chrono::{Datelike, NaiveDate};
use domain::action_plan::{Change, ObjectiveWords};
use domain::ids::{ActionId, ActionPlanId, ObjectiveId, UpdateId};
use domain::session::Session;
use domain::timescale::Timescale;
use domain::{ActionPlanCommand, Command};

use super::compact::Compact;
use super::{Scribe, When};
use crate::reference::dates;
use crate::reference::error::{Fault, Place, ReferenceError};
use crate::reference::file::compact::{ChangeRow, ObjectiveRow, PlanRow, TimescaleRow, UpdateRow};
use crate::reference::path::Path;

/// A plan being written down, with the actions its objectives have so far.
struct Draft<'a> {
    compact: &'a Compact<'a>,
    row: &'a PlanRow,
    path: Path,
    set: When,
    objectives: BTreeMap<&'a str, Objective>,
}

/// How an objective stands while its plan is written down.
struct Objective {
    path: Path,
    /// How many actions it has had.
    actions: usize,
    /// Those that are open.
    open: Vec<ActionId>,
    dropped: bool,
}

impl Objective {
    fn id(&self) -> ObjectiveId {
        self.path.id()
    }

    /// Gives out the id of its next action.
    fn next_action(&mut self) -> ActionId {
        self.actions += 1;
        let action = self.path.of("action", self.actions).id();
        self.open.push(action);
        action
    }

    /// The action a change means that names only the objective.
    fn open_action(&self, label: &str) -> Result<ActionId, Fault> {
        match self.open[..] {
            [] => Err(Fault::NoOpenAction(label.to_owned())),
            [action] => Ok(action),
            _ => Err(Fault::SeveralOpenActions(label.to_owned())),
        }
    }
}

impl Compact<'_> {
    fn plan_path(&self, row: &PlanRow) -> Path {
        let on = row.first_set.0;
        self.path
            .of("action-plan", format_args!("{}/{on}", row.group))
    }

    /// Where a plan stands, and its update that is the `number`-th of its day.
    pub(super) fn update_paths(
        &self,
        plan: &PlanRow,
        row: &UpdateRow,
        number: usize,
    ) -> (Path, Path) {
        let plan = self.plan_path(plan);
        let update = plan.of("update", format_args!("{}/{number}", row.meeting.0));
        (plan, update)
    }

    pub(super) fn write_action_plan(
        &self,
        scribe: &mut Scribe,
        row: &PlanRow,
    ) -> Result<(), ReferenceError> {
        let on = row.first_set.0;
        let mut draft = Draft {
            compact: self,
            row,
            path: self.plan_path(row),
            set: When {
                on,
                meeting: self.meeting_for(&row.group, on),
            },
            objectives: BTreeMap::new(),
        };
        draft.write_plan(scribe)?;
        for objective in &row.objective {
            draft.write_objective(scribe, objective)?;
        }
        draft.write_release(scribe);
        let mut of_the_day = BTreeMap::new();
        for update in &row.update {
            let number = of_the_day.entry(update.meeting.0).or_insert(0_usize);
            *number += 1;
            draft.write_update(scribe, update, *number)?;
        }
        Ok(())
    }
}

impl<'a> Draft<'a> {
    fn place(&self, entry: &str) -> Place<'a> {
        let plan = format!("action_plan {}{entry}", self.row.group);
        self.compact.place(plan)
    }

    fn command(&self, command: ActionPlanCommand) -> Command {
        let id: ActionPlanId = self.path.id();
        Command::ActionPlan { id, command }
    }

    fn write_plan(&self, scribe: &mut Scribe) -> Result<(), ReferenceError> {
        let place = self.place("");
        let group = self
            .compact
            .group(&self.row.group)
            .map_err(|fault| place.wrong("group", fault))?;
        let plans = self.compact.data.action_plan.iter();
        let same = |other: &&PlanRow| {
            other.group == self.row.group && other.first_set == self.row.first_set
        };
        if plans.filter(same).count() > 1 {
            let fault = Fault::Duplicate(self.row.group.clone());
            return Err(place.wrong("group", fault));
        }
        let launched = dates::launched(self.compact.data);
        not_before(self.set.on, "the compact was launched", launched)
            .map_err(|fault| place.wrong("first_set", fault))?;
        let title = self.row.title.clone();
        let command = self.command(ActionPlanCommand::SetActionPlan { group, title });
        scribe.write(&self.path, "set", self.set, vec![command]);
        Ok(())
    }

    /// The plan as it was set, let out with the paper it stands in.
    fn write_release(&self, scribe: &mut Scribe) {
        let command = self.command(ActionPlanCommand::ReleaseActionPlan {
            to: dates::RELEASED_TO,
            reason: None,
        });
        scribe.write(&self.path, "release", self.set.on, vec![command]);
    }

    /// An objective, with its first action or the note that there is none at present.
    fn write_objective(
        &mut self,
        scribe: &mut Scribe,
        row: &'a ObjectiveRow,
    ) -> Result<(), ReferenceError> {
        let place = self.place(&format!(", objective {}", row.label));
        let mut objective = Objective {
            path: self.path.of("objective", &row.label),
            actions: 0,
            open: Vec::new(),
            dropped: false,
        };
        let add = ActionPlanCommand::AddObjective {
            objective: objective.id(),
            label: row.label.clone(),
            words: ObjectiveWords {
                title: row.title.clone(),
                indicator: row.indicator.clone().map(Into::into),
            },
            commitment: self
                .compact
                .commitment_titled(&row.title, Session::containing(self.set.on)),
        };
        let change = first_action(row, &mut objective, &place)?;
        let begin = ActionPlanCommand::MakeChange { change };
        let commands = vec![self.command(add), self.command(begin)];
        scribe.write(&objective.path, "add", self.set, commands);
        match self.objectives.insert(&row.label, objective) {
            Some(_) => Err(place.wrong("ref", Fault::Duplicate(row.label.clone()))),
            None => Ok(()),
        }
    }

    /// One update: one command, however many objectives it speaks for. What was said at a meeting is recorded with the meeting.
    fn write_update(
        &mut self,
        scribe: &mut Scribe,
        row: &UpdateRow,
        number: usize,
    ) -> Result<(), ReferenceError> {
        let place = self.place(&format!(", update {number} of {}", row.meeting.0));
        let when = self
            .when(row)
            .map_err(|fault| place.wrong("meeting", fault))?;
        let (_, path) = self.compact.update_paths(self.row, row, number);
        let update: UpdateId = path.id();
        let objectives = row.refs.iter().map(|label| self.objective_id(label));
        let objectives: Result<Vec<ObjectiveId>, Fault> = objectives.collect();
        let objectives = objectives.map_err(|fault| place.wrong("refs", fault))?;
        if objectives.is_empty() {
            return Err(place.wrong("refs", Fault::Nothing));
        }
        let changes = self
            .changes(row)
            .map_err(|fault| place.wrong("change", fault))?;
        let command = self.command(ActionPlanCommand::RecordUpdate {
            update,
            text: row.text.clone().into(),
            objectives,
            changes,
        });
        match when.meeting {
            Some(meeting) => scribe.said_at(meeting, command),
            None => scribe.write(&path, "record", when, vec![command]),
        }
        Ok(())
    }

    /// When an update was said: at the meeting it names, which the file must list. An update of
    /// the day the plan itself is first shown may come from a report to a body outside the
    /// compact; it is dated that day, and no meeting of the compact is made up for it.
    fn when(&self, row: &UpdateRow) -> Result<When, Fault> {
        let on = row.meeting.0;
        not_before(on, "the plan was first set", self.set.on)?;
        let meeting = self.compact.meeting_for(&self.row.group, on);
        if meeting.is_none() && on != self.set.on {
            return Err(Fault::UnknownMeeting(on));
        }
        Ok(When { on, meeting })
    }

    fn objective_id(&self, label: &str) -> Result<ObjectiveId, Fault> {
        let objective = self.objectives.get(label);
        objective
            .map(Objective::id)
            .ok_or_else(|| Fault::UnknownObjective(label.to_owned()))
    }

    fn changes(&mut self, row: &UpdateRow) -> Result<Vec<Change>, Fault> {
        let Some(change) = &row.change else {
            return Ok(Vec::new());
        };
        if change.refs().is_empty() {
            return Err(Fault::Nothing);
        }
        let mut changes = Vec::new();
        for label in change.refs() {
            if !row.refs.contains(label) {
                return Err(Fault::OutsideUpdate(label.clone()));
            }
            let objective = self
                .objectives
                .get_mut(label.as_str())
                .ok_or_else(|| Fault::UnknownObjective(label.clone()))?;
            if objective.dropped {
                return Err(Fault::ObjectiveDropped(label.clone()));
            }
            changes.extend(changes_to(objective, label, change, &row.text)?);
        }
        Ok(changes)
    }
}

/// What a change means for one objective it names.
///
/// Dropping gives up the open action; an objective that has none is given up itself, for there is
/// nothing else that could be meant.
fn changes_to(
    objective: &mut Objective,
    label: &str,
    change: &ChangeRow,
    said: &str,
) -> Result<Vec<Change>, Fault> {
    let open = objective.open_action(label);
    Ok(match change {
        ChangeRow::Progressed { .. } => vec![Change::ProgressAction {
            action: open?,
            note: None,
        }],
        ChangeRow::Completed { .. } => {
            let action = open?;
            objective.open.clear();
            vec![Change::CompleteAction { action, note: None }]
        }
        ChangeRow::Rescheduled {
            due, owner, reason, ..
        } => rescheduled(open?, due.0, owner.as_ref(), reason.as_deref(), said),
        ChangeRow::Dropped { reason, .. } => match open {
            Err(Fault::NoOpenAction(_)) => {
                objective.dropped = true;
                vec![Change::DropObjective {
                    objective: objective.id(),
                    reason: reason.clone().into(),
                }]
            }
            open => {
                let action = open?;
                objective.open.clear();
                vec![Change::DropAction {
                    action,
                    reason: reason.clone().into(),
                }]
            }
        },
        ChangeRow::ActionSet {
            action: text,
            owner,
            timescale,
            ..
        } => vec![Change::SetAction {
            action: objective.next_action(),
            objective: objective.id(),
            text: text.clone().into(),
            owner: owner.clone().map(Into::into),
            timescale: timescale.as_ref().map(TimescaleRow::timescale),
        }],
    })
}

/// Another date, and perhaps another owner. Where the file gives no reason apart, the update's own
/// words are the reason.
fn rescheduled(
    action: ActionId,
    due: NaiveDate,
    owner: Option<&String>,
    reason: Option<&str>,
    said: &str,
) -> Vec<Change> {
    let reschedule = Change::RescheduleAction {
        action,
        timescale: Timescale {
            text: in_words(due),
            due_on: Some(due),
            note: None,
        },
        reason: reason.unwrap_or(said).to_owned().into(),
    };
    let reassign = owner.map(|owner| Change::ReassignAction {
        action,
        owner: owner.clone().into(),
        reason: None,
    });
    std::iter::once(reschedule).chain(reassign).collect()
}

/// What an objective begins with: an action, or the note that says why there is none.
fn first_action(
    row: &ObjectiveRow,
    objective: &mut Objective,
    place: &Place,
) -> Result<Change, ReferenceError> {
    let timescale = row.timescale.as_ref().map(TimescaleRow::timescale);
    match (&row.action, &row.note) {
        (Some(_), Some(_)) => Err(place.wrong("note", Fault::NoteBesideAction)),
        (None, None) => Err(place.wrong("action", Fault::NeitherActionNorNote)),
        (Some(text), None) => Ok(Change::SetAction {
            action: objective.next_action(),
            objective: objective.id(),
            text: text.clone().into(),
            owner: row.owner.clone().map(Into::into),
            timescale,
        }),
        (None, Some(_)) if row.owner.is_some() => {
            Err(place.wrong("owner", Fault::OwnerWithoutAction))
        }
        (None, Some(note)) => Ok(Change::NoteNoAction {
            objective: objective.id(),
            note: note.clone().into(),
            timescale,
        }),
    }
}

fn not_before(on: NaiveDate, what: &'static str, from: NaiveDate) -> Result<(), Fault> {
    if on < from {
        Err(Fault::TooEarly { on, what, from })
    } else {
        Ok(())
    }
}

/// A due date as a timescale puts it: the last day of a month is the month, any other the day.
fn in_words(due: NaiveDate) -> String {
    let month_ends = due
        .succ_opt()
        .is_none_or(|next| next.month() != due.month());
    let format = if month_ends { "%B %Y" } else { "%-d %B %Y" };
    due.format(format).to_string()
}
