//! The funder's overview: progress, age and evidence of each figure that was released, and what nobody has assessed.

use std::sync::Arc;

use async_graphql::{Context, Object};
use chrono::NaiveDate;
use domain::commitment::Outcome;
use views::AssessmentView;

use super::achievement::Achievement;
use super::assessment::Assessment;
use super::commitment::Commitment;
use super::compact::Compact;
use super::evidence::Freshness;
use super::measure::{Measure, Progress};
use super::reading::Reading;
use super::scalars::Date;
use super::undertakings::place;
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Seen, reads};

connections! {
    /// Released commitments across compacts, by the compact's name, session and ref.
    OverviewRowConnection, OverviewRowEdge of OverviewRow;
    /// Outcomes that nobody has assessed, by the compact's name, session and ref.
    UnassessedOutcomeConnection, UnassessedOutcomeEdge of UnassessedOutcome;
}

/// What compacts have released, as somebody who judges it looks at it on a day.
pub struct Overview {
    pub(super) on: NaiveDate,
    pub(super) seen: Vec<Seen>,
}

/// What compacts have released, as somebody who judges it looks at it on a day: how far each commitment has come, how old its figures
/// are, and what nobody has assessed.
#[Object]
impl Overview {
    /// The day it is looked at.
    async fn on(&self) -> Date {
        Date(self.on)
    }

    /// One row for each commitment.
    async fn rows(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<OverviewRowConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let all = self.seen.iter();
        let all = all.map(|seen| (place(seen), seen)).collect();
        let rows = Listed::of_whole(all, &page, reads(ctx).limits())?;
        let row = |seen: &Seen| OverviewRow {
            on: self.on,
            seen: seen.clone(),
        };
        Ok(rows.filter_map(|seen| Some(row(seen))).into())
    }

    /// The outcomes that nobody has assessed, neither by themselves nor with their commitment as a whole, or whose report was changed
    /// since: readings by which measures stand, and achievements. Of commitments whose assessments are yours to read.
    async fn unassessed(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<UnassessedOutcomeConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let made = reads(ctx).assessments_of_each(&self.seen).await?;
        let mut all = Vec::new();
        for (seen, made) in self.seen.iter().zip(made) {
            let Some(made) = made else { continue };
            let made: Vec<&AssessmentView> = made.iter().map(|it| &**it).collect();
            let outcomes = views::assessment::unassessed(&seen.commitment, &made);
            let outcomes = outcomes.into_iter().enumerate();
            all.extend(outcomes.map(|(nth, outcome)| ((place(seen), nth), (seen, outcome))));
        }
        let rows = Listed::of_whole(all, &page, reads(ctx).limits())?;
        let row = |(seen, outcome): (&Seen, Outcome)| UnassessedOutcome {
            seen: seen.clone(),
            outcome,
        };
        Ok(rows.filter_map(|found| Some(row(found))).into())
    }
}

/// A released commitment, as somebody who judges it looks at it.
#[derive(Clone)]
pub struct OverviewRow {
    on: NaiveDate,
    seen: Seen,
}

/// A released commitment, as somebody who judges it looks at it on a day.
#[Object]
impl OverviewRow {
    /// The compact.
    async fn compact(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Compact>> {
        let compact = reads(ctx).compact(self.seen.compact.id.ledger()).await?;
        Ok(compact.map(Compact::from))
    }

    /// The commitment.
    async fn commitment(&self) -> Commitment {
        Commitment::from(Arc::clone(&self.seen.commitment))
    }

    /// The figures by which it is measured, those that still count.
    async fn figures(&self) -> Vec<OverviewFigure> {
        let measures = Measure::all(&self.seen.commitment).into_iter();
        let counting = measures.filter(Measure::counts);
        let on = self.on;
        counting
            .map(|measure| OverviewFigure { on, measure })
            .collect()
    }

    /// The date of the last report that stands: of a figure, or in words. None when nothing was reported.
    async fn last_report(&self) -> Option<Date> {
        self.seen.commitment.last_report().map(Date)
    }

    /// Whether the commitment or one of its outcomes was assessed and still is; none for whoever does not read assessments.
    async fn assessed(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<bool>> {
        let made = reads(ctx).assessments(&self.seen.commitment, None).await?;
        let stands = |it: &Arc<AssessmentView>| it.judgement.is_some() && it.withdrawn.is_none();
        Ok(made.map(|made| made.iter().any(stands)))
    }

    /// The last assessment of it, or of one of its outcomes, that was not withdrawn; none too for whoever does not read assessments.
    async fn last_assessment(
        &self,
        ctx: &Context<'_>,
    ) -> async_graphql::Result<Option<Assessment>> {
        let made = reads(ctx).assessments(&self.seen.commitment, None).await?;
        let mut made = made.unwrap_or_default();
        made.retain(|it| it.judgement.is_some() && it.withdrawn.is_none());
        Ok(made.pop().map(Assessment::from))
    }
}

/// One figure of a commitment, on a day.
pub struct OverviewFigure {
    on: NaiveDate,
    measure: Measure,
}

/// One figure of a commitment, on a day.
#[Object]
impl OverviewFigure {
    /// The measure, with its target.
    async fn measure(&self) -> Measure {
        self.measure.clone()
    }

    /// How far it has come, by its latest reading.
    async fn progress(&self) -> Progress {
        self.measure.progress_now()
    }

    /// How old its latest reading is, and whether there is evidence for it.
    async fn freshness(&self) -> Freshness {
        self.measure.freshness_on(self.on)
    }
}

/// An outcome that nobody has assessed as it stands.
#[derive(Clone)]
pub struct UnassessedOutcome {
    seen: Seen,
    outcome: Outcome,
}

/// An outcome that nobody has assessed as it stands.
#[Object]
impl UnassessedOutcome {
    /// The compact.
    async fn compact(&self, ctx: &Context<'_>) -> async_graphql::Result<Option<Compact>> {
        let compact = reads(ctx).compact(self.seen.compact.id.ledger()).await?;
        Ok(compact.map(Compact::from))
    }

    /// The commitment.
    async fn commitment(&self) -> Commitment {
        Commitment::from(Arc::clone(&self.seen.commitment))
    }

    /// The reading; none when it is an achievement.
    async fn reading(&self) -> Option<Reading> {
        match self.outcome {
            Outcome::Reading(id) => Reading::of(&self.seen.commitment, id),
            Outcome::Achievement(_) => None,
        }
    }

    /// The achievement; none when it is a reading.
    async fn achievement(&self) -> Option<Achievement> {
        match self.outcome {
            Outcome::Achievement(id) => Achievement::of(&self.seen.commitment, id),
            Outcome::Reading(_) => None,
        }
    }
}
