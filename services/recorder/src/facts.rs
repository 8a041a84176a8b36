//! Facts: what a command mentions outside its own aggregate, looked up before it is decided.
//!
//! What is found goes into events for good (a name, a unit), and another process may have changed it since it was cached. So
//! a decision on what is remembered says which streams it rests on, and at which version: the append that follows
//! holds only if they are there still. Where that is not so, or something is to be refused, one query asks how far the streams
//! go that a submission's facts come from, and a state that is behind is brought up to there.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use domain::clock::Clock;
use domain::event::Event;
use domain::facts::{Facts, Mentions, PracticeMention, ReportedFact};
use domain::ids::{AssessmentId, CommitmentId, CompactId, LedgerId, RegionId};
use domain::region::CompactParticulars;
use domain::stream::{StreamId, StreamKind};
use domain::{Command, Compact, CompactCommand, LedgerEvent, Region, RegionEvent, Visibility};
use files::Uploads;
use ledger::{Checkout, Entry, Premise, Reader, StreamAppend};

use crate::aggregates::Aggregates;
use crate::authority::{Holders, Remembered};
use crate::recorder::{internal, unread};
use crate::submission::{Installation, RecordError, Submission};

/// How many entries are read at a time.
const PAGE: u32 = 1000;

/// Looks facts up in the aggregates and ledgers they live in.
pub(crate) struct FactFinder {
    reader: Reader,
    aggregates: Aggregates,
    remembered: Remembered,
    uploads: Uploads,
    /// The region of every compact that was asked about.
    regions: Mutex<HashMap<LedgerId, RegionId>>,
}

impl FactFinder {
    pub(crate) fn new(reader: Reader, aggregates: Aggregates, clock: Arc<dyn Clock>) -> Self {
        let uploads = Uploads::new(reader.pool().clone(), clock);
        Self {
            reader,
            aggregates,
            remembered: Remembered::default(),
            uploads,
            regions: Mutex::default(),
        }
    }

    /// How far the streams go that facts for these mentions come from, and the roles given in `region` where one is
    /// asked about; asked once for a whole submission.
    pub(crate) async fn latest(
        &self,
        ledger: LedgerId,
        mentions: &[Mentions],
        region: Option<RegionId>,
    ) -> Result<Latest, RecordError> {
        let mut streams = BTreeSet::new();
        if mentions.iter().any(names_the_compact) {
            streams.insert((ledger, compact_of(ledger)));
        }
        let region = match region {
            None if mentions.iter().any(Mentions::names_the_region) => {
                self.region_of(ledger).await?
            }
            region => region,
        };
        streams.extend(region.map(|region| (region.ledger(), StreamId::region(region))));
        let elsewhere = mentions.iter().flat_map(|mentions| &mentions.groups_of);
        streams.extend(elsewhere.map(|(id, _)| (id.ledger(), StreamId::compact(*id))));
        let commitments = mentions.iter().flat_map(|mentions| &mentions.commitments);
        streams.extend(commitments.map(|id| (ledger, StreamId::commitment(*id))));
        let reported = mentions.iter().flat_map(|mentions| &mentions.reported);
        for (compact, commitment) in reported {
            streams.insert((compact.ledger(), StreamId::commitment(*commitment)));
        }
        let people = mentions.iter().flat_map(|mentions| &mentions.people);
        streams.extend(people.map(|id| (ledger, StreamId::person(*id))));
        let practices = mentions.iter().flat_map(|mentions| &mentions.practices);
        streams.extend(practices.map(place_of));
        if streams.is_empty() {
            return Ok(Latest::Asked(HashMap::new()));
        }
        let streams: Vec<_> = streams.into_iter().collect();
        let versions = self.reader.stream_versions(&streams).await;
        Ok(Latest::Asked(versions.map_err(|error| unread(&error))?))
    }

    /// What there is of what each command mentions, as [`FactFinder::find`] does.
    pub(crate) async fn find_each(
        &self,
        ledger: LedgerId,
        mentions: &[Mentions],
        latest: &Latest,
    ) -> Result<Vec<Facts>, RecordError> {
        let mut facts = Vec::with_capacity(mentions.len());
        for mentions in mentions {
            facts.push(self.find(ledger, mentions, latest).await?);
        }
        Ok(facts)
    }

    /// What there is of what is mentioned, no older than `latest`. What is missing from the answer does
    /// not exist.
    pub(crate) async fn find(
        &self,
        ledger: LedgerId,
        mentions: &Mentions,
        latest: &Latest,
    ) -> Result<Facts, RecordError> {
        let mut facts = Facts::default();
        if names_the_compact(mentions) {
            let compacts = &self.aggregates.compacts;
            let compact = latest
                .checkout(compacts, ledger, compact_of(ledger))
                .await?;
            let region = find_in_compact(compact.aggregate(), mentions, &mut facts);
            // Its turn is over before another's begins, or two commands may wait for one another.
            drop(compact);
            if let Some(region) = region.filter(|_| mentions.names_the_region()) {
                let (regions, stream) = (&self.aggregates.regions, StreamId::region(region));
                let register = latest.checkout(regions, region.ledger(), stream).await?;
                find_in_region(register.aggregate(), mentions, &mut facts);
            }
        }
        for (id, group) in &mentions.groups_of {
            let (compacts, stream) = (&self.aggregates.compacts, StreamId::compact(*id));
            let compact = latest.checkout(compacts, id.ledger(), stream).await?;
            facts.add_group(*group, compact.aggregate());
        }
        for id in &mentions.commitments {
            let (commitments, stream) = (&self.aggregates.commitments, StreamId::commitment(*id));
            let checkout = latest.checkout(commitments, ledger, stream).await?;
            facts.add_commitment(*id, checkout.aggregate());
        }
        for place in &mentions.reported {
            let found = self.reported(ledger, *place, latest).await?;
            facts.reported.extend(found.map(|found| (*place, found)));
        }
        for id in &mentions.people {
            let (people, stream) = (&self.aggregates.people, StreamId::person(*id));
            let checkout = latest.checkout(people, ledger, stream).await?;
            if checkout.aggregate().is_entered() {
                facts.people.insert(*id);
            }
        }
        for mention in &mentions.practices {
            self.find_practice(ledger, *mention, latest, &mut facts)
                .await?;
        }
        let files = self.uploads.look_up(ledger, &mentions.files).await;
        facts.files = files.map_err(|error| internal(&error))?;
        Ok(facts)
    }

    /// A compact sees everything of its own, and of another compact of its region what is released.
    async fn find_practice(
        &self,
        ledger: LedgerId,
        mention: PracticeMention,
        latest: &Latest,
        facts: &mut Facts,
    ) -> Result<(), RecordError> {
        let (source, stream) = place_of(&mention);
        let lowest = if source == ledger {
            Visibility::Draft
        } else {
            if self.region_of(source).await? != self.region_of(ledger).await? {
                return Ok(());
            }
            Visibility::Region
        };
        let practices = &self.aggregates.practices;
        let checkout = latest.checkout(practices, source, stream).await?;
        facts.add_practice(mention, checkout.aggregate(), lowest);
        Ok(())
    }
    /// A commitment of a compact of the region whose ledger this is; none where there is no such commitment, or the compact is of
    /// another region.
    async fn reported(
        &self,
        region: LedgerId,
        (compact, commitment): (CompactId, CommitmentId),
        latest: &Latest,
    ) -> Result<Option<ReportedFact>, RecordError> {
        let ledger = compact.ledger();
        let its_region = self.region_of(ledger).await?;
        if its_region.is_none_or(|its| its.ledger() != region) {
            return Ok(None);
        }
        let head = self.reader.head(ledger).await;
        let head = head.map_err(|error| unread(&error))?;
        let (commitments, stream) = (
            &self.aggregates.commitments,
            StreamId::commitment(commitment),
        );
        let checkout = latest.checkout(commitments, ledger, stream).await?;
        let aggregate = checkout.aggregate();
        Ok(aggregate.fact(commitment).map(|fact| ReportedFact {
            commitment: fact,
            visibility: aggregate.visibility(),
            groups: aggregate.groups().collect(),
            outcomes: aggregate.outcomes().collect(),
            head: head.map_or(0, |head| head.position),
        }))
    }

    /// What an assessment is about, where it was made before.
    pub(crate) async fn judged(
        &self,
        region: LedgerId,
        id: AssessmentId,
    ) -> Result<Option<(CompactId, CommitmentId)>, RecordError> {
        let (assessments, stream) = (&self.aggregates.assessments, StreamId::assessment(id));
        let checkout = assessments.checkout(region, stream).await;
        let mut checkout = checkout.map_err(|error| unread(&error))?;
        if checkout.aggregate().about().is_none() {
            let refreshed = checkout.refresh().await;
            refreshed.map_err(|error| unread(&error))?;
        }
        let about = checkout.aggregate().about();
        Ok(about.map(|about| (about.compact_id, about.commitment_id)))
    }

    /// Who holds which roles in a region, no older than `latest`.
    pub(crate) async fn holders(
        &self,
        region: RegionId,
        latest: &Latest,
    ) -> Result<Arc<Holders>, RecordError> {
        let (ledger, stream) = (region.ledger(), StreamId::region(region));
        let known = self.remembered.since(region, latest.of(ledger, stream));
        if let Some((version, holders)) = known {
            latest.rests_on(ledger, stream, version);
            return Ok(holders);
        }
        let checkout = latest.checkout(&self.aggregates.regions, ledger, stream);
        let checkout = checkout.await?;
        let holders = Arc::new(Holders::read(region, checkout.aggregate()));
        self.remembered
            .keep(region, checkout.loaded_version(), &holders);
        Ok(holders)
    }

    /// What was uploaded, and is told when the key of a file was destroyed.
    pub(crate) const fn uploads(&self) -> &Uploads {
        &self.uploads
    }

    /// Whether the ledger is that of a compact whose record has begun. That it has not is looked at
    /// again each time: another process may have begun it.
    pub(crate) async fn is_compact(&self, ledger: LedgerId) -> Result<bool, RecordError> {
        Ok(self.region_of(ledger).await?.is_some())
    }

    /// The region of a compact; none when its record has not begun. Once it is there it stays the same.
    pub(crate) async fn region_of(
        &self,
        ledger: LedgerId,
    ) -> Result<Option<RegionId>, RecordError> {
        if let Some(region) = self.known_regions().get(&ledger) {
            return Ok(Some(*region));
        }
        let compacts = &self.aggregates.compacts;
        let checkout = compacts.checkout(ledger, compact_of(ledger)).await;
        let mut checkout = checkout.map_err(|error| unread(&error))?;
        if checkout.aggregate().region().is_none() {
            let refreshed = checkout.refresh().await;
            refreshed.map_err(|error| unread(&error))?;
        }
        let region = checkout.aggregate().region();
        self.known_regions()
            .extend(region.map(|region| (ledger, region)));
        Ok(region)
    }

    fn known_regions(&self) -> MutexGuard<'_, HashMap<LedgerId, RegionId>> {
        self.regions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The ledgers that are a region's.
    pub(crate) async fn regions(&self) -> Result<Vec<LedgerId>, RecordError> {
        let mut regions = Vec::new();
        for ledger in self
            .reader
            .ledgers()
            .await
            .map_err(|error| internal(&error))?
        {
            let first = self
                .reader
                .read(ledger, 0, 1)
                .await
                .map_err(|error| internal(&error))?;
            let Some(first) = first.first() else { continue };
            let entry = first.decode().map_err(|error| internal(&error))?;
            if matches!(entry.event, Event::Region(_)) {
                regions.push(ledger);
            }
        }
        Ok(regions)
    }

    /// The submission that begins each compact the register opened after `after` and up to `last`, if
    /// no ledger stands for it yet.
    pub(crate) async fn unbegun_compacts(
        &self,
        region: LedgerId,
        after: u64,
        last: u64,
    ) -> Result<Vec<Submission<Installation>>, RecordError> {
        let mut openings = self.openings(region, after, last).await?;
        if !openings.is_empty() {
            let ledgers = self.reader.ledgers().await;
            let begun = ledgers.map_err(|error| internal(&error))?;
            openings.retain(|opening| !begun.contains(&opening.ledger));
        }
        Ok(openings)
    }

    async fn openings(
        &self,
        region: LedgerId,
        mut after: u64,
        last: u64,
    ) -> Result<Vec<Submission<Installation>>, RecordError> {
        let mut openings = Vec::new();
        while after < last {
            let most = u32::try_from(last - after).map_or(PAGE, |left| left.min(PAGE));
            let page = self.reader.read(region, after, most).await;
            let page = page.map_err(|error| internal(&error))?;
            let Some(end) = page.last().map(|entry| entry.position) else {
                break;
            };
            for raw in &page {
                let entry = raw.decode().map_err(|error| internal(&error))?;
                openings.extend(opening(RegionId::new(region.uuid()), &entry));
            }
            after = end;
        }
        Ok(openings)
    }
}

/// A stream of a ledger.
type InLedger = (LedgerId, StreamId);

/// How far the streams go that a decision rests on.
pub(crate) enum Latest {
    /// So far they went a moment ago.
    Asked(HashMap<InLedger, u64>),
    /// Nobody asked. What was used of them, at which version, is to be looked at as what was decided is appended.
    Remembered(Mutex<BTreeMap<InLedger, u64>>),
}

impl Latest {
    /// What is remembered will do.
    pub(crate) const fn remembered() -> Self {
        Self::Remembered(Mutex::new(BTreeMap::new()))
    }

    /// What was used and must still hold as the append is written, which extends these streams of `ledger`: their
    /// versions are checked in any case, and what was found in them was looked at again once they were checked out.
    pub(crate) fn premises(&self, ledger: LedgerId, extended: &[StreamAppend]) -> Vec<Premise> {
        let Self::Remembered(used) = self else {
            return Vec::new();
        };
        let used = used.lock().unwrap_or_else(PoisonError::into_inner);
        let premises = used.iter().map(|((ledger, stream), version)| Premise {
            ledger: *ledger,
            stream: *stream,
            version: *version,
        });
        let extends = |premise: &Premise| {
            let mut extended = extended.iter();
            premise.ledger == ledger && extended.any(|part| part.stream == premise.stream)
        };
        premises.filter(|premise| !extends(premise)).collect()
    }

    fn rests_on(&self, ledger: LedgerId, stream: StreamId, version: u64) {
        if let Self::Remembered(used) = self {
            let mut used = used.lock().unwrap_or_else(PoisonError::into_inner);
            // Of two looks at the same stream the older counts.
            let first = used.entry((ledger, stream)).or_insert(version);
            *first = version.min(*first);
        }
    }

    fn of(&self, ledger: LedgerId, stream: StreamId) -> u64 {
        match self {
            Self::Asked(versions) => versions.get(&(ledger, stream)).copied().unwrap_or_default(),
            Self::Remembered(_) => 0,
        }
    }

    /// Checks an aggregate out at this version or a later one. What is in the cache may be older: when
    /// another process writes, nothing tells this one.
    async fn checkout<A>(
        &self,
        aggregates: &ledger::Aggregates<A>,
        ledger: LedgerId,
        stream: StreamId,
    ) -> Result<Checkout<A>, RecordError>
    where
        A: cqrs_es::Aggregate<Services = ()> + 'static,
        A::Event: LedgerEvent,
    {
        let checkout = aggregates.checkout(ledger, stream).await;
        let mut checkout = checkout.map_err(|error| unread(&error))?;
        let latest = self.of(ledger, stream);
        if checkout.loaded_version() < latest {
            let refreshed = checkout.refresh().await;
            refreshed.map_err(|error| unread(&error))?;
        }
        self.rests_on(ledger, stream, checkout.loaded_version());
        Ok(checkout)
    }
}

fn compact_of(ledger: LedgerId) -> StreamId {
    StreamId {
        kind: StreamKind::Compact,
        id: ledger.uuid(),
    }
}

fn place_of(mention: &PracticeMention) -> (LedgerId, StreamId) {
    let stream = StreamId::good_practice(mention.practice);
    (mention.compact.ledger(), stream)
}

fn names_the_compact(mentions: &Mentions) -> bool {
    !mentions.groups.is_empty() || mentions.names_the_region()
}

fn find_in_compact(compact: &Compact, mentions: &Mentions, facts: &mut Facts) -> Option<RegionId> {
    for id in &mentions.groups {
        facts.add_group(*id, compact);
    }
    compact.region()
}

fn find_in_region(register: &Region, mentions: &Mentions, facts: &mut Facts) {
    let themes = mentions.themes.iter();
    facts
        .themes
        .extend(themes.filter_map(|code| Some((code.clone(), register.theme(code)?.to_owned()))));
    let indicators = mentions.indicators.iter();
    facts
        .indicators
        .extend(indicators.filter_map(|id| Some((*id, register.indicator(*id)?))));
    let organisations = mentions.organisations.iter();
    facts
        .organisations
        .extend(organisations.filter_map(|id| Some((*id, register.organisation(*id)?))));
    let compacts = mentions.compacts.iter();
    facts
        .compacts
        .extend(compacts.filter_map(|id| Some((*id, register.compact(*id)?))));
}

/// What begins the compact that `entry` opened. It goes under the same command id, which is free
/// in the compact's own ledger, so that it happens once however often it is tried.
fn opening(region: RegionId, entry: &Entry) -> Option<Submission<Installation>> {
    let Event::Region(RegionEvent::CompactOpened(opened)) = &entry.event else {
        return None;
    };
    let particulars = CompactParticulars {
        slug: opened.slug.clone(),
        name: opened.name.clone(),
        area: opened.area.clone(),
        launched_on: opened.launched_on,
        pilot_from_year: opened.pilot_from_year,
    };
    let compact = opened.compact_id;
    let command = CompactCommand::EstablishCompact {
        compact,
        region,
        particulars,
    };
    Some(Submission {
        ledger: compact.ledger(),
        command_id: entry.recorded.command,
        actor: Installation {
            id: entry.recorded.actor.clone(),
            role: entry.recorded.role.clone(),
        },
        causation: Some(entry.recorded.command),
        occurred_on: Some(entry.recorded.occurred_on),
        meeting: None,
        expected_version: Some(0),
        commands: vec![Command::Compact {
            id: compact,
            command,
        }],
    })
}
