//! A view as of another day: the same fold over fewer entries.
//!
//! There are two clocks. `AsOf` asks about the first (what was true then, or what the record held up
//! to a position), `known_at` about the second (what had been recorded by then).

use chrono::{DateTime, NaiveDate, Utc};
use domain::ids::{LedgerId, MeetingId};
use domain::stream::StreamId;
use ledger::{Entry, Position, Reader};

use crate::CompactOverview;
use crate::replay::{ReplayError, decoded};
use crate::tracked::Stamp;
use crate::view::{Fold, step};

/// How many entries of a stream are read at once.
const PAGE: u32 = 500;

/// Up to where entries count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AsOf {
    /// Up to and including a day, by the date things were true.
    On(NaiveDate),
    /// Up to and including a place in the ledger.
    Position(Position),
}

impl AsOf {
    /// The end of the day of a meeting; none when nothing was recorded from that meeting.
    pub fn meeting(overview: &CompactOverview, meeting: MeetingId) -> Option<Self> {
        let seen = overview.meeting(meeting)?;
        Some(Self::On(seen.meeting.held_on))
    }
}

/// Which entries count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cut {
    /// On the first clock, or by place; none for all.
    pub as_of: Option<AsOf>,
    /// On the second clock: what had been recorded by that moment; none for all.
    pub known_at: Option<DateTime<Utc>>,
}

impl Cut {
    /// Whether an entry counts.
    pub fn includes(&self, entry: &Entry) -> bool {
        self.counts(&entry.into())
    }

    /// Whether what comes from there in the record counts.
    pub fn counts(&self, made: &Stamp) -> bool {
        let true_then = match self.as_of {
            None => true,
            Some(AsOf::On(day)) => made.on <= day,
            Some(AsOf::Position(position)) => made.position <= position,
        };
        true_then
            && self
                .known_at
                .is_none_or(|moment| made.recorded_at <= moment)
    }

    /// Whether no later entry can count, because positions and recording times only rise.
    fn is_past(&self, entry: &Entry) -> bool {
        let recorded = &entry.recorded;
        let beyond = matches!(self.as_of, Some(AsOf::Position(at)) if recorded.position > at);
        beyond
            || self
                .known_at
                .is_some_and(|moment| recorded.recorded_at > moment)
    }
}

/// A stream's view from the entries that count. None when it had not begun.
///
/// # Errors
/// When the stream could not be read.
pub async fn stream_as_of<V: Fold>(
    reader: &Reader,
    ledger: LedgerId,
    stream: StreamId,
    cut: Cut,
) -> Result<Option<V>, ReplayError> {
    let (view, _) = cut_off(reader, (ledger, stream), cut).await?;
    Ok(view)
}

/// The same, where the view stood just so once the last of these entries had been recorded: none of those recorded before it does not
/// count. Who looked then was shown it.
///
/// # Errors
/// When the stream could not be read.
pub async fn stream_as_it_stood<V: Fold>(
    reader: &Reader,
    ledger: LedgerId,
    stream: StreamId,
    cut: Cut,
) -> Result<Option<V>, ReplayError> {
    let (view, stood) = cut_off(reader, (ledger, stream), cut).await?;
    Ok(view.filter(|_| stood))
}

/// A stream's view from the entries that count, and whether they are the first of the stream.
async fn cut_off<V: Fold>(
    reader: &Reader,
    (ledger, stream): (LedgerId, StreamId),
    cut: Cut,
) -> Result<(Option<V>, bool), ReplayError> {
    let (mut view, mut version) = (None, 0);
    let (mut passed_over, mut stood) = (false, true);
    loop {
        let page = reader.read_stream(ledger, stream, version, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok((view, stood));
        };
        version = last.stream_version;
        for raw in &page {
            let entry = decoded(ledger, raw)?;
            if cut.is_past(&entry) {
                return Ok((view, stood));
            }
            if cut.includes(&entry) {
                stood &= !passed_over;
                step::<V>(&mut view, &entry);
            } else {
                passed_over = true;
            }
        }
    }
}

/// A stream's view from the entries that count for both, and from all that count for `until`: two points of one history. None
/// where it had not begun.
///
/// # Errors
/// When the stream could not be read.
pub async fn stream_between<V: Fold>(
    reader: &Reader,
    ledger: LedgerId,
    stream: StreamId,
    (since, until): (Cut, Cut),
) -> Result<(Option<V>, Option<V>), ReplayError> {
    let (mut earlier, mut later, mut version) = (None, None, 0);
    loop {
        let page = reader.read_stream(ledger, stream, version, PAGE).await?;
        let Some(last) = page.last() else {
            return Ok((earlier, later));
        };
        version = last.stream_version;
        for raw in &page {
            let entry = decoded(ledger, raw)?;
            if until.is_past(&entry) {
                return Ok((earlier, later));
            }
            if !until.includes(&entry) {
                continue;
            }
            step::<V>(&mut later, &entry);
            if since.includes(&entry) {
                step::<V>(&mut earlier, &entry);
            }
        }
    }
}
