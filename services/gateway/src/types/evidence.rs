//! Evidence: what readings and achievements rest on, and how fresh figures are.

use std::sync::Arc;

use async_graphql::{Context, Enum, ID, Object, SimpleObject};
use chrono::NaiveDate;
use domain::commitment::Outcome as OutcomeId;
use domain::ids::EvidenceId;
use views::CommitmentView;
use views::commitment::EvidenceView;

use super::achievement::Achievement;
use super::file::Document;
use super::history::Told;
use super::reading::Reading;
use super::record::{Ending, Origin};
use super::scalars::Date;
use crate::error::ApiError;
use crate::mutations::{Outcome, Shown};
use crate::node::{NodeId, NodeKind};
use crate::reads::reads;

/// What a reading or an achievement rests on.
#[derive(Clone)]
pub struct Evidence {
    commitment: Arc<CommitmentView>,
    outcome: OutcomeId,
    view: EvidenceView,
}

impl Evidence {
    /// Everything an outcome of a commitment rests on.
    pub(super) fn all(
        commitment: &Arc<CommitmentView>,
        outcome: OutcomeId,
        views: &[EvidenceView],
    ) -> Vec<Self> {
        let one = |view: &EvidenceView| Self {
            commitment: Arc::clone(commitment),
            outcome,
            view: view.clone(),
        };
        views.iter().map(one).collect()
    }

    /// The evidence with this id, whatever rests on it.
    pub fn of(commitment: &Arc<CommitmentView>, id: EvidenceId) -> Option<Self> {
        let (outcome, view) = commitment.evidence(id)?;
        Some(Self {
            commitment: Arc::clone(commitment),
            outcome,
            view: view.clone(),
        })
    }

    fn node(&self) -> NodeId {
        let CommitmentView { ledger, id, .. } = &*self.commitment;
        NodeId::part(NodeKind::Evidence, *ledger, id.uuid(), self.view.id.uuid())
    }
}

/// What a reading or an achievement rests on: a link or a file.
#[Object]
impl Evidence {
    /// Its id.
    pub async fn id(&self) -> ID {
        self.node().encode()
    }

    #[graphql(flatten)]
    async fn told(&self) -> Told {
        Told::of(self.node())
    }

    /// The reading that rests on it; none when an achievement does.
    async fn reading(&self) -> Option<Reading> {
        match self.outcome {
            OutcomeId::Reading(id) => Reading::of(&self.commitment, id),
            OutcomeId::Achievement(_) => None,
        }
    }

    /// The achievement that rests on it; none when a reading does.
    async fn achievement(&self) -> Option<Achievement> {
        match self.outcome {
            OutcomeId::Achievement(id) => Achievement::of(&self.commitment, id),
            OutcomeId::Reading(_) => None,
        }
    }

    /// The file, or where it is.
    async fn document(&self) -> Document {
        Document::of(self.commitment.ledger, &self.view.evidence)
    }

    /// Where in the record it was attached.
    async fn attached(&self) -> Origin {
        Origin::new(self.commitment.ledger, self.view.attached)
    }

    /// That it was taken back, and why.
    async fn withdrawn(&self) -> Option<Ending> {
        let withdrawn = self.view.withdrawn.as_ref()?;
        Some(Ending::new(self.commitment.ledger, withdrawn))
    }
}

impl Shown for Evidence {
    async fn shown(ctx: &Context<'_>, outcome: &Outcome) -> Result<Option<Self>, ApiError> {
        let Some(node) = &outcome.part else {
            return Ok(None);
        };
        let commitment = reads(ctx).commitment(&node.whole()).await?;
        Ok(commitment.and_then(|commitment| Self::of(&commitment, node.uuid().into())))
    }
}

/// What is known behind a measure's figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "views::commitment::Backing")]
pub enum Backing {
    /// Nothing was read.
    NoReading,
    /// It was read, and nothing shows that it is so.
    NoEvidence,
    /// Its latest reading rests on a link or a file.
    Evidence,
}

/// How fresh and how well founded a measure's figure is on a day.
#[derive(SimpleObject)]
pub struct Freshness {
    /// The day asked about.
    on: Date,
    /// The day of its latest reading by then; none when nothing was read by then.
    read_on: Option<Date>,
    /// Since when nothing was read: since that day, or while there is none since the measure was added.
    no_reading_since: Date,
    /// How many days that is.
    days: u32,
    /// What is known behind the figure.
    backing: Backing,
}

impl Freshness {
    /// A measure's on a day.
    pub(super) fn new(view: views::commitment::Freshness, on: NaiveDate) -> Self {
        Self {
            on: Date(on),
            read_on: view.read_on.map(Date),
            no_reading_since: Date(view.no_reading_since),
            days: view.days,
            backing: view.backing.into(),
        }
    }
}
