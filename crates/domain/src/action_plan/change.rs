//! One rule for each change that can be made to an action.

use crate::ids::{ActionId, ObjectiveId, UpdateId};
use crate::text::Text;
use crate::timescale::Timescale;
use crate::words::{Blank, REASON, TextError};

use super::command::Change;
use super::decide::{Said, not_before, only};
use super::error::ActionPlanError;
use super::event::{
    ActionCompleted, ActionDropped, ActionMerged, ActionPlanEvent, ActionProgressed,
    ActionReassigned, ActionReopened, ActionRescheduled, ActionReworded, ActionSet,
};
use super::naming::{ActionDeed, ActionField, Kind, ObjectiveDeed, Part, Thing};
use super::state::{Action, ActionPlan};

const TEXT: Blank = Blank::text("text", "what will be done");
const OWNER: Blank = Blank::title("owner", "the owner");
const TIMESCALE: Blank = Blank::title("timescale", "the timescale");
const TIMESCALE_NOTE: Blank = Blank::text("timescale", "the timescale's note");
const PROGRESS: Blank = Blank::text("note", "what moved on");
const NOTE: Blank = Blank::text("note", "the note");

impl ActionPlan {
    /// The events one change leads to.
    pub(super) fn change(
        &self,
        said: Said<'_>,
        change: &Change,
    ) -> Result<Vec<ActionPlanEvent>, ActionPlanError> {
        use Change as C;
        match change {
            C::SetAction {
                action,
                objective,
                text,
                owner,
                timescale,
            } => {
                let set = ActionSet {
                    owner: OWNER.accept_any(owner.as_ref())?,
                    timescale: timescale.as_ref().map(written).transpose()?,
                    ..self.set_action(said, *action, *objective, text)?
                };
                Ok(vec![set.into()])
            }
            C::NoteNoAction {
                objective,
                note,
                timescale,
            } => only(self.note_no_action(said, *objective, note, timescale.as_ref())),
            C::ProgressAction { action, note } => only(self.progress(said, *action, note.as_ref())),
            C::RescheduleAction {
                action,
                timescale,
                reason,
            } => only(self.reschedule(said, *action, timescale, reason)),
            C::ReassignAction {
                action,
                owner,
                reason,
            } => only(self.reassign(said, *action, owner, reason.as_ref())),
            C::RewordAction {
                action,
                text,
                reason,
            } => only(self.reword_action(said, *action, text, reason)),
            C::CompleteAction { action, note } => only(self.complete(said, *action, note.as_ref())),
            C::DropAction { action, reason } => only(self.drop_action(said, *action, reason)),
            C::ReopenAction { action, reason } => only(self.reopen_action(said, *action, reason)),
            C::MergeAction {
                action,
                into,
                reason,
            } => only(self.merge_action(said, *action, *into, reason)),
            C::DropObjective { objective, reason } => self.drop_objective(said, *objective, reason),
            C::ReinstateObjective { objective, reason } => {
                only(self.reinstate_objective(said, *objective, reason))
            }
        }
    }

    /// The action, as yet without owner or timescale.
    fn set_action(
        &self,
        said: Said<'_>,
        id: ActionId,
        under: ObjectiveId,
        text: &Text,
    ) -> Result<ActionSet, ActionPlanError> {
        if self.actions.contains_key(&id) {
            return Err(ActionPlanError::IdTaken(Kind::Action));
        }
        self.live_objective(said, under, ObjectiveDeed::SetAction)?
            .standing_by(said.on)?;
        Ok(ActionSet {
            action_id: id,
            objective_id: under,
            text: TEXT.accept(text)?,
            owner: None,
            timescale: None,
            update_id: said.update_id(),
        })
    }

    /// Within an update, the update's words can say it all.
    fn progress(
        &self,
        said: Said<'_>,
        id: ActionId,
        note: Option<&Text>,
    ) -> Result<ActionProgressed, ActionPlanError> {
        self.open_action(said, id, ActionDeed::Progress)?;
        let note = match said.update {
            Some(_) => PROGRESS.accept_any(note)?,
            None => Some(PROGRESS.insist(note)?),
        };
        Ok(ActionProgressed {
            action_id: id,
            note,
            update_id: said.update_id(),
        })
    }

    /// A first timescale is a rescheduling too, from none.
    fn reschedule(
        &self,
        said: Said<'_>,
        id: ActionId,
        timescale: &Timescale,
        reason: &Text,
    ) -> Result<ActionRescheduled, ActionPlanError> {
        let action = self.open_action(said, id, ActionDeed::Reschedule)?;
        let to = written(timescale)?;
        let same = |from: &Timescale| from.text == to.text && from.due_on == to.due_on;
        if action.timescale.as_ref().is_some_and(same) {
            return Err(ActionPlanError::Unchanged(Part::Timescale));
        }
        Ok(ActionRescheduled {
            action_id: id,
            from: action.timescale.clone(),
            to,
            reason: REASON.accept(reason)?,
            update_id: said.update_id(),
        })
    }

    fn reassign(
        &self,
        said: Said<'_>,
        id: ActionId,
        owner: &Text,
        reason: Option<&Text>,
    ) -> Result<ActionReassigned, ActionPlanError> {
        let action = self.open_action(said, id, ActionDeed::Reassign)?;
        let to = OWNER.accept(owner)?;
        if action.owner.as_ref() == Some(&to) {
            return Err(ActionPlanError::Unchanged(Part::Owner));
        }
        Ok(ActionReassigned {
            action_id: id,
            from: action.owner.clone(),
            to,
            reason: REASON.accept_any(reason)?,
            update_id: said.update_id(),
        })
    }

    fn reword_action(
        &self,
        said: Said<'_>,
        id: ActionId,
        text: &Text,
        reason: &Text,
    ) -> Result<ActionReworded, ActionPlanError> {
        let action = self.open_action(said, id, ActionDeed::Reword)?;
        let to = TEXT.accept(text)?;
        if to == action.text {
            return Err(ActionPlanError::Unchanged(Part::ActionWords));
        }
        Ok(ActionReworded {
            action_id: id,
            from: action.text.clone(),
            to,
            reason: REASON.accept(reason)?,
            update_id: said.update_id(),
        })
    }

    fn complete(
        &self,
        said: Said<'_>,
        id: ActionId,
        note: Option<&Text>,
    ) -> Result<ActionCompleted, ActionPlanError> {
        self.open_action(said, id, ActionDeed::Complete)?;
        Ok(ActionCompleted {
            action_id: id,
            note: NOTE.accept_any(note)?,
            update_id: said.update_id(),
        })
    }

    fn drop_action(
        &self,
        said: Said<'_>,
        id: ActionId,
        reason: &Text,
    ) -> Result<ActionDropped, ActionPlanError> {
        self.open_action(said, id, ActionDeed::Drop)?;
        Ok(ActionDropped {
            action_id: id,
            reason: REASON.accept(reason)?,
            update_id: said.update_id(),
        })
    }

    fn reopen_action(
        &self,
        said: Said<'_>,
        id: ActionId,
        reason: &Text,
    ) -> Result<ActionReopened, ActionPlanError> {
        let action = self.known_action(id, ActionField::Action)?;
        self.within(said, action.objective, Some(action))?;
        if action.is_open() {
            return Err(ActionPlanError::ActionOpen);
        }
        let objective = self.known_objective(action.objective)?;
        if objective.dropped {
            return Err(ActionPlanError::ReopenedUnderDropped {
                label: objective.label.clone(),
            });
        }
        not_before(said.on, action.changed_on, || Thing::Action)?;
        objective.standing_by(said.on)?;
        Ok(ActionReopened {
            action_id: id,
            reason: REASON.accept(reason)?,
            update_id: said.update_id(),
        })
    }

    /// The update speaks for the action that ends; the one that carries on may be anywhere in the
    /// plan.
    fn merge_action(
        &self,
        said: Said<'_>,
        id: ActionId,
        into: ActionId,
        reason: &Text,
    ) -> Result<ActionMerged, ActionPlanError> {
        self.open_action(said, id, ActionDeed::Merge)?;
        if into == id {
            return Err(ActionPlanError::MergedIntoItself);
        }
        let host = self.known_action(into, ActionField::Into)?;
        if let Some(ended) = host.ended {
            return Err(ActionPlanError::MergedIntoEnded { ended });
        }
        not_before(said.on, host.changed_on, || Thing::Into)?;
        Ok(ActionMerged {
            action_id: id,
            into,
            reason: REASON.accept(reason)?,
            update_id: said.update_id(),
        })
    }

    fn known_action(&self, id: ActionId, field: ActionField) -> Result<&Action, ActionPlanError> {
        self.actions
            .get(&id)
            .ok_or(ActionPlanError::UnknownAction(field))
    }

    /// An action that is spoken for, has not ended, and did not change after the day.
    fn open_action(
        &self,
        said: Said<'_>,
        id: ActionId,
        deed: ActionDeed,
    ) -> Result<&Action, ActionPlanError> {
        let action = self.known_action(id, ActionField::Action)?;
        self.within(said, action.objective, Some(action))?;
        if let Some(ended) = action.ended {
            return Err(ActionPlanError::ActionEnded { ended, deed });
        }
        not_before(said.on, action.changed_on, || Thing::Action)?;
        Ok(action)
    }

    /// A change made in an update concerns an objective the update speaks for.
    pub(super) fn within(
        &self,
        said: Said<'_>,
        objective: ObjectiveId,
        action: Option<&Action>,
    ) -> Result<(), ActionPlanError> {
        let Some(update) = said.update else {
            return Ok(());
        };
        if update.objectives.contains(&objective) {
            return Ok(());
        }
        let label = |id| self.objectives.get(id).map(|known| known.label.clone());
        Err(ActionPlanError::NotSpokenFor {
            spoken: update.objectives.iter().filter_map(label).collect(),
            objective: label(&objective).unwrap_or_default(),
            action: action.map(|action| action.text.clone()),
        })
    }
}

impl Said<'_> {
    /// The update it was said in, if it was.
    pub(super) fn update_id(self) -> Option<UpdateId> {
        self.update.map(|update| update.update_id)
    }
}

impl Action {
    pub(super) const fn is_open(&self) -> bool {
        self.ended.is_none()
    }
}

/// The timescale as it is kept: trimmed, and with words.
pub(super) fn written(timescale: &Timescale) -> Result<Timescale, TextError> {
    Ok(Timescale {
        text: TIMESCALE.require(&timescale.text)?,
        due_on: timescale.due_on,
        note: TIMESCALE_NOTE.accept_any(timescale.note.as_ref())?,
    })
}
