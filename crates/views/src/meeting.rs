//! Meetings: when and where, who came, what was minuted, what it led to, and how far the minutes have come.

use chrono::NaiveDate;
use domain::facts::{CommitmentFact, GroupFact};
use domain::file::Evidence;
use domain::ids::{LedgerId, MeetingId, MeetingItemId, PaperId};
use domain::meeting::{
    AgendaItem, Arrangement, Attendance, HeldAt, ItemMinuted, ItemWords, MeetingCorrected, Minutes,
    RaisedAction, SaidUpdate,
};
use domain::stream::StreamKind;
use domain::{Event, MeetingEvent, Text, Visibility};
use ledger::{Entry, Position};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::table::{Row, Table};
use crate::tracked::{Change, Ended, Stamp, Tracked, Why};
use crate::view::{Fold, View, ViewName};

/// Where a meeting stands in lists while no day is fixed: at the end.
const NO_DAY: NaiveDate = NaiveDate::from_ymd_opt(9999, 12, 31).unwrap();

/// A meeting of a group.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeetingView {
    /// The meeting.
    pub id: MeetingId,
    /// The compact's ledger.
    pub ledger: LedgerId,
    /// The group that meets, as it was called when the meeting was called, or held.
    pub group: GroupFact,
    /// When and where it was to be, and every time that changed; of a meeting nobody called, nothing.
    pub arrangement: Tracked<Arrangement>,
    /// When its record began: it was called, or, where nobody called it, recorded.
    pub begun: Stamp,
    /// That it was called off, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cancelled: Option<Ended>,
    /// What was to be spoken of.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub agenda: Vec<AgendaItem>,
    /// That it was held: on which day, and where that is recorded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<Holding>,
    /// Who came; none where nobody took it down.
    pub attendance: Tracked<Option<Vec<Attendance>>>,
    /// The minutes, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<MeetingItemView>,
    /// What was noted since, of no item.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteView>,
    /// Its papers, in the order they were added, those that were taken back among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<PaperView>,
    /// How far the minutes have come; none before it was held.
    pub minutes: Tracked<Option<Minutes>>,
    /// How far it is let out.
    pub visibility: Tracked<Visibility>,
    /// The last entry of its history.
    pub last: Stamp,
    /// The version of its stream.
    pub version: u64,
}

/// That a meeting was held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Holding {
    /// When it began, as HH:MM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
    /// Every time that was put right, oldest first. The day stays.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<Change<HeldAt>>,
    /// The day, and where it is recorded.
    pub made: Stamp,
}

impl Holding {
    fn put_right(&mut self, e: &MeetingCorrected, entry: &Entry) {
        let (from, to) = (e.from.clone(), e.to.clone());
        self.time.clone_from(&to.time);
        self.venue.clone_from(&to.venue);
        let correction = Change::correction(from, to, &e.reason, entry);
        self.corrections.push(correction);
    }
}

/// An item of the minutes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeetingItemView {
    /// The item.
    pub id: MeetingItemId,
    /// What it says, and what it said before it was put right.
    pub words: Tracked<ItemWords>,
    /// The actions raised under it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<RaisedAction>,
    /// The updates given under it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub updates: Vec<SaidUpdate>,
    /// The commitments whose status was moved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commitments: Vec<CommitmentFact>,
    /// Whether it was put off to the next meeting.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub carried_over: bool,
    /// What was noted of it since.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<NoteView>,
}

/// A note of what happened since a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteView {
    /// The note.
    pub text: Text,
    /// When it was made.
    pub made: Stamp,
}

/// A paper of a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaperView {
    /// The paper.
    pub id: PaperId,
    /// What it is called.
    pub title: String,
    /// The file, or where it is.
    pub document: Evidence,
    /// When it was added.
    pub added: Stamp,
    /// That it was taken back, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Ended>,
}

impl MeetingView {
    /// The day it was held, or is to be held; none while no day is fixed.
    pub fn day(&self) -> Option<NaiveDate> {
        let held = self.held.as_ref().map(|held| held.made.on);
        held.or(self.arrangement.current.on)
    }

    /// An item of its minutes.
    pub fn item(&self, id: MeetingItemId) -> Option<&MeetingItemView> {
        self.items.iter().find(|item| item.id == id)
    }

    fn begin(group: &GroupFact, arrangement: Arrangement, entry: &Entry) -> Self {
        Self {
            id: entry.recorded.stream.id.into(),
            ledger: entry.recorded.ledger,
            group: group.clone(),
            arrangement: Tracked::new(arrangement),
            begun: entry.into(),
            cancelled: None,
            agenda: Vec::new(),
            held: None,
            attendance: Tracked::new(None),
            items: Vec::new(),
            notes: Vec::new(),
            papers: Vec::new(),
            minutes: Tracked::new(None),
            visibility: Tracked::new(Visibility::default()),
            last: entry.into(),
            version: entry.recorded.stream_version,
        }
    }

    fn held(&mut self, time: Option<&String>, venue: Option<&String>, entry: &Entry) {
        self.held = Some(Holding {
            time: time.cloned(),
            venue: venue.cloned(),
            corrections: Vec::new(),
            made: entry.into(),
        });
        self.minutes
            .change(Some(Minutes::Draft), Why::UNSAID, entry);
    }

    fn minuted(&mut self, e: &ItemMinuted) {
        self.items.push(MeetingItemView {
            id: e.item_id,
            words: Tracked::new(e.words.clone()),
            actions: e.actions.clone(),
            updates: e.updates.clone(),
            commitments: e.commitments.clone(),
            carried_over: e.carried_over,
            notes: Vec::new(),
        });
    }

    fn on_item(&mut self, id: MeetingItemId, change: impl FnOnce(&mut MeetingItemView)) {
        if let Some(item) = self.items.iter_mut().find(|item| item.id == id) {
            change(item);
        }
    }

    fn noted(&mut self, item: Option<MeetingItemId>, note: NoteView) {
        match item {
            Some(id) => self.on_item(id, |item| item.notes.push(note)),
            None => self.notes.push(note),
        }
    }

    fn take(&mut self, event: &MeetingEvent, entry: &Entry) {
        match event {
            MeetingEvent::Rearranged(e) => {
                let why = Why::said(e.reason.as_ref(), None);
                self.arrangement.change(e.to.clone(), why, entry);
            }
            MeetingEvent::Cancelled(e) => self.cancelled = Some(Ended::because(&e.reason, entry)),
            MeetingEvent::AgendaSet(e) => self.agenda.clone_from(&e.items),
            MeetingEvent::Held(e) => self.held(e.time.as_ref(), e.venue.as_ref(), entry),
            MeetingEvent::AttendanceTaken(e) => {
                let why = Why::said(e.reason.as_ref(), None);
                self.attendance
                    .change(Some(e.attendance.clone()), why, entry);
            }
            MeetingEvent::Corrected(e) => {
                if let Some(held) = &mut self.held {
                    held.put_right(e, entry);
                }
            }
            MeetingEvent::ItemMinuted(e) => self.minuted(e),
            MeetingEvent::ItemCorrected(e) => self.on_item(e.item_id, |item| {
                item.words
                    .change(e.to.clone(), Why::because(&e.reason), entry);
            }),
            MeetingEvent::MinutesCirculated(_) => {
                self.minutes
                    .change(Some(Minutes::Circulated), Why::UNSAID, entry);
            }
            MeetingEvent::MinutesAgreed(_) => {
                self.minutes
                    .change(Some(Minutes::Agreed), Why::UNSAID, entry);
            }
            MeetingEvent::NotedSince(e) => {
                let text = e.text.clone();
                let made = entry.into();
                self.noted(e.item_id, NoteView { text, made });
            }
            MeetingEvent::PaperAdded(e) => self.papers.push(PaperView {
                id: e.paper_id,
                title: e.title.clone(),
                document: e.document.clone(),
                added: entry.into(),
                withdrawn: None,
            }),
            MeetingEvent::PaperWithdrawn(e) => {
                let paper = self.papers.iter_mut().find(|paper| paper.id == e.paper_id);
                if let Some(paper) = paper {
                    paper.withdrawn = Some(Ended::because(&e.reason, entry));
                }
            }
            MeetingEvent::VisibilityChanged(e) => {
                let why = Why::said(e.reason.as_ref(), None);
                self.visibility.change(e.to, why, entry);
            }
            // Called once; and a text that is redacted stays where it is, sealed.
            MeetingEvent::Called(_) | MeetingEvent::TextRedacted(_) => {}
        }
    }
}

impl Fold for MeetingView {
    fn key(entry: &Entry) -> Option<Uuid> {
        let stream = entry.recorded.stream;
        (stream.kind == StreamKind::Meeting).then_some(stream.id)
    }

    fn begin(entry: &Entry) -> Option<Self> {
        match &entry.event {
            Event::Meeting(MeetingEvent::Called(e)) => {
                Some(Self::begin(&e.group, e.arrangement.clone(), entry))
            }
            Event::Meeting(MeetingEvent::Held(e)) => {
                let mut view = Self::begin(&e.group, Arrangement::default(), entry);
                view.held(e.time.as_ref(), e.venue.as_ref(), entry);
                Some(view)
            }
            _ => None,
        }
    }

    fn apply(&mut self, entry: &Entry) {
        let Event::Meeting(event) = &entry.event else {
            return;
        };
        self.take(event, entry);
        self.last = entry.into();
        self.version = entry.recorded.stream_version;
    }
}

impl View for MeetingView {
    const NAME: ViewName = ViewName::Meeting;
    const TABLE: Table = Table::Meetings;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let columns = Columns {
            ledger_id: self.ledger,
            meeting_id: self.id,
            group_id: self.group.id.uuid(),
            day: self.day().unwrap_or(NO_DAY),
            held: self.held.is_some(),
            begun_position: self.begun.position,
            visibility: self.visibility.current,
        };
        Ok(vec![Row::new(Self::TABLE, self.id.uuid(), &columns, self)?])
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns {
    ledger_id: LedgerId,
    meeting_id: MeetingId,
    group_id: Uuid,
    day: NaiveDate,
    held: bool,
    begun_position: Position,
    visibility: Visibility,
}
