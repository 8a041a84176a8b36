//! A meeting, as far as decisions need it.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::dated::{Dated, Since};
use crate::facts::GroupFact;
use crate::file::FileHash;
use crate::ids::{GroupId, MeetingItemId, PaperId};
use crate::text::Text;
use crate::visibility::Visibility;

use super::command::MeetingCommand;
use super::event::{
    AgendaItem, Arrangement, Attendance, HeldAt, ItemWords, MeetingEvent, MeetingHeld,
};

/// A meeting of a group.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// None until it is called or recorded.
    pub(super) heading: Option<Heading>,
    pub(super) agenda: Vec<AgendaItem>,
    pub(super) cancelled_on: Option<NaiveDate>,
    pub(super) held_on: Option<NaiveDate>,
    pub(super) held_at: Option<Since<HeldAt>>,
    pub(super) attendance: Option<Since<Vec<Attendance>>>,
    pub(super) items: BTreeMap<MeetingItemId, Since<ItemWords>>,
    pub(super) minutes: Option<Since<Minutes>>,
    pub(super) papers: BTreeMap<PaperId, Paper>,
}

/// A paper of a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Paper {
    pub file: Option<FileHash>,
    pub added_on: NaiveDate,
    pub withdrawn_on: Option<NaiveDate>,
}

/// Whose meeting it is, when it is to be, and how far it is let out.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Heading {
    pub group: GroupFact,
    pub arrangement: Since<Arrangement>,
    pub release: Since<Visibility>,
}

/// How far the minutes of a meeting have come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Minutes {
    /// They are being written.
    Draft,
    /// They were sent round.
    Circulated,
    /// They were agreed as a true record.
    Agreed,
}

crate::texts! {
    Minutes {}
}

impl Minutes {
    /// Every state there is, in order.
    pub const ALL: [Self; 3] = [Self::Draft, Self::Circulated, Self::Agreed];

    /// In words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Draft => "a draft",
            Self::Circulated => "circulated",
            Self::Agreed => "agreed as a true record",
        }
    }
}

impl Meeting {
    /// Whose meeting it is; none until it is called or recorded.
    pub fn group(&self) -> Option<GroupId> {
        self.heading.as_ref().map(|heading| heading.group.id)
    }

    /// How far it is let out: a draft until it is released.
    pub fn visibility(&self) -> Visibility {
        let heading = self.heading.as_ref();
        heading.map_or_else(Visibility::default, |heading| heading.release.value)
    }

    /// The texts that stand where this command writes. What is typed and says the same is the same text.
    pub fn standing(&self, command: &MeetingCommand) -> Vec<&Text> {
        match command {
            MeetingCommand::CorrectItem { item, .. } => {
                let words = self.items.get(item).map(|since| &since.value);
                let texts = words.map(|words| [&words.discussion, &words.decision]);
                texts.into_iter().flatten().flatten().collect()
            }
            MeetingCommand::TakeAttendance { .. } => {
                let taken = self.attendance.iter().flat_map(|since| &since.value);
                taken.filter_map(|one| one.who.as_ref()).collect()
            }
            MeetingCommand::SetAgenda { .. } => {
                let notes = self.agenda.iter();
                notes.filter_map(|item| item.note.as_ref()).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Takes one event in. An event about something the meeting does not know changes nothing, so that any history can be
    /// folded.
    pub(super) fn take(&mut self, dated: Dated<MeetingEvent>) {
        use MeetingEvent as E;
        let on = dated.occurred_on;
        match dated.event {
            E::Called(called) => self.begin(called.group, called.arrangement, on),
            E::Rearranged(e) => {
                if let Some(heading) = &mut self.heading {
                    heading.arrangement = Since { value: e.to, on };
                }
            }
            E::Cancelled(_) => self.cancelled_on = Some(on),
            E::AgendaSet(e) => self.agenda = e.items,
            E::Held(held) => self.hold_on(held, on),
            E::AttendanceTaken(e) => {
                let value = e.attendance;
                self.attendance = Some(Since { value, on });
            }
            E::Corrected(e) => {
                let value = e.to;
                if let Some(held_at) = &mut self.held_at {
                    *held_at = Since { value, on };
                }
            }
            E::ItemMinuted(e) => {
                let value = e.words;
                self.items.insert(e.item_id, Since { value, on });
            }
            E::ItemCorrected(e) => {
                if let Some(words) = self.items.get_mut(&e.item_id) {
                    *words = Since { value: e.to, on };
                }
            }
            E::MinutesCirculated(_) => self.minuted(Minutes::Circulated, on),
            E::MinutesAgreed(_) => self.minuted(Minutes::Agreed, on),
            E::VisibilityChanged(e) => {
                if let Some(heading) = &mut self.heading {
                    heading.release.change(e.to, on);
                }
            }
            E::PaperAdded(e) => {
                let paper = Paper {
                    file: e.document.file().map(|file| file.hash),
                    added_on: on,
                    withdrawn_on: None,
                };
                self.papers.insert(e.paper_id, paper);
            }
            E::PaperWithdrawn(e) => {
                if let Some(paper) = self.papers.get_mut(&e.paper_id) {
                    paper.withdrawn_on = Some(on);
                }
            }
            E::NotedSince(_) | E::TextRedacted(_) => {}
        }
    }

    fn hold_on(&mut self, held: MeetingHeld, on: NaiveDate) {
        if self.heading.is_none() {
            self.begin(held.group, Arrangement::default(), on);
        }
        self.held_on = Some(on);
        let value = HeldAt {
            time: held.time,
            venue: held.venue,
        };
        self.held_at = Some(Since { value, on });
        let value = Minutes::Draft;
        self.minutes = Some(Since { value, on });
    }

    fn begin(&mut self, group: GroupFact, arrangement: Arrangement, on: NaiveDate) {
        let value = Visibility::default();
        self.heading = Some(Heading {
            group,
            arrangement: Since {
                value: arrangement,
                on,
            },
            release: Since { value, on },
        });
    }

    fn minuted(&mut self, value: Minutes, on: NaiveDate) {
        if let Some(minutes) = &mut self.minutes {
            *minutes = Since { value, on };
        }
    }
}
