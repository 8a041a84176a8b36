//! What can happen to an adoption.

use serde::{Deserialize, Serialize};

use crate::event::events;
use crate::facts::CompactFact;
use crate::figure::OrganisationFact;
use crate::file::{Evidence, FileRef};
use crate::good_practice::PracticeFact;
use crate::redaction::TextRedacted;
use crate::text::Text;
use crate::visibility::VisibilityChanged;

events! {
    /// Everything that can happen to an adoption.
    pub enum AdoptionEvent {
        /// A piece of good practice was taken up.
        "adoption.adopted" v 1 => Adopted(PracticeAdopted),
        /// It was changed to fit.
        "adoption.adapted" v 1 => Adapted(PracticeAdapted),
        /// It was told how it went.
        "adoption.result_reported" v 1 => ResultReported(ResultReported),
        /// It was given up.
        "adoption.withdrawn" v 1 => Withdrawn(AdoptionWithdrawn),
        /// It was released, or taken back.
        "adoption.visibility_changed" v 1 => VisibilityChanged(VisibilityChanged),
        /// A text was redacted.
        "adoption.text_redacted" v 1 => TextRedacted(TextRedacted),
    }
}

/// A piece of good practice was taken up, with the credit: whose it was, and in which version.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PracticeAdopted {
    /// The compact that took it up, itself or by an organisation of it.
    pub by: CompactFact,
    /// The organisation; none for the compact itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationFact>,
    /// The compact whose practice it is.
    pub from: CompactFact,
    /// The practice, as it was named then.
    pub practice: PracticeFact,
    /// What is to be known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// What was taken up was changed to fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PracticeAdapted {
    /// What was changed.
    pub changed: Text,
    /// The version of the source that is followed from then on, where that was another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub following: Option<PracticeFact>,
    /// The practice of one's own that was written from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_as: Option<PracticeFact>,
}

/// It was told how it went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultReported {
    /// How it went.
    pub text: Text,
    /// What that rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
}

impl AdoptionEvent {
    /// The files it refers to.
    pub(crate) fn files(&self) -> Vec<&FileRef> {
        match self {
            Self::ResultReported(e) => e.evidence.iter().filter_map(Evidence::file).collect(),
            _ => Vec::new(),
        }
    }
}

/// It was given up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdoptionWithdrawn {
    /// Why.
    pub reason: Text,
}

crate::texts! {
    PracticeAdopted { note }
    PracticeAdapted { changed }
    ResultReported { text, evidence }
    AdoptionWithdrawn { reason }
}
