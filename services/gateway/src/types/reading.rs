//! Readings: figures counted on a day against a measure.

use std::sync::Arc;

use async_graphql::{Context, ID, Object};
use domain::commitment::Outcome as OutcomeId;
use domain::ids::ReadingId;
use views::CommitmentView;
use views::commitment::{ReadingView, rests_on_something};

use super::assessment::Judged;
use super::changes::{OrganisationFigure, ReadingChange, ReadingTerms};
use super::evidence::Evidence;
use super::history::Told;
use super::measure::Measure;
use super::record::{Ending, Origin};
use super::said::Said;
use super::scalars::{Date, Figure};
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::connections;
use crate::reads::reads;

connections! {
    /// Readings of a measure, in the order recorded.
    ReadingConnection, ReadingEdge of Reading;
}

/// One reading against a measure.
#[derive(Clone)]
pub struct Reading {
    measure: Measure,
    view: ReadingView,
}

impl Reading {
    fn node(&self) -> NodeId {
        let CommitmentView { ledger, id, .. } = &**self.measure.of_commitment();
        NodeId::part(NodeKind::Reading, *ledger, id.uuid(), self.view.id.uuid())
    }

    pub(super) fn new(measure: &Measure, view: &ReadingView) -> Self {
        Self {
            measure: measure.clone(),
            view: view.clone(),
        }
    }

    /// The reading with this id, under whichever measure.
    pub fn of(commitment: &Arc<CommitmentView>, id: ReadingId) -> Option<Self> {
        let mut measures = Measure::all(commitment).into_iter();
        measures.find_map(|measure| {
            let reading = measure.view().reading(id)?;
            Some(Self::new(&measure, reading))
        })
    }

    fn terms(&self) -> ReadingTerms {
        ReadingTerms::of(
            self.measure.of_commitment().ledger,
            &self.view.terms.current,
        )
    }
}

/// One reading: a figure counted on a day, with where it came from.
#[Object]
impl Reading {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// The measure it is taken against.
    async fn measure(&self) -> Measure {
        self.measure.clone()
    }

    /// The day it was counted.
    async fn taken_on(&self) -> Date {
        self.terms().taken_on
    }

    /// The figure, in the indicator's unit.
    async fn value(&self) -> Figure {
        self.terms().value
    }

    /// The unit of the figure.
    async fn unit(&self) -> &str {
        &self.measure.view().indicator.unit
    }

    /// Where it came from.
    async fn source(&self) -> Said {
        self.terms().source
    }

    /// What was said about it.
    async fn note(&self) -> Option<Said> {
        self.terms().note
    }

    /// The organisations it is made up of, as far as they are known.
    async fn by_organisation(&self) -> Vec<OrganisationFigure> {
        self.terms().by_organisation
    }

    /// Every correction, oldest first.
    async fn corrections(&self) -> Vec<ReadingChange> {
        let ledger = self.measure.of_commitment().ledger;
        ReadingChange::all(ledger, &self.view.terms.changes, |terms| {
            ReadingTerms::of(ledger, terms)
        })
    }

    /// What it rests on, in the order attached; what was taken back stays. Nothing in it, or nothing that was not taken back:
    /// no evidence.
    async fn evidence(&self) -> Vec<Evidence> {
        let outcome = OutcomeId::Reading(self.view.id);
        Evidence::all(self.measure.of_commitment(), outcome, &self.view.evidence)
    }

    /// Whether anything stands behind it that was not taken back.
    async fn has_evidence(&self) -> bool {
        rests_on_something(&self.view.evidence)
    }

    #[graphql(flatten)]
    async fn judged(&self) -> Judged {
        let outcome = OutcomeId::Reading(self.view.id);
        Judged::new(self.measure.of_commitment(), Some(outcome))
    }

    /// Where in the record it comes from.
    async fn recorded(&self) -> Origin {
        self.measure.origin(self.view.recorded)
    }

    /// That it no longer counts, and why.
    async fn withdrawn(&self) -> Option<Ending> {
        let withdrawn = self.view.withdrawn.as_ref()?;
        Some(Ending::new(self.measure.of_commitment().ledger, withdrawn))
    }
}

impl Shown for Reading {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let commitment = reads(ctx).commitment(&node.whole()).await?;
        Ok(commitment.and_then(|commitment| Self::of(&commitment, node.uuid().into())))
    }
}

/// The readings of a change that recorded several, in the order of its rows.
impl Shown for Vec<Reading> {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let mut readings = Self::with_capacity(outcome.rows.len());
        for node in &outcome.rows {
            let commitment = reads(ctx).commitment(&node.whole()).await?;
            let reading = commitment.and_then(|it| Reading::of(&it, node.uuid().into()));
            readings.extend(reading);
        }
        Ok(Some(readings))
    }
}
