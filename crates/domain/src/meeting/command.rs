//! What can be asked of a meeting.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::facts::Mentions;
use crate::file::EvidenceInput;
use crate::ids::{
    ActionId, ActionPlanId, CommitmentId, GroupId, MeetingItemId, OrganisationId, PaperId,
    SubjectId, UpdateId,
};
use crate::text::{Text, Texts};
use crate::visibility::Visibility;

use super::event::Attending;

/// Everything that can be asked of a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "type",
    rename_all = "snake_case",
    rename_all_fields = "camelCase"
)]
pub enum MeetingCommand {
    /// Call a meeting of a group.
    CallMeeting {
        /// Whose meeting.
        group: GroupId,
        /// When and where, as far as it is known.
        arrangement: ArrangementInput,
    },
    /// Fix or move a called meeting's day, time or place.
    RearrangeMeeting {
        /// When and where from now on.
        arrangement: ArrangementInput,
        /// Why, where it was said.
        reason: Option<Text>,
    },
    /// Call a meeting off.
    CancelMeeting {
        /// Why.
        reason: Text,
    },
    /// Set what will be spoken of, in order.
    SetAgenda {
        /// The items, in order.
        items: Vec<AgendaItemInput>,
    },
    /// Record that the meeting was held, on the day this is dated: who came, and what was said.
    RecordMeeting {
        /// Whose meeting: the group it was called for, where it was called.
        group: GroupId,
        /// When it began, as HH:MM.
        time: Option<String>,
        /// Where it was held.
        venue: Option<String>,
        /// Who came; none where the papers do not say.
        attendance: Option<Vec<AttendanceInput>>,
        /// What was spoken of, in order.
        items: Vec<MinutedItemInput>,
    },
    /// Take down, or put right, who came.
    TakeAttendance {
        /// Everyone who came or sent apologies.
        attendance: Vec<AttendanceInput>,
        /// Why; needed where it was taken before.
        reason: Option<Text>,
    },
    /// Put right when a meeting that was held began, and where it was held.
    CorrectMeeting {
        /// When it began, as HH:MM; none where that is not known.
        time: Option<String>,
        /// Where it was held; none where that is not known.
        venue: Option<String>,
        /// Why.
        reason: Text,
    },
    /// Add an item to the draft minutes.
    AddItem {
        /// The item.
        item: MinutedItemInput,
    },
    /// Put an item of the minutes right.
    CorrectItem {
        /// The item.
        item: MeetingItemId,
        /// What it should say.
        words: ItemWordsInput,
        /// Why.
        reason: Text,
    },
    /// Send the draft minutes round.
    CirculateMinutes,
    /// Agree the minutes as a true record, at the later meeting that this command names.
    AgreeMinutes,
    /// Add a note of what happened since the meeting.
    NoteSince {
        /// The item it is about; none for the meeting as a whole.
        item: Option<MeetingItemId>,
        /// The note.
        text: Text,
    },
    /// Add a paper, before the meeting or after it.
    AddPaper {
        /// The new paper.
        paper: PaperId,
        /// What it is called.
        title: String,
        /// The file that was uploaded, or where it is.
        document: EvidenceInput,
    },
    /// Take a paper back.
    WithdrawPaper {
        /// The paper.
        paper: PaperId,
        /// Why.
        reason: Text,
    },
    /// Release the meeting and its minutes to more people, or take them back from some.
    ReleaseMeeting {
        /// How far it is let out from now on.
        to: Visibility,
        /// Why; needed when it is taken back.
        reason: Option<Text>,
    },
    /// Take one of the texts in its history out for good.
    RedactText {
        /// The text, as what has a key of its own.
        text: SubjectId,
        /// Why.
        reason: Text,
    },
}

/// When and where, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ArrangementInput {
    /// The day.
    pub on: Option<NaiveDate>,
    /// The time, as HH:MM.
    pub time: Option<String>,
    /// When, in the words as agreed: “late September”. Needed where there is no day.
    pub words: Option<String>,
    /// The place.
    pub venue: Option<String>,
}

/// Something that will be spoken of.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AgendaItemInput {
    /// The item; the minutes of it bear the same id.
    pub item: MeetingItemId,
    /// Its heading.
    pub title: String,
    /// What is to be known beforehand.
    pub note: Option<Text>,
}

/// Someone who came, sent a deputy, or sent apologies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct AttendanceInput {
    /// The organisation; none for somebody who belongs to none, such as the facilitator.
    pub organisation: Option<OrganisationId>,
    /// Who, in words or as a mention of a person; needed where there is no organisation.
    pub who: Option<Text>,
    /// How.
    pub attending: Attending,
}

/// What an item of the minutes says, as it was typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ItemWordsInput {
    /// Its heading.
    pub title: String,
    /// What was said.
    pub discussion: Option<Text>,
    /// What was decided.
    pub decision: Option<Text>,
}

/// An item of the minutes, with what it led to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct MinutedItemInput {
    /// The new item, or the agenda's.
    pub item: MeetingItemId,
    /// What it says.
    pub words: ItemWordsInput,
    /// The actions raised, which are recorded in their plans with it.
    #[serde(default)]
    pub actions: Vec<RaisedInput>,
    /// The updates that were given, which are recorded in their plans with it.
    #[serde(default)]
    pub updates: Vec<SaidInput>,
    /// The commitments whose status was moved with it.
    #[serde(default)]
    pub commitments: Vec<CommitmentId>,
    /// Whether it is put off to the next meeting.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub carried_over: bool,
}

/// An action raised under an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RaisedInput {
    /// The minutes' own label, such as “ii”.
    pub label: Option<String>,
    /// The plan it is recorded in.
    pub plan: ActionPlanId,
    /// The action.
    pub action: ActionId,
}

/// An update given under an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SaidInput {
    /// The plan it is recorded in.
    pub plan: ActionPlanId,
    /// The update.
    pub update: UpdateId,
}

impl MeetingCommand {
    /// What the recorder must look up before this can be decided.
    pub fn mentions(&self) -> Mentions {
        let mut mentions = Mentions::default();
        let mut organisations = |attendance: &[AttendanceInput]| {
            let named = attendance.iter().filter_map(|one| one.organisation);
            mentions.organisations.extend(named);
        };
        match self {
            Self::CallMeeting { group, .. } => {
                mentions.groups.insert(*group);
            }
            Self::RecordMeeting {
                group,
                attendance,
                items,
                ..
            } => {
                organisations(attendance.as_deref().unwrap_or_default());
                mentions.groups.insert(*group);
                let moved = items.iter().flat_map(|item| &item.commitments);
                mentions.commitments.extend(moved);
            }
            Self::TakeAttendance { attendance, .. } => organisations(attendance),
            Self::AddItem { item } => mentions.commitments.extend(&item.commitments),
            Self::AddPaper { document, .. } => mentions.files.extend(document.hash()),
            Self::RearrangeMeeting { .. }
            | Self::CancelMeeting { .. }
            | Self::SetAgenda { .. }
            | Self::CorrectMeeting { .. }
            | Self::CorrectItem { .. }
            | Self::CirculateMinutes
            | Self::AgreeMinutes
            | Self::NoteSince { .. }
            | Self::WithdrawPaper { .. }
            | Self::ReleaseMeeting { .. }
            | Self::RedactText { .. } => {}
        }
        mentions
    }
}

crate::texts! {
    AgendaItemInput { note }
    AttendanceInput { who }
    ItemWordsInput { discussion, decision }
    MinutedItemInput { words }
}

impl Texts for MeetingCommand {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::RearrangeMeeting { reason, .. } | Self::ReleaseMeeting { reason, .. } => {
                reason.texts(each);
            }
            Self::CancelMeeting { reason }
            | Self::CorrectMeeting { reason, .. }
            | Self::RedactText { reason, .. }
            | Self::WithdrawPaper { reason, .. } => reason.texts(each),
            Self::AddPaper { document, .. } => document.texts(each),
            Self::SetAgenda { items } => items.texts(each),
            Self::RecordMeeting {
                attendance, items, ..
            } => {
                attendance.texts(each);
                items.texts(each);
            }
            Self::TakeAttendance { attendance, reason } => {
                attendance.texts(each);
                reason.texts(each);
            }
            Self::AddItem { item } => item.texts(each),
            Self::CorrectItem { words, reason, .. } => {
                words.texts(each);
                reason.texts(each);
            }
            Self::NoteSince { text, .. } => text.texts(each),
            Self::CallMeeting { .. } | Self::CirculateMinutes | Self::AgreeMinutes => {}
        }
    }
}
