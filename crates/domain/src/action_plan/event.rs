//! What can happen to an action plan, its objectives and its actions.

use serde::{Deserialize, Serialize};

use crate::event::events;
use crate::facts::{CommitmentFact, GroupFact};
use crate::ids::{ActionId, ObjectiveId, UpdateId};
use crate::redaction::TextRedacted;
use crate::text::Text;
use crate::timescale::Timescale;
use crate::visibility::VisibilityChanged;

events! {
    /// Everything that can happen to an action plan.
    pub enum ActionPlanEvent {
        /// The group set its plan.
        "action_plan.set" v 1 => Set(ActionPlanSet),
        /// The plan got another title.
        "action_plan.retitled" v 2 reads 1 => Retitled(ActionPlanRetitled),
        /// An objective joined the plan.
        "action_plan.objective_added" v 2 reads 1 => ObjectiveAdded(ObjectiveAdded),
        /// An objective's words changed.
        "action_plan.objective_reworded" v 2 reads 1 => ObjectiveReworded(ObjectiveReworded),
        /// An objective's ref changed.
        "action_plan.objective_renumbered" v 2 reads 1 => ObjectiveRenumbered(ObjectiveRenumbered),
        /// An objective was tied to the commitment it serves.
        "action_plan.objective_linked" v 2 reads 1 => ObjectiveLinked(ObjectiveLinked),
        /// "None at present": the objective has no action yet, and a note says why.
        "action_plan.no_action_noted" v 2 reads 1 => NoActionNoted(NoActionNoted),
        /// An objective was given up.
        "action_plan.objective_dropped" v 2 reads 1 => ObjectiveDropped(ObjectiveDropped),
        /// An objective that had been given up was taken up again.
        "action_plan.objective_reinstated" v 2 reads 1 => ObjectiveReinstated(ObjectiveReinstated),
        /// Something was said about one or several objectives.
        "action_plan.update_recorded" v 2 reads 1 => UpdateRecorded(UpdateRecorded),
        /// An update was found wrong and put right.
        "action_plan.update_corrected" v 2 reads 1 => UpdateCorrected(UpdateCorrected),
        /// An update was taken back.
        "action_plan.update_withdrawn" v 2 reads 1 => UpdateWithdrawn(UpdateWithdrawn),
        /// An action was set.
        "action_plan.action_set" v 2 reads 1 => ActionSet(ActionSet),
        /// An action moved on.
        "action_plan.action_progressed" v 2 reads 1 => ActionProgressed(ActionProgressed),
        /// An action got another timescale.
        "action_plan.action_rescheduled" v 2 reads 1 => ActionRescheduled(ActionRescheduled),
        /// An action got another owner.
        "action_plan.action_reassigned" v 2 reads 1 => ActionReassigned(ActionReassigned),
        /// An action's words changed.
        "action_plan.action_reworded" v 2 reads 1 => ActionReworded(ActionReworded),
        /// An action was done.
        "action_plan.action_completed" v 2 reads 1 => ActionCompleted(ActionCompleted),
        /// An action was given up.
        "action_plan.action_dropped" v 2 reads 1 => ActionDropped(ActionDropped),
        /// An action that had ended was taken up again.
        "action_plan.action_reopened" v 2 reads 1 => ActionReopened(ActionReopened),
        /// An action goes on as part of another.
        "action_plan.action_merged" v 2 reads 1 => ActionMerged(ActionMerged),
        /// The plan was released further, or taken back.
        "action_plan.visibility_changed" v 2 reads 1 => VisibilityChanged(VisibilityChanged),
        /// A text was redacted.
        "action_plan.text_redacted" v 1 => TextRedacted(TextRedacted),
    }
}

/// The group set its plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionPlanSet {
    /// Whose plan.
    pub group: GroupFact,
    /// Its title.
    pub title: String,
}

/// The plan got another title.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionPlanRetitled {
    /// The title until now.
    pub from: String,
    /// The title from now on.
    pub to: String,
    /// Why.
    pub reason: Text,
}

/// An objective joined the plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveAdded {
    /// The objective.
    pub objective_id: ObjectiveId,
    /// Its label in the plan.
    #[serde(rename = "ref")]
    pub label: String,
    /// What is to be reached.
    pub title: String,
    /// How one will know, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<Text>,
    /// The commitment it serves.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commitment: Option<CommitmentFact>,
}

/// An objective's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ObjectiveWords {
    /// What is to be reached.
    pub title: String,
    /// How one will know, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub indicator: Option<Text>,
}

/// An objective's words changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveReworded {
    /// The objective.
    pub objective_id: ObjectiveId,
    /// The words until now.
    pub from: ObjectiveWords,
    /// The words from now on.
    pub to: ObjectiveWords,
    /// Why.
    pub reason: Text,
}

/// An objective's ref changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveRenumbered {
    /// The objective.
    pub objective_id: ObjectiveId,
    /// The ref until now.
    pub from: String,
    /// The ref from now on.
    pub to: String,
    /// Why.
    pub reason: Text,
}

/// An objective was tied to the commitment it serves.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveLinked {
    /// The objective.
    pub objective_id: ObjectiveId,
    /// The commitment it served until now, if any.
    pub from: Option<CommitmentFact>,
    /// The commitment it serves from now on, if any.
    pub to: Option<CommitmentFact>,
    /// Why.
    pub reason: Text,
}

/// "None at present".
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoActionNoted {
    /// The objective.
    pub objective_id: ObjectiveId,
    /// Why there is none at present.
    pub note: Text,
    /// A timescale the plan gives all the same ("N/A").
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timescale: Option<Timescale>,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

/// An objective was given up. Its open actions were dropped with it, each by its own event just
/// before this one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveDropped {
    /// The objective.
    pub objective_id: ObjectiveId,
    /// Why.
    pub reason: Text,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

/// An objective that had been given up was taken up again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveReinstated {
    /// The objective.
    pub objective_id: ObjectiveId,
    /// Why.
    pub reason: Text,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

/// Something was said about one or several objectives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UpdateRecorded {
    /// The update.
    pub update_id: UpdateId,
    /// The words.
    pub text: Text,
    /// The objectives it speaks for, in the order named.
    pub objectives: Vec<ObjectiveId>,
}

/// What an update says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdateTerms {
    /// The words.
    pub text: Text,
    /// The objectives it speaks for, in the order named.
    pub objectives: Vec<ObjectiveId>,
}

/// An update was found wrong and put right. The changes it carried stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UpdateCorrected {
    /// The update.
    pub update_id: UpdateId,
    /// What it said.
    pub from: UpdateTerms,
    /// What it says now.
    pub to: UpdateTerms,
    /// Why.
    pub reason: Text,
}

/// An update was taken back. The changes it carried stay as they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UpdateWithdrawn {
    /// The update.
    pub update_id: UpdateId,
    /// Why.
    pub reason: Text,
}

/// An action was set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionSet {
    /// The action.
    pub action_id: ActionId,
    /// The objective it serves.
    pub objective_id: ObjectiveId,
    /// What will be done.
    pub text: Text,
    /// Who will do it, in the plan's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub owner: Option<Text>,
    /// When.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timescale: Option<Timescale>,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

/// An action moved on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionProgressed {
    /// The action.
    pub action_id: ActionId,
    /// What was said of it; none when the update says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

/// An action got another timescale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionRescheduled {
    /// The action.
    pub action_id: ActionId,
    /// The timescale until now, if there was one.
    pub from: Option<Timescale>,
    /// The timescale from now on.
    pub to: Timescale,
    /// Why.
    pub reason: Text,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

/// An action got another owner.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionReassigned {
    /// The action.
    pub action_id: ActionId,
    /// Who owned it until now, if anyone.
    pub from: Option<Text>,
    /// Who owns it from now on.
    pub to: Text,
    /// Why, where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

/// An action's words changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionReworded {
    /// The action.
    pub action_id: ActionId,
    /// The words until now.
    pub from: Text,
    /// The words from now on.
    pub to: Text,
    /// Why.
    pub reason: Text,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

/// An action was done.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionCompleted {
    /// The action.
    pub action_id: ActionId,
    /// What was said of it; none when the update says it all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

/// An action was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionDropped {
    /// The action.
    pub action_id: ActionId,
    /// Why.
    pub reason: Text,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

/// An action that had ended was taken up again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionReopened {
    /// The action.
    pub action_id: ActionId,
    /// Why.
    pub reason: Text,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

/// An action goes on as part of another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionMerged {
    /// The action that ends.
    pub action_id: ActionId,
    /// The action that carries on.
    pub into: ActionId,
    /// Why.
    pub reason: Text,
    /// The update it was said in, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub update_id: Option<UpdateId>,
}

crate::texts! {
    ActionPlanSet {}
    ActionPlanRetitled { reason }
    ObjectiveAdded { indicator }
    ObjectiveWords { indicator }
    ObjectiveReworded { from, to, reason }
    ObjectiveRenumbered { reason }
    ObjectiveLinked { reason }
    NoActionNoted { note, timescale }
    ObjectiveDropped { reason }
    ObjectiveReinstated { reason }
    UpdateRecorded { text }
    UpdateTerms { text }
    UpdateCorrected { from, to, reason }
    UpdateWithdrawn { reason }
    ActionSet { text, owner, timescale }
    ActionProgressed { note }
    ActionRescheduled { from, to, reason }
    ActionReassigned { from, to, reason }
    ActionReworded { from, to, reason }
    ActionCompleted { note }
    ActionDropped { reason }
    ActionReopened { reason }
    ActionMerged { reason }
}
