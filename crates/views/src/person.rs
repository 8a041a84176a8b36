//! People a compact has written down: what is said of them, sealed, until they are erased.
//!
//! An erased person's row stays, so that what mentions them finds that they were there. Nothing that was said of them is kept in
//! it, not even sealed.

use domain::figure::OrganisationFact;
use domain::ids::{LedgerId, OrganisationId, PersonId};
use domain::person::{PersonEntered, PersonTerms};
use domain::stream::StreamKind;
use domain::{Event, PersonEvent, Text};
use ledger::{Entry, Position};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::table::{Row, Table};
use crate::tracked::{Ended, Stamp, Tracked, Why};
use crate::view::{Fold, View, ViewName};

/// A person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonView {
    /// The person.
    pub id: PersonId,
    /// The compact's ledger they are recorded in.
    pub ledger: LedgerId,
    /// What is said of them, and what was before it was put right; none once they are erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub terms: Option<Tracked<PersonTerms>>,
    /// When they were entered.
    pub entered: Stamp,
    /// When and why they were erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub erased: Option<Ended>,
    /// The last entry of their history.
    pub last: Stamp,
    /// The version of their stream.
    pub version: u64,
}

impl PersonView {
    /// Their name; none once they are erased.
    pub fn name(&self) -> Option<&Text> {
        Some(&self.terms()?.name)
    }

    /// What they do.
    pub fn position(&self) -> Option<&Text> {
        self.terms()?.position.as_ref()
    }

    /// Where they do it, as that was called when it was entered.
    pub fn organisation(&self) -> Option<&OrganisationFact> {
        self.terms()?.organisation.as_ref()
    }

    /// Their e-mail address.
    pub fn email(&self) -> Option<&Text> {
        self.terms()?.email.as_ref()
    }

    /// Their telephone number.
    pub fn telephone(&self) -> Option<&Text> {
        self.terms()?.telephone.as_ref()
    }

    /// Whether they were erased.
    pub const fn is_erased(&self) -> bool {
        self.erased.is_some()
    }

    fn terms(&self) -> Option<&PersonTerms> {
        self.terms.as_ref().map(|terms| &terms.current)
    }

    fn entered(event: &PersonEntered, entry: &Entry) -> Self {
        Self {
            id: entry.recorded.stream.id.into(),
            ledger: entry.recorded.ledger,
            terms: Some(Tracked::new(event.person.clone())),
            entered: entry.into(),
            erased: None,
            last: entry.into(),
            version: entry.recorded.stream_version,
        }
    }
}

impl Fold for PersonView {
    fn key(entry: &Entry) -> Option<Uuid> {
        let stream = entry.recorded.stream;
        (stream.kind == StreamKind::Person).then_some(stream.id)
    }

    fn begin(entry: &Entry) -> Option<Self> {
        match &entry.event {
            Event::Person(PersonEvent::Entered(event)) => Some(Self::entered(event, entry)),
            _ => None,
        }
    }

    fn apply(&mut self, entry: &Entry) {
        let Event::Person(event) = &entry.event else {
            return;
        };
        match event {
            PersonEvent::Corrected(e) => {
                if let Some(terms) = &mut self.terms {
                    terms.change(e.to.clone(), Why::because(&e.reason), entry);
                }
            }
            PersonEvent::Erased(e) => {
                self.terms = None;
                self.erased = Some(Ended::because(&e.reason, entry));
            }
            // Entered once; and a text that is redacted stays where it is, sealed.
            PersonEvent::Entered(_) | PersonEvent::TextRedacted(_) => {}
        }
        self.last = entry.into();
        self.version = entry.recorded.stream_version;
    }
}

impl View for PersonView {
    const NAME: ViewName = ViewName::Person;
    const TABLE: Table = Table::People;

    fn rows(&self) -> Result<Vec<Row>, serde_json::Error> {
        let columns = Columns {
            ledger_id: self.ledger,
            person_id: self.id,
            organisation_id: self.organisation().map(|organisation| organisation.id),
            entered_position: self.entered.position,
            erased: self.is_erased(),
        };
        Ok(vec![Row::new(Self::TABLE, self.id.uuid(), &columns, self)?])
    }
}

/// The row's columns.
#[derive(Serialize)]
struct Columns {
    ledger_id: LedgerId,
    person_id: PersonId,
    organisation_id: Option<OrganisationId>,
    entered_position: Position,
    erased: bool,
}
