//! Where things are spoken of: which streams mention a group, an organisation, an indicator, a compact
//! or another stream's commitment. It leads from any such thing to its history.

use std::collections::BTreeSet;

use domain::commitment::{Classification, ReadingTerms};
use domain::good_practice::PracticeTerms;
use domain::ids::LedgerId;
use domain::region::Holding;
use domain::stream::{StreamId, StreamKind};
use domain::{
    ActionPlanEvent, AdoptionEvent, CommitmentEvent, CompactEvent, Event, GoodPracticeEvent,
    MeetingEvent, RegionEvent,
};
use ledger::Entry;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::table::{Row, Table};
use crate::view::{Fold, View, ViewName};

/// What one stream speaks of besides itself and its own parts.
///
/// A stream's parts (a commitment's measures, a plan's objectives) are found through the stream they
/// belong to, so they are not listed: the row grows with what is mentioned, not with every entry.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Mentions {
    /// The ledger.
    pub ledger: LedgerId,
    /// The stream.
    pub stream: StreamId,
    /// What it speaks of.
    pub subjects: BTreeSet<Uuid>,
}

impl Fold for Mentions {
    fn key(entry: &Entry) -> Option<Uuid> {
        Some(entry.recorded.stream.id)
    }

    fn begin(entry: &Entry) -> Option<Self> {
        let mut mentions = Self {
            ledger: entry.recorded.ledger,
            stream: entry.recorded.stream,
            subjects: BTreeSet::new(),
        };
        mentions.apply(entry);
        Some(mentions)
    }

    fn apply(&mut self, entry: &Entry) {
        each_mention(&entry.event, &mut |subject| {
            self.subjects.insert(subject);
        });
    }
}

impl View for Mentions {
    const NAME: ViewName = ViewName::Mentions;
    const TABLE: Table = Table::Mentions;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let columns = Columns {
            ledger_id: self.ledger,
            stream_id: self.stream.id,
            stream_kind: self.stream.kind,
            subjects: &self.subjects,
        };
        Ok(vec![Row::without_document(
            Self::TABLE,
            self.stream.id,
            &columns,
        )?])
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns<'a> {
    ledger_id: LedgerId,
    stream_id: Uuid,
    stream_kind: StreamKind,
    subjects: &'a BTreeSet<Uuid>,
}

/// Names everything an event speaks of that lives outside its stream, or that other streams speak of.
pub(crate) fn each_mention(event: &Event, name: &mut impl FnMut(Uuid)) {
    match event {
        Event::Region(event) => of_region(event, name),
        Event::Compact(event) => of_compact(event, name),
        Event::Commitment(event) => of_commitment(event, name),
        Event::ActionPlan(event) => of_plan(event, name),
        // Where somebody works is looked up from the person: what is kept here outlives an erasure. What was judged is asked for by the
        // commitment, and stands in another ledger.
        Event::Person(_) | Event::Assessment(_) => {}
        Event::Meeting(event) => of_meeting(event, name),
        Event::GoodPractice(event) => of_practice(event, name),
        Event::Adoption(event) => of_adoption(event, name),
    }
}

fn of_region(event: &RegionEvent, name: &mut impl FnMut(Uuid)) {
    match event {
        RegionEvent::IndicatorDefined(e) => name(e.indicator_id.uuid()),
        RegionEvent::IndicatorCorrected(e) => name(e.indicator_id.uuid()),
        RegionEvent::OrganisationRegistered(e) => name(e.organisation_id.uuid()),
        RegionEvent::OrganisationRenamed(e) => name(e.organisation_id.uuid()),
        RegionEvent::OrganisationRecategorised(e) => name(e.organisation_id.uuid()),
        RegionEvent::CompactOpened(e) => name(e.compact_id.uuid()),
        RegionEvent::RoleGranted(e) => of_holding(&e.held, name),
        RegionEvent::RoleEnded(e) => of_holding(&e.held, name),
        RegionEvent::Established(_)
        | RegionEvent::ChallengeSet(_)
        | RegionEvent::ThemeAdded(_)
        | RegionEvent::ThemeRenamed(_)
        | RegionEvent::TextRedacted(_) => {}
    }
}

/// The account, and what it holds its role over.
fn of_holding(held: &Holding, name: &mut impl FnMut(Uuid)) {
    name(held.account_id.uuid());
    held.post
        .compact()
        .into_iter()
        .for_each(|id| name(id.uuid()));
    held.post.group().into_iter().for_each(|id| name(id.uuid()));
    held.post
        .organisation()
        .into_iter()
        .for_each(|id| name(id.uuid()));
}

fn of_compact(event: &CompactEvent, name: &mut impl FnMut(Uuid)) {
    match event {
        CompactEvent::Established(e) => name(e.region_id.uuid()),
        // The commitment's, the plan's and the adoption's own streams tell of their beginnings.
        CompactEvent::Renamed(_)
        | CompactEvent::Corrected(_)
        | CompactEvent::CommitmentEntered(_)
        | CompactEvent::CommitmentRelabelled(_)
        | CompactEvent::ActionPlanEntered(_)
        | CompactEvent::AdoptionEntered(_)
        | CompactEvent::AdoptionEnded(_)
        | CompactEvent::TextRedacted(_) => {}
        CompactEvent::GroupFormed(e) => name(e.group.id.uuid()),
        CompactEvent::GroupRenamed(e) => name(e.group.id.uuid()),
        CompactEvent::ChairAppointed(e) => {
            name(e.group.id.uuid());
            name(e.to.id.uuid());
            if let Some(from) = &e.from {
                name(from.id.uuid());
            }
        }
        CompactEvent::GroupWoundUp(e) => name(e.group.id.uuid()),
        CompactEvent::Succeeded(e) => name(e.by.id.uuid()),
    }
}

fn of_commitment(event: &CommitmentEvent, name: &mut impl FnMut(Uuid)) {
    match event {
        CommitmentEvent::Proposed(e) => of_classification(&e.classification, name),
        CommitmentEvent::Reclassified(e) => {
            of_classification(&e.from, name);
            of_classification(&e.to, name);
        }
        CommitmentEvent::MeasureAdded(e) => name(e.indicator.id.uuid()),
        CommitmentEvent::ReadingRecorded(e) => of_reading(&e.terms, name),
        CommitmentEvent::ReadingCorrected(e) => {
            of_reading(&e.from, name);
            of_reading(&e.to, name);
        }
        CommitmentEvent::CarriedForward(e) => name(e.into.id.uuid()),
        CommitmentEvent::Agreed(_)
        | CommitmentEvent::Started(_)
        | CommitmentEvent::Reworded(_)
        | CommitmentEvent::Renumbered(_)
        | CommitmentEvent::DueDateChanged(_)
        | CommitmentEvent::BaselineSet(_)
        | CommitmentEvent::TargetChanged(_)
        | CommitmentEvent::MeasureDueDateChanged(_)
        | CommitmentEvent::MeasureWithdrawn(_)
        | CommitmentEvent::ReadingWithdrawn(_)
        | CommitmentEvent::AchievementReported(_)
        | CommitmentEvent::AchievementCorrected(_)
        | CommitmentEvent::AchievementWithdrawn(_)
        | CommitmentEvent::EvidenceAttached(_)
        | CommitmentEvent::EvidenceWithdrawn(_)
        | CommitmentEvent::Concluded(_)
        | CommitmentEvent::Withdrawn(_)
        | CommitmentEvent::Reopened(_)
        | CommitmentEvent::VisibilityChanged(_)
        | CommitmentEvent::TextRedacted(_) => {}
    }
}

fn of_classification(classification: &Classification, name: &mut impl FnMut(Uuid)) {
    for group in &classification.groups {
        name(group.id.uuid());
    }
}

fn of_reading(terms: &ReadingTerms, name: &mut impl FnMut(Uuid)) {
    for part in &terms.by_organisation {
        name(part.organisation.id.uuid());
    }
}

fn of_plan(event: &ActionPlanEvent, name: &mut impl FnMut(Uuid)) {
    match event {
        ActionPlanEvent::Set(e) => name(e.group.id.uuid()),
        ActionPlanEvent::ObjectiveAdded(e) => {
            if let Some(commitment) = &e.commitment {
                name(commitment.id.uuid());
            }
        }
        ActionPlanEvent::ObjectiveLinked(e) => {
            for commitment in e.from.iter().chain(&e.to) {
                name(commitment.id.uuid());
            }
        }
        ActionPlanEvent::Retitled(_)
        | ActionPlanEvent::ObjectiveReworded(_)
        | ActionPlanEvent::ObjectiveRenumbered(_)
        | ActionPlanEvent::NoActionNoted(_)
        | ActionPlanEvent::ObjectiveDropped(_)
        | ActionPlanEvent::ObjectiveReinstated(_)
        | ActionPlanEvent::UpdateRecorded(_)
        | ActionPlanEvent::UpdateCorrected(_)
        | ActionPlanEvent::UpdateWithdrawn(_)
        | ActionPlanEvent::ActionSet(_)
        | ActionPlanEvent::ActionProgressed(_)
        | ActionPlanEvent::ActionRescheduled(_)
        | ActionPlanEvent::ActionReassigned(_)
        | ActionPlanEvent::ActionReworded(_)
        | ActionPlanEvent::ActionCompleted(_)
        | ActionPlanEvent::ActionDropped(_)
        | ActionPlanEvent::ActionReopened(_)
        | ActionPlanEvent::ActionMerged(_)
        | ActionPlanEvent::VisibilityChanged(_)
        | ActionPlanEvent::TextRedacted(_) => {}
    }
}

fn of_meeting(event: &MeetingEvent, name: &mut impl FnMut(Uuid)) {
    match event {
        MeetingEvent::Called(e) => name(e.group.id.uuid()),
        MeetingEvent::Held(e) => name(e.group.id.uuid()),
        MeetingEvent::AttendanceTaken(e) => {
            let organisations = e
                .attendance
                .iter()
                .filter_map(|one| one.organisation.as_ref());
            organisations.for_each(|organisation| name(organisation.id.uuid()));
        }
        MeetingEvent::ItemMinuted(e) => {
            e.commitments.iter().for_each(|fact| name(fact.id.uuid()));
            e.actions
                .iter()
                .for_each(|raised| name(raised.action_plan_id.uuid()));
            e.updates
                .iter()
                .for_each(|said| name(said.action_plan_id.uuid()));
        }
        MeetingEvent::Rearranged(_)
        | MeetingEvent::Cancelled(_)
        | MeetingEvent::AgendaSet(_)
        | MeetingEvent::Corrected(_)
        | MeetingEvent::ItemCorrected(_)
        | MeetingEvent::MinutesCirculated(_)
        | MeetingEvent::MinutesAgreed(_)
        | MeetingEvent::NotedSince(_)
        | MeetingEvent::PaperAdded(_)
        | MeetingEvent::PaperWithdrawn(_)
        | MeetingEvent::VisibilityChanged(_)
        | MeetingEvent::TextRedacted(_) => {}
    }
}

fn of_practice(event: &GoodPracticeEvent, name: &mut impl FnMut(Uuid)) {
    let mut whose = |terms: &PracticeTerms| {
        let organisation = terms.organisation.iter();
        organisation.for_each(|organisation| name(organisation.id.uuid()));
    };
    match event {
        GoodPracticeEvent::Written(e) => whose(&e.terms),
        GoodPracticeEvent::Revised(e) => {
            whose(&e.from);
            whose(&e.to);
        }
        // The register names compacts; what they asked is told by the practice.
        GoodPracticeEvent::Asked(_)
        | GoodPracticeEvent::Thanked(_)
        | GoodPracticeEvent::Answered(_)
        | GoodPracticeEvent::Withdrawn(_)
        | GoodPracticeEvent::VisibilityChanged(_)
        | GoodPracticeEvent::TextRedacted(_) => {}
    }
}

fn of_adoption(event: &AdoptionEvent, name: &mut impl FnMut(Uuid)) {
    match event {
        AdoptionEvent::Adopted(e) => {
            let organisation = e.organisation.iter();
            organisation.for_each(|organisation| name(organisation.id.uuid()));
            name(e.practice.id.uuid());
        }
        AdoptionEvent::Adapted(e) => {
            let named = e.following.iter().chain(&e.written_as);
            named.for_each(|practice| name(practice.id.uuid()));
        }
        AdoptionEvent::ResultReported(_)
        | AdoptionEvent::Withdrawn(_)
        | AdoptionEvent::VisibilityChanged(_)
        | AdoptionEvent::TextRedacted(_) => {}
    }
}
