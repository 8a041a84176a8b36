//! One compact at a glance: what it is, its groups, what it has promised and where that stands.
//!
//! Everything that is counted is kept by what it is counted of, so that it can be added up for whoever asks
//! ([`within`]).

mod within;

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use domain::Text;
use domain::commitment::{Classification, Status};
use domain::compact::{CompactBeginnings, CompactCorrected, GroupKind};
use domain::facts::CompactFact;
use domain::figure::OrganisationFact;
use domain::ids::{
    ActionId, ActionPlanId, CommitmentId, CompactId, GroupId, LedgerId, MeetingId, RegionId,
};
use domain::session::Session;
use domain::stream::StreamKind;
use domain::{
    ActionPlanEvent, CommitmentEvent, CompactEvent, Event, MeetingEvent, MeetingRef, Visibility,
};
use ledger::Entry;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::commitment::status_after;
use crate::table::{Row, Table};
use crate::tracked::{Change, Ended, Stamp, Tracked, Why};
use crate::view::{Fold, View, ViewName};
use crate::whose::{Whose, whose};

/// A compact with its groups, its meetings, and how its commitments and actions stand.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CompactOverview {
    /// The compact.
    pub id: CompactId,
    /// Its ledger.
    pub ledger: LedgerId,
    /// The region it belongs to.
    pub region: RegionId,
    /// Its name in URLs.
    pub slug: String,
    /// Its name.
    pub name: Tracked<String>,
    /// The ground it covers.
    pub area: String,
    /// The day it was launched.
    pub launched_on: NaiveDate,
    /// The year a trial began, where there was one.
    pub pilot_from_year: Option<u16>,
    /// Every correction of the area, the launch and the trial, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Change<CompactBeginnings>>,
    /// Its groups in the order formed; wound-up ones stay.
    pub groups: Vec<GroupView>,
    /// The compact that carries on, once there is one.
    pub succeeded: Option<Succession>,
    /// Where each commitment stands.
    pub commitments: BTreeMap<CommitmentId, CommitmentStanding>,
    /// Its action plans.
    pub plans: BTreeMap<ActionPlanId, PlanStanding>,
    /// The meetings anything was recorded from, by the day held.
    pub meetings: Vec<MeetingSeen>,
    /// The meetings that have a record of their own.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub minuted: BTreeMap<MeetingId, MeetingStanding>,
    /// How far its good practice and its adoptions are let out, by their streams.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub practices: BTreeMap<Uuid, Visibility>,
    /// When its record began.
    pub established: Stamp,
    /// The last entry about anything that was, before it or after it, let out so far and no further.
    pub last_by_visibility: BTreeMap<Visibility, Stamp>,
    /// The last entry about anything that belongs to a group.
    pub last_by_group: BTreeMap<GroupId, Stamp>,
    /// How many entries the compact's own stream has: the `expectedVersion` of the next command.
    pub version: u64,
}

/// A group of a compact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct GroupView {
    /// The group.
    pub id: GroupId,
    /// Its code: "LD".
    pub code: String,
    /// Its name.
    pub name: Tracked<String>,
    /// What kind of group.
    pub kind: GroupKind,
    /// What was said about it when it was formed.
    pub note: Option<Text>,
    /// The organisation in the chair.
    pub chair: Tracked<Option<OrganisationFact>>,
    /// When it was formed.
    pub formed: Stamp,
    /// That it ended its work, and why.
    pub wound_up: Option<Ended>,
}

/// That another compact carries on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Succession {
    /// The compact that carries on.
    pub by: CompactFact,
    /// Why.
    pub reason: Text,
    /// When.
    pub made: Stamp,
}

/// Where one commitment stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CommitmentStanding {
    /// Its session.
    pub session: Session,
    /// Its status.
    pub status: Status,
    /// How far it is let out.
    pub visibility: Visibility,
    /// The groups it belongs to.
    pub groups: BTreeSet<GroupId>,
}

/// Where one plan stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlanStanding {
    /// Whose plan.
    pub group: GroupId,
    /// How far it is let out.
    pub visibility: Visibility,
    /// Its open actions.
    pub open_actions: BTreeSet<ActionId>,
}

/// Whose meeting one is that has a record of its own, and who can read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingStanding {
    /// The group that meets.
    pub group: GroupId,
    /// How far it is let out.
    pub visibility: Visibility,
}

/// A meeting from which something was recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingSeen {
    /// The meeting, its group and its day.
    #[serde(flatten)]
    pub meeting: MeetingRef,
    /// How many entries of the compact itself were recorded from it.
    pub entries: u64,
    /// How many of each commitment.
    pub commitments: BTreeMap<CommitmentId, u64>,
    /// How many of each plan.
    pub plans: BTreeMap<ActionPlanId, u64>,
    /// How many of each meeting's own record.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub minuted: BTreeMap<MeetingId, u64>,
    /// How many of each piece of good practice, and of each adoption.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub practices: BTreeMap<Uuid, u64>,
}

/// A meeting as far as someone reads what was recorded from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MeetingCount {
    /// The meeting, its group and its day.
    pub meeting: MeetingRef,
    /// How many entries they read; never zero.
    pub entries: u64,
}

/// How many commitments of a session stand where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionCount {
    /// The session.
    pub session: Session,
    /// Every status that occurs, with the number of commitments that have it; never zero.
    pub by_status: BTreeMap<Status, usize>,
}

impl CompactOverview {
    /// The compact as others mention it now.
    pub fn fact(&self) -> CompactFact {
        CompactFact {
            id: self.id,
            slug: self.slug.clone(),
            name: self.name.current.clone(),
        }
    }

    /// A group by its id.
    pub fn group(&self, id: GroupId) -> Option<&GroupView> {
        self.groups.iter().find(|group| group.id == id)
    }

    /// A meeting by its id.
    pub fn meeting(&self, id: MeetingId) -> Option<&MeetingSeen> {
        self.meetings.iter().find(|seen| seen.meeting.id == id)
    }

    fn apply_compact(&mut self, event: &CompactEvent, entry: &Entry) {
        match event {
            // The commitment's, the plan's and the adoption's own entries say more.
            CompactEvent::Established(_)
            | CompactEvent::CommitmentEntered(_)
            | CompactEvent::CommitmentRelabelled(_)
            | CompactEvent::ActionPlanEntered(_)
            | CompactEvent::AdoptionEntered(_)
            | CompactEvent::AdoptionEnded(_)
            | CompactEvent::TextRedacted(_) => {}
            CompactEvent::Renamed(e) => {
                self.name
                    .change(e.to.clone(), Why::because(&e.reason), entry);
            }
            CompactEvent::Corrected(e) => self.correct(e, entry),
            CompactEvent::GroupFormed(e) => self.groups.push(GroupView {
                id: e.group.id,
                code: e.group.code.clone(),
                name: Tracked::new(e.group.name.clone()),
                kind: e.kind,
                note: e.note.clone(),
                chair: Tracked::new(None),
                formed: entry.into(),
                wound_up: None,
            }),
            CompactEvent::GroupRenamed(e) => self.on_group(e.group.id, |group| {
                group
                    .name
                    .change(e.to.clone(), Why::because(&e.reason), entry);
            }),
            CompactEvent::ChairAppointed(e) => self.on_group(e.group.id, |group| {
                group.chair.change(Some(e.to.clone()), Why::UNSAID, entry);
            }),
            CompactEvent::GroupWoundUp(e) => self.on_group(e.group.id, |group| {
                group.wound_up = Some(Ended {
                    reason: e.reason.clone(),
                    made: entry.into(),
                });
            }),
            CompactEvent::Succeeded(e) => {
                self.succeeded = Some(Succession {
                    by: e.by.clone(),
                    reason: e.reason.clone(),
                    made: entry.into(),
                });
            }
        }
    }

    fn correct(&mut self, e: &CompactCorrected, entry: &Entry) {
        self.area.clone_from(&e.to.area);
        self.launched_on = e.to.launched_on;
        self.pilot_from_year = e.to.pilot_from_year;
        let (from, to) = (e.from.clone(), e.to.clone());
        let correction = Change::correction(from, to, &e.reason, entry);
        self.corrections.push(correction);
    }

    fn on_group(&mut self, id: GroupId, change: impl FnOnce(&mut GroupView)) {
        if let Some(group) = self.groups.iter_mut().find(|group| group.id == id) {
            change(group);
        }
    }

    fn apply_commitment(&mut self, id: CommitmentId, event: &CommitmentEvent) {
        if let CommitmentEvent::Proposed(e) = event {
            let standing = CommitmentStanding {
                session: e.session,
                status: Status::Draft,
                visibility: Visibility::default(),
                groups: groups_of(&e.classification),
            };
            self.commitments.insert(id, standing);
        }
        let Some(standing) = self.commitments.get_mut(&id) else {
            return;
        };
        match event {
            CommitmentEvent::Reclassified(e) => standing.groups = groups_of(&e.to),
            CommitmentEvent::VisibilityChanged(e) => standing.visibility = e.to,
            other => standing.status = status_after(other).unwrap_or(standing.status),
        }
    }

    fn apply_plan(&mut self, id: ActionPlanId, event: &ActionPlanEvent) {
        if let ActionPlanEvent::Set(e) = event {
            let standing = PlanStanding {
                group: e.group.id,
                visibility: Visibility::default(),
                open_actions: BTreeSet::new(),
            };
            self.plans.insert(id, standing);
        }
        if let Some(standing) = self.plans.get_mut(&id) {
            standing.apply(event);
        }
    }

    fn apply_meeting(&mut self, id: MeetingId, event: &MeetingEvent) {
        let group = match event {
            MeetingEvent::Called(e) => Some(e.group.id),
            MeetingEvent::Held(e) => Some(e.group.id),
            _ => None,
        };
        if let Some(group) = group {
            let visibility = Visibility::default();
            let begun = MeetingStanding { group, visibility };
            self.minuted.entry(id).or_insert(begun);
        }
        if let (MeetingEvent::VisibilityChanged(e), Some(standing)) =
            (event, self.minuted.get_mut(&id))
        {
            standing.visibility = e.to;
        }
    }

    /// Good practice and adoptions begin as drafts.
    fn apply_practice(&mut self, id: Uuid, event: &Event) {
        use domain::{AdoptionEvent as A, GoodPracticeEvent as P};
        match event {
            Event::GoodPractice(P::Written(_)) | Event::Adoption(A::Adopted(_)) => {
                self.practices.insert(id, Visibility::default());
            }
            Event::GoodPractice(P::VisibilityChanged(e))
            | Event::Adoption(A::VisibilityChanged(e)) => {
                if let Some(visibility) = self.practices.get_mut(&id) {
                    *visibility = e.to;
                }
            }
            _ => {}
        }
    }

    /// Notes that something was recorded from a meeting.
    fn see(&mut self, meeting: MeetingRef, whose: Whose) {
        // Who was written down at a meeting is no part of what it decided.
        if matches!(whose, Whose::Person(_)) {
            return;
        }
        let order = |seen: &MeetingSeen| (seen.meeting.held_on, seen.meeting.id);
        let place = self
            .meetings
            .binary_search_by_key(&(meeting.held_on, meeting.id), order);
        let at = place.unwrap_or_else(|at| {
            self.meetings.insert(at, MeetingSeen::none(meeting));
            at
        });
        let seen = &mut self.meetings[at];
        *match whose {
            Whose::Register | Whose::Person(_) => &mut seen.entries,
            Whose::Commitment(id) => seen.commitments.entry(id).or_default(),
            Whose::Plan(id) => seen.plans.entry(id).or_default(),
            Whose::Meeting(id) => seen.minuted.entry(id).or_default(),
            Whose::Practice(id) => seen.practices.entry(id).or_default(),
        } += 1;
    }
}

impl PlanStanding {
    fn apply(&mut self, event: &ActionPlanEvent) {
        match event {
            ActionPlanEvent::VisibilityChanged(e) => self.visibility = e.to,
            ActionPlanEvent::ActionSet(e) => {
                self.open_actions.insert(e.action_id);
            }
            ActionPlanEvent::ActionReopened(e) => {
                self.open_actions.insert(e.action_id);
            }
            ActionPlanEvent::ActionCompleted(e) => {
                self.open_actions.remove(&e.action_id);
            }
            ActionPlanEvent::ActionDropped(e) => {
                self.open_actions.remove(&e.action_id);
            }
            ActionPlanEvent::ActionMerged(e) => {
                self.open_actions.remove(&e.action_id);
            }
            _ => {}
        }
    }
}

fn groups_of(classification: &Classification) -> BTreeSet<GroupId> {
    let groups = classification.groups.iter();
    groups.map(|group| group.id).collect()
}

impl MeetingSeen {
    /// A meeting nothing was recorded from yet.
    const fn none(meeting: MeetingRef) -> Self {
        Self {
            meeting,
            entries: 0,
            commitments: BTreeMap::new(),
            plans: BTreeMap::new(),
            minuted: BTreeMap::new(),
            practices: BTreeMap::new(),
        }
    }
}

impl Fold for CompactOverview {
    fn key(entry: &Entry) -> Option<Uuid> {
        let recorded = &entry.recorded;
        (recorded.stream.kind != StreamKind::Region).then_some(recorded.ledger.uuid())
    }

    fn begin(entry: &Entry) -> Option<Self> {
        let Event::Compact(CompactEvent::Established(event)) = &entry.event else {
            return None;
        };
        let mut overview = Self {
            id: event.compact_id,
            ledger: entry.recorded.ledger,
            region: event.region_id,
            slug: event.slug.clone(),
            name: Tracked::new(event.name.clone()),
            area: event.area.clone(),
            launched_on: event.launched_on,
            pilot_from_year: event.pilot_from_year,
            corrections: Vec::new(),
            groups: Vec::new(),
            succeeded: None,
            commitments: BTreeMap::new(),
            plans: BTreeMap::new(),
            meetings: Vec::new(),
            minuted: BTreeMap::new(),
            practices: BTreeMap::new(),
            established: entry.into(),
            last_by_visibility: BTreeMap::new(),
            last_by_group: BTreeMap::new(),
            version: 0,
        };
        overview.apply(entry);
        Some(overview)
    }

    fn apply(&mut self, entry: &Entry) {
        let stream = entry.recorded.stream;
        let whose = whose(entry);
        let before = self.seen_by(whose);
        match &entry.event {
            Event::Compact(event) => {
                self.apply_compact(event, entry);
                self.version = entry.recorded.stream_version;
            }
            Event::Commitment(event) => self.apply_commitment(stream.id.into(), event),
            Event::ActionPlan(event) => self.apply_plan(stream.id.into(), event),
            Event::Person(_) => {}
            Event::Meeting(event) => self.apply_meeting(stream.id.into(), event),
            event @ (Event::GoodPractice(_) | Event::Adoption(_)) => {
                self.apply_practice(stream.id, event);
            }
            Event::Region(_) | Event::Assessment(_) => return,
        }
        if let Some(meeting) = entry.recorded.meeting {
            self.see(meeting, whose);
        }
        for (visibility, groups) in [before, self.seen_by(whose)].into_iter().flatten() {
            self.last_by_visibility.insert(visibility, entry.into());
            for group in groups {
                self.last_by_group.insert(group, entry.into());
            }
        }
    }
}

impl View for CompactOverview {
    const NAME: ViewName = ViewName::CompactOverview;
    const TABLE: Table = Table::CompactOverview;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let columns = Columns {
            ledger_id: self.ledger,
            compact_id: self.id,
            region_id: self.region,
            slug: &self.slug,
            name: &self.name.current,
        };
        Ok(vec![Row::new(Self::TABLE, self.id.uuid(), &columns, self)?])
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns<'a> {
    ledger_id: LedgerId,
    compact_id: CompactId,
    region_id: RegionId,
    slug: &'a str,
    name: &'a str,
}
