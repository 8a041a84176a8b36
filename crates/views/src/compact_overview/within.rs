//! What of a compact someone reads: each count is made of what is within their reach, and of nothing else.

use std::collections::{BTreeMap, BTreeSet};

use domain::commitment::Status;
use domain::ids::{GroupId, MeetingId};
use domain::session::Session;
use domain::{Reach, Visibility};

use super::{
    CommitmentStanding, CompactOverview, MeetingCount, MeetingSeen, MeetingStanding, PlanStanding,
    SessionCount,
};
use crate::tracked::Stamp;
use crate::whose::Whose;

impl CommitmentStanding {
    /// Whether it is within `reach`.
    pub fn is_within(&self, reach: &Reach) -> bool {
        reach.covers(self.visibility, &self.groups)
    }
}

impl PlanStanding {
    /// Whether it is within `reach`.
    pub fn is_within(&self, reach: &Reach) -> bool {
        reach.covers(self.visibility, [&self.group])
    }
}

impl MeetingStanding {
    /// Whether it is within `reach`.
    pub fn is_within(&self, reach: &Reach) -> bool {
        reach.covers(self.visibility, [&self.group])
    }
}

impl CompactOverview {
    /// How many commitments each session has, by status; sessions in order.
    pub fn sessions_within(&self, reach: &Reach) -> Vec<SessionCount> {
        let mut counts: BTreeMap<Session, BTreeMap<Status, usize>> = BTreeMap::new();
        let read = self.commitments.values();
        for standing in read.filter(|standing| standing.is_within(reach)) {
            let session = counts.entry(standing.session).or_default();
            *session.entry(standing.status).or_default() += 1;
        }
        let count = |(session, by_status)| SessionCount { session, by_status };
        counts.into_iter().map(count).collect()
    }

    /// How many actions are open.
    pub fn open_actions_within(&self, reach: &Reach) -> usize {
        let read = self.plans.values();
        let read = read.filter(|standing| standing.is_within(reach));
        read.map(|standing| standing.open_actions.len()).sum()
    }

    /// The meetings anything was recorded from, by the day held.
    pub fn meetings_within(&self, reach: &Reach) -> Vec<MeetingCount> {
        let meetings = self.meetings.iter();
        let counted = meetings.map(|seen| self.count(seen, reach));
        counted.filter(|count| count.entries > 0).collect()
    }

    /// A meeting by its id, if anything was recorded from it.
    pub fn meeting_within(&self, id: MeetingId, reach: &Reach) -> Option<MeetingCount> {
        let count = self.count(self.meeting(id)?, reach);
        (count.entries > 0).then_some(count)
    }

    fn count(&self, seen: &MeetingSeen, reach: &Reach) -> MeetingCount {
        let commitments = seen.commitments.iter().filter(|(id, _)| {
            let standing = self.commitments.get(id);
            standing.is_some_and(|standing| standing.is_within(reach))
        });
        let plans = seen.plans.iter().filter(|(id, _)| {
            let standing = self.plans.get(id);
            standing.is_some_and(|standing| standing.is_within(reach))
        });
        let commitments: u64 = commitments.map(|(_, entries)| entries).sum();
        let plans: u64 = plans.map(|(_, entries)| entries).sum();
        let minuted = seen.minuted.iter().filter(|(id, _)| {
            let standing = self.minuted.get(id);
            standing.is_some_and(|standing| standing.is_within(reach))
        });
        let minuted: u64 = minuted.map(|(_, entries)| entries).sum();
        let practices = seen.practices.iter().filter(|(id, _)| {
            let visibility = self.practices.get(id);
            visibility.is_some_and(|visibility| reach.covers(*visibility, []))
        });
        let practices: u64 = practices.map(|(_, entries)| entries).sum();
        MeetingCount {
            meeting: seen.meeting,
            entries: seen.entries + commitments + plans + minuted + practices,
        }
    }

    /// The last entry that changed something they read, or let them read something or not.
    pub fn last_within(&self, reach: &Reach) -> Stamp {
        let read = self.last_by_visibility.range(reach.lowest..);
        let own = self.last_by_group.iter();
        let own = own.filter(|(group, _)| reach.drafts_of.contains(group));
        let stamps = read
            .map(|(_, stamp)| stamp)
            .chain(own.map(|(_, stamp)| stamp));
        let last = stamps.max_by_key(|stamp| stamp.position);
        *last.unwrap_or(&self.established)
    }

    /// Who can read what an entry is about: how far it is let out, and the groups it belongs to. None of what is not
    /// there, or not there yet.
    pub(super) fn seen_by(&self, whose: Whose) -> Option<(Visibility, BTreeSet<GroupId>)> {
        match whose {
            Whose::Register => Some((Visibility::Public, BTreeSet::new())),
            // As a draft of no group: for who reads everything, and nobody else.
            Whose::Person(_) => Some((Visibility::Draft, BTreeSet::new())),
            Whose::Commitment(id) => {
                let standing = self.commitments.get(&id)?;
                Some((standing.visibility, standing.groups.clone()))
            }
            Whose::Plan(id) => {
                let standing = self.plans.get(&id)?;
                Some((standing.visibility, [standing.group].into()))
            }
            Whose::Practice(id) => Some((*self.practices.get(&id)?, BTreeSet::new())),
            Whose::Meeting(id) => {
                let standing = self.minuted.get(&id)?;
                Some((standing.visibility, [standing.group].into()))
            }
        }
    }
}
