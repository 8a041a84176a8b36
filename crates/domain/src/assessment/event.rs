//! What can happen to an assessment or a challenge.

use serde::{Deserialize, Serialize};

use crate::event::events;
use crate::figure::Figure;
use crate::redaction::TextRedacted;
use crate::text::Text;
use crate::visibility::VisibilityChanged;

use super::about::About;

events! {
    /// Everything that can happen to an assessment or a challenge.
    pub enum AssessmentEvent {
        /// The funder said what it makes of an outcome.
        "assessment.made" v 1 => Made(AssessmentMade),
        /// The funder came to another view.
        "assessment.revised" v 1 => Revised(AssessmentRevised),
        /// Somebody independent doubted an outcome.
        "assessment.challenged" v 1 => Challenged(OutcomeChallenged),
        /// The compact answered a challenge.
        "assessment.answered" v 1 => Answered(ChallengeAnswered),
        /// It was taken back.
        "assessment.withdrawn" v 1 => Withdrawn(AssessmentWithdrawn),
        /// It was released, or taken back.
        "assessment.visibility_changed" v 1 => VisibilityChanged(VisibilityChanged),
        /// A text was redacted.
        "assessment.text_redacted" v 1 => TextRedacted(TextRedacted),
    }
}

/// How far something was completed, as somebody outside the compact sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Completion {
    /// All of it.
    Achieved,
    /// Part of it.
    PartlyAchieved,
    /// None of it.
    NotAchieved,
    /// What is there does not say.
    CannotTell,
}

impl Completion {
    /// Every answer there is.
    pub const ALL: [Self; 4] = [
        Self::Achieved,
        Self::PartlyAchieved,
        Self::NotAchieved,
        Self::CannotTell,
    ];

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Achieved => "achieved",
            Self::PartlyAchieved => "partly achieved",
            Self::NotAchieved => "not achieved",
            Self::CannotTell => "impossible to tell",
        }
    }
}

/// How sure somebody is of what they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Confidence {
    /// Not very.
    Low,
    /// Fairly.
    Medium,
    /// Very.
    High,
}

impl Confidence {
    /// Every degree there is.
    pub const ALL: [Self; 3] = [Self::Low, Self::Medium, Self::High];

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

/// What is made of an outcome.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Judgement {
    /// How far it was completed.
    pub completion: Completion,
    /// How sure that is.
    pub confidence: Confidence,
    /// Why.
    pub comment: Text,
}

/// The funder said what it makes of an outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessmentMade {
    /// What is judged.
    pub about: About,
    /// What is made of it.
    #[serde(flatten)]
    pub judgement: Judgement,
}

/// The funder came to another view.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessmentRevised {
    /// What it made of it.
    pub from: Judgement,
    /// What it makes of it now.
    pub to: Judgement,
    /// Why.
    pub reason: Text,
}

/// Somebody independent doubted an outcome.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OutcomeChallenged {
    /// What is doubted.
    pub about: About,
    /// The figure that was found, of a reading.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub found: Option<Figure>,
    /// What is doubted, and why.
    pub comment: Text,
}

/// The compact answered a challenge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChallengeAnswered {
    /// The answer.
    pub text: Text,
}

/// An assessment or a challenge was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AssessmentWithdrawn {
    /// Why.
    pub reason: Text,
}

crate::texts! {
    Judgement { comment }
    AssessmentMade { judgement }
    AssessmentRevised { from, to, reason }
    OutcomeChallenged { comment }
    ChallengeAnswered { text }
    AssessmentWithdrawn { reason }
}
