//! What can happen to a commitment, its measures and its outcomes.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::event::events;
use crate::facts::{CommitmentFact, GroupFact, ThemeCode};
use crate::figure::{Figure, IndicatorFact, MeasureKind, OrganisationFact};
use crate::file::{Evidence, FileHash};
use crate::ids::{AchievementId, EvidenceId, MeasureId, ReadingId};
use crate::redaction::TextRedacted;
use crate::session::Session;
use crate::text::Text;
use crate::visibility::VisibilityChanged;

use super::{Conclusion, Outcome, Standing, Status};

events! {
    /// Everything that can happen to a commitment.
    pub enum CommitmentEvent {
        /// It was written into the statement as a draft.
        "commitment.proposed" v 2 reads 1 => Proposed(CommitmentProposed),
        /// The compact agreed to it.
        "commitment.agreed" v 1 => Agreed(CommitmentAgreed),
        /// Work on it began.
        "commitment.started" v 1 => Started(CommitmentStarted),
        /// Its words changed.
        "commitment.reworded" v 2 reads 1 => Reworded(CommitmentReworded),
        /// Its ref changed.
        "commitment.renumbered" v 2 reads 1 => Renumbered(CommitmentRenumbered),
        /// The aims, themes or groups it belongs to changed.
        "commitment.reclassified" v 2 reads 1 => Reclassified(CommitmentReclassified),
        /// Its own due date changed.
        "commitment.due_date_changed" v 2 reads 1 => DueDateChanged(DueDateChanged),
        /// It got an impact measure.
        "commitment.measure_added" v 1 => MeasureAdded(MeasureAdded),
        /// A measure's baseline was counted or corrected.
        "commitment.baseline_set" v 2 reads 1 => BaselineSet(BaselineSet),
        /// A measure's target changed, or was first set after the measure was agreed.
        "commitment.target_changed" v 2 reads 1 => TargetChanged(TargetChanged),
        /// A measure's due date changed.
        "commitment.measure_due_date_changed" v 2 reads 1 => MeasureDueDateChanged(MeasureDueDateChanged),
        /// A measure no longer counts.
        "commitment.measure_withdrawn" v 2 reads 1 => MeasureWithdrawn(MeasureWithdrawn),
        /// A figure was read off.
        "commitment.reading_recorded" v 2 reads 1 => ReadingRecorded(ReadingRecorded),
        /// A reading was found wrong and put right.
        "commitment.reading_corrected" v 2 reads 1 => ReadingCorrected(ReadingCorrected),
        /// A reading no longer counts.
        "commitment.reading_withdrawn" v 2 reads 1 => ReadingWithdrawn(ReadingWithdrawn),
        /// What came of it was told in words.
        "commitment.achievement_reported" v 2 reads 1 => AchievementReported(AchievementReported),
        /// A report was found wrong and put right.
        "commitment.achievement_corrected" v 2 reads 1 => AchievementCorrected(AchievementCorrected),
        /// A report was taken back.
        "commitment.achievement_withdrawn" v 2 reads 1 => AchievementWithdrawn(AchievementWithdrawn),
        /// A reading or an achievement was given something to rest on.
        "commitment.evidence_attached" v 1 => EvidenceAttached(EvidenceAttached),
        /// Evidence was taken back.
        "commitment.evidence_withdrawn" v 1 => EvidenceWithdrawn(EvidenceWithdrawn),
        /// It was declared achieved, partly achieved or not achieved.
        "commitment.concluded" v 1 => Concluded(CommitmentConcluded),
        /// It goes on in a commitment of a later session.
        "commitment.carried_forward" v 2 reads 1 => CarriedForward(CommitmentCarriedForward),
        /// The compact took it back.
        "commitment.withdrawn" v 2 reads 1 => Withdrawn(CommitmentWithdrawn),
        /// It was taken up again after it had ended.
        "commitment.reopened" v 2 reads 1 => Reopened(CommitmentReopened),
        /// It was released further, or taken back.
        "commitment.visibility_changed" v 2 reads 1 => VisibilityChanged(VisibilityChanged),
        /// A text was redacted.
        "commitment.text_redacted" v 1 => TextRedacted(TextRedacted),
    }
}

/// The commitment was written into the statement as a draft.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentProposed {
    /// The session it belongs to.
    pub session: Session,
    /// Its label in the statement.
    #[serde(rename = "ref")]
    pub label: String,
    /// What is promised.
    pub title: String,
    /// What was said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
    /// The aims, themes and groups it belongs to.
    #[serde(flatten)]
    pub classification: Classification,
    /// The day it is due, where one is named for the commitment itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}

/// What a commitment belongs to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classification {
    /// The charter's aims it serves, by their refs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aims: Vec<String>,
    /// The region's themes.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub themes: Vec<ThemeCode>,
    /// The compact's groups.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<GroupFact>,
}

/// The compact agreed to the commitment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentAgreed {}

/// Work on the commitment began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentStarted {}

/// A commitment's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitmentWords {
    /// What is promised.
    pub title: String,
    /// What was said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Text>,
}

/// The commitment's words changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentReworded {
    /// The words until now.
    pub from: CommitmentWords,
    /// The words from now on.
    pub to: CommitmentWords,
    /// Why.
    pub reason: Text,
}

/// The commitment's ref changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentRenumbered {
    /// The ref until now.
    pub from: String,
    /// The ref from now on.
    pub to: String,
    /// Why.
    pub reason: Text,
}

/// What the commitment belongs to changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentReclassified {
    /// What it belonged to until now.
    pub from: Classification,
    /// What it belongs to from now on.
    pub to: Classification,
    /// Why.
    pub reason: Text,
}

/// The commitment's own due date changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DueDateChanged {
    /// The date until now, if there was one.
    pub from: Option<NaiveDate>,
    /// The date from now on, if there is one.
    pub to: Option<NaiveDate>,
    /// Why.
    pub reason: Text,
}

/// What was counted before the work began.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Baseline {
    /// The date it is counted on.
    pub on: NaiveDate,
    /// The figure, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Figure>,
}

/// The commitment got an impact measure.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureAdded {
    /// The measure.
    pub measure_id: MeasureId,
    /// What is counted.
    pub indicator: IndicatorFact,
    /// How it counts.
    pub kind: MeasureKind,
    /// What was there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Baseline>,
    /// The figure to reach, in the indicator's unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<Figure>,
    /// The day it is due.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}

/// A measure's baseline was counted or corrected.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct BaselineSet {
    /// The measure.
    pub measure_id: MeasureId,
    /// The baseline until now, if there was one.
    pub from: Option<Baseline>,
    /// The baseline from now on.
    pub to: Baseline,
    /// Why; always there when a counted figure is replaced.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// A measure's target changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TargetChanged {
    /// The measure.
    pub measure_id: MeasureId,
    /// The target until now, if there was one.
    pub from: Option<Figure>,
    /// The target from now on.
    pub to: Figure,
    /// Why.
    pub reason: Text,
}

/// A measure's due date changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureDueDateChanged {
    /// The measure.
    pub measure_id: MeasureId,
    /// The date until now, if there was one.
    pub from: Option<NaiveDate>,
    /// The date from now on, if there is one.
    pub to: Option<NaiveDate>,
    /// Why.
    pub reason: Text,
}

/// A measure no longer counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureWithdrawn {
    /// The measure.
    pub measure_id: MeasureId,
    /// Why.
    pub reason: Text,
}

/// One organisation's part of a reading.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationFigure {
    /// Whose figure.
    pub organisation: OrganisationFact,
    /// The figure.
    pub value: Figure,
}

/// What a reading says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadingTerms {
    /// The day it was counted.
    pub taken_on: NaiveDate,
    /// The figure, in the indicator's unit.
    pub value: Figure,
    /// Where it came from.
    pub source: Text,
    /// What was said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// The organisations it is made up of, as far as they are known; together at most the figure.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_organisation: Vec<OrganisationFigure>,
}

/// A figure was read off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(from = "FlatReading")]
pub struct ReadingRecorded {
    /// The reading.
    pub reading_id: ReadingId,
    /// The measure it is taken against.
    pub measure_id: MeasureId,
    /// What it says.
    #[serde(flatten)]
    pub terms: ReadingTerms,
}

/// A reading as it is stored. Most of what a ledger holds are readings, and putting the terms together from
/// a flat object field by field costs serde more than all the rest of reading one.
#[derive(Deserialize)]
struct FlatReading {
    reading_id: ReadingId,
    measure_id: MeasureId,
    taken_on: NaiveDate,
    value: Figure,
    source: Text,
    #[serde(default)]
    note: Option<Text>,
    #[serde(default)]
    by_organisation: Vec<OrganisationFigure>,
}

impl From<FlatReading> for ReadingRecorded {
    fn from(flat: FlatReading) -> Self {
        Self {
            reading_id: flat.reading_id,
            measure_id: flat.measure_id,
            terms: ReadingTerms {
                taken_on: flat.taken_on,
                value: flat.value,
                source: flat.source,
                note: flat.note,
                by_organisation: flat.by_organisation,
            },
        }
    }
}

/// A reading was found wrong and put right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadingCorrected {
    /// The reading.
    pub reading_id: ReadingId,
    /// The measure it is taken against.
    pub measure_id: MeasureId,
    /// What it said.
    pub from: ReadingTerms,
    /// What it says now.
    pub to: ReadingTerms,
    /// Why.
    pub reason: Text,
}

/// A reading no longer counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadingWithdrawn {
    /// The reading.
    pub reading_id: ReadingId,
    /// The measure it is taken against.
    pub measure_id: MeasureId,
    /// Why.
    pub reason: Text,
}

/// What came of the commitment was told in words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AchievementReported {
    /// The achievement.
    pub achievement_id: AchievementId,
    /// The day it was reported.
    pub reported_on: NaiveDate,
    /// How the report puts it.
    pub standing: Standing,
    /// The words.
    pub text: Text,
}

/// What a report of an achievement says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AchievementTerms {
    /// The day it was reported.
    pub reported_on: NaiveDate,
    /// How the report puts it.
    pub standing: Standing,
    /// The words.
    pub text: Text,
}

/// A report was found wrong and put right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AchievementCorrected {
    /// The achievement.
    pub achievement_id: AchievementId,
    /// What it said.
    pub from: AchievementTerms,
    /// What it says now.
    pub to: AchievementTerms,
    /// Why.
    pub reason: Text,
}

/// A report was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AchievementWithdrawn {
    /// The achievement.
    pub achievement_id: AchievementId,
    /// Why.
    pub reason: Text,
}

/// A reading or an achievement was given something to rest on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceAttached {
    /// The evidence.
    pub evidence_id: EvidenceId,
    /// What rests on it.
    pub outcome: Outcome,
    /// The link or the file.
    pub evidence: Evidence,
}

/// Evidence was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvidenceWithdrawn {
    /// The evidence.
    pub evidence_id: EvidenceId,
    /// What rested on it.
    pub outcome: Outcome,
    /// Which file it was, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileHash>,
    /// Why.
    pub reason: Text,
}

/// The commitment was declared achieved, partly achieved or not achieved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentConcluded {
    /// Which of the three.
    pub conclusion: Conclusion,
}

/// The commitment goes on in a later session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentCarriedForward {
    /// Where it goes on.
    pub into: CommitmentFact,
    /// Why.
    pub reason: Text,
}

/// The compact took the commitment back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentWithdrawn {
    /// Why.
    pub reason: Text,
}

/// The commitment was taken up again after it had ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CommitmentReopened {
    /// How it had ended.
    pub from: Status,
    /// Where it stands now: in progress, or draft again if it was withdrawn before it was agreed.
    pub to: Status,
    /// Why.
    pub reason: Text,
}

crate::texts! {
    CommitmentProposed { comment }
    CommitmentAgreed {}
    CommitmentStarted {}
    CommitmentWords { comment }
    CommitmentReworded { from, to, reason }
    CommitmentRenumbered { reason }
    CommitmentReclassified { reason }
    DueDateChanged { reason }
    MeasureAdded {}
    BaselineSet { reason }
    TargetChanged { reason }
    MeasureDueDateChanged { reason }
    MeasureWithdrawn { reason }
    ReadingTerms { source, note }
    ReadingRecorded { terms }
    ReadingCorrected { from, to, reason }
    ReadingWithdrawn { reason }
    AchievementReported { text }
    AchievementTerms { text }
    AchievementCorrected { from, to, reason }
    AchievementWithdrawn { reason }
    EvidenceAttached { evidence }
    EvidenceWithdrawn { reason }
    CommitmentConcluded {}
    CommitmentCarriedForward { reason }
    CommitmentWithdrawn { reason }
    CommitmentReopened { reason }
}
