//! What every stored event can do: name itself, and be written and read as JSON.
//!
//! A stored shape is never edited. Add an optional field, or raise the version and teach
//! [`StoredEvent::decode`] the older shape with an upcaster. `events!` writes the enum of one
//! aggregate from its list of shapes; `tests/golden/` holds one file per type and version.

use chrono::NaiveDate;
use cqrs_es::DomainEvent;
use serde::{Deserialize, Serialize};

use crate::dated::{Dated, MeetingRef};
use crate::file::{FileHash, FileRef};
use crate::stream::StreamKind;
use crate::text::{Text, Texts};
use crate::{
    ActionPlanEvent, AdoptionEvent, AssessmentEvent, CommitmentEvent, CompactEvent,
    GoodPracticeEvent, MeetingEvent, PersonEvent, RegionEvent,
};

/// Why a stored event could not be read back.
#[derive(Debug, thiserror::Error)]
pub enum DecodeError {
    /// The type and version are not known to this build.
    #[error("event type `{kind}` version {version} is not known to this build")]
    Unknown {
        /// The stored type.
        kind: String,
        /// The stored schema version.
        version: u32,
    },
    /// The payload does not have the shape its type and version promise.
    #[error("payload of `{kind}` version {version} does not fit its shape")]
    Malformed {
        /// The stored type.
        kind: String,
        /// The stored schema version.
        version: u32,
        /// What did not fit.
        #[source]
        source: serde_json::Error,
    },
}

/// An event as the ledger stores it: a type, a schema version and a JSON payload.
pub trait StoredEvent:
    Clone + std::fmt::Debug + PartialEq + Serialize + for<'de> Deserialize<'de> + Send + Sync + 'static
{
    /// The type, such as `commitment.target_changed`.
    fn kind(&self) -> &'static str;

    /// The schema version this build writes for that type.
    fn schema_version(&self) -> u32;

    /// The payload, as this build writes it.
    ///
    /// # Errors
    /// When the payload cannot be written as JSON.
    fn payload(&self) -> Result<serde_json::Value, serde_json::Error>;

    /// Reads a payload of any version ever written, upcasting older shapes.
    ///
    /// # Errors
    /// [`DecodeError::Unknown`] for a type or version this build does not know,
    /// [`DecodeError::Malformed`] when the payload does not fit.
    fn decode(kind: &str, version: u32, payload: &str) -> Result<Self, DecodeError>;
}

/// A stored event together with its date: what an aggregate in a ledger is made of.
pub trait LedgerEvent: DomainEvent + 'static {
    /// The event without its date.
    type Stored: StoredEvent;

    /// Puts date and event together.
    fn assemble(occurred_on: NaiveDate, meeting: Option<MeetingRef>, event: Self::Stored) -> Self;

    /// The date it was true.
    fn occurred_on(&self) -> NaiveDate;

    /// The meeting it came from.
    fn meeting(&self) -> Option<MeetingRef>;

    /// The event.
    fn stored(&self) -> &Self::Stored;
}

impl<E: StoredEvent> LedgerEvent for Dated<E> {
    type Stored = E;

    fn assemble(occurred_on: NaiveDate, meeting: Option<MeetingRef>, event: E) -> Self {
        Self {
            occurred_on,
            meeting,
            event,
        }
    }

    fn occurred_on(&self) -> NaiveDate {
        self.occurred_on
    }

    fn meeting(&self) -> Option<MeetingRef> {
        self.meeting
    }

    fn stored(&self) -> &E {
        &self.event
    }
}

/// Writes the event enum of one aggregate from its list of `"type" vN => Variant(Shape)`. With `reads` an older version is read
/// into the same shape: version 1 of what has texts in it was written before texts were sealed.
macro_rules! events {
    (
        $(#[$doc:meta])*
        pub enum $name:ident {
            $($(#[$vdoc:meta])* $kind:literal v $version:literal $(reads $older:literal)? => $variant:ident($shape:ty),)+
        }
    ) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
        #[serde(tag = "type", content = "payload")]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $kind)] $variant($shape),)+
        }

        impl $name {
            /// Every type and version this build writes.
            pub const TYPES: &'static [(&'static str, u32)] = &[$(($kind, $version)),+];
        }

        $(impl From<$shape> for $name {
            fn from(shape: $shape) -> Self {
                Self::$variant(shape)
            }
        })+

        impl $crate::text::Texts for $name {
            fn texts(&mut self, each: &mut dyn FnMut(&mut $crate::text::Text)) {
                match self { $(Self::$variant(shape) => shape.texts(each),)+ }
            }
        }

        impl $crate::event::StoredEvent for $name {
            fn kind(&self) -> &'static str {
                match self { $(Self::$variant(_) => $kind,)+ }
            }

            fn schema_version(&self) -> u32 {
                match self { $(Self::$variant(_) => $version,)+ }
            }

            fn payload(&self) -> Result<serde_json::Value, serde_json::Error> {
                match self { $(Self::$variant(shape) => serde_json::to_value(shape),)+ }
            }

            fn decode(
                kind: &str,
                version: u32,
                payload: &str,
            ) -> Result<Self, $crate::event::DecodeError> {
                match (kind, version) {
                    $(($kind, $version $(| $older)?) => serde_json::from_str(payload).map(Self::$variant),)+
                    _ => return Err($crate::event::DecodeError::Unknown {
                        kind: kind.to_owned(),
                        version,
                    }),
                }
                .map_err(|source| $crate::event::DecodeError::Malformed {
                    kind: kind.to_owned(),
                    version,
                    source,
                })
            }
        }
    };
}
pub(crate) use events;

/// Any event of any aggregate: what a reader of a whole ledger sees.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Event {
    /// Of the region.
    Region(RegionEvent),
    /// Of the compact.
    Compact(CompactEvent),
    /// Of a commitment.
    Commitment(CommitmentEvent),
    /// Of an action plan.
    ActionPlan(ActionPlanEvent),
    /// Of a person.
    Person(PersonEvent),
    /// Of a meeting.
    Meeting(MeetingEvent),
    /// Of a piece of good practice.
    GoodPractice(GoodPracticeEvent),
    /// Of an adoption.
    Adoption(AdoptionEvent),
    /// Of an assessment or a challenge.
    Assessment(AssessmentEvent),
}

impl Event {
    /// Reads the payload of an event found in a stream of `stream` kind.
    ///
    /// # Errors
    /// As [`StoredEvent::decode`].
    pub fn decode(
        stream: StreamKind,
        kind: &str,
        version: u32,
        payload: &str,
    ) -> Result<Self, DecodeError> {
        match stream {
            StreamKind::Region => RegionEvent::decode(kind, version, payload).map(Self::Region),
            StreamKind::Compact => CompactEvent::decode(kind, version, payload).map(Self::Compact),
            StreamKind::Commitment => {
                CommitmentEvent::decode(kind, version, payload).map(Self::Commitment)
            }
            StreamKind::ActionPlan => {
                ActionPlanEvent::decode(kind, version, payload).map(Self::ActionPlan)
            }
            StreamKind::Person => PersonEvent::decode(kind, version, payload).map(Self::Person),
            StreamKind::Meeting => MeetingEvent::decode(kind, version, payload).map(Self::Meeting),
            StreamKind::GoodPractice => {
                GoodPracticeEvent::decode(kind, version, payload).map(Self::GoodPractice)
            }
            StreamKind::Adoption => {
                AdoptionEvent::decode(kind, version, payload).map(Self::Adoption)
            }
            StreamKind::Assessment => {
                AssessmentEvent::decode(kind, version, payload).map(Self::Assessment)
            }
        }
    }

    /// The type, such as `commitment.target_changed`.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Region(event) => event.kind(),
            Self::Compact(event) => event.kind(),
            Self::Commitment(event) => event.kind(),
            Self::ActionPlan(event) => event.kind(),
            Self::Person(event) => event.kind(),
            Self::Meeting(event) => event.kind(),
            Self::GoodPractice(event) => event.kind(),
            Self::Adoption(event) => event.kind(),
            Self::Assessment(event) => event.kind(),
        }
    }

    /// The files it refers to, in its order. Who may read what the event belongs to may fetch them, and nothing sweeps them
    /// away. An aggregate whose events refer to files says here which.
    pub fn files(&self) -> Vec<&FileRef> {
        match self {
            Self::GoodPractice(event) => event.files(),
            Self::Adoption(event) => event.files(),
            Self::Commitment(CommitmentEvent::EvidenceAttached(attached)) => {
                attached.evidence.file().into_iter().collect()
            }
            Self::Region(_)
            | Self::Compact(_)
            | Self::Commitment(_)
            | Self::ActionPlan(_)
            | Self::Person(_)
            | Self::Assessment(_) => Vec::new(),
            Self::Meeting(event) => event.files(),
        }
    }

    /// The files that it takes back, each as often as it had been referred to: from here on they are part of the history of
    /// what the event belongs to, and fetched by who may read that.
    pub fn files_withdrawn(&self) -> Vec<FileHash> {
        match self {
            Self::GoodPractice(event) => event.files_withdrawn(),
            Self::Commitment(CommitmentEvent::EvidenceWithdrawn(withdrawn)) => {
                withdrawn.file.into_iter().collect()
            }
            Self::Region(_)
            | Self::Compact(_)
            | Self::Commitment(_)
            | Self::ActionPlan(_)
            | Self::Person(_)
            | Self::Adoption(_)
            | Self::Assessment(_) => Vec::new(),
            Self::Meeting(event) => event.files_withdrawn(),
        }
    }

    /// The schema version this build writes for that type.
    pub fn schema_version(&self) -> u32 {
        match self {
            Self::Region(event) => event.schema_version(),
            Self::Compact(event) => event.schema_version(),
            Self::Commitment(event) => event.schema_version(),
            Self::ActionPlan(event) => event.schema_version(),
            Self::Person(event) => event.schema_version(),
            Self::Meeting(event) => event.schema_version(),
            Self::GoodPractice(event) => event.schema_version(),
            Self::Adoption(event) => event.schema_version(),
            Self::Assessment(event) => event.schema_version(),
        }
    }
}

impl Texts for Event {
    fn texts(&mut self, each: &mut dyn FnMut(&mut Text)) {
        match self {
            Self::Region(event) => event.texts(each),
            Self::Compact(event) => event.texts(each),
            Self::Commitment(event) => event.texts(each),
            Self::ActionPlan(event) => event.texts(each),
            Self::Person(event) => event.texts(each),
            Self::Meeting(event) => event.texts(each),
            Self::GoodPractice(event) => event.texts(each),
            Self::Adoption(event) => event.texts(each),
            Self::Assessment(event) => event.texts(each),
        }
    }
}
