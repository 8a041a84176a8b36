//! Adoptions: what was taken up from whom and in which version, what was changed, and how it went.

use chrono::NaiveDate;
use domain::adoption::{PracticeAdapted, PracticeAdopted};
use domain::facts::CompactFact;
use domain::figure::OrganisationFact;
use domain::file::Evidence;
use domain::good_practice::PracticeFact;
use domain::ids::{AdoptionId, LedgerId};
use domain::stream::StreamKind;
use domain::{AdoptionEvent, Event, Text, Visibility};
use ledger::Entry;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::table::{Row, Table};
use crate::tracked::{Ended, Stamp, Tracked, Why};
use crate::view::{Fold, View, ViewName};

/// That a piece of good practice was taken up.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdoptionView {
    /// The adoption.
    pub id: AdoptionId,
    /// The adopter's ledger.
    pub ledger: LedgerId,
    /// The compact that took it up, as it was named then.
    pub by: CompactFact,
    /// The organisation of it; none for the compact itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<OrganisationFact>,
    /// The compact whose practice it is, as it was named then.
    pub from: CompactFact,
    /// The practice as it was named then, in the version that was taken up.
    pub practice: PracticeFact,
    /// What was to be known of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// When it was taken up.
    pub adopted: Stamp,
    /// The version of the source that is followed.
    pub following: u32,
    /// What was changed to fit, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub adaptations: Vec<AdaptationView>,
    /// How it went, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub results: Vec<ResultView>,
    /// That it was given up, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Ended>,
    /// How far it is let out.
    pub visibility: Tracked<Visibility>,
    /// The last entry of its history.
    pub last: Stamp,
    /// The version of its stream.
    pub version: u64,
}

/// What was changed to fit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct AdaptationView {
    /// What was changed.
    pub changed: Text,
    /// The version of the source that was followed from then on, where that was another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub following: Option<PracticeFact>,
    /// The practice of one's own that was written from it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub written_as: Option<PracticeFact>,
    /// Where in the record it comes from.
    pub made: Stamp,
}

/// How it went.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ResultView {
    /// How it went.
    pub text: Text,
    /// What that rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// Where in the record it comes from.
    pub made: Stamp,
}

impl AdoptionView {
    /// The ledger of the practice.
    pub const fn source(&self) -> LedgerId {
        self.from.id.ledger()
    }

    fn begin(e: &PracticeAdopted, entry: &Entry) -> Self {
        Self {
            id: entry.recorded.stream.id.into(),
            ledger: entry.recorded.ledger,
            by: e.by.clone(),
            organisation: e.organisation.clone(),
            from: e.from.clone(),
            practice: e.practice.clone(),
            note: e.note.clone(),
            adopted: entry.into(),
            following: e.practice.version,
            adaptations: Vec::new(),
            results: Vec::new(),
            withdrawn: None,
            visibility: Tracked::at_birth(),
            last: entry.into(),
            version: entry.recorded.stream_version,
        }
    }

    fn adapted(&mut self, e: &PracticeAdapted, entry: &Entry) {
        if let Some(followed) = &e.following {
            self.following = followed.version;
        }
        self.adaptations.push(AdaptationView {
            changed: e.changed.clone(),
            following: e.following.clone(),
            written_as: e.written_as.clone(),
            made: entry.into(),
        });
    }

    fn take(&mut self, event: &AdoptionEvent, entry: &Entry) {
        match event {
            AdoptionEvent::Adapted(e) => self.adapted(e, entry),
            AdoptionEvent::ResultReported(e) => self.results.push(ResultView {
                text: e.text.clone(),
                evidence: e.evidence.clone(),
                made: entry.into(),
            }),
            AdoptionEvent::Withdrawn(e) => {
                self.withdrawn = Some(Ended::because(&e.reason, entry));
            }
            AdoptionEvent::VisibilityChanged(e) => {
                let why = Why::said(e.reason.as_ref(), None);
                self.visibility.change(e.to, why, entry);
            }
            // Taken up once; and a text that is redacted stays where it is, sealed.
            AdoptionEvent::Adopted(_) | AdoptionEvent::TextRedacted(_) => {}
        }
    }
}

impl Fold for AdoptionView {
    fn key(entry: &Entry) -> Option<Uuid> {
        let stream = entry.recorded.stream;
        (stream.kind == StreamKind::Adoption).then_some(stream.id)
    }

    fn begin(entry: &Entry) -> Option<Self> {
        match &entry.event {
            Event::Adoption(AdoptionEvent::Adopted(e)) => Some(Self::begin(e, entry)),
            _ => None,
        }
    }

    fn apply(&mut self, entry: &Entry) {
        let Event::Adoption(event) = &entry.event else {
            return;
        };
        self.take(event, entry);
        self.last = entry.into();
        self.version = entry.recorded.stream_version;
    }
}

impl View for AdoptionView {
    const NAME: ViewName = ViewName::Adoption;
    const TABLE: Table = Table::Adoptions;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let columns = Columns {
            ledger_id: self.ledger,
            adoption_id: self.id,
            source_ledger_id: self.source(),
            practice_id: self.practice.id.uuid(),
            adopted_on: self.adopted.on,
            withdrawn: self.withdrawn.is_some(),
            visibility: self.visibility.current,
        };
        Ok(vec![Row::new(Self::TABLE, self.id.uuid(), &columns, self)?])
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns {
    ledger_id: LedgerId,
    adoption_id: AdoptionId,
    source_ledger_id: LedgerId,
    practice_id: Uuid,
    adopted_on: NaiveDate,
    withdrawn: bool,
    visibility: Visibility,
}
