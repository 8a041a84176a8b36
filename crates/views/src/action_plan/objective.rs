//! Objectives: what a plan is to reach.

use domain::ActionPlanEvent;
use domain::Text;
use domain::action_plan::{ObjectiveAdded, ObjectiveWords};
use domain::facts::CommitmentFact;
use domain::ids::{ObjectiveId, UpdateId};
use domain::timescale::Timescale;
use ledger::Entry;
use serde::{Deserialize, Serialize};

use super::{ActionPlanView, ActionView, action};
use crate::tracked::{Stamp, Tracked, Why};

/// One objective with its actions.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveView {
    /// The objective.
    pub id: ObjectiveId,
    /// Its label in the plan.
    #[serde(rename = "ref")]
    pub label: Tracked<String>,
    /// What is to be reached, and how one will know.
    pub words: Tracked<ObjectiveWords>,
    /// The commitment it serves.
    pub commitment: Tracked<Option<CommitmentFact>>,
    /// Whether it is pursued, has no action at present, or was dropped; each with its reason.
    pub state: Tracked<ObjectiveState>,
    /// Its actions in the order set; ended ones stay.
    pub actions: Vec<ActionView>,
    /// The updates that speak for it as they read now, oldest first; withdrawn ones stay.
    pub updates: Vec<UpdateId>,
    /// When it joined the plan.
    pub added: Stamp,
}

/// How an objective is being pursued.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum ObjectiveState {
    /// It is part of the plan.
    Active,
    /// "None at present": there is no action yet.
    NoneAtPresent {
        /// Why there is none.
        note: Text,
        /// A timescale the plan gives all the same ("N/A").
        #[serde(default, skip_serializing_if = "Option::is_none")]
        timescale: Option<Timescale>,
    },
    /// It was given up.
    Dropped {
        /// Why.
        reason: Text,
    },
}

impl ObjectiveView {
    pub(super) fn begin(event: &ObjectiveAdded, entry: &Entry) -> Self {
        Self {
            id: event.objective_id,
            label: Tracked::new(event.label.clone()),
            words: Tracked::new(ObjectiveWords {
                title: event.title.clone(),
                indicator: event.indicator.clone(),
            }),
            commitment: Tracked::new(event.commitment.clone()),
            state: Tracked::new(ObjectiveState::Active),
            actions: Vec::new(),
            updates: Vec::new(),
            added: entry.into(),
        }
    }

    /// An action was set: "none at present" is over.
    fn gain(&mut self, action: ActionView, why: Why<'_>, entry: &Entry) {
        if matches!(self.state.current, ObjectiveState::NoneAtPresent { .. }) {
            self.state.change(ObjectiveState::Active, why, entry);
        }
        self.actions.push(action);
    }
}

/// What changes a plan's objectives.
pub(super) fn apply(plan: &mut ActionPlanView, event: &ActionPlanEvent, entry: &Entry) {
    match event {
        ActionPlanEvent::ObjectiveReworded(e) => on(plan, e.objective_id, |objective| {
            objective
                .words
                .change(e.to.clone(), Why::because(&e.reason), entry);
        }),
        ActionPlanEvent::ObjectiveRenumbered(e) => on(plan, e.objective_id, |objective| {
            objective
                .label
                .change(e.to.clone(), Why::because(&e.reason), entry);
        }),
        ActionPlanEvent::ObjectiveLinked(e) => on(plan, e.objective_id, |objective| {
            objective
                .commitment
                .change(e.to.clone(), Why::because(&e.reason), entry);
        }),
        ActionPlanEvent::NoActionNoted(e) => on(plan, e.objective_id, |objective| {
            let to = ObjectiveState::NoneAtPresent {
                note: e.note.clone(),
                timescale: e.timescale.clone(),
            };
            objective
                .state
                .change(to, Why::said(Some(&e.note), e.update_id), entry);
        }),
        ActionPlanEvent::ObjectiveDropped(e) => on(plan, e.objective_id, |objective| {
            let reason = e.reason.clone();
            let why = Why::said(Some(&e.reason), e.update_id);
            objective
                .state
                .change(ObjectiveState::Dropped { reason }, why, entry);
        }),
        ActionPlanEvent::ObjectiveReinstated(e) => on(plan, e.objective_id, |objective| {
            let why = Why::said(Some(&e.reason), e.update_id);
            objective.state.change(ObjectiveState::Active, why, entry);
        }),
        ActionPlanEvent::ActionSet(e) => on(plan, e.objective_id, |objective| {
            let why = Why::said(None, e.update_id);
            objective.gain(ActionView::begin(e, entry), why, entry);
        }),
        other => action::apply(plan, other, entry),
    }
}

fn on(plan: &mut ActionPlanView, id: ObjectiveId, change: impl FnOnce(&mut ObjectiveView)) {
    if let Some(objective) = plan.objective_mut(id) {
        change(objective);
    }
}
