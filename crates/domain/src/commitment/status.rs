//! Where a commitment stands, and where it may go from there.

use serde::{Deserialize, Serialize};

/// Where a commitment stands.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Written down, not yet agreed.
    #[default]
    Draft,
    /// Agreed by the compact.
    Agreed,
    /// Being worked on.
    InProgress,
    /// Done.
    Achieved,
    /// Done in part.
    PartlyAchieved,
    /// Not done.
    NotAchieved,
    /// Goes on in a later session.
    CarriedForward,
    /// Taken back.
    Withdrawn,
}

impl Status {
    /// Every status, from first to last.
    pub const ALL: [Self; 8] = [
        Self::Draft,
        Self::Agreed,
        Self::InProgress,
        Self::Achieved,
        Self::PartlyAchieved,
        Self::NotAchieved,
        Self::CarriedForward,
        Self::Withdrawn,
    ];

    /// The status in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Agreed => "agreed",
            Self::InProgress => "in progress",
            Self::Achieved => "achieved",
            Self::PartlyAchieved => "partly achieved",
            Self::NotAchieved => "not achieved",
            Self::CarriedForward => "carried forward",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The statuses one event can take it to.
    ///
    /// What has ended goes on only by being reopened: in progress, or back to a draft when it was
    /// withdrawn before anyone had agreed to it.
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Draft => &[Self::Agreed, Self::Withdrawn],
            Self::Agreed => &[
                Self::InProgress,
                Self::Achieved,
                Self::PartlyAchieved,
                Self::NotAchieved,
                Self::CarriedForward,
                Self::Withdrawn,
            ],
            Self::InProgress => &[
                Self::Achieved,
                Self::PartlyAchieved,
                Self::NotAchieved,
                Self::CarriedForward,
                Self::Withdrawn,
            ],
            Self::Achieved | Self::PartlyAchieved | Self::NotAchieved | Self::CarriedForward => {
                &[Self::InProgress]
            }
            Self::Withdrawn => &[Self::InProgress, Self::Draft],
        }
    }

    /// Whether it has ended: achieved, wholly, partly or not, carried forward or withdrawn.
    pub const fn has_ended(self) -> bool {
        !matches!(self, Self::Draft | Self::Agreed | Self::InProgress)
    }
}

/// How a report puts what has come of a commitment so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Still on the agenda.
    OnAgenda,
    /// Under way.
    InProgress,
    /// Well under way.
    GoodProgress,
    /// Done.
    Achieved,
    /// Done in part.
    PartlyAchieved,
    /// Not done.
    NotAchieved,
}

impl Standing {
    /// Every standing a report may give.
    pub const ALL: [Self; 6] = [
        Self::OnAgenda,
        Self::InProgress,
        Self::GoodProgress,
        Self::Achieved,
        Self::PartlyAchieved,
        Self::NotAchieved,
    ];

    /// The standing in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::OnAgenda => "on the agenda",
            Self::InProgress => "in progress",
            Self::GoodProgress => "good progress",
            Self::Achieved => "achieved",
            Self::PartlyAchieved => "partly achieved",
            Self::NotAchieved => "not achieved",
        }
    }

    /// Whether it says that work has begun and goes on.
    pub const fn is_under_way(self) -> bool {
        matches!(self, Self::InProgress | Self::GoodProgress)
    }

    /// The conclusion it amounts to, if it does.
    pub const fn conclusion(self) -> Option<Conclusion> {
        match self {
            Self::OnAgenda | Self::InProgress | Self::GoodProgress => None,
            Self::Achieved => Some(Conclusion::Achieved),
            Self::PartlyAchieved => Some(Conclusion::PartlyAchieved),
            Self::NotAchieved => Some(Conclusion::NotAchieved),
        }
    }
}

/// How a commitment ends on its own ground.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conclusion {
    /// Done.
    Achieved,
    /// Done in part.
    PartlyAchieved,
    /// Not done.
    NotAchieved,
}

impl From<Conclusion> for Status {
    fn from(conclusion: Conclusion) -> Self {
        match conclusion {
            Conclusion::Achieved => Self::Achieved,
            Conclusion::PartlyAchieved => Self::PartlyAchieved,
            Conclusion::NotAchieved => Self::NotAchieved,
        }
    }
}
