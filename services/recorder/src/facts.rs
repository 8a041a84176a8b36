//! Facts: what a command mentions outside its own aggregate, looked up before it is decided.

use domain::event::Event;
use domain::facts::{Facts, Mentions};
use domain::ids::{LedgerId, RegionId};
use domain::region::CompactParticulars;
use domain::stream::{StreamId, StreamKind};
use domain::{Command, Compact, CompactCommand, Region, RegionEvent};
use ledger::{Entry, Reader};

use crate::aggregates::Aggregates;
use crate::recorder::{internal, unread};
use crate::submission::{Actor, RecordError, Submission};

/// How many entries are read at a time.
const PAGE: u32 = 1000;

/// Looks facts up in the aggregates and ledgers they live in.
pub(crate) struct FactFinder {
    reader: Reader,
    aggregates: Aggregates,
}

impl FactFinder {
    pub(crate) const fn new(reader: Reader, aggregates: Aggregates) -> Self {
        Self { reader, aggregates }
    }

    /// What there is of what is mentioned. What is missing from the answer does not exist.
    pub(crate) async fn find(
        &self,
        ledger: LedgerId,
        mentions: &Mentions,
    ) -> Result<Facts, RecordError> {
        let mut facts = Facts::default();
        if !mentions.groups.is_empty() || mentions.names_the_region() {
            let region = self.find_in_compact(ledger, mentions, &mut facts).await?;
            if let Some(region) = region.filter(|_| mentions.names_the_region()) {
                self.find_in_region(region, mentions, &mut facts).await?;
            }
        }
        for id in &mentions.commitments {
            let stream = StreamId::commitment(*id);
            let checkout = self.aggregates.commitments.checkout(ledger, stream).await;
            let checkout = checkout.map_err(|error| unread(&error))?;
            facts
                .commitments
                .extend(checkout.aggregate().fact(*id).map(|fact| (*id, fact)));
        }
        Ok(facts)
    }

    /// Forgets everything a submission was decided on, its own aggregates and those its facts came
    /// from, so that it is decided again on what is there now.
    pub(crate) async fn forget(&self, submission: &Submission) {
        let ledger = submission.ledger;
        let compact = StreamId {
            kind: StreamKind::Compact,
            id: ledger.uuid(),
        };
        if let Ok(checkout) = self.aggregates.compacts.checkout(ledger, compact).await {
            let region = checkout.aggregate().region();
            drop(checkout);
            if let Some(region) = region {
                self.aggregates
                    .forget(region.ledger(), StreamId::region(region))
                    .await;
            }
        }
        self.aggregates.forget(ledger, compact).await;
        for command in &submission.commands {
            self.aggregates.forget(ledger, command.stream()).await;
            for id in command.mentions().commitments {
                self.aggregates
                    .forget(ledger, StreamId::commitment(id))
                    .await;
            }
        }
    }

    /// Whether the ledger is that of a compact whose record has begun. That it has not is looked at
    /// again each time: another process may have begun it.
    pub(crate) async fn is_compact(&self, ledger: LedgerId) -> Result<bool, RecordError> {
        let stream = StreamId {
            kind: StreamKind::Compact,
            id: ledger.uuid(),
        };
        let checkout = self.aggregates.compacts.checkout(ledger, stream).await;
        let mut checkout = checkout.map_err(|error| unread(&error))?;
        if checkout.aggregate().region().is_none() {
            let refreshed = checkout.refresh().await;
            refreshed.map_err(|error| internal(&error))?;
        }
        Ok(checkout.aggregate().region().is_some())
    }

    async fn find_in_compact(
        &self,
        ledger: LedgerId,
        mentions: &Mentions,
        facts: &mut Facts,
    ) -> Result<Option<RegionId>, RecordError> {
        let stream = StreamId {
            kind: StreamKind::Compact,
            id: ledger.uuid(),
        };
        let checkout = self.aggregates.compacts.checkout(ledger, stream).await;
        let checkout = checkout.map_err(|error| unread(&error))?;
        let compact: &Compact = checkout.aggregate();
        let groups = mentions.groups.iter();
        facts
            .groups
            .extend(groups.filter_map(|id| compact.group(*id).map(|fact| (*id, fact))));
        let region = compact.region();
        Ok(region)
    }

    async fn find_in_region(
        &self,
        region: RegionId,
        mentions: &Mentions,
        facts: &mut Facts,
    ) -> Result<(), RecordError> {
        let stream = StreamId::region(region);
        let checkout = self
            .aggregates
            .regions
            .checkout(region.ledger(), stream)
            .await;
        let checkout = checkout.map_err(|error| unread(&error))?;
        let register: &Region = checkout.aggregate();
        let themes = mentions.themes.iter();
        facts.themes.extend(
            themes.filter_map(|code| Some((code.clone(), register.theme(code)?.to_owned()))),
        );
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
        Ok(())
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
    ) -> Result<Vec<Submission>, RecordError> {
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
    ) -> Result<Vec<Submission>, RecordError> {
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

/// What begins the compact that `entry` opened. It goes under the same command id, which is free
/// in the compact's own ledger, so that it happens once however often it is tried.
fn opening(region: RegionId, entry: &Entry) -> Option<Submission> {
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
        actor: Actor {
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
