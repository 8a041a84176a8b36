//! Updates: what was said on one day for one or several objectives, put right and taken back.
//!
//! An update may carry changes to actions. They are events of their own, and putting the update right
//! or taking it back leaves them as they are: an action goes back by being reopened, rescheduled or
//! dropped in the open. So that no change is ever told in an update that does not speak for its
//! objective, a correction keeps every objective that a carried change concerns.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::Directed;
use crate::ids::{ActionId, ObjectiveId, UpdateId};
use crate::refusal::Item;
use crate::text::Text;
use crate::words::{Blank, REASON};

use super::command::{ActionPlanCommand, Change};
use super::decide::{Said, not_before};
use super::error::ActionPlanError;
use super::event::{
    ActionPlanEvent, UpdateCorrected, UpdateRecorded, UpdateTerms, UpdateWithdrawn,
};
use super::naming::{Kind, Part, Thing};
use super::state::{ActionPlan, Objective};

const TEXT: Blank = Blank::text("text", "what the update says");

/// An update, as far as decisions need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Update {
    pub(super) terms: UpdateTerms,
    said_on: NaiveDate,
    changed_on: NaiveDate,
    withdrawn_on: Option<NaiveDate>,
    /// The objectives that the changes it carried concern.
    carried: BTreeSet<ObjectiveId>,
}

impl ActionPlan {
    /// The update first, then each change against the plan as the ones before it leave it.
    pub(super) fn record_update(
        &self,
        directed: &Directed<ActionPlanCommand>,
        update_id: UpdateId,
        asked: &UpdateTerms,
        changes: &[Change],
    ) -> Result<Vec<ActionPlanEvent>, ActionPlanError> {
        let on = directed.occurred_on;
        let update = self.say(on, update_id, asked)?;
        let said = Said {
            on,
            update: Some(&update),
        };
        let mut events = vec![update.clone().into()];
        let mut ahead = self.clone();
        ahead.take(directed.dated(update.clone().into()));
        for (index, change) in changes.iter().enumerate() {
            let made = ahead
                .change(said, change)
                .map_err(|refusal| in_change(index, changes.len(), refusal))?;
            for event in &made {
                ahead.take(directed.dated(event.clone()));
            }
            events.extend(made);
        }
        Ok(events)
    }

    /// An update's words. They may speak of a dropped objective: people do.
    fn say(
        &self,
        on: NaiveDate,
        update_id: UpdateId,
        asked: &UpdateTerms,
    ) -> Result<UpdateRecorded, ActionPlanError> {
        if self.updates.contains_key(&update_id) {
            return Err(ActionPlanError::IdTaken(Kind::Update));
        }
        self.spoken_for(&asked.objectives, |objective| {
            let (label, added_on) = (objective.label.clone(), objective.added_on);
            if on < added_on {
                return Err(ActionPlanError::BeforeObjective { label, added_on });
            }
            Ok(())
        })?;
        Ok(UpdateRecorded {
            update_id,
            text: TEXT.accept(&asked.text)?,
            objectives: asked.objectives.clone(),
        })
    }

    pub(super) fn correct_update(
        &self,
        on: NaiveDate,
        update_id: UpdateId,
        asked: &UpdateTerms,
        reason: &Text,
    ) -> Result<UpdateCorrected, ActionPlanError> {
        let update = self.changing_update(on, update_id)?;
        self.spoken_for(&asked.objectives, |objective| {
            let (label, added_on) = (objective.label.clone(), objective.added_on);
            let said_on = update.said_on;
            if said_on < added_on {
                return Err(ActionPlanError::SaidBeforeObjective { label, said_on });
            }
            Ok(())
        })?;
        self.keeps_what_was_carried(update, &asked.objectives)?;
        let to = UpdateTerms {
            text: TEXT.accept(&asked.text)?,
            objectives: asked.objectives.clone(),
        };
        if to == update.terms {
            return Err(ActionPlanError::Unchanged(Part::UpdateTerms));
        }
        Ok(UpdateCorrected {
            update_id,
            from: update.terms.clone(),
            to,
            reason: REASON.accept(reason)?,
        })
    }

    pub(super) fn withdraw_update(
        &self,
        on: NaiveDate,
        update_id: UpdateId,
        reason: &Text,
    ) -> Result<UpdateWithdrawn, ActionPlanError> {
        self.changing_update(on, update_id)?;
        let reason = REASON.accept(reason)?;
        Ok(UpdateWithdrawn { update_id, reason })
    }

    /// An update that stands and has not changed since `on`.
    fn changing_update(&self, on: NaiveDate, id: UpdateId) -> Result<&Update, ActionPlanError> {
        let update = self.updates.get(&id);
        let update = update.ok_or(ActionPlanError::UnknownUpdate)?;
        if let Some(on) = update.withdrawn_on {
            return Err(ActionPlanError::UpdateWithdrawn { on });
        }
        not_before(on, update.changed_on, || Thing::Update)?;
        Ok(update)
    }

    /// At least one objective, each known, each once, and each there in time.
    fn spoken_for(
        &self,
        ids: &[ObjectiveId],
        in_time: impl Fn(&Objective) -> Result<(), ActionPlanError>,
    ) -> Result<(), ActionPlanError> {
        if ids.is_empty() {
            return Err(ActionPlanError::NoObjectives);
        }
        for (at, id) in ids.iter().enumerate() {
            let objective = self.known_objective(*id);
            let spoken_for = objective.and_then(|objective| {
                if ids[..at].contains(id) {
                    let label = objective.label.clone();
                    return Err(ActionPlanError::ObjectiveTwice { label });
                }
                in_time(objective)
            });
            spoken_for.map_err(|refusal| ActionPlanError::InList {
                item: Item::of("objectiveIds", at),
                refusal: Box::new(refusal),
            })?;
        }
        Ok(())
    }

    fn keeps_what_was_carried(
        &self,
        update: &Update,
        ids: &[ObjectiveId],
    ) -> Result<(), ActionPlanError> {
        let left_out = update.carried.iter().find(|id| !ids.contains(id));
        let Some(left_out) = left_out else {
            return Ok(());
        };
        let label = self.known_objective(*left_out)?.label.clone();
        Err(ActionPlanError::CarriedChange { label })
    }

    pub(super) fn update_recorded(&mut self, event: UpdateRecorded, on: NaiveDate) {
        let update = Update {
            terms: UpdateTerms {
                text: event.text,
                objectives: event.objectives,
            },
            said_on: on,
            changed_on: on,
            withdrawn_on: None,
            carried: BTreeSet::new(),
        };
        self.updates.insert(event.update_id, update);
    }

    pub(super) fn update_corrected(&mut self, event: UpdateCorrected, on: NaiveDate) {
        if let Some(update) = self.updates.get_mut(&event.update_id) {
            update.terms = event.to;
            update.changed_on = on;
        }
    }

    pub(super) fn update_withdrawn(&mut self, event: &UpdateWithdrawn, on: NaiveDate) {
        if let Some(update) = self.updates.get_mut(&event.update_id) {
            update.changed_on = on;
            update.withdrawn_on = Some(on);
        }
    }

    /// Notes which objective a change concerns in the update that carries it, if one does.
    pub(super) fn carry(&mut self, event: &ActionPlanEvent) {
        let Some((update, objective)) = self.carried_by(event) else {
            return;
        };
        if let Some(update) = self.updates.get_mut(&update) {
            update.carried.insert(objective);
        }
    }

    /// The update a change was said in, and the objective it concerns.
    fn carried_by(&self, event: &ActionPlanEvent) -> Option<(UpdateId, ObjectiveId)> {
        use ActionPlanEvent as E;
        let of_action = |update: Option<UpdateId>, id: ActionId| {
            let action = self.actions.get(&id)?;
            Some((update?, action.objective))
        };
        match event {
            E::NoActionNoted(e) => Some((e.update_id?, e.objective_id)),
            E::ObjectiveDropped(e) => Some((e.update_id?, e.objective_id)),
            E::ObjectiveReinstated(e) => Some((e.update_id?, e.objective_id)),
            E::ActionSet(e) => Some((e.update_id?, e.objective_id)),
            E::ActionProgressed(e) => of_action(e.update_id, e.action_id),
            E::ActionRescheduled(e) => of_action(e.update_id, e.action_id),
            E::ActionReassigned(e) => of_action(e.update_id, e.action_id),
            E::ActionReworded(e) => of_action(e.update_id, e.action_id),
            E::ActionCompleted(e) => of_action(e.update_id, e.action_id),
            E::ActionDropped(e) => of_action(e.update_id, e.action_id),
            E::ActionReopened(e) => of_action(e.update_id, e.action_id),
            E::ActionMerged(e) => of_action(e.update_id, e.action_id),
            E::Set(_)
            | E::Retitled(_)
            | E::ObjectiveAdded(_)
            | E::ObjectiveReworded(_)
            | E::ObjectiveRenumbered(_)
            | E::ObjectiveLinked(_)
            | E::UpdateRecorded(_)
            | E::UpdateCorrected(_)
            | E::UpdateWithdrawn(_)
            | E::VisibilityChanged(_)
            | E::TextRedacted(_) => None,
        }
    }
}

/// Says which change was refused.
fn in_change(index: usize, of: usize, refusal: ActionPlanError) -> ActionPlanError {
    ActionPlanError::InChange {
        number: index + 1,
        of,
        refusal: Box::new(refusal),
    }
}
