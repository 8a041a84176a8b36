//! Which figures fit which kind of measure.

use std::collections::BTreeSet;

use crate::facts::Facts;
use crate::figure::{Figure, IndicatorFact, MeasureKind, YES_NO};

use super::command::{OrganisationPart, ReadingInput};
use super::error::CommitmentError;
use super::event::{Baseline, OrganisationFigure, ReadingTerms};
use crate::refusal::Item;
use crate::words::Blank;

/// Why a figure does not fit.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FigureError {
    /// Nothing is counted below nothing.
    #[error("{figure} is below zero; enter zero or more")]
    Negative {
        /// The input field.
        field: &'static str,
        /// The figure.
        figure: Figure,
    },
    /// A narrative is told, not counted.
    #[error(
        "this measure is a narrative and takes no figures; report an achievement in words instead"
    )]
    Narrative {
        /// The input field.
        field: &'static str,
    },
    /// A milestone is reached or not.
    #[error(
        "this measure is a milestone, so {figure} does not fit; enter 1 for reached or 0 for not yet"
    )]
    Milestone {
        /// The input field.
        field: &'static str,
        /// The figure.
        figure: Figure,
    },
    /// A milestone starts from nothing.
    #[error("a milestone has no baseline, because it is reached or not; leave the baseline out")]
    MilestoneBaseline,
    /// An increase is over something.
    #[error(
        "an increase on a baseline needs the date the baseline is counted on; enter it, and the figure once it is known"
    )]
    BaselineNeeded,
    /// Yes or no is a milestone.
    #[error(
        "“{indicator}” is answered by yes or no, so its measure is a milestone; choose that kind"
    )]
    YesNoIsMilestone {
        /// The indicator.
        indicator: String,
    },
    /// A milestone is yes or no.
    #[error(
        "“{indicator}” is counted in {unit}, so its measure cannot be a milestone; choose another kind, or an indicator in yes-no"
    )]
    MilestoneIsYesNo {
        /// The indicator.
        indicator: String,
        /// Its unit.
        unit: String,
    },
    /// An organisation has one part in a reading.
    #[error("“{organisation}” is named twice; give each organisation one figure")]
    OrganisationTwice {
        /// Its name.
        organisation: String,
    },
    /// The parts are parts of the figure.
    #[error(
        "the organisations' figures come to more than {value}, the figure they are part of; correct the figure or its parts"
    )]
    PartsExceed {
        /// The figure.
        value: Figure,
    },
}

impl FigureError {
    /// A code that stays the same when the words change.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Negative { .. } => "NEGATIVE",
            Self::Narrative { .. } => "NARRATIVE_TAKES_NO_FIGURES",
            Self::Milestone { .. } => "MILESTONE_IS_0_OR_1",
            Self::MilestoneBaseline => "MILESTONE_HAS_NO_BASELINE",
            Self::BaselineNeeded => "BASELINE_NEEDED",
            Self::YesNoIsMilestone { .. } => "YES_NO_IS_MILESTONE",
            Self::MilestoneIsYesNo { .. } => "MILESTONE_IS_YES_NO",
            Self::OrganisationTwice { .. } => "ORGANISATION_TWICE",
            Self::PartsExceed { .. } => "PARTS_EXCEED_VALUE",
        }
    }

    /// The input field it is about.
    pub const fn field(&self) -> &'static str {
        match self {
            Self::Negative { field, .. }
            | Self::Narrative { field }
            | Self::Milestone { field, .. } => field,
            Self::MilestoneBaseline | Self::BaselineNeeded => "baseline",
            Self::YesNoIsMilestone { .. } | Self::MilestoneIsYesNo { .. } => "kind",
            Self::OrganisationTwice { .. } | Self::PartsExceed { .. } => "byOrganisation",
        }
    }
}

/// Refuses a kind that does not fit the indicator's unit.
pub(super) fn kind_fits(kind: MeasureKind, indicator: &IndicatorFact) -> Result<(), FigureError> {
    let name = || indicator.name.clone();
    match (indicator.unit == YES_NO, kind == MeasureKind::Milestone) {
        (true, false) => Err(FigureError::YesNoIsMilestone { indicator: name() }),
        (false, true) => Err(FigureError::MilestoneIsYesNo {
            indicator: name(),
            unit: indicator.unit.clone(),
        }),
        (true, true) | (false, false) => Ok(()),
    }
}

/// Refuses a target or a reading that does not fit the kind.
pub(super) fn figure_fits(
    field: &'static str,
    kind: MeasureKind,
    figure: Figure,
) -> Result<(), FigureError> {
    not_negative(field, figure)?;
    match kind {
        MeasureKind::Narrative => Err(FigureError::Narrative { field }),
        MeasureKind::Milestone if figure != Figure::ZERO && figure != Figure::from(1) => {
            Err(FigureError::Milestone { field, figure })
        }
        MeasureKind::Milestone
        | MeasureKind::Additional
        | MeasureKind::Total
        | MeasureKind::IncreaseOnBaseline => Ok(()),
    }
}

/// Refuses a baseline that does not fit the kind, or the lack of one where it is needed.
pub(super) fn baseline_fits(
    kind: MeasureKind,
    baseline: Option<Baseline>,
) -> Result<(), FigureError> {
    let field = "baseline";
    match (kind, baseline) {
        (MeasureKind::IncreaseOnBaseline, None) => Err(FigureError::BaselineNeeded),
        (MeasureKind::Narrative, Some(_)) => Err(FigureError::Narrative { field }),
        (MeasureKind::Milestone, Some(_)) => Err(FigureError::MilestoneBaseline),
        (_, Some(Baseline { value, .. })) => {
            value.map_or(Ok(()), |value| not_negative(field, value))
        }
        (_, None) => Ok(()),
    }
}

/// What a reading says, trimmed and checked against its measure's kind.
pub(super) fn reading_fits(
    kind: MeasureKind,
    asked: &ReadingInput,
    facts: &Facts,
) -> Result<ReadingTerms, CommitmentError> {
    figure_fits("value", kind, asked.value)?;
    Ok(ReadingTerms {
        taken_on: asked.taken_on,
        value: asked.value,
        source: Blank::title("source", "where the figure came from").accept(&asked.source)?,
        note: Blank::text("note", "the note").accept_any(asked.note.as_ref())?,
        by_organisation: parts(asked.value, &asked.by_organisation, facts)?,
    })
}

/// The organisations' parts: each organisation once, together at most the figure.
fn parts(
    value: Figure,
    asked: &[OrganisationPart],
    facts: &Facts,
) -> Result<Vec<OrganisationFigure>, CommitmentError> {
    let mut named = BTreeSet::new();
    let mut left = value;
    let mut parts = Vec::with_capacity(asked.len());
    for (at, part) in asked.iter().enumerate() {
        let item = Item::of("byOrganisation", at);
        let whose = item.field("organisationId");
        let organisation = facts.organisation(part.organisation);
        let organisation = organisation.map_err(|error| CommitmentError::in_list(whose, error))?;
        let counted = not_negative("byOrganisation", part.value);
        counted.map_err(|error| CommitmentError::in_list(item.field("value"), error))?;
        if !named.insert(organisation.id) {
            let organisation = organisation.name;
            let twice = FigureError::OrganisationTwice { organisation };
            return Err(CommitmentError::in_list(whose, twice));
        }
        left = left
            .checked_sub(part.value)
            .filter(|left| !left.is_negative())
            .ok_or(FigureError::PartsExceed { value })?;
        let value = part.value;
        parts.push(OrganisationFigure {
            organisation,
            value,
        });
    }
    Ok(parts)
}

fn not_negative(field: &'static str, figure: Figure) -> Result<(), FigureError> {
    if figure.is_negative() {
        return Err(FigureError::Negative { field, figure });
    }
    Ok(())
}
