//! Pages of history: which entries concern something, in the order recorded.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, NaiveDate, Utc};
use domain::facts::ThemeCode;
use domain::ids::{LedgerId, MeetingId};
use domain::stream::{StreamId, StreamKind};
use domain::{Event, Reach, RegionEvent, Texts};
use ledger::{Entry, Position, RawEntry, Reader, Scope};
use sqlx::PgPool;
use std::sync::Arc;
use uuid::Uuid;
use vault::Vault;

use super::sight::Sight;
use super::{HistoryLine, HistoryText, Names, say};
use crate::naming::Reads;
use crate::page::{Page, PageRequest, Walk};
use crate::queries::{QueryError, ViewReader};
use crate::replay::{ReplayError, decoded};
use crate::view::{Fold, View, step};
use crate::{ActionPlanView, CommitmentView, RegionRegister};

/// How many entries are read at once.
pub(super) const AT_ONCE: u32 = 500;

/// Whose history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HistoryOf {
    /// One commitment, plan, compact or region: everything in its stream.
    Stream(StreamId),
    /// A part of it: a measure, a reading, an objective, an action.
    Part {
        /// The stream it is part of.
        stream: StreamId,
        /// Its id.
        part: Uuid,
    },
    /// Something several streams may speak of: a group, an organisation, an indicator, a commitment.
    Mentioned(Uuid),
    /// A theme of the region, which has a code and no id.
    Theme(ThemeCode),
    /// A meeting: everything recorded from it, and of it: that it was called, circulated, agreed, released.
    Meeting(MeetingId),
    /// A whole ledger: everything in it.
    Ledger,
}

/// What of a history: everything where nothing is said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryFilter {
    /// Recorded in this role.
    pub role: Option<String>,
    /// True on this day or later.
    pub since: Option<NaiveDate>,
    /// True on this day or earlier.
    pub until: Option<NaiveDate>,
    /// Recorded at this moment or later.
    pub recorded_from: Option<DateTime<Utc>>,
    /// Recorded before this moment.
    pub recorded_until: Option<DateTime<Utc>>,
    /// Recorded from this meeting.
    pub meeting: Option<MeetingId>,
    /// Of one of these types, such as `action_plan.action_dropped`; of any where there is none.
    pub kinds: Vec<String>,
    /// Whose sentence has all of these words, whatever their case.
    pub words: Option<String>,
}

impl HistoryFilter {
    /// Whether an entry is among what is asked for, before it is put into words.
    fn takes(&self, entry: &Entry) -> bool {
        let recorded = &entry.recorded;
        let from = recorded.meeting.as_ref().map(|meeting| meeting.id);
        self.role.as_ref().is_none_or(|role| *role == recorded.role)
            && self.since.is_none_or(|since| recorded.occurred_on >= since)
            && self.until.is_none_or(|until| recorded.occurred_on <= until)
            && self
                .recorded_from
                .is_none_or(|from| recorded.recorded_at >= from)
            && self
                .recorded_until
                .is_none_or(|until| recorded.recorded_at < until)
            && self.meeting.is_none_or(|meeting| from == Some(meeting))
            && (self.kinds.is_empty() || self.kinds.iter().any(|kind| kind == entry.event.kind()))
    }

    /// Whether a sentence has the words.
    fn says(&self, line: &HistoryLine) -> bool {
        let Some(words) = &self.words else {
            return true;
        };
        let text = line.text.to_lowercase();
        let mut words = words.split_whitespace();
        words.all(|word| text.contains(&word.to_lowercase()))
    }
}

impl HistoryOf {
    /// Whether an entry of the streams that were read belongs to it.
    fn concerns(&self, entry: &Entry, line: &HistoryLine) -> bool {
        match self {
            Self::Stream(_) | Self::Ledger => true,
            Self::Part { part: subject, .. } | Self::Mentioned(subject) => line
                .subjects
                .iter()
                .any(|concerned| concerned.id == *subject),
            Self::Theme(code) => match &entry.event {
                Event::Region(RegionEvent::ThemeAdded(theme)) => theme.code == *code,
                Event::Region(RegionEvent::ThemeRenamed(theme)) => theme.code == *code,
                _ => false,
            },
            Self::Meeting(id) => {
                let recorded = &entry.recorded;
                let from_it = recorded.meeting.is_some_and(|meeting| meeting.id == *id);
                from_it || recorded.stream == StreamId::meeting(*id)
            }
        }
    }
}

/// Why history could not be told.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// The ledger could not be read.
    #[error(transparent)]
    Ledger(#[from] ReplayError),
    /// The views could not be read.
    #[error(transparent)]
    Views(#[from] QueryError),
}

impl From<ledger::ReadError> for HistoryError {
    fn from(error: ledger::ReadError) -> Self {
        Self::Ledger(error.into())
    }
}

/// Tells history from ledgers, with the names the views know. Cheap to clone.
#[derive(Clone)]
pub struct Historian {
    pub(super) reader: Reader,
    pub(super) views: ViewReader,
    pool: PgPool,
}

impl Historian {
    /// Reads entries through `reader` and names through `pool`.
    pub fn new(reader: Reader, pool: PgPool) -> Self {
        Self {
            reader,
            views: ViewReader::new(pool.clone()),
            pool,
        }
    }

    /// The same, and every text that is told is opened with this vault.
    #[must_use]
    pub fn opening(self, vault: Vault) -> Self {
        let views = self.views.opening(vault);
        Self { views, ..self }
    }

    /// The same, for somebody: they are told of people what they may be told.
    #[must_use]
    pub fn shown_to(self, whoever: Arc<dyn Reads>) -> Self {
        let views = self.views.shown_to(whoever);
        Self { views, ..self }
    }

    /// A page of the history of something, in the order recorded, as far as it is within `reach`: what was
    /// recorded of a commitment or a plan is, when that is within it today and was once it had been recorded.
    ///
    /// # Errors
    /// When the ledger, the views or the cursor could not be read.
    pub async fn page(
        &self,
        ledger: LedgerId,
        of: &HistoryOf,
        reach: &Reach,
        page: &PageRequest,
    ) -> Result<Page<HistoryLine>, HistoryError> {
        let everything = HistoryFilter::default();
        self.filtered(ledger, (of, &everything), reach, page).await
    }

    /// The same, of what the filter takes.
    ///
    /// # Errors
    /// As [`Historian::page`].
    pub async fn filtered(
        &self,
        ledger: LedgerId,
        (of, filter): (&HistoryOf, &HistoryFilter),
        reach: &Reach,
        page: &PageRequest,
    ) -> Result<Page<HistoryLine>, HistoryError> {
        let mut sight = Sight::new(&self.views, ledger, reach);
        let streams = match of {
            HistoryOf::Meeting(meeting) => {
                let own = StreamId::meeting(*meeting);
                let mut raws = self.of_meeting(ledger, *meeting).await?;
                raws.extend(self.of_streams(ledger, &[own]).await?);
                return self.walk(&mut sight, raws, (of, filter), page).await;
            }
            HistoryOf::Ledger => {
                return self.walk_ledger(&mut sight, (of, filter), page).await;
            }
            HistoryOf::Stream(stream) | HistoryOf::Part { stream, .. } => vec![*stream],
            HistoryOf::Mentioned(subject) => self.streams_mentioning(ledger, *subject).await?,
            HistoryOf::Theme(_) => vec![StreamId::region(ledger.uuid().into())],
        };
        let raws = self.of_streams(ledger, &streams).await?;
        self.walk(&mut sight, raws, (of, filter), page).await
    }

    /// A page of a ledger's entries as stored, by position.
    ///
    /// # Errors
    /// When the ledger or the cursor could not be read.
    pub async fn entries(
        &self,
        ledger: LedgerId,
        page: &PageRequest,
    ) -> Result<Page<RawEntry>, HistoryError> {
        let head = self.reader.head(ledger).await?;
        let head = head.map_or(0, |head| head.position);
        let (after, count) = page.stretch(head).map_err(QueryError::from)?;
        let read = self.reader.read(ledger, after, count).await?;
        let rows = read.into_iter().map(|raw| (raw.position, raw));
        Ok(Page::of_stretch(page, rows.collect()))
    }

    /// One entry in plain words, such as one a subscription has just seen.
    ///
    /// # Errors
    /// When the ledger or the views could not be read.
    pub async fn line(&self, entry: &Entry) -> Result<HistoryLine, HistoryError> {
        let entries = std::slice::from_ref(entry);
        let mut lines = self.say_all(entry.recorded.ledger, entries).await?;
        Ok(lines.pop().unwrap_or_else(|| say(entry, Names::Unknown)))
    }

    /// Says entries in the order walked, from where the page starts, until it is full.
    async fn walk(
        &self,
        sight: &mut Sight<'_>,
        raws: BTreeMap<Position, RawEntry>,
        (of, filter): (&HistoryOf, &HistoryFilter),
        page: &PageRequest,
    ) -> Result<Page<HistoryLine>, HistoryError> {
        let from = page.start::<Position>().map_err(QueryError::from)?;
        let walked: Vec<RawEntry> = match (page.walk(), from) {
            (Walk::Forwards, from) => {
                let after = raws.into_iter().filter(|(at, _)| Some(*at) > from);
                after.map(|(_, raw)| raw).collect()
            }
            (Walk::Backwards, from) => {
                let before = raws.into_iter().rev();
                let before = before.filter(|(at, _)| from.is_none_or(|from| *at < from));
                before.map(|(_, raw)| raw).collect()
            }
        };
        let mut lines = Vec::new();
        for some in walked.chunks(AT_ONCE as usize) {
            lines.extend(self.told(sight, some, (of, filter)).await?);
            if lines.len() >= wanted(page) {
                break;
            }
        }
        Ok(Page::of(page, lines))
    }

    /// The same of a whole ledger, of which no more is read than the page needs.
    async fn walk_ledger(
        &self,
        sight: &mut Sight<'_>,
        told: (&HistoryOf, &HistoryFilter),
        page: &PageRequest,
    ) -> Result<Page<HistoryLine>, HistoryError> {
        let ledger = sight.ledger();
        let from = page.start::<Position>().map_err(QueryError::from)?;
        let mut lines = Vec::new();
        // As much as makes a page where everything is told; more each time where little is.
        let mut stretch = u32::try_from(wanted(page)).map_or(AT_ONCE, |few| few.clamp(1, AT_ONCE));
        if page.walk() == Walk::Forwards {
            let mut after = from.unwrap_or(0);
            while lines.len() < wanted(page) {
                let some = self.reader.read(ledger, after, stretch).await?;
                let Some(last) = some.last() else { break };
                after = last.position;
                lines.extend(self.told(sight, &some, told).await?);
                stretch = AT_ONCE.min(stretch * 2);
            }
            return Ok(Page::of(page, lines));
        }
        let head = self.reader.head(ledger).await?;
        let end = head.map_or(0, |head| head.position) + 1;
        let mut before = from.map_or(end, |from| from.min(end));
        while before > 1 && lines.len() < wanted(page) {
            // Positions are dense: what is asked for is what is read.
            let after = (before - 1).saturating_sub(u64::from(stretch));
            let count = u32::try_from(before - 1 - after).unwrap_or(stretch);
            let mut some = self.reader.read(ledger, after, count).await?;
            some.reverse();
            lines.extend(self.told(sight, &some, told).await?);
            before = after + 1;
            stretch = AT_ONCE.min(stretch * 2);
        }
        Ok(Page::of(page, lines))
    }

    /// What is told of some entries, in their order, each by its position.
    async fn told(
        &self,
        sight: &mut Sight<'_>,
        some: &[RawEntry],
        (of, filter): (&HistoryOf, &HistoryFilter),
    ) -> Result<Vec<(Position, HistoryLine)>, HistoryError> {
        let ledger = sight.ledger();
        let entries = some.iter().map(|raw| decoded(ledger, raw));
        let mut entries = entries.collect::<Result<Vec<Entry>, _>>()?;
        entries.retain(|entry| filter.takes(entry));
        let entries = sight.of(entries).await?;
        let said = self.say_all(ledger, &entries).await?;
        let concerned = entries.iter().zip(said);
        let concerned =
            concerned.filter(|(entry, line)| of.concerns(entry, line) && filter.says(line));
        let told = concerned.map(|(_, line)| (line.recorded.position, line));
        Ok(told.collect())
    }

    /// Everything in a few streams, by position.
    async fn of_streams(
        &self,
        ledger: LedgerId,
        streams: &[StreamId],
    ) -> Result<BTreeMap<Position, RawEntry>, HistoryError> {
        let mut found = BTreeMap::new();
        for stream in streams {
            let mut version = 0;
            loop {
                let reading = self.reader.read_stream(ledger, *stream, version, AT_ONCE);
                let some = reading.await?;
                let Some(last) = some.last() else { break };
                version = last.stream_version;
                found.extend(some.into_iter().map(|raw| (raw.position, raw)));
            }
        }
        Ok(found)
    }

    /// Everything recorded from a meeting, by position.
    async fn of_meeting(
        &self,
        ledger: LedgerId,
        meeting: MeetingId,
    ) -> Result<BTreeMap<Position, RawEntry>, HistoryError> {
        let mut found = BTreeMap::new();
        let mut after = 0;
        loop {
            let reading = self.reader.read_meeting(ledger, meeting, after, AT_ONCE);
            let some = reading.await?;
            let Some(last) = some.last() else {
                return Ok(found);
            };
            after = last.position;
            found.extend(some.into_iter().map(|raw| (raw.position, raw)));
        }
    }

    async fn streams_mentioning(
        &self,
        ledger: LedgerId,
        subject: Uuid,
    ) -> Result<Vec<StreamId>, QueryError> {
        let mut work = Scope::from(ledger).begin(&self.pool).await?;
        let rows = sqlx::query!(
            "select stream_id, stream_kind from mentions
             where ledger_id = $1 and (stream_id = $2 or subjects @> array[$2]) order by stream_id",
            ledger.uuid(),
            subject,
        )
        .fetch_all(&mut *work)
        .await?;
        let streams = rows.into_iter().filter_map(|row| {
            let kind = StreamKind::parse(&row.stream_kind)?;
            Some(StreamId {
                kind,
                id: row.stream_id,
            })
        });
        Ok(streams.collect())
    }

    pub(super) async fn say_all(
        &self,
        ledger: LedgerId,
        entries: &[Entry],
    ) -> Result<Vec<HistoryLine>, HistoryError> {
        let regions = self.named::<RegionRegister>(ledger, entries).await?;
        let commitments = self.named::<CommitmentView>(ledger, entries).await?;
        let plans = self.named::<ActionPlanView>(ledger, entries).await?;
        let mut entries = entries.to_vec();
        let texts = self.open(ledger, &mut entries).await?;
        let lines = entries.iter().zip(texts).map(|(entry, texts)| {
            let stream = entry.recorded.stream;
            let names = match stream.kind {
                StreamKind::Region => regions.get(&stream.id).map(Names::Region),
                StreamKind::Compact
                | StreamKind::Person
                | StreamKind::Meeting
                | StreamKind::GoodPractice
                | StreamKind::Adoption
                | StreamKind::Assessment => None,
                StreamKind::Commitment => commitments.get(&stream.id).map(Names::Commitment),
                StreamKind::ActionPlan => plans.get(&stream.id).map(Names::ActionPlan),
            };
            let line = say(entry, names.unwrap_or(Names::Unknown));
            HistoryLine { texts, ..line }
        });
        Ok(lines.collect())
    }

    /// Opens the texts of entries, as far as they may be read, and gives those that can be redacted, entry by entry. What was
    /// recorded of a person stays closed for whoever is not told of people.
    async fn open(
        &self,
        ledger: LedgerId,
        entries: &mut [Entry],
    ) -> Result<Vec<Vec<HistoryText>>, QueryError> {
        let is_of_a_person = |entry: &Entry| entry.recorded.stream.kind == StreamKind::Person;
        let closed = entries.iter().any(is_of_a_person) && !self.views.reads_people(ledger).await?;
        let read = entries.iter_mut();
        let read = read.filter(|entry| !(closed && is_of_a_person(entry)));
        let mut read: Vec<&mut Event> = read.map(|entry| &mut entry.event).collect();
        if let Some(vault) = &self.views.vault {
            let each = read.iter_mut().map(|event| &mut **event);
            vault.open_texts(ledger, each).await?;
        }
        drop(read);
        let mut texts: Vec<Vec<HistoryText>> = entries.iter_mut().map(written).collect();
        let mut events: Vec<&mut Event> =
            entries.iter_mut().map(|entry| &mut entry.event).collect();
        self.views.name_people(ledger, &mut events).await?;
        for (entry, texts) in entries.iter_mut().zip(&mut texts) {
            let said = written(entry).into_iter();
            for (text, said) in texts.iter_mut().zip(said) {
                text.says = said.written;
            }
        }
        Ok(texts)
    }

    /// The views of the entries' streams: as saved, or where the projector has not come so far, folded
    /// here.
    async fn named<V: View + Versioned>(
        &self,
        ledger: LedgerId,
        entries: &[Entry],
    ) -> Result<BTreeMap<Uuid, V>, HistoryError> {
        let mut needed: BTreeMap<Uuid, (StreamId, u64)> = BTreeMap::new();
        for entry in entries.iter().filter(|entry| V::key(entry).is_some()) {
            let recorded = &entry.recorded;
            let stream = needed
                .entry(recorded.stream.id)
                .or_insert((recorded.stream, 0));
            stream.1 = stream.1.max(recorded.stream_version);
        }
        let keys: BTreeSet<Uuid> = needed.keys().copied().collect();
        if keys.is_empty() {
            return Ok(BTreeMap::new());
        }
        let keys: Vec<Uuid> = keys.into_iter().collect();
        let mut found = self.views.many::<V>(ledger, &keys).await?;
        self.views.open(ledger, found.values_mut()).await?;
        for (key, (stream, version)) in needed {
            let current = found
                .get(&key)
                .is_some_and(|view| view.version() >= version);
            if !current && let Some(mut view) = self.folded(ledger, stream, version).await? {
                self.views.open(ledger, [&mut view]).await?;
                found.insert(key, view);
            }
        }
        Ok(found)
    }

    /// A stream's view up to `version`, folded from the ledger.
    pub(super) async fn folded<V: Fold>(
        &self,
        ledger: LedgerId,
        stream: StreamId,
        version: u64,
    ) -> Result<Option<V>, HistoryError> {
        let (mut view, mut folded) = (None, 0);
        while folded < version {
            let page = self
                .reader
                .read_stream(ledger, stream, folded, AT_ONCE)
                .await?;
            let Some(last) = page.last() else { break };
            folded = last.stream_version;
            for raw in &page {
                step::<V>(&mut view, &decoded(ledger, raw)?);
            }
        }
        Ok(view)
    }
}

/// How many lines make a page, and tell whether there is another.
fn wanted(page: &PageRequest) -> usize {
    usize::try_from(page.limit()).unwrap_or(usize::MAX)
}

/// The texts of an entry that can be redacted, as they were written. What is said of a person goes with the person.
fn written(entry: &mut Entry) -> Vec<HistoryText> {
    let stream = entry.recorded.stream;
    let mut texts = Vec::new();
    entry.event.texts(&mut |text| {
        let Some(sealed) = text.sealed() else {
            return;
        };
        let id = sealed.subject();
        if stream.kind == StreamKind::Person && id.uuid() == stream.id {
            return;
        }
        texts.push(HistoryText {
            id,
            says: None,
            written: text.plain().map(str::to_owned),
            redacted: text.is_redacted(),
        });
    });
    texts
}

/// A stream's view that says how much of its stream it holds.
trait Versioned {
    /// How many entries of the stream it holds.
    fn version(&self) -> u64;
}

impl Versioned for RegionRegister {
    fn version(&self) -> u64 {
        self.version
    }
}

impl Versioned for CommitmentView {
    fn version(&self) -> u64 {
        self.version
    }
}

impl Versioned for ActionPlanView {
    fn version(&self) -> u64 {
        self.version
    }
}
