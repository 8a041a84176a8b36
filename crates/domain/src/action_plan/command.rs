//! What can be asked of an action plan.

use serde::{Deserialize, Serialize};

use crate::compact::CompactCommand;
use crate::facts::Mentions;
use crate::ids::{ActionId, ActionPlanId, CommitmentId, GroupId, ObjectiveId, SubjectId, UpdateId};
use crate::text::{Text, Texts};
use crate::timescale::Timescale;
use crate::visibility::Visibility;

use super::event::{ObjectiveWords, UpdateTerms};

/// Everything that can be asked of an action plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum ActionPlanCommand {
    /// Set a group's plan.
    SetActionPlan {
        /// Whose plan.
        group: GroupId,
        /// Its title.
        title: String,
    },
    /// Give the plan another title.
    RetitleActionPlan {
        /// The new title.
        title: String,
        /// Why.
        reason: Text,
    },
    /// Add an objective.
    AddObjective {
        /// The new objective.
        objective: ObjectiveId,
        /// Its label, unique among the plan's objectives that have not been dropped.
        label: String,
        /// Its words.
        words: ObjectiveWords,
        /// The commitment it serves.
        commitment: Option<CommitmentId>,
    },
    /// Change an objective's words.
    RewordObjective {
        /// The objective.
        objective: ObjectiveId,
        /// The new words.
        words: ObjectiveWords,
        /// Why.
        reason: Text,
    },
    /// Change an objective's ref.
    RenumberObjective {
        /// The objective.
        objective: ObjectiveId,
        /// The new ref.
        label: String,
        /// Why.
        reason: Text,
    },
    /// Tie an objective to the commitment it serves, or to none.
    LinkObjective {
        /// The objective.
        objective: ObjectiveId,
        /// The commitment it serves from now on.
        commitment: Option<CommitmentId>,
        /// Why.
        reason: Text,
    },
    /// Record one update that speaks for one or several objectives and may carry changes.
    RecordUpdate {
        /// The new update.
        update: UpdateId,
        /// The words.
        text: Text,
        /// The objectives it speaks for.
        objectives: Vec<ObjectiveId>,
        /// The changes it carries, in order.
        changes: Vec<Change>,
    },
    /// Put a wrong update right, for every objective it speaks for. The changes it carried stay.
    CorrectUpdate {
        /// The update.
        update: UpdateId,
        /// What it should say, and for which objectives.
        terms: UpdateTerms,
        /// Why.
        reason: Text,
    },
    /// Take an update back. The changes it carried stay.
    WithdrawUpdate {
        /// The update.
        update: UpdateId,
        /// Why.
        reason: Text,
    },
    /// Make one change between meetings, with no update around it.
    MakeChange {
        /// The change.
        change: Change,
    },
    /// Release the plan, with everything in it, to more people, or take it back from some.
    ReleaseActionPlan {
        /// How far it is let out from now on.
        to: Visibility,
        /// Why; needed when it is taken back.
        reason: Option<Text>,
    },
    /// Take one of the texts in its history out for good.
    RedactText {
        /// The text, as what has a key of its own.
        text: SubjectId,
        /// Why.
        reason: Text,
    },
}

/// One change to an action, or to an objective that has none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum Change {
    /// Set a new action.
    SetAction {
        /// The new action.
        action: ActionId,
        /// The objective it serves.
        objective: ObjectiveId,
        /// What will be done.
        text: Text,
        /// Who will do it, in the plan's words.
        owner: Option<Text>,
        /// When.
        timescale: Option<Timescale>,
    },
    /// Note that there is no action at present, and why.
    NoteNoAction {
        /// The objective.
        objective: ObjectiveId,
        /// Why.
        note: Text,
        /// A timescale the plan gives all the same ("N/A").
        timescale: Option<Timescale>,
    },
    /// An action moved on.
    ProgressAction {
        /// The action.
        action: ActionId,
        /// What was said of it; needed outside an update.
        note: Option<Text>,
    },
    /// Give an action another timescale.
    RescheduleAction {
        /// The action.
        action: ActionId,
        /// The new timescale.
        timescale: Timescale,
        /// Why.
        reason: Text,
    },
    /// Give an action another owner.
    ReassignAction {
        /// The action.
        action: ActionId,
        /// The new owner.
        owner: Text,
        /// Why, where it was said.
        reason: Option<Text>,
    },
    /// Change an action's words.
    RewordAction {
        /// The action.
        action: ActionId,
        /// The new words.
        text: Text,
        /// Why.
        reason: Text,
    },
    /// An action is done.
    CompleteAction {
        /// The action.
        action: ActionId,
        /// What was said of it.
        note: Option<Text>,
    },
    /// Give an action up.
    DropAction {
        /// The action.
        action: ActionId,
        /// Why.
        reason: Text,
    },
    /// Take an action up again.
    ReopenAction {
        /// The action.
        action: ActionId,
        /// Why.
        reason: Text,
    },
    /// Let an action go on as part of another in the same plan.
    MergeAction {
        /// The action that ends.
        action: ActionId,
        /// The action that carries on.
        into: ActionId,
        /// Why.
        reason: Text,
    },
    /// Give an objective up, and its open actions with it.
    DropObjective {
        /// The objective.
        objective: ObjectiveId,
        /// Why.
        reason: Text,
    },
    /// Take an objective up again. Its dropped actions stay dropped until each is reopened.
    ReinstateObjective {
        /// The objective.
        objective: ObjectiveId,
        /// Why.
        reason: Text,
    },
}

impl ActionPlanCommand {
    /// What it asks of the compact as well; `plan` is the one it is for.
    pub fn companion(&self, plan: ActionPlanId) -> Option<CompactCommand> {
        match self {
            Self::SetActionPlan { group, .. } => {
                let group = *group;
                Some(CompactCommand::EnterActionPlan { plan, group })
            }
            _ => None,
        }
    }

    /// What the recorder must look up before this can be decided.
    pub fn mentions(&self) -> Mentions {
        let mut mentions = Mentions::default();
        match self {
            Self::SetActionPlan { group, .. } => {
                mentions.groups.insert(*group);
            }
            Self::AddObjective { commitment, .. } | Self::LinkObjective { commitment, .. } => {
                mentions.commitments.extend(*commitment);
            }
            _ => {}
        }
        mentions
    }
}

impl Texts for ActionPlanCommand {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::AddObjective { words, .. } => words.texts(each),
            Self::RewordObjective { words, reason, .. } => {
                words.texts(each);
                reason.texts(each);
            }
            Self::RecordUpdate { text, changes, .. } => {
                text.texts(each);
                changes.texts(each);
            }
            Self::CorrectUpdate { terms, reason, .. } => {
                terms.texts(each);
                reason.texts(each);
            }
            Self::MakeChange { change } => change.texts(each),
            Self::RetitleActionPlan { reason, .. }
            | Self::RenumberObjective { reason, .. }
            | Self::LinkObjective { reason, .. }
            | Self::WithdrawUpdate { reason, .. }
            | Self::RedactText { reason, .. } => reason.texts(each),
            Self::ReleaseActionPlan { reason, .. } => reason.texts(each),
            Self::SetActionPlan { .. } => {}
        }
    }
}

impl Texts for Change {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::SetAction {
                text,
                owner,
                timescale,
                ..
            } => {
                text.texts(each);
                owner.texts(each);
                timescale.texts(each);
            }
            Self::NoteNoAction {
                note, timescale, ..
            } => {
                note.texts(each);
                timescale.texts(each);
            }
            Self::RescheduleAction {
                timescale, reason, ..
            } => {
                timescale.texts(each);
                reason.texts(each);
            }
            Self::ReassignAction { owner, reason, .. } => {
                owner.texts(each);
                reason.texts(each);
            }
            Self::RewordAction { text, reason, .. } => {
                text.texts(each);
                reason.texts(each);
            }
            Self::ProgressAction { note, .. } | Self::CompleteAction { note, .. } => {
                note.texts(each);
            }
            Self::DropAction { reason, .. }
            | Self::ReopenAction { reason, .. }
            | Self::MergeAction { reason, .. }
            | Self::DropObjective { reason, .. }
            | Self::ReinstateObjective { reason, .. } => reason.texts(each),
        }
    }
}
