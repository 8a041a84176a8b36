//! What every read model is: a pure fold over entries, one struct per key.

use domain::Texts;
use std::collections::BTreeMap;
use std::fmt;

use ledger::Entry;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::table::{Row, Table};

/// The read models that are projected, each with its own checkpoint in every ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewName {
    /// [`crate::RegionRegister`].
    RegionRegister,
    /// [`crate::CompactOverview`].
    CompactOverview,
    /// [`crate::CommitmentView`].
    Commitment,
    /// [`crate::ActionPlanView`] and the action list's rows.
    ActionPlan,
    /// [`crate::Mentions`].
    Mentions,
    /// [`crate::RoleGrantView`].
    RoleGrant,
    /// [`crate::PersonView`].
    Person,
    /// [`crate::MeetingView`].
    Meeting,
    /// [`crate::GoodPracticeView`].
    GoodPractice,
    /// [`crate::AdoptionView`].
    Adoption,
    /// [`crate::AssessmentView`].
    Assessment,
    /// [`crate::FileReferences`].
    FileReference,
}

impl ViewName {
    /// Every view there is.
    pub const ALL: [Self; 12] = [
        Self::RegionRegister,
        Self::CompactOverview,
        Self::Commitment,
        Self::ActionPlan,
        Self::Mentions,
        Self::RoleGrant,
        Self::Person,
        Self::Meeting,
        Self::GoodPractice,
        Self::Adoption,
        Self::Assessment,
        Self::FileReference,
    ];

    /// The name as it is stored and as `compacts rebuild` takes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::RegionRegister => "region-register",
            Self::CompactOverview => "compact-overview",
            Self::Commitment => "commitment",
            Self::ActionPlan => "action-plan",
            Self::Mentions => "mentions",
            Self::RoleGrant => "role-grant",
            Self::Person => "person",
            Self::Meeting => "meeting",
            Self::GoodPractice => "good-practice",
            Self::Adoption => "adoption",
            Self::Assessment => "assessment",
            Self::FileReference => "file-reference",
        }
    }
}

impl fmt::Display for ViewName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Why a text names no view.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "there is no view “{0}”; there are region-register, compact-overview, commitment, action-plan, mentions, role-grant, person, meeting, good-practice, adoption, assessment and file-reference"
)]
pub struct NotAView(String);

impl std::str::FromStr for ViewName {
    type Err = NotAView;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .into_iter()
            .find(|name| name.as_str() == text)
            .ok_or_else(|| NotAView(text.to_owned()))
    }
}

/// A pure fold: what the entries of one key add up to.
///
/// A fold never fails and never asks anything of anyone. It may be given a part of the entries only
/// (those dated up to a day), so it passes over what speaks of a thing it has not seen begin.
pub trait Fold:
    Clone + fmt::Debug + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static
{
    /// Which row an entry belongs to, if it belongs to any.
    fn key(entry: &Entry) -> Option<Uuid>;

    /// The row as its first entry makes it, if this entry can be a row's first.
    fn begin(entry: &Entry) -> Option<Self>;

    /// The row after one more entry of its key.
    fn apply(&mut self, entry: &Entry);
}

/// A fold that is kept in tables.
pub trait View: Fold + Texts {
    /// The view's name.
    const NAME: ViewName;

    /// The table its documents are loaded from.
    const TABLE: Table;

    /// The rows that keep it: one of [`View::TABLE`], and what is derived from it.
    ///
    /// # Errors
    /// When a column cannot be written as JSON.
    fn rows(&self) -> Result<Vec<Row>, serde_json::Error>;
}

/// Folds one entry of a key into what that key's entries came to before.
pub fn step<V: Fold>(row: &mut Option<V>, entry: &Entry) {
    match row {
        Some(view) => view.apply(entry),
        None => *row = V::begin(entry),
    }
}

/// Folds the entries of one key.
pub fn fold<'a, V: Fold>(entries: impl IntoIterator<Item = &'a Entry>) -> Option<V> {
    let mut row = None;
    for entry in entries {
        step(&mut row, entry);
    }
    row
}

/// Folds entries of any keys into one row each.
pub fn fold_rows<'a, V: Fold>(entries: impl IntoIterator<Item = &'a Entry>) -> BTreeMap<Uuid, V> {
    let mut rows = BTreeMap::new();
    for entry in entries {
        fold_into(&mut rows, entry);
    }
    rows
}

/// Folds one entry into the row it belongs to.
pub fn fold_into<V: Fold>(rows: &mut BTreeMap<Uuid, V>, entry: &Entry) {
    let Some(key) = V::key(entry) else { return };
    match rows.get_mut(&key) {
        Some(view) => view.apply(entry),
        None => {
            if let Some(view) = V::begin(entry) {
                rows.insert(key, view);
            }
        }
    }
}

impl ViewName {
    /// The tables its rows are in.
    pub const fn tables(self) -> &'static [Table] {
        match self {
            Self::RegionRegister => &[Table::RegionRegister],
            Self::CompactOverview => &[Table::CompactOverview],
            Self::Commitment => &[Table::Commitment],
            Self::ActionPlan => &[Table::ActionPlan, Table::ActionList],
            Self::Mentions => &[Table::Mentions],
            Self::RoleGrant => &[Table::RoleGrants],
            Self::Person => &[Table::People],
            Self::Meeting => &[Table::Meetings],
            Self::GoodPractice => &[Table::GoodPractice],
            Self::Adoption => &[Table::Adoptions],
            Self::Assessment => &[Table::Assessments],
            Self::FileReference => &[Table::FileReferences],
        }
    }
}
