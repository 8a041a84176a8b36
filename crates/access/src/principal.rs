//! Who asks: the public, or an account with the roles it was given.

use chrono::NaiveDate;
use domain::Post;
use domain::ids::{AccountId, CompactId, GrantId, RegionId};
use serde::{Deserialize, Serialize};

use crate::action::Action;
use crate::resource::Resource;

/// A role given to an account, as the region's ledger has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
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

/// What an API token is good for. It takes away from what its owner may do, and adds nothing.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Token {
    /// The compacts it is good for; none is every one, and the regions too.
    pub compacts: Option<Vec<CompactId>>,
    /// Whether it is good for more than reading.
    pub writes: bool,
    /// Whether its owner has a second factor: without one, roles that ask for one give it nothing.
    pub second_factor: bool,
}

impl Token {
    /// Whether it is good for doing this to that. What it is not good for, its bearer does as anybody might.
    pub(crate) fn covers(&self, action: Action, resource: &Resource) -> bool {
        let here = self.compacts.as_ref().is_none_or(|compacts| {
            resource
                .compact()
                .is_some_and(|compact| compacts.contains(&compact))
        });
        here && (self.writes || action.is_reading())
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Principal {
    who: Who,
    token: Option<Token>,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Who {
    Public,
    Account { id: AccountId, grants: Vec<Grant> },
}

impl Principal {
    /// Someone who is not signed in.
    pub const PUBLIC: Self = Self {
        who: Who::Public,
        token: None,
    };

    /// Someone who is signed in. Of `grants` only the account's own are kept.
    pub fn account(id: AccountId, grants: impl IntoIterator<Item = Grant>) -> Self {
        let grants = grants.into_iter().filter(|grant| grant.account == id);
        let grants = grants.collect();
        let who = Who::Account { id, grants };
        Self { who, token: None }
    }

    /// The same, coming with a token: no more than it is good for.
    #[must_use]
    pub fn with(mut self, token: Token) -> Self {
        if let Who::Account { grants, .. } = &mut self.who
            && !token.second_factor
        {
            grants.retain(|grant| !grant.post.role().needs_second_factor());
        }
        let token = Some(token);
        Self { token, ..self }
    }

    /// The token it comes with.
    pub(crate) const fn token(&self) -> Option<&Token> {
        self.token.as_ref()
    }

    /// The account, of someone who is signed in.
    pub const fn id(&self) -> Option<AccountId> {
        match &self.who {
            Who::Public => None,
            Who::Account { id, .. } => Some(*id),
        }
    }

    /// The roles that count on this day, and no others.
    pub fn grants_on(&self, on: NaiveDate) -> impl Iterator<Item = &Grant> {
        let grants: &[Grant] = match &self.who {
            Who::Public => &[],
            Who::Account { grants, .. } => grants,
        };
        grants.iter().filter(move |grant| grant.is_current(on))
    }
}
