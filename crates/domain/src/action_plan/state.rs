//! What a plan remembers: just what its decisions need.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Since};
use crate::facts::CommitmentFact;
use crate::ids::{ActionId, GroupId, ObjectiveId, UpdateId};
use crate::text::Text;
use crate::timescale::Timescale;
use crate::visibility::{Visibility, VisibilityChanged};

use super::event::{
    ActionMerged, ActionPlanEvent, ActionPlanSet, ActionSet, NoActionNoted, ObjectiveAdded,
    ObjectiveRenumbered, ObjectiveWords,
};
use super::update::Update;

/// The plan, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ActionPlan {
    /// None until the plan is set.
    pub(super) heading: Option<Heading>,
    pub(super) objectives: BTreeMap<ObjectiveId, Objective>,
    pub(super) actions: BTreeMap<ActionId, Action>,
    /// Every update ever recorded.
    pub(super) updates: BTreeMap<UpdateId, Update>,
    /// The last day on which each ref was given up by the objective that bore it.
    pub(super) freed_refs: BTreeMap<String, NaiveDate>,
}

/// Whose plan it is, its title, how far it is let out, and its days.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Heading {
    pub group: GroupId,
    pub title: String,
    pub set_on: NaiveDate,
    /// When it was set or last retitled.
    pub changed_on: NaiveDate,
    pub release: Since<Visibility>,
}

/// One objective.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Objective {
    pub label: String,
    pub words: ObjectiveWords,
    pub commitment: Option<CommitmentFact>,
    pub added_on: NaiveDate,
    /// The day of its latest event.
    pub changed_on: NaiveDate,
    /// The day it was last added, dropped, reinstated or noted as having no action: before it,
    /// whether an action could be open under it is another question.
    pub standing_on: NaiveDate,
    pub dropped: bool,
    /// "None at present", while that is so.
    pub no_action: Option<NoAction>,
}

/// "None at present".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct NoAction {
    pub note: Text,
    pub timescale: Option<Timescale>,
}

/// One action.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Action {
    pub objective: ObjectiveId,
    pub text: Text,
    pub owner: Option<Text>,
    pub timescale: Option<Timescale>,
    /// The day of its latest event, or of the latest merging into it.
    pub changed_on: NaiveDate,
    /// None while it is open.
    pub ended: Option<Ended>,
}

/// How an action ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// It was done.
    Completed,
    /// It was given up.
    Dropped,
    /// It goes on as part of another.
    Merged,
}

impl ActionPlan {
    /// Whose plan it is; none until it is set.
    pub fn group(&self) -> Option<GroupId> {
        self.heading.as_ref().map(|heading| heading.group)
    }

    /// How far it is let out: a draft until it is released.
    pub fn visibility(&self) -> Visibility {
        let heading = self.heading.as_ref();
        heading.map_or_else(Visibility::default, |heading| heading.release.value)
    }

    /// The actions set under an objective, open and ended.
    pub(super) fn actions_of(
        &self,
        objective: ObjectiveId,
    ) -> impl Iterator<Item = (ActionId, &Action)> {
        self.actions
            .iter()
            .filter(move |(_, action)| action.objective == objective)
            .map(|(id, action)| (*id, action))
    }

    /// Takes one event in. An event about something the plan does not know changes nothing, so
    /// that any history can be folded.
    pub(super) fn take(&mut self, dated: Dated<ActionPlanEvent>) {
        use ActionPlanEvent as E;
        let on = dated.occurred_on;
        self.carry(&dated.event);
        match dated.event {
            E::Set(set) => self.begin(set, on),
            E::Retitled(retitled) => self.entitle(retitled.to, on),
            E::VisibilityChanged(changed) => self.released(&changed, on),
            E::TextRedacted(_) => {}
            E::ObjectiveAdded(added) => self.add(added, on),
            E::ObjectiveReworded(e) => self.objective(e.objective_id, on, |o| o.words = e.to),
            E::ObjectiveRenumbered(renumbered) => self.renumber(renumbered, on),
            E::ObjectiveLinked(e) => self.objective(e.objective_id, on, |o| o.commitment = e.to),
            E::NoActionNoted(noted) => self.note(noted, on),
            E::ObjectiveDropped(e) => self.give_up(e.objective_id, on),
            E::ObjectiveReinstated(e) => self.objective(e.objective_id, on, |o| {
                o.dropped = false;
                o.standing_on = on;
            }),
            E::UpdateRecorded(update) => self.update_recorded(update, on),
            E::UpdateCorrected(update) => self.update_corrected(update, on),
            E::UpdateWithdrawn(update) => self.update_withdrawn(&update, on),
            E::ActionSet(set) => self.set(set, on),
            E::ActionProgressed(e) => self.action(e.action_id, on, |_| {}),
            E::ActionRescheduled(e) => self.action(e.action_id, on, |a| a.timescale = Some(e.to)),
            E::ActionReassigned(e) => self.action(e.action_id, on, |a| a.owner = Some(e.to)),
            E::ActionReworded(e) => self.action(e.action_id, on, |a| a.text = e.to),
            E::ActionCompleted(e) => self.end(e.action_id, on, Ended::Completed),
            E::ActionDropped(e) => self.end(e.action_id, on, Ended::Dropped),
            E::ActionMerged(merged) => self.merge(&merged, on),
            E::ActionReopened(e) => self.reopen(e.action_id, on),
        }
    }

    fn begin(&mut self, set: ActionPlanSet, on: NaiveDate) {
        let value = Visibility::default();
        self.heading = Some(Heading {
            group: set.group.id,
            title: set.title,
            set_on: on,
            changed_on: on,
            release: Since { value, on },
        });
    }

    fn entitle(&mut self, title: String, on: NaiveDate) {
        if let Some(heading) = &mut self.heading {
            heading.title = title;
            heading.changed_on = on;
        }
    }

    fn released(&mut self, event: &VisibilityChanged, on: NaiveDate) {
        if let Some(heading) = &mut self.heading {
            heading.release.change(event.to, on);
        }
    }

    fn add(&mut self, added: ObjectiveAdded, on: NaiveDate) {
        let objective = Objective {
            label: added.label,
            words: ObjectiveWords {
                title: added.title,
                indicator: added.indicator,
            },
            commitment: added.commitment,
            added_on: on,
            changed_on: on,
            standing_on: on,
            dropped: false,
            no_action: None,
        };
        self.objectives.insert(added.objective_id, objective);
    }

    fn renumber(&mut self, renumbered: ObjectiveRenumbered, on: NaiveDate) {
        self.freed_refs.insert(renumbered.from, on);
        self.objective(renumbered.objective_id, on, |objective| {
            objective.label = renumbered.to;
        });
    }

    fn note(&mut self, noted: NoActionNoted, on: NaiveDate) {
        self.objective(noted.objective_id, on, |objective| {
            objective.standing_on = on;
            objective.no_action = Some(NoAction {
                note: noted.note,
                timescale: noted.timescale,
            });
        });
    }

    fn give_up(&mut self, id: ObjectiveId, on: NaiveDate) {
        if let Some(objective) = self.objectives.get(&id) {
            self.freed_refs.insert(objective.label.clone(), on);
        }
        self.objective(id, on, |objective| {
            objective.dropped = true;
            objective.standing_on = on;
        });
    }

    fn set(&mut self, set: ActionSet, on: NaiveDate) {
        self.has_action(set.objective_id);
        let action = Action {
            objective: set.objective_id,
            text: set.text,
            owner: set.owner,
            timescale: set.timescale,
            changed_on: on,
            ended: None,
        };
        self.actions.insert(set.action_id, action);
    }

    fn end(&mut self, id: ActionId, on: NaiveDate, ended: Ended) {
        self.action(id, on, |action| action.ended = Some(ended));
    }

    fn merge(&mut self, merged: &ActionMerged, on: NaiveDate) {
        self.end(merged.action_id, on, Ended::Merged);
        self.action(merged.into, on, |_| {});
    }

    fn reopen(&mut self, id: ActionId, on: NaiveDate) {
        self.action(id, on, |action| action.ended = None);
        if let Some(action) = self.actions.get(&id) {
            self.has_action(action.objective);
        }
    }

    /// "None at present" is over.
    fn has_action(&mut self, id: ObjectiveId) {
        if let Some(objective) = self.objectives.get_mut(&id) {
            objective.no_action = None;
        }
    }

    fn objective(&mut self, id: ObjectiveId, on: NaiveDate, change: impl FnOnce(&mut Objective)) {
        if let Some(objective) = self.objectives.get_mut(&id) {
            objective.changed_on = on;
            change(objective);
        }
    }

    fn action(&mut self, id: ActionId, on: NaiveDate, change: impl FnOnce(&mut Action)) {
        if let Some(action) = self.actions.get_mut(&id) {
            action.changed_on = on;
            change(action);
        }
    }
}
