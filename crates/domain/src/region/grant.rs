//! Roles given to accounts, and taken away.
//!
//! Who may do what in a region and its compacts is on record like everything else: who gave which role to
//! which account, over what, from which day, until which day. An account is named by its id and
//! nothing more.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::Since;
use crate::facts::{Facts, GroupFact, UnknownFact};
use crate::ids::{AccountId, GrantId};
use crate::role::Post;
use crate::words::REASON;

use super::Region;
use super::command::{GrantTerms, RoleEnding};
use super::error::RegionError;
use super::event::{Holding, RoleEnded, RoleGranted};

/// The days on which a role counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DaysHeld {
    /// The first.
    pub from: NaiveDate,
    /// The last, where there is one.
    pub last: Option<NaiveDate>,
}

/// The roles ever given.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Grants(BTreeMap<GrantId, Since<Given>>);

/// A role given, as far as decisions need it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Given {
    held: Holding,
    days: Days,
}

/// The days on which a role is held: from `from`, and where it ends, up to the day before `ends`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Days {
    from: NaiveDate,
    ends: Option<NaiveDate>,
}

impl Days {
    /// The days from `from` until `until`, both included.
    fn until(from: NaiveDate, until: Option<NaiveDate>) -> Self {
        // The last day there is has none after it: such a role does not end.
        let ends = until.and_then(|until| until.succ_opt());
        Self { from, ends }
    }

    /// The last day, where there is one; none too for a role taken away before it began.
    fn last(self) -> Option<NaiveDate> {
        self.ends.and_then(|ends| ends.pred_opt())
    }

    fn is_empty(self) -> bool {
        self.ends.is_some_and(|ends| ends <= self.from)
    }

    fn overlaps(self, other: Self) -> bool {
        let begins_in_time = |a: Self, b: Self| b.ends.is_none_or(|ends| a.from < ends);
        !self.is_empty()
            && !other.is_empty()
            && begins_in_time(self, other)
            && begins_in_time(other, self)
    }
}

impl Region {
    /// Every role ever given, with the first day on which it counts and the last; a last day before the first means
    /// that it was taken away before it began.
    pub fn grants(&self) -> impl Iterator<Item = (GrantId, AccountId, Post, DaysHeld)> {
        self.grants.0.iter().map(|(id, given)| {
            let Given { held, days } = &given.value;
            let last = days.last();
            let held_on = DaysHeld {
                from: days.from,
                last,
            };
            (*id, held.account_id, held.post, held_on)
        })
    }

    /// What a role that was given is held over.
    pub fn granted(&self, id: GrantId) -> Option<Post> {
        self.grants.0.get(&id).map(|given| given.value.held.post)
    }

    pub(super) fn grant_role(
        &self,
        grant: GrantId,
        terms: &GrantTerms,
        facts: &Facts,
    ) -> Result<RoleGranted, RegionError> {
        let GrantTerms {
            account,
            post,
            from,
            until,
        } = *terms;
        if self.grants.0.contains_key(&grant) {
            let field = "grantId";
            return Err(RegionError::IdTaken { field });
        }
        if let Some(until) = until.filter(|until| *until < from) {
            return Err(RegionError::UntilBeforeFrom { from, until });
        }
        let group = self.over(post, facts)?;
        self.not_held_yet(account, post, Days::until(from, until))?;
        let held = Holding {
            account_id: account,
            post,
            group,
        };
        Ok(RoleGranted {
            grant_id: grant,
            held,
            from,
            until,
        })
    }

    pub(super) fn role_granted(&mut self, event: RoleGranted, on: NaiveDate) {
        let value = Given {
            held: event.held,
            days: Days::until(event.from, event.until),
        };
        self.grants.0.insert(event.grant_id, Since { value, on });
    }

    pub(super) fn end_role(
        &self,
        on: NaiveDate,
        grant: GrantId,
        ending: &RoleEnding,
    ) -> Result<RoleEnded, RegionError> {
        let from = ending.from;
        let given = self.grants.0.get(&grant);
        let given = given.ok_or(RegionError::NoSuchGrant)?;
        let Given { held, days } = given.before(on, "this role was last changed on")?;
        let reason = REASON.accept(&ending.reason)?;
        if days.ends.is_some_and(|ends| ends <= from) {
            return Err(match days.last().filter(|_| !days.is_empty()) {
                Some(last) => RegionError::RoleEndsAlready { last },
                None => RegionError::RoleNeverHeld,
            });
        }
        if from < days.from {
            let begins = days.from;
            return Err(RegionError::EndBeforeBeginning { begins });
        }
        if from < on {
            return Err(RegionError::EndInThePast { on });
        }
        Ok(RoleEnded {
            grant_id: grant,
            held: held.clone(),
            from,
            reason,
        })
    }

    pub(super) fn role_ended(&mut self, event: &RoleEnded, on: NaiveDate) {
        if let Some(given) = self.grants.0.get_mut(&event.grant_id) {
            given.value.days.ends = Some(event.from);
            given.on = on;
        }
    }

    /// Checks that what the role is held over is there; gives the group, for a group lead.
    fn over(&self, post: Post, facts: &Facts) -> Result<Option<GroupFact>, RegionError> {
        if let Some(compact) = post.compact()
            && !self.compacts.contains_key(&compact)
        {
            return Err(UnknownFact::Compact(compact).into());
        }
        if let Some(organisation) = post.organisation()
            && !self.organisations.contains_key(&organisation)
        {
            return Err(UnknownFact::Organisation(organisation).into());
        }
        let group = post.group().map(|group| facts.group(group));
        Ok(group.transpose()?)
    }

    /// Refuses what the account would hold twice on the same day.
    fn not_held_yet(&self, account: AccountId, post: Post, days: Days) -> Result<(), RegionError> {
        let same = |given: &&Since<Given>| {
            let Given { held, days: other } = &given.value;
            held.account_id == account && held.post == post && other.overlaps(days)
        };
        match self.grants.0.values().find(same) {
            None => Ok(()),
            Some(given) => Err(RegionError::RoleHeld {
                from: given.value.days.from,
                last: given.value.days.last(),
            }),
        }
    }
}
