//! Refusals: why a command was not accepted, in words a secretary understands.

use crate::action_plan::ActionPlanError;
use crate::commitment::CommitmentError;
use crate::compact::CompactError;
use crate::region::RegionError;

/// What every aggregate's error can say of itself. Its `Display` is the sentence for the person.
pub trait Refusal: std::error::Error {
    /// A code that stays the same when the words change, such as `ACTION_COMPLETED`.
    fn code(&self) -> &'static str;

    /// The input field it is about, as the API names it.
    fn field(&self) -> Option<&'static str>;
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
}

impl Refusal for DomainError {
    fn code(&self) -> &'static str {
        match self {
            Self::Region(error) => error.code(),
            Self::Compact(error) => error.code(),
            Self::Commitment(error) => error.code(),
            Self::ActionPlan(error) => error.code(),
        }
    }

    fn field(&self) -> Option<&'static str> {
        match self {
            Self::Region(error) => error.field(),
            Self::Compact(error) => error.field(),
            Self::Commitment(error) => error.field(),
            Self::ActionPlan(error) => error.field(),
        }
    }
}
