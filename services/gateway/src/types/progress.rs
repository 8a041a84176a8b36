//! Progress across the region's compacts.

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use domain::facts::CompactFact;
use domain::ids::LedgerId;
use serde::Serialize;
use serde::de::DeserializeOwned;
use views::ProgressFilter;
use views::regional_progress::{
    IndicatorTotal as TotalView, MadeFrom as MadeFromView, MeasureFigure as FigureView,
    NotAdded as NotAddedView, Part as PartView, ProgressCell as CellView,
    RegionalProgress as ProgressView,
};

use super::changes::CommitmentMention;
use super::compact::{Compact, StatusCount};
use super::said::Said;
use super::scalars::{Date, Figure, Position, Session};
use super::words::MeasureKind;
use crate::error::ApiError;
use crate::node::{NodeId, NodeKind};
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, reads};

connections! {
    /// What compacts have under themes in sessions: by session, theme and the compact's name.
    ProgressCellConnection, ProgressCellEdge of ProgressCell;
    /// What indicators come to across compacts, by session.
    IndicatorTotalConnection, IndicatorTotalEdge of IndicatorTotal;
}

/// Progress across the region's compacts.
pub struct RegionalProgress {
    region: LedgerId,
    view: ProgressView,
}

/// Progress across the region's compacts.
#[Object]
impl RegionalProgress {
    /// One cell for each session, theme and compact that has a commitment there, in that order. A
    /// commitment with two themes is in two cells.
    async fn cells(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<ProgressCellConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let all = self.view.cells.iter().map(|cell| {
            let CompactFact { id, name, .. } = &cell.compact;
            let session = cell.session.to_string();
            let place = (session, cell.theme.clone(), name.clone(), id.uuid());
            (place, cell)
        });
        let rows = listed(all.collect(), &page, &reads(ctx))?;
        Ok(rows
            .filter_map(|cell| Some(ProgressCell(cell.clone())))
            .into())
    }

    /// One total for each session and indicator, each measure in it once.
    async fn totals(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<IndicatorTotalConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let all = self.view.totals.iter().map(|total| {
            let place = (total.session.to_string(), total.indicator.uuid());
            (place, total)
        });
        let rows = listed(all.collect(), &page, &reads(ctx))?;
        let total = |view: &TotalView| IndicatorTotal {
            region: self.region,
            view: view.clone(),
        };
        Ok(rows.filter_map(|view| Some(total(view))).into())
    }

    /// Up to where each compact's ledger is in these figures.
    async fn made_from(&self) -> Vec<MadeFrom> {
        let made_from = self.view.made_from.iter().copied();
        made_from.map(MadeFrom::from).collect()
    }
}

fn listed<K, T>(
    mut all: Vec<(K, T)>,
    page: &PageArguments,
    reads: &Reads,
) -> Result<Listed<T>, ApiError>
where
    K: Ord + Serialize + DeserializeOwned,
{
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    Listed::of_whole(all, page, reads.limits())
}

/// Progress across the compacts of the one region there is.
pub(crate) async fn of_region(
    reads: &Reads,
    filter: ProgressFilter,
) -> Result<Option<RegionalProgress>, ApiError> {
    let progress = reads.progress(&filter).await?;
    Ok(progress.map(|(region, view)| RegionalProgress { region, view }))
}

/// A place in a ledger that figures were made from.
#[derive(SimpleObject)]
pub struct MadeFrom {
    /// The compact whose ledger it is.
    compact_id: ID,
    /// The place in it.
    position: Position,
}

impl From<MadeFromView> for MadeFrom {
    fn from(view: MadeFromView) -> Self {
        let ledger = view.ledger;
        Self {
            compact_id: NodeId::new(NodeKind::Compact, ledger, ledger.uuid()).encode(),
            position: Position(view.position),
        }
    }
}

async fn compact(ctx: &Context<'_>, fact: &CompactFact) -> async_graphql::Result<Option<Compact>> {
    let compact = reads(ctx).compact(fact.id.ledger()).await?;
    Ok(compact.map(Compact::from))
}

/// What one compact has under one theme in one session.
#[derive(Clone)]
pub struct ProgressCell(CellView);

/// What one compact has under one theme in one session.
#[Object]
impl ProgressCell {
    /// The session.
    async fn session(&self) -> Session {
        self.0.session.into()
    }

    /// The theme's code; none for commitments without a theme.
    async fn theme(&self) -> Option<&str> {
        self.0.theme.as_deref()
    }

    /// The theme's name in the register.
    async fn theme_name(&self) -> Option<&str> {
        self.0.theme_name.as_deref()
    }

    /// The compact.
    async fn compact(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Compact>> {
        compact(ctx, &self.0.compact).await
    }

    /// How many commitments stand where; where none stands is left out.
    async fn by_status(&self) -> Vec<StatusCount> {
        let counts = self.0.by_status.iter();
        let counts = counts.map(|(status, count)| StatusCount::from((*status, *count)));
        counts.collect()
    }

    /// Their measures that still count.
    async fn measures(&self) -> Vec<MeasureFigure> {
        let ledger = self.0.compact.id.ledger();
        let measures = self.0.measures.iter();
        measures
            .map(|view| MeasureFigure {
                ledger,
                view: view.clone(),
            })
            .collect()
    }
}

/// One measure's figure.
pub struct MeasureFigure {
    ledger: LedgerId,
    view: FigureView,
}

/// One measure's figure, with everything needed to trust it.
#[Object]
impl MeasureFigure {
    /// The measure's id.
    async fn measure_id(&self) -> ID {
        let whole = self.view.commitment.id.uuid();
        let measure = self.view.measure.uuid();
        NodeId::part(NodeKind::Measure, self.ledger, whole, measure).encode()
    }

    /// The commitment it belongs to.
    async fn commitment(&self) -> CommitmentMention {
        CommitmentMention::new(self.ledger, &self.view.commitment)
    }

    /// What is counted.
    async fn name(&self) -> &str {
        &self.view.indicator.name
    }

    /// The unit of its figures.
    async fn unit(&self) -> &str {
        &self.view.indicator.unit
    }

    /// How it counts.
    async fn kind(&self) -> MeasureKind {
        self.view.kind.into()
    }

    /// The figure to reach.
    async fn target(&self) -> Option<Figure> {
        self.view.target.map(Figure::from)
    }

    /// What counts towards the target.
    async fn value(&self) -> Option<Figure> {
        self.view.value.map(Figure::from)
    }

    /// Whether the target is reached; none where there is nothing to compare.
    async fn reached(&self) -> Option<bool> {
        self.view.reached
    }

    /// The day the figure was counted.
    async fn taken_on(&self) -> Option<Date> {
        self.view.taken_on.map(Date)
    }

    /// Where it came from.
    async fn source(&self) -> Option<Said> {
        Said::maybe(self.ledger, self.view.source.as_ref())
    }

    /// The entry it stands on; none without a reading.
    async fn made_from(&self) -> Option<MadeFrom> {
        self.view.made_from.map(MadeFrom::from)
    }
}

/// What an indicator comes to across compacts.
#[derive(Clone)]
pub struct IndicatorTotal {
    region: LedgerId,
    view: TotalView,
}

/// What an indicator comes to across compacts in one session, and what is not in it.
#[Object]
impl IndicatorTotal {
    /// The session.
    async fn session(&self) -> Session {
        self.view.session.into()
    }

    /// The indicator's id.
    async fn indicator_id(&self) -> ID {
        NodeId::new(NodeKind::Indicator, self.region, self.view.indicator.uuid()).encode()
    }

    /// What is counted.
    async fn name(&self) -> &str {
        &self.view.name
    }

    /// The unit.
    async fn unit(&self) -> &str {
        &self.view.unit
    }

    /// How it counts, where all its measures agree.
    async fn kind(&self) -> Option<MeasureKind> {
        self.view.kind.map(MeasureKind::from)
    }

    /// The total; none where nothing may be added up, or there is nothing to add.
    async fn value(&self) -> Option<Figure> {
        self.view.value.map(Figure::from)
    }

    /// The first day any figure in the total was counted.
    async fn taken_from(&self) -> Option<Date> {
        self.view.taken.map(|(first, _)| Date(first))
    }

    /// The last day any figure in the total was counted.
    async fn taken_until(&self) -> Option<Date> {
        self.view.taken.map(|(_, last)| Date(last))
    }

    /// What was added up.
    async fn parts(&self) -> Vec<TotalPart> {
        self.view.parts.iter().cloned().map(TotalPart).collect()
    }

    /// How many organisations are in the total by name, each once.
    async fn organisations(&self) -> usize {
        self.view.organisations
    }

    /// How many of them were reported by more than one compact; the latest report was taken.
    async fn reported_by_several(&self) -> usize {
        self.view.reported_by_several
    }

    /// What was not added, and why.
    async fn not_added(&self) -> Vec<NotAdded> {
        self.view.not_added.iter().cloned().map(NotAdded).collect()
    }
}

/// One measure's part in a total.
pub struct TotalPart(PartView);

/// One measure's part in a total.
#[Object]
impl TotalPart {
    /// The compact.
    async fn compact(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Compact>> {
        compact(ctx, &self.0.compact).await
    }

    /// The commitment.
    async fn commitment(&self) -> CommitmentMention {
        CommitmentMention::new(self.0.compact.id.ledger(), &self.0.commitment)
    }

    /// What its reading says in all.
    async fn value(&self) -> Figure {
        self.0.value.into()
    }

    /// What of that was added: without organisations that count elsewhere.
    async fn added(&self) -> Figure {
        self.0.added.into()
    }

    /// The day it was counted.
    async fn taken_on(&self) -> Date {
        Date(self.0.taken_on)
    }

    /// Where it came from.
    async fn source(&self) -> Said {
        Said::new(self.0.compact.id.ledger(), &self.0.source)
    }

    /// The entry it stands on.
    async fn made_from(&self) -> MadeFrom {
        self.0.made_from.into()
    }
}

/// Why a measure is not in a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "views::regional_progress::WhyNot")]
pub enum WhyNot {
    /// The register says that this indicator's figures may not be added up across compacts.
    NotAdditive,
    /// Milestones and narratives are not amounts.
    NotAnAmount,
    /// The measures of this indicator count in different ways or units.
    CountsDifferently,
    /// There is no reading, or its baseline has not been counted.
    NoFigure,
    /// The commitment is a draft or was withdrawn.
    NotPromised,
    /// An organisation in it was reported elsewhere too, and its part of the increase is not known.
    OrganisationCountedTwice,
    /// The figures are too large to add up.
    TooLarge,
}

/// A measure that is not in a total.
pub struct NotAdded(NotAddedView);

/// A measure that is not in a total, and why.
#[Object]
impl NotAdded {
    /// The compact.
    async fn compact(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Compact>> {
        compact(ctx, &self.0.compact).await
    }

    /// The commitment.
    async fn commitment(&self) -> CommitmentMention {
        CommitmentMention::new(self.0.compact.id.ledger(), &self.0.commitment)
    }

    /// Why it is not.
    async fn why(&self) -> WhyNot {
        self.0.why.into()
    }

    /// Why it is not, as a sentence.
    async fn reason(&self) -> &'static str {
        self.0.why.words()
    }
}
