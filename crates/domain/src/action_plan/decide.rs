//! Which rule decides which command, and the plan itself.

use chrono::NaiveDate;

use crate::dated::Directed;
use crate::facts::Facts;
use crate::ids::GroupId;
use crate::redaction::TextRedacted;
use crate::text::Text;
use crate::visibility::{Visibility, VisibilityChanged};
use crate::words::{Blank, REASON};

use super::command::ActionPlanCommand;
use super::error::ActionPlanError;
use super::event::{
    ActionPlanEvent, ActionPlanRetitled, ActionPlanSet, ObjectiveAdded, UpdateRecorded, UpdateTerms,
};
use super::naming::{Part, Thing};
use super::state::ActionPlan;

const TITLE: Blank = Blank::title("title", "a title");

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
            C::RecordUpdate { .. } | C::CorrectUpdate { .. } | C::WithdrawUpdate { .. } => {
                self.decide_update(directed)
            }
            C::MakeChange { change } => self.change(alone, change),
            C::ReleaseActionPlan { to, reason } => only(self.release(on, *to, reason.as_ref())),
            C::RedactText { text, reason } => only(Ok(TextRedacted::of(*text, reason)?)),
        }
    }

    /// What is said of the plan, and what becomes of what was said.
    fn decide_update(
        &self,
        directed: &Directed<ActionPlanCommand>,
    ) -> Result<Vec<ActionPlanEvent>, ActionPlanError> {
        use ActionPlanCommand as C;
        let on = directed.occurred_on;
        match &directed.command {
            C::RecordUpdate {
                update,
                text,
                objectives,
                changes,
            } => {
                let asked = UpdateTerms {
                    text: text.clone(),
                    objectives: objectives.clone(),
                };
                self.record_update(directed, *update, &asked, changes)
            }
            C::CorrectUpdate {
                update,
                terms,
                reason,
            } => only(self.correct_update(on, *update, terms, reason)),
            C::WithdrawUpdate { update, reason } => only(self.withdraw_update(on, *update, reason)),
            _ => Ok(Vec::new()),
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
        reason: &Text,
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
            reason: REASON.accept(reason)?,
        })
    }

    fn release(
        &self,
        on: NaiveDate,
        to: Visibility,
        reason: Option<&Text>,
    ) -> Result<VisibilityChanged, ActionPlanError> {
        let heading = self.heading.as_ref().ok_or(ActionPlanError::NotSet)?;
        Ok(heading.release.release(on, to, reason)?)
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
