//! What may be asked of an objective.

use chrono::NaiveDate;

use crate::facts::CommitmentFact;
use crate::ids::ObjectiveId;
use crate::text::Text;
use crate::timescale::Timescale;
use crate::words::{Blank, REASON};

use super::change::written;
use super::decide::{Said, not_before};
use super::error::ActionPlanError;
use super::event::{
    ActionDropped, ActionPlanEvent, NoActionNoted, ObjectiveAdded, ObjectiveDropped,
    ObjectiveLinked, ObjectiveReinstated, ObjectiveRenumbered, ObjectiveReworded, ObjectiveWords,
};
use super::naming::{Kind, ObjectiveDeed, Part, Thing, beginning};
use super::state::{ActionPlan, Objective};

const LABEL: Blank = Blank::label("ref", "a ref");
const TITLE: Blank = Blank::title("title", "what is to be reached");
const INDICATOR: Blank = Blank::text("indicator", "the indicator");
const NOTE: Blank = Blank::text("note", "why there is no action at present");

impl ActionPlan {
    /// The objective, as yet without the commitment it serves.
    pub(super) fn add_objective(
        &self,
        on: NaiveDate,
        id: ObjectiveId,
        label: &str,
        words: &ObjectiveWords,
    ) -> Result<ObjectiveAdded, ActionPlanError> {
        if self.objectives.contains_key(&id) {
            return Err(ActionPlanError::IdTaken(Kind::Objective));
        }
        let label = LABEL.require(label)?;
        self.ref_free(on, &label)?;
        Ok(ObjectiveAdded {
            objective_id: id,
            label,
            title: TITLE.require(&words.title)?,
            indicator: INDICATOR.accept_any(words.indicator.as_ref())?,
            commitment: None,
        })
    }

    pub(super) fn reword_objective(
        &self,
        said: Said<'_>,
        id: ObjectiveId,
        words: &ObjectiveWords,
        reason: &Text,
    ) -> Result<ObjectiveReworded, ActionPlanError> {
        let objective = self.live_objective(said, id, ObjectiveDeed::Reword)?;
        objective.not_before(said.on)?;
        let to = ObjectiveWords {
            title: TITLE.require(&words.title)?,
            indicator: INDICATOR.accept_any(words.indicator.as_ref())?,
        };
        if to == objective.words {
            return Err(ActionPlanError::Unchanged(Part::ObjectiveWords));
        }
        Ok(ObjectiveReworded {
            objective_id: id,
            from: objective.words.clone(),
            to,
            reason: REASON.accept(reason)?,
        })
    }

    pub(super) fn renumber_objective(
        &self,
        said: Said<'_>,
        id: ObjectiveId,
        label: &str,
        reason: &Text,
    ) -> Result<ObjectiveRenumbered, ActionPlanError> {
        let objective = self.live_objective(said, id, ObjectiveDeed::Renumber)?;
        objective.not_before(said.on)?;
        let to = LABEL.require(label)?;
        if to == objective.label {
            return Err(ActionPlanError::Unchanged(Part::Ref));
        }
        self.ref_free(said.on, &to)?;
        Ok(ObjectiveRenumbered {
            objective_id: id,
            from: objective.label.clone(),
            to,
            reason: REASON.accept(reason)?,
        })
    }

    /// The same commitment under another title is the same commitment.
    pub(super) fn link_objective(
        &self,
        said: Said<'_>,
        id: ObjectiveId,
        to: Option<CommitmentFact>,
        reason: &Text,
    ) -> Result<ObjectiveLinked, ActionPlanError> {
        let objective = self.live_objective(said, id, ObjectiveDeed::Link)?;
        objective.not_before(said.on)?;
        let from = objective.commitment.clone();
        if to.as_ref().map(|fact| fact.id) == from.as_ref().map(|fact| fact.id) {
            return Err(ActionPlanError::Unchanged(Part::Commitment));
        }
        Ok(ObjectiveLinked {
            objective_id: id,
            from,
            to,
            reason: REASON.accept(reason)?,
        })
    }

    pub(super) fn note_no_action(
        &self,
        said: Said<'_>,
        id: ObjectiveId,
        note: &Text,
        timescale: Option<&Timescale>,
    ) -> Result<NoActionNoted, ActionPlanError> {
        let objective = self.live_objective(said, id, ObjectiveDeed::NoteNoAction)?;
        if let Some((_, open)) = self.actions_of(id).find(|(_, action)| action.is_open()) {
            return Err(ActionPlanError::ActionStillOpen {
                label: objective.label.clone(),
                action: open.text.clone(),
            });
        }
        self.settled(said.on, id, objective)?;
        let note = NOTE.accept(note)?;
        let timescale = timescale.map(written).transpose()?;
        let noted = objective.no_action.as_ref();
        if noted.is_some_and(|noted| noted.note == note && noted.timescale == timescale) {
            return Err(ActionPlanError::Unchanged(Part::NoAction));
        }
        Ok(NoActionNoted {
            objective_id: id,
            note,
            timescale,
            update_id: said.update_id(),
        })
    }

    /// Its open actions are dropped just before it, so that no action is ever open under a dropped
    /// objective, at whatever position the plan is looked at.
    pub(super) fn drop_objective(
        &self,
        said: Said<'_>,
        id: ObjectiveId,
        reason: &Text,
    ) -> Result<Vec<ActionPlanEvent>, ActionPlanError> {
        let objective = self.live_objective(said, id, ObjectiveDeed::Drop)?;
        self.settled(said.on, id, objective)?;
        let reason = REASON.accept(reason)?;
        let update_id = said.update_id();
        let mut events: Vec<ActionPlanEvent> = self
            .actions_of(id)
            .filter(|(_, action)| action.is_open())
            .map(|(action_id, _)| ActionDropped {
                action_id,
                reason: reason.clone(),
                update_id,
            })
            .map(Into::into)
            .collect();
        events.push(
            ObjectiveDropped {
                objective_id: id,
                reason,
                update_id,
            }
            .into(),
        );
        Ok(events)
    }

    pub(super) fn reinstate_objective(
        &self,
        said: Said<'_>,
        id: ObjectiveId,
        reason: &Text,
    ) -> Result<ObjectiveReinstated, ActionPlanError> {
        let objective = self.known_objective(id)?;
        self.within(said, id, None)?;
        if !objective.dropped {
            return Err(ActionPlanError::ObjectiveLive {
                label: objective.label.clone(),
            });
        }
        objective.not_before(said.on)?;
        self.ref_free(said.on, &objective.label)?;
        Ok(ObjectiveReinstated {
            objective_id: id,
            reason: REASON.accept(reason)?,
            update_id: said.update_id(),
        })
    }

    pub(super) fn known_objective(&self, id: ObjectiveId) -> Result<&Objective, ActionPlanError> {
        self.objectives
            .get(&id)
            .ok_or(ActionPlanError::UnknownObjective)
    }

    /// An objective that is spoken for and has not been dropped.
    pub(super) fn live_objective(
        &self,
        said: Said<'_>,
        id: ObjectiveId,
        deed: ObjectiveDeed,
    ) -> Result<&Objective, ActionPlanError> {
        let objective = self.known_objective(id)?;
        self.within(said, id, None)?;
        if objective.dropped {
            return Err(ActionPlanError::ObjectiveDropped {
                label: objective.label.clone(),
                deed,
            });
        }
        Ok(objective)
    }

    /// Neither the objective nor any of its actions changed after `on`.
    fn settled(
        &self,
        on: NaiveDate,
        id: ObjectiveId,
        objective: &Objective,
    ) -> Result<(), ActionPlanError> {
        objective.not_before(on)?;
        match self
            .actions_of(id)
            .map(|(_, action)| action.changed_on)
            .max()
        {
            None => Ok(()),
            Some(changed_on) => {
                not_before(on, changed_on, || Thing::ActionOf(objective.label.clone()))
            }
        }
    }

    /// No live objective bears the ref, and none did after `on`.
    fn ref_free(&self, on: NaiveDate, label: &str) -> Result<(), ActionPlanError> {
        let bearer = self
            .objectives
            .values()
            .find(|objective| !objective.dropped && objective.label == label);
        if let Some(bearer) = bearer {
            return Err(ActionPlanError::RefTaken {
                label: label.to_owned(),
                title: beginning(&bearer.words.title),
            });
        }
        match self.freed_refs.get(label) {
            Some(&until) if on < until => Err(ActionPlanError::RefHeld {
                label: label.to_owned(),
                until,
            }),
            _ => Ok(()),
        }
    }
}

impl Objective {
    fn not_before(&self, on: NaiveDate) -> Result<(), ActionPlanError> {
        not_before(on, self.changed_on, || Thing::Objective(self.label.clone()))
    }

    /// An action could be opened under it on that day.
    pub(super) fn standing_by(&self, on: NaiveDate) -> Result<(), ActionPlanError> {
        not_before(on, self.standing_on, || {
            Thing::Objective(self.label.clone())
        })
    }
}
