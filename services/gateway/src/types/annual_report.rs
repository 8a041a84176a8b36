//! The yearly report: a compact's priorities of a session with what came of them, as the charter's Annexe 2 has it.

use std::sync::Arc;

use async_graphql::{Context, Object, SimpleObject};
use chrono::NaiveDate;
use domain::ids::LedgerId;
use views::{CommitmentView, ref_order};

use super::achievement::Achievement;
use super::commitment::Commitment;
use super::evidence::Freshness;
use super::measure::Measure;
use super::reading::Reading;
use super::scalars::{Date, Figure, Position, Session};
use crate::error::ApiError;
use crate::paging::{Listed, PageArguments, connections};
use crate::reads::{Reads, made_from, reads};
use crate::types::time::When;

/// A compact's priorities of a session with what came of them.
pub struct AnnualReport {
    session: domain::session::Session,
    on: NaiveDate,
    priorities: Vec<Arc<CommitmentView>>,
}

/// The report of a compact's session; the day it is as of is today where no other is asked about.
pub(super) async fn of_session(
    reads: &Reads,
    ledger: LedgerId,
    session: domain::session::Session,
    when: When,
) -> Result<AnnualReport, ApiError> {
    let on = match when
        .clone()
        .cut(reads, ledger)
        .await?
        .and_then(|cut| cut.as_of)
    {
        Some(views::AsOf::On(day)) => day,
        _ => reads.today(),
    };
    Ok(AnnualReport {
        session,
        on,
        priorities: reads.session_then(ledger, session, &when).await?,
    })
}

/// The yearly report: a compact's priorities of a session with what came of them, as far as they are seen.
#[Object]
impl AnnualReport {
    /// The session.
    async fn session(&self) -> Session {
        self.session.into()
    }

    /// The day it is as of: the age of figures is counted to it.
    async fn on(&self) -> Date {
        Date(self.on)
    }

    /// The last entry of the compact's ledger that is in it: nothing recorded there later changes what it says. None of an empty report.
    async fn made_from(&self) -> Option<Position> {
        made_from(&self.priorities).map(Position)
    }

    /// Its priorities, by ref.
    async fn priorities(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The size of the page; 25 when left out, at most 100.")] first: Option<
            u32,
        >,
        #[graphql(desc = "The cursor after which the page starts.")] after: Option<String>,
        #[graphql(desc = "The size of the page when walking backwards; not with `first`.")]
        last: Option<u32>,
        #[graphql(desc = "The cursor before which the page ends.")] before: Option<String>,
    ) -> async_graphql::Result<PriorityConnection> {
        let page = PageArguments {
            first,
            after,
            last,
            before,
        };
        let all = self.priorities.iter();
        let all = all.map(|commitment| {
            let place = (ref_order(&commitment.label.current), commitment.id.uuid());
            (place, commitment)
        });
        let rows = Listed::of_whole(all.collect(), &page, reads(ctx).limits())?;
        let priority = |commitment: &Arc<CommitmentView>| Priority {
            commitment: Arc::clone(commitment),
            on: self.on,
        };
        Ok(rows
            .filter_map(|commitment| Some(priority(commitment)))
            .into())
    }
}

connections! {
    /// Priorities of a session, by ref.
    PriorityConnection, PriorityEdge of Priority;
}

/// One priority of a session, with what came of it.
#[derive(Clone)]
pub struct Priority {
    commitment: Arc<CommitmentView>,
    on: NaiveDate,
}

/// One priority of a session, with what came of it.
#[Object]
impl Priority {
    /// The commitment: its words, aims, groups and themes, where it stands, and what it was carried forward into.
    async fn commitment(&self) -> Commitment {
        Commitment::from(Arc::clone(&self.commitment))
    }

    /// The figures by which it is measured, those that still count, in the order the measures were added.
    async fn figures(&self) -> Vec<ReportedFigure> {
        let measures = Measure::all(&self.commitment).into_iter();
        let counting = measures.filter(Measure::counts);
        counting
            .map(|measure| ReportedFigure::new(&measure, self.on))
            .collect()
    }

    /// What came of it in words, those reports that stand, in the order recorded.
    async fn achievements(&self) -> Vec<Achievement> {
        let told = self.commitment.achievements.iter();
        let standing = told.filter(|it| it.withdrawn.is_none());
        standing
            .filter_map(|it| Achievement::of(&self.commitment, it.id))
            .collect()
    }

    /// The last entry of the compact's ledger that is in it.
    async fn made_from(&self) -> Position {
        Position(self.commitment.last.position)
    }
}

/// One figure of a report, with everything needed to trust it.
#[derive(SimpleObject)]
pub struct ReportedFigure {
    /// The measure.
    measure: Measure,
    /// What is counted, as the register had it when the measure was written down.
    name: String,
    /// The unit of its figures.
    unit: String,
    /// The target the measure began with.
    original_target: Option<Figure>,
    /// The figure to reach now.
    target: Option<Figure>,
    /// The reading that counts; none while nothing was read.
    latest: Option<Reading>,
    /// The entry that reading stands on: its recording or its last correction.
    position: Option<Position>,
    /// How old it is on the day of the report, and whether there is evidence for it.
    freshness: Freshness,
}

impl ReportedFigure {
    fn new(measure: &Measure, on: NaiveDate) -> Self {
        let view = measure.view();
        let latest = view.latest_reading();
        Self {
            name: view.indicator.name.clone(),
            unit: view.indicator.unit.clone(),
            original_target: view.target.original().map(Figure::from),
            target: view.target.current.map(Figure::from),
            latest: latest.map(|reading| Reading::new(measure, reading)),
            position: latest.map(|reading| Position(reading.stands_since().position)),
            freshness: measure.freshness_on(on),
            measure: measure.clone(),
        }
    }
}
