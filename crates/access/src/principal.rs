//! Who asks: the public, or an account with the roles it was given.

use chrono::NaiveDate;
use domain::Post;
use domain::ids::{AccountId, GrantId, RegionId};

/// A role given to an account, as the region's ledger has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The grant.
    pub id: GrantId,
    /// To whom.
    pub account: AccountId,
    /// The region in whose ledger it was given. It reaches no further, whatever it names.
    pub region: RegionId,
    /// Which role, over what.
    pub post: Post,
    /// The first day on which it counts.
    pub from: NaiveDate,
    /// The last day on which it counts, that day included; none has no end. A day before `from` means that
    /// it was taken away before it began.
    pub until: Option<NaiveDate>,
}

impl Grant {
    /// Whether it counts on this day.
    pub fn is_current(&self, on: NaiveDate) -> bool {
        self.from <= on && self.until.is_none_or(|until| on <= until)
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Principal(Who);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Who {
    Public,
    Account { id: AccountId, grants: Vec<Grant> },
}

impl Principal {
    /// Someone who is not signed in.
    pub const PUBLIC: Self = Self(Who::Public);

    /// Someone who is signed in. Of `grants` only the account's own are kept.
    pub fn account(id: AccountId, grants: impl IntoIterator<Item = Grant>) -> Self {
        let grants = grants.into_iter().filter(|grant| grant.account == id);
        let grants = grants.collect();
        Self(Who::Account { id, grants })
    }

    /// The account, of someone who is signed in.
    pub const fn id(&self) -> Option<AccountId> {
        match &self.0 {
            Who::Public => None,
            Who::Account { id, .. } => Some(*id),
        }
    }

    /// The roles that count on this day, and no others.
    pub fn grants_on(&self, on: NaiveDate) -> impl Iterator<Item = &Grant> {
        let grants: &[Grant] = match &self.0 {
            Who::Public => &[],
            Who::Account { grants, .. } => grants,
        };
        grants.iter().filter(move |grant| grant.is_current(on))
    }
}
