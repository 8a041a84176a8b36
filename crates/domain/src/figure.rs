//! Figures and the indicators they are counted by.

use std::fmt;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::ids::{IndicatorId, OrganisationId};

/// An exact number, in the unit of its indicator. Stored and sent as text, so that `0.1` stays `0.1`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Figure(#[serde(with = "rust_decimal::serde::str")] Decimal);

impl Figure {
    /// Nothing, in any unit.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// A figure from an exact decimal. Trailing zeros carry no meaning and are dropped.
    pub fn new(value: Decimal) -> Self {
        Self(value.normalize())
    }

    /// The exact decimal.
    pub const fn decimal(self) -> Decimal {
        self.0
    }

    /// Whether it is below nothing.
    pub fn is_negative(self) -> bool {
        self.0 < Decimal::ZERO
    }

    /// The sum, or none when it cannot be represented.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self::new)
    }

    /// The difference, or none when it cannot be represented.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self::new)
    }
}

impl From<i64> for Figure {
    fn from(value: i64) -> Self {
        Self::new(value.into())
    }
}

impl fmt::Display for Figure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.normalize().fmt(f)
    }
}

/// Why a text is not a figure.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("“{0}” is not a number; write it in digits, such as 60 or 12.5")]
pub struct NotAFigure(String);

impl std::str::FromStr for Figure {
    type Err = NotAFigure;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.trim()
            .parse::<Decimal>()
            .map(Self::new)
            .map_err(|_| NotAFigure(text.to_owned()))
    }
}

/// How a measure counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MeasureKind {
    /// So many more, through the compact's work, than there would have been.
    Additional,
    /// So many in all.
    Total,
    /// So many more than were counted on the baseline date.
    IncreaseOnBaseline,
    /// Reached (1) or not yet (0).
    Milestone,
    /// Told in words; it has no target and takes no figures.
    Narrative,
}

impl MeasureKind {
    /// The kind in words.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Additional => "additional",
            Self::Total => "total",
            Self::IncreaseOnBaseline => "increase on baseline",
            Self::Milestone => "milestone",
            Self::Narrative => "narrative",
        }
    }
}

/// The unit of an indicator that is reached or not, and so takes milestones only.
pub const YES_NO: &str = "yes-no";

/// An indicator as the region's register had it when a measure was written down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IndicatorFact {
    /// Its id in the register.
    pub id: IndicatorId,
    /// What is counted: "organisations committed to the Skills Pledge".
    pub name: String,
    /// The unit: "organisations", "people", "events", "yes-no".
    pub unit: String,
    /// Whether figures of different compacts may be added up.
    pub additive: bool,
}

/// An organisation as the region's register had it at the time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct OrganisationFact {
    /// Its id in the register.
    pub id: OrganisationId,
    /// Its name.
    pub name: String,
}
