//! A plan as it stands on one day, without how it came to: what two points of its history are compared by.

use domain::Text;
use domain::Visibility;
use domain::action_plan::{ObjectiveWords, UpdateTerms};
use domain::facts::CommitmentFact;
use domain::ids::{ActionId, ObjectiveId, UpdateId};
use domain::timescale::Timescale;

use super::{ActionPlanView, ActionState, ActionView, Happened, ObjectiveState, ObjectiveView};

/// A plan as it stands; as nothing before it was set.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanStanding {
    /// Its title; none before it was set.
    pub title: Option<String>,
    /// How far it is let out.
    pub visibility: Visibility,
    /// Its objectives in the order added.
    pub objectives: Vec<ObjectiveStanding>,
    /// The updates that stand, in the order recorded: withdrawn ones do not.
    pub updates: Vec<UpdateStanding>,
}

/// An objective as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ObjectiveStanding {
    /// The objective.
    pub id: ObjectiveId,
    /// Its ref.
    pub label: String,
    /// Its words.
    pub words: ObjectiveWords,
    /// The commitment it serves.
    pub commitment: Option<CommitmentFact>,
    /// How it is pursued.
    pub state: ObjectiveState,
    /// Its actions in the order set.
    pub actions: Vec<ActionStanding>,
}

/// An action as it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct ActionStanding {
    /// The action.
    pub id: ActionId,
    /// What will be done.
    pub text: Text,
    /// Who will do it.
    pub owner: Option<Text>,
    /// When.
    pub timescale: Option<Timescale>,
    /// Whether it is open, and how it ended.
    pub status: ActionStatus,
    /// How often it was said to have moved on.
    pub progressed: usize,
}

/// Whether an action is open, and if it goes on as part of another, of which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ActionStatus {
    /// The state.
    pub state: ActionState,
    /// The action it was merged into.
    pub into: Option<ActionId>,
}

/// An update as it reads.
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateStanding {
    /// The update.
    pub id: UpdateId,
    /// What it says, and for which objectives.
    pub terms: UpdateTerms,
}

impl PlanStanding {
    /// An objective by its id.
    pub fn objective(&self, id: ObjectiveId) -> Option<&ObjectiveStanding> {
        self.objectives.iter().find(|objective| objective.id == id)
    }

    pub(super) fn objective_mut(&mut self, id: ObjectiveId) -> Option<&mut ObjectiveStanding> {
        let mut all = self.objectives.iter_mut();
        all.find(|objective| objective.id == id)
    }

    /// An action by its id.
    pub fn action(&self, id: ActionId) -> Option<&ActionStanding> {
        let mut all = self.objectives.iter().flat_map(|it| &it.actions);
        all.find(|action| action.id == id)
    }

    pub(super) fn action_mut(&mut self, id: ActionId) -> Option<&mut ActionStanding> {
        let mut all = self.objectives.iter_mut().flat_map(|it| &mut it.actions);
        all.find(|action| action.id == id)
    }

    /// An update by its id.
    pub fn update(&self, id: UpdateId) -> Option<&UpdateStanding> {
        self.updates.iter().find(|update| update.id == id)
    }
}

impl From<&ActionPlanView> for PlanStanding {
    fn from(plan: &ActionPlanView) -> Self {
        let standing = plan
            .updates
            .iter()
            .filter(|update| update.withdrawn.is_none());
        let updates = standing.map(|update| UpdateStanding {
            id: update.id,
            terms: UpdateTerms {
                text: update.text.clone(),
                objectives: update.objectives.clone(),
            },
        });
        Self {
            title: Some(plan.title.current.clone()),
            visibility: plan.visibility.current,
            objectives: plan.objectives.iter().map(Into::into).collect(),
            updates: updates.collect(),
        }
    }
}

impl From<&ObjectiveView> for ObjectiveStanding {
    fn from(objective: &ObjectiveView) -> Self {
        Self {
            id: objective.id,
            label: objective.label.current.clone(),
            words: objective.words.current.clone(),
            commitment: objective.commitment.current.clone(),
            state: objective.state.current.clone(),
            actions: objective.actions.iter().map(Into::into).collect(),
        }
    }
}

impl From<&ActionView> for ActionStanding {
    fn from(action: &ActionView) -> Self {
        let progressed = action.changes.iter();
        let progressed = progressed.filter(|change| change.happened == Happened::Progressed);
        Self {
            id: action.id,
            text: action.text.clone(),
            owner: action.owner.clone(),
            timescale: action.timescale.clone(),
            status: ActionStatus {
                state: action.state,
                into: action.merged_into(),
            },
            progressed: progressed.count(),
        }
    }
}
