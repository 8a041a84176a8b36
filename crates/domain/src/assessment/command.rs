//! What can be asked of an assessment or a challenge.

use serde::{Deserialize, Serialize};

use crate::facts::Mentions;
use crate::figure::Figure;
use crate::ids::SubjectId;
use crate::text::{Text, Texts};
use crate::visibility::Visibility;

use super::about::AboutInput;
use super::event::Judgement;

/// Everything that can be asked of an assessment or a challenge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum AssessmentCommand {
    /// Say what the funder makes of a commitment or one of its outcomes.
    Assess {
        /// What is judged.
        about: AboutInput,
        /// What is made of it.
        judgement: Judgement,
    },
    /// Come to another view.
    ReviseAssessment {
        /// What is made of it now.
        judgement: Judgement,
        /// Why.
        reason: Text,
    },
    /// Take an assessment back.
    WithdrawAssessment {
        /// Why.
        reason: Text,
    },
    /// Doubt a commitment's report, independently of the compact and of its funder.
    ChallengeOutcome {
        /// What is doubted.
        about: AboutInput,
        /// The figure that was found, of a reading.
        found: Option<Figure>,
        /// What is doubted, and why.
        comment: Text,
    },
    /// Answer a challenge, for the compact.
    AnswerChallenge {
        /// The answer.
        text: Text,
    },
    /// Take a challenge back: it is settled, or was none.
    WithdrawChallenge {
        /// Why.
        reason: Text,
    },
    /// Release an assessment to more people than it concerns, or take it back from some.
    ReleaseAssessment {
        /// How far it is let out from now on.
        to: Visibility,
        /// Why; needed when it is taken back.
        reason: Option<Text>,
    },
    /// Release a challenge, with what was answered, to more people than it concerns, or take it back from some.
    ReleaseChallenge {
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

impl AssessmentCommand {
    /// What it is to be about, where it begins one.
    pub const fn begins(&self) -> Option<&AboutInput> {
        match self {
            Self::Assess { about, .. } | Self::ChallengeOutcome { about, .. } => Some(about),
            _ => None,
        }
    }

    /// What the recorder must look up before this can be decided.
    pub fn mentions(&self) -> Mentions {
        let mut mentions = Mentions::default();
        let about = self.begins().into_iter();
        let about = about.map(|about| (about.compact, about.commitment));
        mentions.reported.extend(about);
        mentions
    }
}

impl Texts for AssessmentCommand {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::Assess { judgement, .. } => judgement.texts(each),
            Self::ReviseAssessment { judgement, reason } => {
                judgement.texts(each);
                reason.texts(each);
            }
            Self::ChallengeOutcome { comment, .. } => comment.texts(each),
            Self::AnswerChallenge { text } => text.texts(each),
            Self::ReleaseAssessment { reason, .. } | Self::ReleaseChallenge { reason, .. } => {
                reason.texts(each);
            }
            Self::WithdrawAssessment { reason }
            | Self::WithdrawChallenge { reason }
            | Self::RedactText { reason, .. } => reason.texts(each),
        }
    }
}
