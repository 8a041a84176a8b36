//! Which entries of a ledger someone reads, and what of them.

use std::collections::{BTreeMap, BTreeSet};

use domain::facts::CommitmentFact;
use domain::ids::{GroupId, LedgerId};
use domain::{ActionPlanEvent, CommitmentEvent, Event, MeetingEvent, Reach, Visibility};
use ledger::{Entry, Position};
use uuid::Uuid;

use crate::queries::{QueryError, ViewReader};
use crate::whose::{Whose, whose};
use crate::{ActionPlanView, AdoptionView, CommitmentView, GoodPracticeView, MeetingView, Tracked};

/// Which entries of a ledger someone reads: those recorded while they could see what they are about, and still can.
pub(super) struct Sight<'a> {
    views: &'a ViewReader,
    ledger: LedgerId,
    reach: &'a Reach,
    /// The commitments and plans that were looked up; none for those that are not there.
    known: BTreeMap<Uuid, Option<Known>>,
}

/// Who could see a commitment or a plan, and when.
struct Known {
    visibility: Tracked<Visibility>,
    groups: Vec<GroupId>,
    /// What it is called now, of a commitment.
    fact: Option<CommitmentFact>,
}

impl<'a> Sight<'a> {
    pub(super) const fn new(views: &'a ViewReader, ledger: LedgerId, reach: &'a Reach) -> Self {
        let known = BTreeMap::new();
        Self {
            views,
            ledger,
            reach,
            known,
        }
    }

    /// The ledger whose entries these are.
    pub(super) const fn ledger(&self) -> LedgerId {
        self.ledger
    }

    /// Those of `entries` that are read, naming nothing that is not. Whoever reads everything needs no view for it, and
    /// so reads what no view has folded yet.
    pub(super) async fn of(&mut self, entries: Vec<Entry>) -> Result<Vec<Entry>, QueryError> {
        if *self.reach == Reach::EVERYTHING {
            return Ok(entries);
        }
        self.look_up(&entries).await?;
        let read = entries.into_iter().filter(|entry| self.reads(entry));
        Ok(read
            .filter_map(|entry| self.naming_what_is_seen(entry))
            .collect())
    }

    async fn look_up(&mut self, entries: &[Entry]) -> Result<(), QueryError> {
        let about = entries.iter().filter_map(about);
        let named = entries.iter().flat_map(named).map(|fact| fact.id.uuid());
        let all: BTreeSet<Uuid> = about.chain(named).collect();
        let unknown = all.into_iter().filter(|id| !self.known.contains_key(id));
        let unknown: Vec<Uuid> = unknown.collect();
        if unknown.is_empty() {
            return Ok(());
        }
        self.known.extend(unknown.iter().map(|id| (*id, None)));
        let commitments = self.views.many::<CommitmentView>(self.ledger, &unknown);
        for (id, view) in commitments.await? {
            let known = Known {
                groups: view.groups().copied().collect(),
                fact: Some(view.fact()),
                visibility: view.visibility,
            };
            self.known.insert(id, Some(known));
        }
        let plans = self.views.many::<ActionPlanView>(self.ledger, &unknown);
        for (id, view) in plans.await? {
            let known = Known {
                groups: vec![view.group.id],
                fact: None,
                visibility: view.visibility,
            };
            self.known.insert(id, Some(known));
        }
        let meetings = self.views.many::<MeetingView>(self.ledger, &unknown);
        for (id, view) in meetings.await? {
            let known = Known {
                groups: vec![view.group.id],
                fact: None,
                visibility: view.visibility,
            };
            self.known.insert(id, Some(known));
        }
        self.look_up_practice(&unknown).await
    }

    /// Good practice and adoptions belong to no group: a draft of them is read by those who read everything.
    async fn look_up_practice(&mut self, unknown: &[Uuid]) -> Result<(), QueryError> {
        let of_no_group = |visibility| Known {
            groups: Vec::new(),
            fact: None,
            visibility,
        };
        let practices = self.views.many::<GoodPracticeView>(self.ledger, unknown);
        for (id, view) in practices.await? {
            self.known.insert(id, Some(of_no_group(view.visibility)));
        }
        let adoptions = self.views.many::<AdoptionView>(self.ledger, unknown);
        for (id, view) in adoptions.await? {
            self.known.insert(id, Some(of_no_group(view.visibility)));
        }
        Ok(())
    }

    /// Whether what an entry is about is seen today, and was once the entry had been recorded.
    fn reads(&self, entry: &Entry) -> bool {
        let Some(id) = about(entry) else {
            return true;
        };
        let then = entry.recorded.position;
        self.seen(id)
            .is_some_and(|known| known.visibility.was_within(self.reach, &known.groups, then))
    }

    /// What is seen today of what was looked up.
    fn seen(&self, id: Uuid) -> Option<&Known> {
        let known = self.known.get(&id)?.as_ref()?;
        let now = Position::MAX;
        let is_seen = known.visibility.was_within(self.reach, &known.groups, now);
        is_seen.then_some(known)
    }

    /// The entry with the commitments it names as they are called today: what they were called may be from a draft.
    /// None when it is about one that is not seen.
    fn naming_what_is_seen(&self, mut entry: Entry) -> Option<Entry> {
        let called = |fact: &CommitmentFact| self.seen(fact.id.uuid())?.fact.clone();
        match &mut entry.event {
            Event::ActionPlan(ActionPlanEvent::ObjectiveAdded(added)) => {
                added.commitment = added.commitment.as_ref().and_then(called);
            }
            Event::ActionPlan(ActionPlanEvent::ObjectiveLinked(linked)) => {
                for fact in [&mut linked.from, &mut linked.to].into_iter().flatten() {
                    *fact = called(fact)?;
                }
            }
            Event::Commitment(CommitmentEvent::CarriedForward(carried)) => {
                carried.into = called(&carried.into)?;
            }
            Event::Meeting(MeetingEvent::ItemMinuted(minuted)) => {
                minuted.commitments = minuted.commitments.iter().filter_map(called).collect();
            }
            _ => {}
        }
        Some(entry)
    }
}

/// The commitment, the plan, the meeting, the practice, the adoption or the person an entry tells of.
fn about(entry: &Entry) -> Option<Uuid> {
    match whose(entry) {
        Whose::Register => None,
        Whose::Commitment(id) => Some(id.uuid()),
        Whose::Plan(id) => Some(id.uuid()),
        Whose::Meeting(id) => Some(id.uuid()),
        Whose::Practice(id) => Some(id),
        // Never among what was looked up: only who reads everything reads of people.
        Whose::Person(id) => Some(id.uuid()),
    }
}

/// The commitments that an entry of another stream names.
fn named(entry: &Entry) -> Vec<&CommitmentFact> {
    match &entry.event {
        Event::ActionPlan(ActionPlanEvent::ObjectiveAdded(added)) => {
            added.commitment.iter().collect()
        }
        Event::ActionPlan(ActionPlanEvent::ObjectiveLinked(linked)) => {
            [&linked.from, &linked.to].into_iter().flatten().collect()
        }
        Event::Commitment(CommitmentEvent::CarriedForward(carried)) => vec![&carried.into],
        Event::Meeting(MeetingEvent::ItemMinuted(minuted)) => minuted.commitments.iter().collect(),
        _ => Vec::new(),
    }
}
