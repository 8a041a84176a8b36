//! Which rule decides which command; the plan itself, and updates around changes.

use chrono::NaiveDate;

use crate::dated::Directed;
use crate::facts::Facts;
use crate::ids::{GroupId, ObjectiveId};
use crate::refusal::Item;
use crate::words::{Blank, REASON};

use super::command::{ActionPlanCommand, Change};
use super::error::ActionPlanError;
use super::event::{
    ActionPlanEvent, ActionPlanRetitled, ActionPlanSet, ObjectiveAdded, UpdateRecorded,
};
use super::naming::{Kind, Part, Thing};
use super::state::ActionPlan;

const TITLE: Blank = Blank::title("title", "a title");
const TEXT: Blank = Blank::text("text", "what the update says");

/// The day a change is dated, and the update it was said in, if it was.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said<'a> {
    pub on: NaiveDate,
    pub update: Option<&'a UpdateRecorded>,
}

impl ActionPlan {
    /// The events a command leads to, in order.
    pub(super) fn decide(
        &self,
        directed: &Directed<ActionPlanCommand>,
    ) -> Result<Vec<ActionPlanEvent>, ActionPlanError> {
        use ActionPlanCommand as C;
        let facts = &directed.facts;
        let on = directed.occurred_on;
        let alone = Said { on, update: None };
        if !matches!(directed.command, C::SetActionPlan { .. }) {
            self.begun(on)?;
        }
        match &directed.command {
            C::SetActionPlan { group, title } => only(self.set_plan(facts, *group, title)),
            C::RetitleActionPlan { title, reason } => only(self.retitle(on, title, reason)),
            C::AddObjective {
                objective,
                label,
                words,
                commitment,
            } => {
                let added = ObjectiveAdded {
                    commitment: commitment.map(|id| facts.commitment(id)).transpose()?,
                    ..self.add_objective(on, *objective, label, words)?
                };
                Ok(vec![added.into()])
            }
            C::RewordObjective {
                objective,
                words,
                reason,
            } => only(self.reword_objective(alone, *objective, words, reason)),
            C::RenumberObjective {
                objective,
                label,
                reason,
            } => only(self.renumber_objective(alone, *objective, label, reason)),
            C::LinkObjective {
                objective,
                commitment,
                reason,
            } => {
                let to = commitment.map(|id| facts.commitment(id)).transpose()?;
                only(self.link_objective(alone, *objective, to, reason))
            }
            C::RecordUpdate {
                update,
                text,
                objectives,
                changes,
            } => {
                let draft = UpdateRecorded {
                    update_id: *update,
                    text: text.clone(),
                    objectives: objectives.clone(),
                };
                self.record_update(directed, draft, changes)
            }
            C::MakeChange { change } => self.change(alone, change),
        }
    }

    fn set_plan(
        &self,
        facts: &Facts,
        group: GroupId,
        title: &str,
    ) -> Result<ActionPlanSet, ActionPlanError> {
        if self.heading.is_some() {
            return Err(ActionPlanError::AlreadySet);
        }
        Ok(ActionPlanSet {
            group: facts.group(group)?,
            title: TITLE.require(title)?,
        })
    }

    /// The plan was set, and no later than `on`.
    fn begun(&self, on: NaiveDate) -> Result<(), ActionPlanError> {
        match &self.heading {
            None => Err(ActionPlanError::NotSet),
            Some(heading) if on < heading.set_on => Err(ActionPlanError::BeforePlan {
                set_on: heading.set_on,
            }),
            Some(_) => Ok(()),
        }
    }

    fn retitle(
        &self,
        on: NaiveDate,
        title: &str,
        reason: &str,
    ) -> Result<ActionPlanRetitled, ActionPlanError> {
        let heading = self.heading.as_ref().ok_or(ActionPlanError::NotSet)?;
        not_before(on, heading.changed_on, || Thing::Title)?;
        let to = TITLE.require(title)?;
        if to == heading.title {
            return Err(ActionPlanError::Unchanged(Part::Title));
        }
        Ok(ActionPlanRetitled {
            from: heading.title.clone(),
            to,
            reason: REASON.require(reason)?,
        })
    }

    /// The update first, then each change against the plan as the ones before it leave it.
    fn record_update(
        &self,
        directed: &Directed<ActionPlanCommand>,
        draft: UpdateRecorded,
        changes: &[Change],
    ) -> Result<Vec<ActionPlanEvent>, ActionPlanError> {
        let on = directed.occurred_on;
        let update = self.say(on, draft)?;
        let said = Said {
            on,
            update: Some(&update),
        };
        let mut events = vec![update.clone().into()];
        let mut ahead = self.clone();
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
    fn say(&self, on: NaiveDate, draft: UpdateRecorded) -> Result<UpdateRecorded, ActionPlanError> {
        if self.updates.contains(&draft.update_id) {
            return Err(ActionPlanError::IdTaken(Kind::Update));
        }
        self.spoken_for(on, &draft.objectives)?;
        Ok(UpdateRecorded {
            text: TEXT.require(&draft.text)?,
            ..draft
        })
    }

    /// At least one objective, each known, each once, and none before it had joined the plan.
    fn spoken_for(&self, on: NaiveDate, ids: &[ObjectiveId]) -> Result<(), ActionPlanError> {
        if ids.is_empty() {
            return Err(ActionPlanError::NoObjectives);
        }
        for (at, id) in ids.iter().enumerate() {
            let spoken_for = self.can_be_spoken_for(on, *id, &ids[..at]);
            spoken_for.map_err(|refusal| ActionPlanError::InList {
                item: Item::of("objectiveIds", at),
                refusal: Box::new(refusal),
            })?;
        }
        Ok(())
    }

    fn can_be_spoken_for(
        &self,
        on: NaiveDate,
        id: ObjectiveId,
        before: &[ObjectiveId],
    ) -> Result<(), ActionPlanError> {
        let objective = self.known_objective(id)?;
        let label = objective.label.clone();
        if before.contains(&id) {
            return Err(ActionPlanError::ObjectiveTwice { label });
        }
        if on < objective.added_on {
            return Err(ActionPlanError::BeforeObjective {
                label,
                added_on: objective.added_on,
            });
        }
        Ok(())
    }
}

/// The one event a rule leads to.
pub(super) fn only<E: Into<ActionPlanEvent>>(
    decided: Result<E, ActionPlanError>,
) -> Result<Vec<ActionPlanEvent>, ActionPlanError> {
    decided.map(|event| vec![event.into()])
}

/// The history of one thing runs forward.
pub(super) fn not_before(
    on: NaiveDate,
    changed_on: NaiveDate,
    thing: impl FnOnce() -> Thing,
) -> Result<(), ActionPlanError> {
    if on < changed_on {
        return Err(ActionPlanError::BeforeChange {
            thing: thing(),
            changed_on,
        });
    }
    Ok(())
}

/// Says which change was refused.
fn in_change(index: usize, of: usize, refusal: ActionPlanError) -> ActionPlanError {
    ActionPlanError::InChange {
        number: index + 1,
        of,
        refusal: Box::new(refusal),
    }
}
