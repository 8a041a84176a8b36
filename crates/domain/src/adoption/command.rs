//! What can be asked of an adoption.

use serde::{Deserialize, Serialize};

use crate::compact::CompactCommand;
use crate::facts::{Mentions, PracticeMention};
use crate::file::EvidenceInput;
use crate::ids::{AdoptionId, CompactId, GoodPracticeId, OrganisationId, SubjectId};
use crate::text::{Text, Texts};
use crate::visibility::Visibility;

/// Everything that can be asked of an adoption.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum AdoptionCommand {
    /// Take a piece of good practice up, on the day this is dated.
    AdoptPractice {
        /// The compact that takes it up, itself or by an organisation of it.
        by: CompactId,
        /// The organisation; none for the compact itself.
        organisation: Option<OrganisationId>,
        /// What is taken up.
        source: SourceInput,
        /// What is to be known of it.
        note: Option<Text>,
    },
    /// Tell what was changed to fit.
    AdaptPractice {
        /// What was changed.
        changed: Text,
        /// The version of the source that is followed from now on, where that is another.
        following: Option<SourceInput>,
        /// The practice of one's own that was written from it.
        written_as: Option<SourceInput>,
    },
    /// Tell how it went, as of the day this is dated.
    ReportResult {
        /// How it went.
        text: Text,
        /// What that rests on.
        evidence: Option<EvidenceInput>,
    },
    /// Give it up.
    WithdrawAdoption {
        /// Why.
        reason: Text,
    },
    /// Release it to more people, or take it back from some.
    ReleaseAdoption {
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

/// A piece of good practice in one of its versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceInput {
    /// The compact whose it is.
    pub compact: CompactId,
    /// The practice.
    pub practice: GoodPracticeId,
    /// The version; none for the one that stands.
    pub version: Option<u32>,
}

impl From<SourceInput> for PracticeMention {
    fn from(source: SourceInput) -> Self {
        Self {
            compact: source.compact,
            practice: source.practice,
            version: source.version,
        }
    }
}

impl AdoptionCommand {
    /// What the recorder must look up before this can be decided.
    pub fn mentions(&self) -> Mentions {
        let mut mentions = Mentions::default();
        match self {
            Self::AdoptPractice {
                by,
                organisation,
                source,
                ..
            } => {
                mentions.compacts.extend([*by, source.compact]);
                mentions.organisations.extend(*organisation);
                mentions.practices.insert((*source).into());
            }
            Self::AdaptPractice {
                following,
                written_as,
                ..
            } => {
                let named = following.iter().chain(written_as).copied();
                mentions.practices.extend(named.map(PracticeMention::from));
            }
            Self::ReportResult { evidence, .. } => {
                let file = evidence.as_ref().and_then(EvidenceInput::hash);
                mentions.files.extend(file);
            }
            Self::WithdrawAdoption { .. }
            | Self::ReleaseAdoption { .. }
            | Self::RedactText { .. } => {}
        }
        mentions
    }

    /// What it asks of the compact as well; `adoption` is the one it is for.
    pub const fn companion(&self, adoption: AdoptionId) -> Option<CompactCommand> {
        match self {
            Self::AdoptPractice {
                organisation,
                source,
                ..
            } => Some(CompactCommand::EnterAdoption {
                adoption,
                organisation: *organisation,
                practice: source.practice,
            }),
            Self::WithdrawAdoption { .. } => Some(CompactCommand::EndAdoption { adoption }),
            _ => None,
        }
    }

    /// The compact whose own record it says it belongs to, where it does.
    pub const fn adopter(&self) -> Option<CompactId> {
        match self {
            Self::AdoptPractice { by, .. } => Some(*by),
            Self::AdaptPractice {
                written_as: Some(own),
                ..
            } => Some(own.compact),
            _ => None,
        }
    }
}

impl Texts for AdoptionCommand {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::AdoptPractice { note, .. } => note.texts(each),
            Self::AdaptPractice { changed, .. } => changed.texts(each),
            Self::ReportResult { text, evidence } => {
                text.texts(each);
                evidence.texts(each);
            }
            Self::ReleaseAdoption { reason, .. } => reason.texts(each),
            Self::WithdrawAdoption { reason } | Self::RedactText { reason, .. } => {
                reason.texts(each);
            }
        }
    }
}
