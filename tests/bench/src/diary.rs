//! The aggregate of the command benchmark: a diary that takes one note at a time.
//!
//! The rules and the fold are written once; the ledger's aggregate and the peer's are the same logic
//! in the two shapes they ask for: the ledger dates an event beside its payload, the peer has no date.

use chrono::NaiveDate;
use cqrs_es::event_sink::EventSink;
use cqrs_es::{Aggregate, DomainEvent};
use domain::event::DecodeError;
use domain::{Dated, Directed, StoredEvent};
use serde::{Deserialize, Serialize};

/// The size of an event's payload as JSON text, in bytes.
pub const PAYLOAD_BYTES: usize = 400;

/// The one event type.
pub const NOTED: &str = "diary.noted";

/// What a command asks: note this.
#[derive(Clone, Debug)]
pub struct Note {
    /// What to note; not empty.
    pub text: String,
}

/// What happened: it was noted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Noted {
    /// Which note of the diary this is, from 1.
    pub number: u64,
    /// How many bytes the diary has with it.
    pub total: u64,
    /// What was noted.
    pub text: String,
}

/// Why a note was not taken.
#[derive(Debug, PartialEq, thiserror::Error)]
pub enum DiaryError {
    /// There is nothing in it.
    #[error("a note needs words")]
    Empty,
    /// It says what the last one said.
    #[error("this is the last note again")]
    Repeated,
}

/// What a diary knows of its notes: how many, how long altogether, and the last one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Diary {
    notes: u64,
    bytes: u64,
    last: String,
}

impl Diary {
    fn decide(&self, note: Note) -> Result<Noted, DiaryError> {
        if note.text.is_empty() {
            return Err(DiaryError::Empty);
        }
        if note.text == self.last {
            return Err(DiaryError::Repeated);
        }
        Ok(Noted {
            number: self.notes + 1,
            total: self.bytes + note.text.len() as u64,
            text: note.text,
        })
    }

    fn take(&mut self, noted: Noted) {
        self.notes = noted.number;
        self.bytes = noted.total;
        self.last = noted.text;
    }
}

impl Note {
    /// The `count`th note to a diary, of such a length that its event's payload has [`PAYLOAD_BYTES`]
    /// when `number` and `total` have `digits` digits together.
    pub fn of_size(count: u64, digits: usize) -> Self {
        let frame = r#"{"number":,"text":"","total":}"#.len();
        let width = PAYLOAD_BYTES.saturating_sub(frame + digits);
        let words = "what was said at the meeting, and by whom; ";
        let mut text = String::with_capacity(width + words.len());
        text.push_str(&count.to_string());
        text.push_str(": ");
        while text.len() < width {
            text.push_str(words);
        }
        text.truncate(width);
        Self { text }
    }
}

impl StoredEvent for Noted {
    fn kind(&self) -> &'static str {
        NOTED
    }

    fn schema_version(&self) -> u32 {
        1
    }

    fn payload(&self) -> Result<serde_json::Value, serde_json::Error> {
        serde_json::to_value(self)
    }

    fn decode(kind: &str, version: u32, payload: &str) -> Result<Self, DecodeError> {
        if (kind, version) != (NOTED, 1) {
            return Err(DecodeError::Unknown {
                kind: kind.to_owned(),
                version,
            });
        }
        serde_json::from_str(payload).map_err(|source| DecodeError::Malformed {
            kind: kind.to_owned(),
            version,
            source,
        })
    }
}

/// The diary as an aggregate of a ledger.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct LedgerDiary(Diary);

impl Aggregate for LedgerDiary {
    const TYPE: &'static str = "diary";
    type Command = Directed<Note>;
    type Event = Dated<Noted>;
    type Error = DiaryError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        (): &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        let Directed {
            occurred_on,
            meeting,
            command,
            ..
        } = command;
        let event = self.0.decide(command)?;
        sink.write(
            Dated {
                occurred_on,
                meeting,
                event,
            },
            self,
        )
        .await;
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.0.take(event.event);
    }
}

/// The diary as an aggregate of the peer.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PeerDiary(Diary);

impl DomainEvent for Noted {
    fn event_type(&self) -> String {
        NOTED.to_owned()
    }

    fn event_version(&self) -> String {
        "1".to_owned()
    }
}

impl Aggregate for PeerDiary {
    const TYPE: &'static str = "diary";
    type Command = Note;
    type Event = Noted;
    type Error = DiaryError;
    type Services = ();

    async fn handle(
        &mut self,
        command: Self::Command,
        (): &Self::Services,
        sink: &EventSink<Self>,
    ) -> Result<(), Self::Error> {
        let noted = self.0.decide(command)?;
        sink.write(noted, self).await;
        Ok(())
    }

    fn apply(&mut self, event: Self::Event) {
        self.0.take(event);
    }
}

/// The day every note is dated.
pub const DAY: NaiveDate = NaiveDate::from_ymd_opt(2007, 9, 24).expect("a day of the calendar");

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(diary: &Diary, text: &str) -> Result<Noted, DiaryError> {
        diary.decide(Note {
            text: text.to_owned(),
        })
    }

    #[test]
    fn a_diary_numbers_its_notes_and_refuses_an_empty_or_repeated_one() {
        let mut diary = Diary::default();
        diary.take(noted(&diary, "one").unwrap());
        assert_eq!(noted(&diary, "one"), Err(DiaryError::Repeated));
        assert_eq!(noted(&diary, ""), Err(DiaryError::Empty));
        let second = noted(&diary, "two").unwrap();
        assert_eq!((second.number, second.total), (2, 6));
    }

    #[test]
    fn an_event_has_four_hundred_bytes() {
        let mut diary = Diary::default();
        for count in 0..11 {
            diary.take(diary.decide(Note::of_size(count, 6)).unwrap());
        }
        let event = diary.decide(Note::of_size(11, 6)).unwrap();
        let payload = serde_json::to_string(&event.payload().unwrap()).unwrap();
        assert_eq!(payload.len(), PAYLOAD_BYTES, "{payload}");
    }
}
