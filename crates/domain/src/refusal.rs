//! Refusals: why a command was not accepted, in words a secretary understands.

use std::fmt;

use crate::action_plan::ActionPlanError;
use crate::adoption::AdoptionError;
use crate::assessment::AssessmentError;
use crate::commitment::CommitmentError;
use crate::compact::CompactError;
use crate::facts::UnknownPerson;
use crate::good_practice::GoodPracticeError;
use crate::meeting::MeetingError;
use crate::person::PersonError;
use crate::region::RegionError;
use crate::text::{Text, Texts};

/// What every aggregate's error can say of itself. Its `Display` is the sentence for the person.
pub trait Refusal: std::error::Error {
    /// A code that stays the same when the words change, such as `ACTION_COMPLETED`.
    fn code(&self) -> &'static str;

    /// The input field it is about, as the API names it.
    fn field(&self) -> Option<&'static str>;

    /// The way to it: the field, and where that is a list the item in it and the item's own field.
    fn path(&self) -> Option<String> {
        self.field().map(ToOwned::to_owned)
    }
}

/// One item of a list that was sent, or one field of it: `objectiveIds.1`, `byOrganisation.0.value`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// The list's field.
    pub list: &'static str,
    /// Which item, from 0.
    pub at: usize,
    /// The item's field, where it has several.
    pub field: Option<&'static str>,
}

impl Item {
    /// The item at this place of this list.
    pub const fn of(list: &'static str, at: usize) -> Self {
        let field = None;
        Self { list, at, field }
    }

    /// This field of it.
    #[must_use]
    pub const fn field(self, field: &'static str) -> Self {
        let field = Some(field);
        Self { field, ..self }
    }
}

impl fmt::Display for Item {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.list, self.at)?;
        match self.field {
            Some(field) => write!(f, ".{field}"),
            None => Ok(()),
        }
    }
}

/// Any aggregate's refusal.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum DomainError {
    /// The region refused.
    #[error(transparent)]
    Region(#[from] RegionError),
    /// The compact refused.
    #[error(transparent)]
    Compact(#[from] CompactError),
    /// The commitment refused.
    #[error(transparent)]
    Commitment(#[from] CommitmentError),
    /// The action plan refused.
    #[error(transparent)]
    ActionPlan(#[from] ActionPlanError),
    /// The person's record refused.
    #[error(transparent)]
    Person(#[from] PersonError),
    /// The meeting refused.
    #[error(transparent)]
    Meeting(#[from] MeetingError),
    /// The piece of good practice refused.
    #[error(transparent)]
    GoodPractice(#[from] GoodPracticeError),
    /// The adoption refused.
    #[error(transparent)]
    Adoption(#[from] AdoptionError),
    /// The assessment or the challenge refused.
    #[error(transparent)]
    Assessment(#[from] AssessmentError),
    /// Before any of them was asked: a text mentions somebody who is not there.
    #[error(transparent)]
    Mention(#[from] UnknownPerson),
}

/// A refusal may quote what stands.
impl Texts for DomainError {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        if let Self::ActionPlan(error) = self {
            error.texts(each);
        }
    }
}

impl Refusal for DomainError {
    fn code(&self) -> &'static str {
        match self {
            Self::Region(error) => error.code(),
            Self::Compact(error) => error.code(),
            Self::Commitment(error) => error.code(),
            Self::ActionPlan(error) => error.code(),
            Self::Person(error) => error.code(),
            Self::Meeting(error) => error.code(),
            Self::GoodPractice(error) => error.code(),
            Self::Adoption(error) => error.code(),
            Self::Assessment(error) => error.code(),
            Self::Mention(_) => "UNKNOWN",
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Region(error) => error.field(),
            Self::Compact(error) => error.field(),
            Self::Commitment(error) => error.field(),
            Self::ActionPlan(error) => error.field(),
            Self::Person(error) => error.field(),
            Self::Meeting(error) => error.field(),
            Self::GoodPractice(error) => error.field(),
            Self::Adoption(error) => error.field(),
            Self::Assessment(error) => error.field(),
            Self::Mention(_) => None,
        }
    }

    fn path(&self) -> Option<String> {
        match self {
            Self::Region(error) => error.path(),
            Self::Compact(error) => error.path(),
            Self::Commitment(error) => error.path(),
            Self::ActionPlan(error) => error.path(),
            Self::Person(error) => error.path(),
            Self::Meeting(error) => error.path(),
            Self::GoodPractice(error) => error.path(),
            Self::Adoption(error) => error.path(),
            Self::Assessment(error) => error.path(),
            Self::Mention(_) => None,
        }
    }
}
