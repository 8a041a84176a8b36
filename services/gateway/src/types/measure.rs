//! Impact measures, and how far they have come.

use std::sync::Arc;

use async_graphql::{Context, ID, Object, SimpleObject};
use chrono::NaiveDate;
use domain::ids::{LedgerId, MeasureId};
use views::CommitmentView;
use views::commitment::MeasureView;

use super::changes::{Baseline, BaselineChange, DateChange, FigureChange};
use super::commitment::Commitment;
use super::evidence::Freshness;
use super::history::Told;
use super::reading::{Reading, ReadingConnection};
use super::record::{Ending, Missing, Origin};
use super::region::Indicator;
use super::said::Said;
use super::scalars::{Date, Figure, Position};
use super::words::MeasureKind;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments};
use crate::reads::reads;

/// One impact measure of a commitment.
#[derive(Clone)]
pub struct Measure {
    commitment: Arc<CommitmentView>,
    at: usize,
}

impl Measure {
    fn node(&self) -> NodeId {
        let CommitmentView { ledger, id, .. } = &*self.commitment;
        NodeId::part(NodeKind::Measure, *ledger, id.uuid(), self.view().id.uuid())
    }

    /// Every measure of a commitment, in the order added.
    pub fn all(commitment: &Arc<CommitmentView>) -> Vec<Self> {
        let count = commitment.measures.len();
        (0..count).map(|at| Self::at(commitment, at)).collect()
    }

    /// The measure with this id.
    pub fn of(commitment: &Arc<CommitmentView>, id: MeasureId) -> Option<Self> {
        let at = commitment
            .measures
            .iter()
            .position(|measure| measure.id == id)?;
        Some(Self::at(commitment, at))
    }

    fn at(commitment: &Arc<CommitmentView>, at: usize) -> Self {
        Self {
            commitment: Arc::clone(commitment),
            at,
        }
    }

    /// Whether it still counts.
    pub(super) fn counts(&self) -> bool {
        self.view().withdrawn.is_none()
    }

    /// How far it has come.
    pub(super) fn progress_now(&self) -> Progress {
        Progress::of(self.commitment.ledger, self.view().progress())
    }

    /// How fresh and how well founded its figure is on a day.
    pub(super) fn freshness_on(&self, on: NaiveDate) -> Freshness {
        Freshness::new(self.view().freshness(on), on)
    }

    /// The same in all of its commitment.
    async fn whole(&self, ctx: &Context<'_>) -> Result<Self, ApiError> {
        let whole = reads(ctx).whole(&self.commitment).await?;
        let measure = Self::of(&whole, self.view().id);
        measure.ok_or_else(|| Missing("a measure that was listed").into())
    }

    /// The commitment it measures.
    pub(super) const fn of_commitment(&self) -> &Arc<CommitmentView> {
        &self.commitment
    }

    pub(super) fn view(&self) -> &MeasureView {
        &self.commitment.measures[self.at]
    }

    pub(super) fn origin(&self, stamp: views::Stamp) -> Origin {
        Origin::new(self.commitment.ledger, stamp)
    }
}

/// One impact measure: what is counted, what was there before, what is to be reached and by when.
#[Object]
impl Measure {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// The commitment it measures.
    async fn commitment(&self) -> Commitment {
        Commitment::from(Arc::clone(&self.commitment))
    }

    /// The indicator in the region's register, as it is now.
    async fn indicator(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Indicator>> {
        let id = self.view().indicator.id;
        let region = reads(ctx).region_of(self.commitment.ledger).await?;
        Ok(region.and_then(|region| Indicator::of(&region, id)))
    }

    /// What is counted, as the register had it when the measure was written down.
    async fn name(&self) -> &str {
        &self.view().indicator.name
    }

    /// The unit of its figures.
    async fn unit(&self) -> &str {
        &self.view().indicator.unit
    }

    /// Whether its figures may be added up across compacts.
    async fn additive(&self) -> bool {
        self.view().indicator.additive
    }

    /// How it counts.
    async fn kind(&self) -> MeasureKind {
        self.view().kind.into()
    }

    /// What was there before.
    async fn baseline(&self) -> Option<Baseline> {
        self.view().baseline.current.map(Baseline::from)
    }

    /// Every change of the baseline, oldest first.
    async fn baseline_changes(&self) -> Vec<BaselineChange> {
        let show = |baseline: &Option<_>| baseline.map(Baseline::from);
        BaselineChange::all(self.commitment.ledger, &self.view().baseline.changes, show)
    }

    /// The figure to reach.
    async fn target(&self) -> Option<Figure> {
        self.view().target.current.map(Figure::from)
    }

    /// The target the measure began with.
    async fn original_target(&self) -> Option<Figure> {
        self.view().target.original().map(Figure::from)
    }

    /// Every change of the target, oldest first; where you do not read the history, those made while you could see it.
    async fn target_changes(&self) -> Vec<FigureChange> {
        let show = |target: &Option<_>| target.map(Figure::from);
        FigureChange::all(self.commitment.ledger, &self.view().target.changes, show)
    }

    /// The day it is due.
    async fn due_on(&self) -> Option<Date> {
        self.view().due_on.current.map(Date)
    }

    /// The due date the measure began with.
    async fn original_due_on(&self) -> Option<Date> {
        self.view().due_on.original().map(Date)
    }

    /// Every change of the due date, oldest first.
    async fn due_date_changes(&self) -> Vec<DateChange> {
        DateChange::all(
            self.commitment.ledger,
            &self.view().due_on.changes,
            |date| date.map(Date),
        )
    }

    /// Its readings in the order recorded; corrected and withdrawn ones stay.
    async fn readings(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<ReadingConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let whole = self.whole(ctx).await?;
        let all = whole.view().readings.iter();
        let all = all.map(|reading| (reading.recorded.position, reading));
        let rows = Listed::of_whole(all.collect(), &page, reads(ctx).limits())?;
        Ok(rows
            .filter_map(|reading| Some(Reading::new(&whole, reading)))
            .into())
    }

    /// The reading that counts: of those not withdrawn the last counted.
    async fn latest_reading(&self) -> Option<Reading> {
        let latest = self.view().latest_reading()?;
        Some(Reading::new(self, latest))
    }

    /// How far it has come, by its latest reading.
    async fn progress(&self) -> Progress {
        self.progress_now()
    }

    /// How fresh and how well founded its figure is: since when nothing was read, and whether there is evidence.
    async fn freshness(
        &self,
        ctx: &Context<'_>,
        #[graphql(
            desc = "On this day; today when left out. Name the day asked about with `asOf` too."
        )]
        on: Option<Date>,
    ) -> async_graphql::Result<Freshness> {
        let on = on.map_or_else(|| reads(ctx).today(), |date| date.0);
        Ok(self.whole(ctx).await?.freshness_on(on))
    }

    /// Where in the record it was added.
    async fn added(&self) -> Origin {
        self.origin(self.view().added)
    }

    /// That it no longer counts, and why.
    async fn withdrawn(&self) -> Option<Ending> {
        let withdrawn = self.view().withdrawn.as_ref()?;
        Some(Ending::new(self.commitment.ledger, withdrawn))
    }
}

impl Shown for Measure {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let commitment = reads(ctx).commitment(&node.whole()).await?;
        Ok(commitment.and_then(|commitment| Self::of(&commitment, node.uuid().into())))
    }
}

/// How far a measure has come, with everything needed to trust it.
#[derive(SimpleObject)]
pub struct Progress {
    /// What counts towards the target, in `unit`: the latest reading, or for an increase on baseline what
    /// it is above the baseline. None for a narrative, without a reading, or while the baseline has not
    /// been counted.
    value: Option<Figure>,
    /// The figure to reach, if one was set.
    target: Option<Figure>,
    /// `value` over `target`, `1` being all of it.
    fraction: Option<Figure>,
    /// Whether the target is reached; none where there is nothing to compare.
    reached: Option<bool>,
    /// The unit of `value` and `target`.
    unit: String,
    /// The day the latest reading was counted.
    taken_on: Option<Date>,
    /// Where the latest reading came from.
    source: Option<Said>,
    /// The position of the entry the latest reading stands on.
    position: Option<Position>,
}

impl Progress {
    /// The progress of a measure of this ledger.
    fn of(ledger: LedgerId, progress: views::commitment::Progress) -> Self {
        Self {
            value: progress.value.map(Figure::from),
            target: progress.target.map(Figure::from),
            fraction: progress
                .fraction
                .map(|fraction| Figure(fraction.to_string())),
            reached: progress.reached,
            unit: progress.unit,
            taken_on: progress.taken_on.map(Date),
            source: Said::maybe(ledger, progress.source.as_ref()),
            position: progress.position.map(Position),
        }
    }
}
