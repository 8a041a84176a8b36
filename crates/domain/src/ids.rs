//! Identifiers: one newtype per kind of thing, so that one cannot stand where another belongs.
//!
//! Every id is a random UUID handed in from outside ([`IdSource`]); refs such as "1" or "ii" are
//! the compact's own labels and never identify anything.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// Wraps a UUID that came from outside.
            pub const fn new(id: Uuid) -> Self {
                Self(id)
            }

            /// The UUID inside.
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    )+};
}

ids! {
    /// A ledger, and so a tenant: one per compact, and one for the region.
    LedgerId;
    /// A command as its sender named it; the same id sent twice has one effect.
    CommandId;
    /// The region.
    RegionId;
    /// A compact: the partnership of one sub-region.
    CompactId;
    /// A group of a compact.
    GroupId;
    /// An organisation in the region's register.
    OrganisationId;
    /// An indicator in the region's register.
    IndicatorId;
    /// A commitment: one annual priority.
    CommitmentId;
    /// An impact measure of a commitment.
    MeasureId;
    /// A reading taken against a measure.
    ReadingId;
    /// An achievement reported in words.
    AchievementId;
    /// What a reading or an achievement rests on: a link or a file.
    EvidenceId;
    /// What somebody outside the compact makes of an outcome.
    AssessmentId;
    /// A group's action plan.
    ActionPlanId;
    /// An objective of an action plan.
    ObjectiveId;
    /// An action under an objective.
    ActionId;
    /// A dated update to an action plan.
    UpdateId;
    /// A meeting of a group.
    MeetingId;
    /// An item of a meeting's agenda and minutes.
    MeetingItemId;
    /// A piece of good practice.
    GoodPracticeId;
    /// A question another compact asked about a piece of good practice.
    QuestionId;
    /// That a compact, or an organisation of it, took a piece of good practice up.
    AdoptionId;
    /// A paper of a meeting.
    PaperId;
    /// The account of a person who signs in.
    AccountId;
    /// What personal data is sealed for, with a key of its own: a person, or a text that can be redacted.
    SubjectId;
    /// A person a compact has written down.
    PersonId;
    /// A role given to an account.
    GrantId;
}

impl CompactId {
    /// The compact's own ledger.
    pub const fn ledger(self) -> LedgerId {
        LedgerId(self.0)
    }
}

impl RegionId {
    /// The region's own ledger.
    pub const fn ledger(self) -> LedgerId {
        LedgerId(self.0)
    }
}

/// Sets the id of a group's plan of actions from its meetings apart from the group's own.
const PLAN_OF_MEETINGS: u128 = 0x5f0c_6e0a_91d3_0000_0000_2b7a_44e8_c1f6;

impl ActionPlanId {
    /// The plan of the actions that are raised at a group's meetings and serve no plan the group has set: one for each group,
    /// known by the group's id.
    pub const fn of_meetings(group: GroupId) -> Self {
        Self(Uuid::from_u128(group.0.as_u128() ^ PLAN_OF_MEETINGS))
    }
}

impl PersonId {
    /// What the person's own data is sealed for: the person.
    pub const fn subject(self) -> SubjectId {
        SubjectId(self.0)
    }
}

/// Where new ids come from: random in service, fixed in tests.
pub trait IdSource: Send + Sync {
    /// A UUID never handed out before.
    fn next(&self) -> Uuid;
}

/// The one place random ids are made: version 7, so that rows written together lie together.
#[derive(Clone, Copy, Debug, Default)]
pub struct RandomIds;

impl IdSource for RandomIds {
    #[expect(clippy::disallowed_methods, reason = "the one provider of ids")]
    fn next(&self) -> Uuid {
        Uuid::now_v7()
    }
}
