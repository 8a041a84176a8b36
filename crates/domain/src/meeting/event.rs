//! What can happen to a meeting.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::event::events;
use crate::facts::{CommitmentFact, GroupFact};
use crate::figure::OrganisationFact;
use crate::file::{Evidence, FileHash, FileRef};
use crate::ids::{ActionId, ActionPlanId, MeetingItemId, PaperId, UpdateId};
use crate::redaction::TextRedacted;
use crate::text::Text;
use crate::visibility::VisibilityChanged;

events! {
    /// Everything that can happen to a meeting.
    pub enum MeetingEvent {
        /// It was called.
        "meeting.called" v 1 => Called(MeetingCalled),
        /// Its day, time or place was fixed or moved.
        "meeting.rearranged" v 1 => Rearranged(MeetingRearranged),
        /// It was called off.
        "meeting.cancelled" v 1 => Cancelled(MeetingCancelled),
        /// Its agenda was set.
        "meeting.agenda_set" v 1 => AgendaSet(AgendaSet),
        /// It was held.
        "meeting.held" v 1 => Held(MeetingHeld),
        /// Who came was taken down, or put right.
        "meeting.attendance_taken" v 1 => AttendanceTaken(AttendanceTaken),
        /// When a meeting that was held began, and where it was held, was put right.
        "meeting.corrected" v 1 => Corrected(MeetingCorrected),
        /// An item was minuted.
        "meeting.item_minuted" v 1 => ItemMinuted(ItemMinuted),
        /// An item of the minutes was put right.
        "meeting.item_corrected" v 1 => ItemCorrected(ItemCorrected),
        /// The draft minutes were sent round.
        "meeting.minutes_circulated" v 1 => MinutesCirculated(MinutesCirculated),
        /// The minutes were agreed as a true record, at the meeting the entry names.
        "meeting.minutes_agreed" v 1 => MinutesAgreed(MinutesAgreed),
        /// Something that happened since the meeting was noted.
        "meeting.noted_since" v 1 => NotedSince(NotedSince),
        /// A paper was added.
        "meeting.paper_added" v 1 => PaperAdded(PaperAdded),
        /// A paper was taken back.
        "meeting.paper_withdrawn" v 1 => PaperWithdrawn(PaperWithdrawn),
        /// It was released, or taken back.
        "meeting.visibility_changed" v 1 => VisibilityChanged(VisibilityChanged),
        /// A text was redacted.
        "meeting.text_redacted" v 1 => TextRedacted(TextRedacted),
    }
}

/// When and where a meeting is to be held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Arrangement {
    /// The day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<NaiveDate>,
    /// The time, as HH:MM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// When, in the words as agreed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// The place.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
}

/// A meeting was called.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeetingCalled {
    /// Whose meeting.
    pub group: GroupFact,
    /// When and where, as far as it is known.
    pub arrangement: Arrangement,
}

/// A called meeting's day, time or place was fixed or moved.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeetingRearranged {
    /// When and where it was to be.
    pub from: Arrangement,
    /// When and where from now on.
    pub to: Arrangement,
    /// Why, where it was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// A meeting was called off.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeetingCancelled {
    /// Why.
    pub reason: Text,
}

/// Something that will be spoken of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgendaItem {
    /// The item.
    pub item_id: MeetingItemId,
    /// Its heading.
    pub title: String,
    /// What is to be known beforehand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
}

/// An agenda was set, in the place of any before.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AgendaSet {
    /// The items, in order.
    pub items: Vec<AgendaItem>,
}

/// A meeting was held, on the day this is dated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeetingHeld {
    /// Whose meeting.
    pub group: GroupFact,
    /// When it began, as HH:MM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
}

/// When a meeting that was held began, and where it was held.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldAt {
    /// When it began, as HH:MM.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// Where.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<String>,
}

/// When a meeting that was held began, and where it was held, was put right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeetingCorrected {
    /// What was recorded.
    pub from: HeldAt,
    /// What it should be.
    pub to: HeldAt,
    /// Why.
    pub reason: Text,
}

/// How somebody attended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Attending {
    /// The representative came.
    Present,
    /// A deputy came.
    Deputy,
    /// Apologies were sent.
    Apologies,
    /// Somebody came who does not represent a member.
    InAttendance,
}

impl Attending {
    /// Every way there is.
    pub const ALL: [Self; 4] = [
        Self::Present,
        Self::Deputy,
        Self::Apologies,
        Self::InAttendance,
    ];

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Present => "present",
            Self::Deputy => "present by deputy",
            Self::Apologies => "apologies",
            Self::InAttendance => "in attendance",
        }
    }
}

/// Somebody who came, or sent apologies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attendance {
    /// The organisation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationFact>,
    /// Who.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<Text>,
    /// How.
    pub attending: Attending,
}

/// Who came was taken down, or put right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AttendanceTaken {
    /// Everyone, in the order of the papers.
    pub attendance: Vec<Attendance>,
    /// Why it was put right; none the first time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

/// What an item of the minutes says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ItemWords {
    /// Its heading.
    pub title: String,
    /// What was said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub discussion: Option<Text>,
    /// What was decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Text>,
}

/// An action raised under an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RaisedAction {
    /// The minutes' own label.
    #[serde(default, rename = "ref", skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The plan it is in.
    pub action_plan_id: ActionPlanId,
    /// The action.
    pub action_id: ActionId,
}

/// An update given under an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaidUpdate {
    /// The plan it is in.
    pub action_plan_id: ActionPlanId,
    /// The update.
    pub update_id: UpdateId,
}

/// An item was minuted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemMinuted {
    /// The item.
    pub item_id: MeetingItemId,
    /// What it says.
    pub words: ItemWords,
    /// The actions raised.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<RaisedAction>,
    /// The updates given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub updates: Vec<SaidUpdate>,
    /// The commitments whose status was moved.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commitments: Vec<CommitmentFact>,
    /// Whether it was put off to the next meeting.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub carried_over: bool,
}

/// An item of the minutes was put right.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ItemCorrected {
    /// The item.
    pub item_id: MeetingItemId,
    /// What it said.
    pub from: ItemWords,
    /// What it says now.
    pub to: ItemWords,
    /// Why.
    pub reason: Text,
}

/// The draft minutes were sent round.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MinutesCirculated {}

/// The minutes were agreed as a true record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MinutesAgreed {}

/// Something that happened since the meeting was noted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NotedSince {
    /// The item it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item_id: Option<MeetingItemId>,
    /// The note.
    pub text: Text,
}

/// A paper was added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaperAdded {
    /// The paper.
    pub paper_id: PaperId,
    /// What it is called.
    pub title: String,
    /// The file, or where it is.
    pub document: Evidence,
}

/// A paper was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaperWithdrawn {
    /// The paper.
    pub paper_id: PaperId,
    /// The file it was, where it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileHash>,
    /// Why.
    pub reason: Text,
}

impl MeetingEvent {
    /// The files it refers to.
    pub fn files(&self) -> Vec<&FileRef> {
        match self {
            Self::PaperAdded(e) => e.document.file().into_iter().collect(),
            _ => Vec::new(),
        }
    }

    /// The files it takes back.
    pub fn files_withdrawn(&self) -> Vec<FileHash> {
        match self {
            Self::PaperWithdrawn(e) => e.file.into_iter().collect(),
            _ => Vec::new(),
        }
    }
}

crate::texts! {
    PaperAdded { document }
    PaperWithdrawn { reason }
    Arrangement {}
    MeetingCalled {}
    MeetingRearranged { reason }
    MeetingCancelled { reason }
    AgendaItem { note }
    AgendaSet { items }
    MeetingHeld {}
    HeldAt {}
    MeetingCorrected { from, to, reason }
    Attendance { who }
    AttendanceTaken { attendance, reason }
    ItemWords { discussion, decision }
    ItemMinuted { words }
    ItemCorrected { from, to, reason }
    MinutesCirculated {}
    MinutesAgreed {}
    NotedSince { text }
}
