//! What can be asked of a commitment.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::compact::CompactCommand;
use crate::facts::{Mentions, ThemeCode};
use crate::figure::{Figure, MeasureKind};
use crate::file::EvidenceInput;
use crate::ids::{
    AchievementId, CommitmentId, EvidenceId, GroupId, IndicatorId, MeasureId, OrganisationId,
    ReadingId, SubjectId,
};
use crate::session::Session;
use crate::text::{Text, Texts};
use crate::visibility::Visibility;

use super::event::{AchievementTerms, Baseline, CommitmentWords};
use super::{Conclusion, Outcome, Standing};

/// Everything that can be asked of a commitment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum CommitmentCommand {
    /// Write the commitment into the statement as a draft.
    ProposeCommitment {
        /// The session it belongs to.
        session: Session,
        /// Its label in the statement, unique in its session.
        label: String,
        /// Its words.
        words: CommitmentWords,
        /// What it belongs to.
        classification: ClassificationInput,
        /// The day it is due, where one is named for the commitment itself.
        due_on: Option<NaiveDate>,
    },
    /// Agree to it.
    AgreeCommitment,
    /// Begin work on it.
    StartCommitment,
    /// Change its words.
    RewordCommitment {
        /// The new words.
        words: CommitmentWords,
        /// Why.
        reason: Text,
    },
    /// Change its ref.
    RenumberCommitment {
        /// The session it belongs to, in which refs are unique.
        session: Session,
        /// The new ref.
        label: String,
        /// Why.
        reason: Text,
    },
    /// Change the aims, themes and groups it belongs to.
    ReclassifyCommitment {
        /// What it belongs to from now on.
        classification: ClassificationInput,
        /// Why.
        reason: Text,
    },
    /// Change its own due date.
    ChangeDueDate {
        /// The new date; none takes it away.
        due_on: Option<NaiveDate>,
        /// Why.
        reason: Text,
    },
    /// Add an impact measure.
    AddMeasure {
        /// The new measure.
        measure: MeasureId,
        /// What is counted.
        indicator: IndicatorId,
        /// How it counts.
        kind: MeasureKind,
        /// What was there before.
        baseline: Option<Baseline>,
        /// The figure to reach.
        target: Option<Figure>,
        /// The day it is due.
        due_on: Option<NaiveDate>,
    },
    /// Count, or correct, a measure's baseline.
    SetBaseline {
        /// The measure.
        measure: MeasureId,
        /// The baseline.
        baseline: Baseline,
        /// Why; needed when a counted figure is replaced.
        reason: Option<Text>,
    },
    /// Change a measure's target.
    ChangeTarget {
        /// The measure.
        measure: MeasureId,
        /// The new target.
        target: Figure,
        /// Why.
        reason: Text,
    },
    /// Change a measure's due date.
    ChangeMeasureDueDate {
        /// The measure.
        measure: MeasureId,
        /// The new date; none takes it away.
        due_on: Option<NaiveDate>,
        /// Why.
        reason: Text,
    },
    /// Take a measure out of the count.
    WithdrawMeasure {
        /// The measure.
        measure: MeasureId,
        /// Why.
        reason: Text,
    },
    /// Record a reading.
    RecordReading {
        /// The new reading.
        reading: ReadingId,
        /// The measure it is taken against.
        measure: MeasureId,
        /// What it says.
        terms: ReadingInput,
    },
    /// Put a wrong reading right.
    CorrectReading {
        /// The reading.
        reading: ReadingId,
        /// What it should say.
        terms: ReadingInput,
        /// Why.
        reason: Text,
    },
    /// Take a reading out of the count.
    WithdrawReading {
        /// The reading.
        reading: ReadingId,
        /// Why.
        reason: Text,
    },
    /// Tell what came of it.
    ReportAchievement {
        /// The new achievement.
        achievement: AchievementId,
        /// The day it is reported.
        reported_on: NaiveDate,
        /// How the report puts it.
        standing: Standing,
        /// The words.
        text: Text,
    },
    /// Put a wrong report right.
    CorrectAchievement {
        /// The achievement.
        achievement: AchievementId,
        /// What it should say.
        terms: AchievementTerms,
        /// Why.
        reason: Text,
    },
    /// Take a report back.
    WithdrawAchievement {
        /// The achievement.
        achievement: AchievementId,
        /// Why.
        reason: Text,
    },
    /// Say what a reading or an achievement rests on.
    AttachEvidence {
        /// The new evidence.
        evidence: EvidenceId,
        /// What rests on it.
        outcome: Outcome,
        /// The link or the file.
        what: EvidenceInput,
    },
    /// Take evidence back.
    WithdrawEvidence {
        /// The evidence.
        evidence: EvidenceId,
        /// Why.
        reason: Text,
    },
    /// Declare it achieved, partly achieved or not achieved.
    ConcludeCommitment {
        /// Which of the three.
        conclusion: Conclusion,
    },
    /// Carry it forward into a commitment of a later session.
    CarryForward {
        /// Where it goes on.
        into: CommitmentId,
        /// Why.
        reason: Text,
    },
    /// Take it back.
    WithdrawCommitment {
        /// Why.
        reason: Text,
    },
    /// Take it up again after it had ended.
    ReopenCommitment {
        /// Why.
        reason: Text,
    },
    /// Release it, with everything below it, to more people, or take it back from some.
    ReleaseCommitment {
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

/// What a commitment belongs to, by id or code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClassificationInput {
    /// The charter's aims it serves, by their refs.
    pub aims: Vec<String>,
    /// The region's themes.
    pub themes: Vec<ThemeCode>,
    /// The compact's groups.
    pub groups: Vec<GroupId>,
}

/// What a reading is to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadingInput {
    /// The day it was counted.
    pub taken_on: NaiveDate,
    /// The figure, in the indicator's unit.
    pub value: Figure,
    /// Where it came from.
    pub source: Text,
    /// What was said about it.
    pub note: Option<Text>,
    /// The organisations it is made up of, as far as they are known.
    pub by_organisation: Vec<OrganisationPart>,
}

impl ReadingInput {
    /// The one organisation it is made up of; none when more than its part is in the figure.
    pub fn organisation(&self) -> Option<OrganisationId> {
        match self.by_organisation[..] {
            [only] if only.value == self.value => Some(only.organisation),
            _ => None,
        }
    }
}

/// One organisation's part of a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganisationPart {
    /// Whose figure.
    pub organisation: OrganisationId,
    /// The figure.
    pub value: Figure,
}

impl CommitmentCommand {
    /// What it asks of the compact as well; `commitment` is the one it is for.
    pub fn companion(&self, commitment: CommitmentId) -> Option<CompactCommand> {
        Some(match self {
            Self::ProposeCommitment {
                session,
                label,
                classification,
                ..
            } => CompactCommand::EnterCommitment {
                commitment,
                session: *session,
                label: label.clone(),
                groups: classification.groups.clone(),
            },
            Self::RenumberCommitment { label, .. } => CompactCommand::RelabelCommitment {
                commitment,
                label: label.clone(),
            },
            _ => return None,
        })
    }

    /// What the recorder must look up before this can be decided.
    pub fn mentions(&self) -> Mentions {
        let mut mentions = Mentions::default();
        match self {
            Self::ProposeCommitment { classification, .. }
            | Self::ReclassifyCommitment { classification, .. } => {
                classification.mentioned_in(&mut mentions);
            }
            Self::AddMeasure { indicator, .. } => {
                mentions.indicators.insert(*indicator);
            }
            Self::RecordReading { terms, .. } | Self::CorrectReading { terms, .. } => {
                let parts = terms.by_organisation.iter();
                mentions
                    .organisations
                    .extend(parts.map(|part| part.organisation));
            }
            Self::AttachEvidence { what, .. } => mentions.files.extend(what.hash()),
            Self::CarryForward { into, .. } => {
                mentions.commitments.insert(*into);
            }
            _ => {}
        }
        mentions
    }
}

impl ClassificationInput {
    fn mentioned_in(&self, mentions: &mut Mentions) {
        mentions.themes.extend(self.themes.iter().cloned());
        mentions.groups.extend(self.groups.iter().copied());
    }
}

crate::texts! {
    ReadingInput { source, note }
}

impl Texts for CommitmentCommand {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::ProposeCommitment { words, .. } => words.texts(each),
            Self::RewordCommitment { words, reason } => {
                words.texts(each);
                reason.texts(each);
            }
            Self::RecordReading { terms, .. } => terms.texts(each),
            Self::CorrectReading { terms, reason, .. } => {
                terms.texts(each);
                reason.texts(each);
            }
            Self::ReportAchievement { text, .. } => text.texts(each),
            Self::AttachEvidence { what, .. } => what.texts(each),
            Self::CorrectAchievement { terms, reason, .. } => {
                terms.texts(each);
                reason.texts(each);
            }
            Self::RenumberCommitment { reason, .. }
            | Self::ReclassifyCommitment { reason, .. }
            | Self::ChangeDueDate { reason, .. }
            | Self::ChangeTarget { reason, .. }
            | Self::ChangeMeasureDueDate { reason, .. }
            | Self::WithdrawMeasure { reason, .. }
            | Self::WithdrawReading { reason, .. }
            | Self::WithdrawAchievement { reason, .. }
            | Self::WithdrawEvidence { reason, .. }
            | Self::CarryForward { reason, .. }
            | Self::WithdrawCommitment { reason }
            | Self::ReopenCommitment { reason }
            | Self::RedactText { reason, .. } => reason.texts(each),
            Self::SetBaseline { reason, .. } | Self::ReleaseCommitment { reason, .. } => {
                reason.texts(each);
            }
            Self::AgreeCommitment
            | Self::StartCommitment
            | Self::AddMeasure { .. }
            | Self::ConcludeCommitment { .. } => {}
        }
    }
}
