//! Progress across the compacts of a region: a pure function over the register and the commitments.
//!
//! They are made of what was released to the region or the public, and are the same for everyone who may read
//! them: nothing can be told from them about what was not released.
//!
//! Figures are added up only where that is honest. An indicator must allow it, its measures must count
//! the same way in the same unit, and an organisation that sits in several compacts counts once.

mod total;

use std::collections::BTreeMap;

use chrono::NaiveDate;
use domain::Text;
use domain::commitment::Status;
use domain::facts::{CommitmentFact, CompactFact, ThemeCode};
use domain::figure::{Figure, IndicatorFact, MeasureKind};
use domain::ids::{LedgerId, MeasureId};
use domain::session::Session;
use ledger::Position;
use serde::{Deserialize, Serialize};

pub use total::{IndicatorTotal, NotAdded, Part, WhyNot};

use crate::{CommitmentView, RegionRegister};

/// The commitments of one compact, and the position of its ledger they were made from.
#[derive(Clone, Debug)]
pub struct CompactCommitments {
    /// The compact.
    pub compact: CompactFact,
    /// The last entry that changed what is read of its commitments outside it: from there to the end of its ledger
    /// nothing that was recorded changes a figure here. None while it has released nothing.
    pub made_from: Option<Position>,
    /// Its commitments; those that are not released count for nothing.
    pub commitments: Vec<CommitmentView>,
}

/// Which commitments; whatever is none does not narrow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProgressFilter {
    /// Of this session.
    pub session: Option<Session>,
    /// With this theme.
    pub theme: Option<ThemeCode>,
}

/// Progress by session, theme and compact, and what may be added up across compacts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RegionalProgress {
    /// One cell per session, theme and compact that has a commitment there, in that order. A commitment
    /// with two themes is in two cells; one without a theme is in a cell without one.
    pub cells: Vec<ProgressCell>,
    /// One total per session and indicator, each measure in it once.
    pub totals: Vec<IndicatorTotal>,
    /// Up to where each compact's ledger is in these figures; compacts that have released nothing are not named.
    pub made_from: Vec<MadeFrom>,
}

/// A recorded position: the place in a ledger something was made from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct MadeFrom {
    /// The ledger.
    pub ledger: LedgerId,
    /// The place in it.
    pub position: Position,
}

/// What one compact has under one theme in one session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProgressCell {
    /// The session.
    pub session: Session,
    /// The theme's code; none for commitments without a theme.
    pub theme: Option<ThemeCode>,
    /// The theme's name in the register, where it is known there.
    pub theme_name: Option<String>,
    /// The compact.
    pub compact: CompactFact,
    /// How many commitments stand where; statuses that do not occur are left out.
    pub by_status: BTreeMap<Status, usize>,
    /// Their measures that still count.
    pub measures: Vec<MeasureFigure>,
}

/// One measure's figure, with everything needed to trust it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MeasureFigure {
    /// The measure.
    pub measure: MeasureId,
    /// The commitment it belongs to.
    pub commitment: CommitmentFact,
    /// What is counted, and in which unit.
    pub indicator: IndicatorFact,
    /// How it counts.
    pub kind: MeasureKind,
    /// The figure to reach.
    pub target: Option<Figure>,
    /// What counts towards the target.
    pub value: Option<Figure>,
    /// Whether the target is reached; none where there is nothing to compare.
    pub reached: Option<bool>,
    /// The day the figure was counted.
    pub taken_on: Option<NaiveDate>,
    /// Where it came from.
    pub source: Option<Text>,
    /// The entry it stands on; none without a reading.
    pub made_from: Option<MadeFrom>,
}

/// Progress across `compacts`, as far as `filter` lets through.
pub fn regional_progress(
    register: &RegionRegister,
    compacts: &[CompactCommitments],
    filter: &ProgressFilter,
) -> RegionalProgress {
    let mut cells: BTreeMap<(Session, Option<ThemeCode>, usize), ProgressCell> = BTreeMap::new();
    for (index, compact) in compacts.iter().enumerate() {
        for commitment in compact.commitments.iter().filter(|c| wanted(c, filter)) {
            for theme in themes(commitment, filter) {
                let place = (commitment.session, theme.clone(), index);
                let cell = cells
                    .entry(place)
                    .or_insert_with(|| empty(register, commitment.session, theme, compact));
                *cell.by_status.entry(commitment.status.current).or_default() += 1;
                cell.measures.extend(figures(commitment));
            }
        }
    }
    let made_from = compacts.iter().filter_map(|compact| {
        Some(MadeFrom {
            ledger: compact.compact.id.ledger(),
            position: compact.made_from?,
        })
    });
    RegionalProgress {
        cells: cells.into_values().collect(),
        totals: total::totals(register, compacts, filter),
        made_from: made_from.collect(),
    }
}

/// Whether a commitment is in these figures. What has not left its compact never is, whoever asks.
fn wanted(commitment: &CommitmentView, filter: &ProgressFilter) -> bool {
    let themes = &commitment.classification.current.themes;
    commitment.is_released()
        && filter
            .session
            .is_none_or(|session| commitment.session == session)
        && filter
            .theme
            .as_ref()
            .is_none_or(|theme| themes.contains(theme))
}

/// The themes a commitment is shown under: those it has, or the one asked for.
fn themes(commitment: &CommitmentView, filter: &ProgressFilter) -> Vec<Option<ThemeCode>> {
    let themes = &commitment.classification.current.themes;
    match &filter.theme {
        Some(theme) => vec![Some(theme.clone())],
        None if themes.is_empty() => vec![None],
        None => themes.iter().cloned().map(Some).collect(),
    }
}

fn empty(
    register: &RegionRegister,
    session: Session,
    theme: Option<ThemeCode>,
    compact: &CompactCommitments,
) -> ProgressCell {
    let known = theme.as_ref().and_then(|code| register.themes.get(code));
    ProgressCell {
        session,
        theme_name: known.map(|theme| theme.name.current.clone()),
        theme,
        compact: compact.compact.clone(),
        by_status: BTreeMap::new(),
        measures: Vec::new(),
    }
}

/// The figures of a commitment's measures that still count.
fn figures(commitment: &CommitmentView) -> impl Iterator<Item = MeasureFigure> {
    let counting = commitment
        .measures
        .iter()
        .filter(|measure| measure.withdrawn.is_none());
    counting.map(|measure| {
        let progress = measure.progress();
        MeasureFigure {
            measure: measure.id,
            commitment: commitment.fact(),
            indicator: measure.indicator.clone(),
            kind: measure.kind,
            target: progress.target,
            value: progress.value,
            reached: progress.reached,
            taken_on: progress.taken_on,
            source: progress.source,
            made_from: progress.position.map(|position| MadeFrom {
                ledger: commitment.ledger,
                position,
            }),
        }
    })
}
