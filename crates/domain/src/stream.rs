//! Streams: the history of one aggregate inside a ledger.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::ids::{
    ActionPlanId, AdoptionId, AssessmentId, CommitmentId, CompactId, GoodPracticeId, MeetingId,
    PersonId, RegionId,
};

/// Which aggregate a stream is the history of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StreamKind {
    /// The region: themes, indicators, organisations, compacts opened.
    Region,
    /// The compact itself: its name, groups, chairs, succession.
    Compact,
    /// One commitment.
    Commitment,
    /// One group's action plan.
    ActionPlan,
    /// One person a compact has written down.
    Person,
    /// One meeting of a group.
    Meeting,
    /// One piece of good practice.
    GoodPractice,
    /// That one piece of good practice was taken up.
    Adoption,
    /// What somebody outside a compact makes of an outcome: in the region's ledger.
    Assessment,
}

impl StreamKind {
    /// Every kind there is.
    pub const ALL: [Self; 9] = [
        Self::Region,
        Self::Compact,
        Self::Commitment,
        Self::ActionPlan,
        Self::Person,
        Self::Meeting,
        Self::GoodPractice,
        Self::Adoption,
        Self::Assessment,
    ];

    /// The kind as it is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Compact => "compact",
            Self::Commitment => "commitment",
            Self::ActionPlan => "action-plan",
            Self::Person => "person",
            Self::Meeting => "meeting",
            Self::GoodPractice => "good-practice",
            Self::Adoption => "adoption",
            Self::Assessment => "assessment",
        }
    }

    /// The kind stored as `text`, if there is one.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text)
    }
}

/// One stream: a kind and the aggregate's id, written `commitment/6f9619ff-…`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct StreamId {
    /// Which aggregate.
    pub kind: StreamKind,
    /// Its id.
    pub id: Uuid,
}

impl StreamId {
    /// The stream of the region.
    pub const fn region(id: RegionId) -> Self {
        Self {
            kind: StreamKind::Region,
            id: id.uuid(),
        }
    }

    /// The stream of a compact.
    pub const fn compact(id: CompactId) -> Self {
        Self {
            kind: StreamKind::Compact,
            id: id.uuid(),
        }
    }

    /// The stream of an assessment or a challenge.
    pub const fn assessment(id: AssessmentId) -> Self {
        Self {
            kind: StreamKind::Assessment,
            id: id.uuid(),
        }
    }

    /// The stream of a commitment.
    pub const fn commitment(id: CommitmentId) -> Self {
        Self {
            kind: StreamKind::Commitment,
            id: id.uuid(),
        }
    }

    /// The stream of an action plan.
    pub const fn action_plan(id: ActionPlanId) -> Self {
        Self {
            kind: StreamKind::ActionPlan,
            id: id.uuid(),
        }
    }

    /// The stream of a person.
    pub const fn person(id: PersonId) -> Self {
        Self {
            kind: StreamKind::Person,
            id: id.uuid(),
        }
    }

    /// The stream of a meeting.
    pub const fn meeting(id: MeetingId) -> Self {
        Self {
            kind: StreamKind::Meeting,
            id: id.uuid(),
        }
    }

    /// The stream of a piece of good practice.
    pub const fn good_practice(id: GoodPracticeId) -> Self {
        Self {
            kind: StreamKind::GoodPractice,
            id: id.uuid(),
        }
    }

    /// The stream of an adoption.
    pub const fn adoption(id: AdoptionId) -> Self {
        Self {
            kind: StreamKind::Adoption,
            id: id.uuid(),
        }
    }
}

impl fmt::Display for StreamId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.as_str(), self.id)
    }
}

/// Why a stream's name could not be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` does not name a stream")]
pub struct NotAStream(String);

impl std::str::FromStr for StreamId {
    type Err = NotAStream;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let refused = || NotAStream(text.to_owned());
        let (kind, id) = text.split_once('/').ok_or_else(refused)?;
        Ok(Self {
            kind: StreamKind::parse(kind).ok_or_else(refused)?,
            id: id.parse().map_err(|_| refused())?,
        })
    }
}

impl Serialize for StreamId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StreamId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
