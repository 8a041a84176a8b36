//! What can happen to a person's record.

use serde::{Deserialize, Serialize};

use crate::event::events;
use crate::figure::OrganisationFact;
use crate::redaction::TextRedacted;
use crate::text::Text;

events! {
    /// Everything that can happen to a person's record.
    pub enum PersonEvent {
        /// A person was written down.
        "person.entered" v 1 => Entered(PersonEntered),
        /// What is said of a person was put right.
        "person.corrected" v 1 => Corrected(PersonCorrected),
        /// A person was erased.
        "person.erased" v 1 => Erased(PersonErased),
        /// A text was redacted.
        "person.text_redacted" v 1 => TextRedacted(TextRedacted),
    }
}

/// What is said of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonTerms {
    /// Their name.
    pub name: Text,
    /// What they do: their job title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub position: Option<Text>,
    /// Where they do it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationFact>,
    /// Their e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<Text>,
    /// Their telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub telephone: Option<Text>,
}

/// A person was written down.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonEntered {
    /// What is said of them.
    pub person: PersonTerms,
}

/// What is said of a person was put right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonCorrected {
    /// What was said until now.
    pub from: PersonTerms,
    /// What is said from now on.
    pub to: PersonTerms,
    /// Why.
    pub reason: Text,
}

/// A person was erased: nobody reads any more what was said of them, here or anywhere.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonErased {
    /// Why.
    pub reason: Text,
}

crate::texts! {
    PersonTerms { name, position, email, telephone }
    PersonEntered { person }
    PersonCorrected { from, to, reason }
    PersonErased { reason }
}
