//! What can be asked of a person's record.

use serde::{Deserialize, Serialize};

use crate::facts::Mentions;
use crate::ids::{OrganisationId, SubjectId};
use crate::text::{Text, Texts};

/// Everything that can be asked of a person's record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum PersonCommand {
    /// Write a person down.
    EnterPerson {
        /// What is said of them.
        terms: PersonInput,
    },
    /// Put right, or bring up to date, what is said of a person.
    CorrectPerson {
        /// What should be said of them, all of it.
        terms: PersonInput,
        /// Why.
        reason: Text,
    },
    /// Erase a person: what was said of them has been made unreadable for good, and the record says that it was.
    ErasePerson {
        /// Why; not who it was.
        reason: Text,
    },
    /// Take one of the texts in its history out for good.
    RedactText {
        /// The text, as what has a key of its own.
        text: SubjectId,
        /// Why.
        reason: Text,
    },
}

/// What is said of a person, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PersonInput {
    /// Their name.
    pub name: Text,
    /// What they do: their job title.
    pub position: Option<Text>,
    /// Where they do it.
    pub organisation: Option<OrganisationId>,
    /// Their e-mail address.
    pub email: Option<Text>,
    /// Their telephone number.
    pub telephone: Option<Text>,
}

impl PersonCommand {
    /// What the recorder must look up before this can be decided.
    pub fn mentions(&self) -> Mentions {
        let mut mentions = Mentions::default();
        match self {
            Self::EnterPerson { terms } | Self::CorrectPerson { terms, .. } => {
                mentions.organisations.extend(terms.organisation);
            }
            Self::ErasePerson { .. } | Self::RedactText { .. } => {}
        }
        mentions
    }

    /// Shows every text that is the person's own.
    pub(crate) fn own_texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::EnterPerson { terms } | Self::CorrectPerson { terms, .. } => terms.texts(each),
            Self::ErasePerson { .. } | Self::RedactText { .. } => {}
        }
    }
}

crate::texts! {
    PersonInput { name, position, email, telephone }
}

impl Texts for PersonCommand {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::EnterPerson { terms } => terms.texts(each),
            Self::CorrectPerson { terms, reason } => {
                terms.texts(each);
                reason.texts(each);
            }
            Self::ErasePerson { reason } | Self::RedactText { reason, .. } => reason.texts(each),
        }
    }
}
