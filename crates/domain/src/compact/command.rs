//! What can be asked of a compact.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::facts::Mentions;
use crate::ids::{
    ActionPlanId, AdoptionId, CommitmentId, CompactId, GoodPracticeId, GroupId, OrganisationId,
    RegionId, SubjectId,
};
use crate::region::CompactParticulars;
use crate::session::Session;
use crate::text::{Text, Texts};

use super::GroupKind;

/// Everything that can be asked of a compact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum CompactCommand {
    /// Begin the compact's record, as the region's register opened it.
    EstablishCompact {
        /// The compact.
        compact: CompactId,
        /// The region it belongs to.
        region: RegionId,
        /// Its particulars.
        particulars: CompactParticulars,
    },
    /// Give the compact another name.
    RenameCompact {
        /// The new name.
        name: String,
        /// Why.
        reason: Text,
    },
    /// Put right what is said of where the compact is at work, and since when.
    CorrectCompact {
        /// The ground it covers.
        area: String,
        /// The day it was launched.
        launched_on: NaiveDate,
        /// The year a trial began, where there was one.
        pilot_from_year: Option<u16>,
        /// Why.
        reason: Text,
    },
    /// Form a group.
    FormGroup {
        /// The new group.
        group: GroupId,
        /// Its code, such as LD; unique among the compact's standing groups.
        code: String,
        /// What kind of group.
        kind: GroupKind,
        /// Its name.
        name: String,
        /// What it is for, or anything said about it.
        note: Option<Text>,
    },
    /// Give a group another name.
    RenameGroup {
        /// The group.
        group: GroupId,
        /// The new name.
        name: String,
        /// Why.
        reason: Text,
    },
    /// Appoint the organisation that takes the chair.
    AppointChair {
        /// The group.
        group: GroupId,
        /// The organisation.
        organisation: OrganisationId,
    },
    /// Wind a group up.
    WindUpGroup {
        /// The group.
        group: GroupId,
        /// Why.
        reason: Text,
    },
    /// Record that another compact carries on.
    SucceedCompact {
        /// The compact that carries on.
        by: CompactId,
        /// Why.
        reason: Text,
    },
    /// Enter a commitment that is being proposed, under its ref.
    EnterCommitment {
        /// The commitment.
        commitment: CommitmentId,
        /// The session it belongs to, in which refs are unique.
        session: Session,
        /// Its ref.
        label: String,
        /// The groups it begins in.
        groups: Vec<GroupId>,
    },
    /// Enter another ref of a commitment that is being renumbered.
    RelabelCommitment {
        /// The commitment.
        commitment: CommitmentId,
        /// Its new ref.
        label: String,
    },
    /// Enter an action plan that is being set.
    EnterActionPlan {
        /// The plan.
        plan: ActionPlanId,
        /// The group whose plan it is.
        group: GroupId,
    },
    /// Enter a piece of good practice that is being taken up.
    EnterAdoption {
        /// The adoption.
        adoption: AdoptionId,
        /// The organisation that takes it up; none for the compact itself.
        organisation: Option<OrganisationId>,
        /// The practice, of whichever compact.
        practice: GoodPracticeId,
    },
    /// Enter that what was taken up is being given up.
    EndAdoption {
        /// The adoption.
        adoption: AdoptionId,
    },
    /// Take one of the texts in its history out for good.
    RedactText {
        /// The text, as what has a key of its own.
        text: SubjectId,
        /// Why.
        reason: Text,
    },
}

impl CompactCommand {
    /// Whether it only ever goes with a command to a commitment, a plan or an adoption, as
    /// [`Command::companion`](crate::Command::companion) says, and is never sent for its own sake.
    pub const fn is_companion(&self) -> bool {
        matches!(
            self,
            Self::EnterCommitment { .. }
                | Self::RelabelCommitment { .. }
                | Self::EnterActionPlan { .. }
                | Self::EnterAdoption { .. }
                | Self::EndAdoption { .. }
        )
    }

    /// What the recorder must look up before this can be decided.
    pub fn mentions(&self) -> Mentions {
        let mut mentions = Mentions::default();
        match self {
            Self::AppointChair { organisation, .. } => {
                mentions.organisations.insert(*organisation);
            }
            Self::SucceedCompact { by, .. } => {
                mentions.compacts.insert(*by);
            }
            Self::EnterAdoption { organisation, .. } => {
                mentions.organisations.extend(*organisation);
            }
            Self::EstablishCompact { .. }
            | Self::RenameCompact { .. }
            | Self::CorrectCompact { .. }
            | Self::FormGroup { .. }
            | Self::RenameGroup { .. }
            | Self::WindUpGroup { .. }
            | Self::EnterCommitment { .. }
            | Self::RelabelCommitment { .. }
            | Self::EnterActionPlan { .. }
            | Self::EndAdoption { .. }
            | Self::RedactText { .. } => {}
        }
        mentions
    }
}

impl Texts for CompactCommand {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::RenameCompact { reason, .. }
            | Self::CorrectCompact { reason, .. }
            | Self::RenameGroup { reason, .. }
            | Self::WindUpGroup { reason, .. }
            | Self::SucceedCompact { reason, .. }
            | Self::RedactText { reason, .. } => reason.texts(each),
            Self::FormGroup { note, .. } => note.texts(each),
            Self::EstablishCompact { .. }
            | Self::AppointChair { .. }
            | Self::EnterCommitment { .. }
            | Self::RelabelCommitment { .. }
            | Self::EnterActionPlan { .. }
            | Self::EnterAdoption { .. }
            | Self::EndAdoption { .. } => {}
        }
    }
}
