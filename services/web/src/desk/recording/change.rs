//! The updates under an item as the command takes them, with the changes they carry.

use super::command::Written;
use super::command::record_meeting::{
    ChangeInput, CompleteActionChange, DropActionChange, DropObjectiveChange, NoteNoActionChange,
    ProgressActionChange, ReassignActionChange, RescheduleActionChange, RewordActionChange,
    TimescaleInput, UpdateSaidInput,
};
use super::sheet::is_blank;
use crate::documents::words::ActionChangeKind;

/// What can be said of an objective itself, beside what can be said of its actions.
pub const NO_ACTION: &str = "NO_ACTION";
/// That an objective is given up.
pub const OBJECTIVE_DROPPED: &str = "OBJECTIVE_DROPPED";

impl Written<'_> {
    /// The updates under an item, which stands in the form as `item` and in the command as `at`.
    pub(super) fn updates(&mut self, item: &str, at: &str) -> Vec<UpdateSaidInput> {
        let mut updates: Vec<UpdateSaidInput> = Vec::new();
        for row in self.fields.rows(&format!("{item}.updates")) {
            let row = format!("{item}.updates.{row}");
            if is_blank(self.fields, &row, &[]) {
                continue;
            }
            let place = format!("{at}.updates.{}", updates.len());
            self.places.add(place.clone(), row.clone());
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
                let words = "tick at least one objective that the update is about";
                self.wrong.add(field, words);
                String::new()
            }
            _ => {
                let words = "an update is about objectives of one plan; add another update for the other plan";
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
                .add(format!("{at}.changes.{}", changes.len()), row.clone());
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
}
