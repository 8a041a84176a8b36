//! What can happen to a compact.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::event::events;
use crate::facts::{CompactFact, GroupFact};
use crate::figure::OrganisationFact;
use crate::ids::{ActionPlanId, AdoptionId, CommitmentId, CompactId, GoodPracticeId, RegionId};
use crate::redaction::TextRedacted;
use crate::session::Session;
use crate::text::Text;

use super::GroupKind;

events! {
    /// Everything that can happen to a compact.
    pub enum CompactEvent {
        /// The compact's record began.
        "compact.established" v 1 => Established(CompactEstablished),
        /// The compact got another name.
        "compact.renamed" v 2 reads 1 => Renamed(CompactRenamed),
        /// What is said of the compact's beginnings was put right.
        "compact.corrected" v 2 reads 1 => Corrected(CompactCorrected),
        /// A group was formed.
        "compact.group_formed" v 2 reads 1 => GroupFormed(GroupFormed),
        /// A group got another name.
        "compact.group_renamed" v 2 reads 1 => GroupRenamed(GroupRenamed),
        /// An organisation took a group's chair.
        "compact.chair_appointed" v 1 => ChairAppointed(ChairAppointed),
        /// A group ended its work.
        "compact.group_wound_up" v 2 reads 1 => GroupWoundUp(GroupWoundUp),
        /// Another compact carries on; here nothing begins any more.
        "compact.succeeded" v 2 reads 1 => Succeeded(CompactSucceeded),
        /// A commitment entered the compact's statement under a ref.
        "compact.commitment_entered" v 1 => CommitmentEntered(CommitmentEntered),
        /// A commitment got another ref in the compact's statement.
        "compact.commitment_relabelled" v 1 => CommitmentRelabelled(CommitmentRelabelled),
        /// An action plan was set in the compact.
        "compact.action_plan_entered" v 1 => ActionPlanEntered(ActionPlanEntered),
        /// A piece of good practice was taken up in the compact.
        "compact.adoption_entered" v 1 => AdoptionEntered(AdoptionEntered),
        /// It was given up.
        "compact.adoption_ended" v 1 => AdoptionEnded(AdoptionEnded),
        /// A text was redacted.
        "compact.text_redacted" v 1 => TextRedacted(TextRedacted),
    }
}

/// The compact's record began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompactEstablished {
    /// The compact.
    pub compact_id: CompactId,
    /// The region it belongs to.
    pub region_id: RegionId,
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// The ground it covers.
    pub area: String,
    /// The day it was launched.
    pub launched_on: NaiveDate,
    /// The year a trial began, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pilot_from_year: Option<u16>,
}

/// The compact got another name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompactRenamed {
    /// The name until now.
    pub from: String,
    /// The name from now on.
    pub to: String,
    /// Why.
    pub reason: Text,
}

/// Where a compact is at work, and since when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompactBeginnings {
    /// The ground it covers.
    pub area: String,
    /// The day it was launched.
    pub launched_on: NaiveDate,
    /// The year a trial began, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pilot_from_year: Option<u16>,
}

/// What is said of the compact's beginnings was put right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompactCorrected {
    /// What was said until now.
    pub from: CompactBeginnings,
    /// What is said from now on.
    pub to: CompactBeginnings,
    /// Why.
    pub reason: Text,
}

/// A group was formed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupFormed {
    /// The group, its code and its name.
    pub group: GroupFact,
    /// What kind of group.
    pub kind: GroupKind,
    /// What it is for, or anything said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// A group got another name.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupRenamed {
    /// The group as it was.
    pub group: GroupFact,
    /// The name from now on.
    pub to: String,
    /// Why.
    pub reason: Text,
}

/// An organisation took a group's chair.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChairAppointed {
    /// The group.
    pub group: GroupFact,
    /// Who held the chair until now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<OrganisationFact>,
    /// Who holds it from now on.
    pub to: OrganisationFact,
}

/// A group ended its work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupWoundUp {
    /// The group.
    pub group: GroupFact,
    /// Why.
    pub reason: Text,
}

/// Another compact carries on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompactSucceeded {
    /// The compact that carries on.
    pub by: CompactFact,
    /// Why.
    pub reason: Text,
}

/// A commitment entered the compact's statement under a ref.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentEntered {
    /// The commitment.
    pub commitment_id: CommitmentId,
    /// The session it belongs to.
    pub session: Session,
    /// Its ref.
    #[serde(rename = "ref")]
    pub label: String,
    /// The groups it began in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupFact>,
}

/// A commitment got another ref in the compact's statement.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentRelabelled {
    /// The commitment.
    pub commitment_id: CommitmentId,
    /// The session it belongs to.
    pub session: Session,
    /// Its ref until now.
    pub from: String,
    /// Its ref from now on.
    pub to: String,
}

/// An action plan was set in the compact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ActionPlanEntered {
    /// The plan.
    pub action_plan_id: ActionPlanId,
    /// The group whose plan it is.
    pub group: GroupFact,
}

/// A piece of good practice was taken up in the compact: once by each that takes it up, as long as that stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdoptionEntered {
    /// The adoption.
    pub adoption_id: AdoptionId,
    /// The organisation that took it up; none for the compact itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationFact>,
    /// The practice.
    pub practice_id: GoodPracticeId,
}

/// What was taken up was given up, and can be taken up anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdoptionEnded {
    /// The adoption.
    pub adoption_id: AdoptionId,
}

crate::texts! {
    CompactEstablished {}
    CompactRenamed { reason }
    CompactCorrected { reason }
    GroupFormed { note }
    GroupRenamed { reason }
    ChairAppointed {}
    GroupWoundUp { reason }
    CompactSucceeded { reason }
    CommitmentEntered {}
    CommitmentRelabelled {}
    ActionPlanEntered {}
    AdoptionEntered {}
    AdoptionEnded {}
}
